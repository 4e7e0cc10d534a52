"""The audit trail has a reader: ids and codes, no content, and of sealed things for custodians alone, on record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.factories import Stage
from tests.conftest import Clock
from tracker.actions import publication


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """With a custodian, who reads the trail."""
    stage.world.person("keeper", "custodian")
    return stage


def listed(stage: Stage, query: str = "", by: str = "keeper") -> list[Any]:
    return stage.pages(f"/v1/audit?{query}", by=by)


def test_acts_are_found_by_who_what_which_and_when(stage: Stage) -> None:
    item = stage.ids["evidence"]
    every = listed(stage)
    assert [one["at"] for one in every] == sorted((one["at"] for one in every), reverse=True)
    assert not any("number" in one for one in every)  # a gap would tell of what is sealed
    assert {one["verb"] for one in listed(stage, f"target={item}")} >= {"evidence.submit", "publish"}
    verbs = {one["verb"] for one in listed(stage, "verb=evidence")}
    assert "evidence.submit" in verbs
    assert all(verb.startswith("evidence.") for verb in verbs)
    mine = listed(stage, f"person={stage.world.approver.id}")
    assert {one["person"] for one in mine} == {stage.world.approver.id}
    stage.world.clock.move(hours=1)  # type: ignore[attr-defined]
    stage.post("/v1/organizations", {"slug": "new", "name": "New", "type": "media"})
    later = listed(stage, "from=2026-11-23T10:00:00Z")
    assert [one["verb"] for one in later] == ["create"] or len(later) == 1
    assert len(listed(stage, "to=2026-11-23T10:00:00Z")) == len(every)


def test_it_holds_no_content_and_names_nobody_who_is_named_to_nobody(stage: Stage) -> None:
    stage.post("/v1/evidence", {**ITEM, "title": "qqministerxyz"}, by="watcher")
    said = stage.send("GET", "/v1/audit?limit=200", by="keeper")
    assert "qqministerxyz" not in said.text
    assert stage.world.watcher.id not in {one["person"] for one in said.json["items"]}
    assert said.json["items"][0]["person"] == stage.world.watchdog
    assert listed(stage, f"person={stage.world.watcher.id}") == []


ITEM = {"process": "{process}", "title": "A photograph", "type": "photo", "acquired_from": "own_staff"}


def test_of_what_is_sealed_custodians_alone_read_and_that_is_written_down(stage: Stage) -> None:
    item = stage.post("/v1/evidence", {**ITEM, "sealed": {"creator": "A clerk"}}, by="watcher")["id"]
    change = stage.world.propose(item, "verification", "verified", proposer=stage.world.reviewer).id
    stage.world.protect(item, "sealed")
    stage.post(f"/v1/evidence/{item}/sealed/reading", {}, by="keeper", status=200)
    for by in ("admin", "keeper"):
        said = stage.send("GET", "/v1/audit?limit=200", by=by).text
        assert item not in said
        assert change not in said
    body = {"target": item, "limit": 200}
    read = stage.post("/v1/audit/reading", body, by="keeper", status=200)["items"]
    assert {"evidence.submit", "evidence.unseal"} <= {one["verb"] for one in read}
    assert stage.world.watcher.id in {one["person"] for one in read}
    [reading] = listed(stage, "verb=audit.read")
    assert (reading["detail"], reading["person"]) == ({}, stage.get("/v1/me", by="keeper")["id"])
    again = stage.post("/v1/audit/reading", {"verb": "audit"}, by="keeper", status=200)["items"]
    assert again[-1]["detail"] == {"asked": {"target": item}}
    assert stage.send("POST", "/v1/audit/reading", body, by="admin").status_code == 403
    for by in ("editor", "approver", "watcher"):
        assert stage.send("GET", "/v1/audit", by=by).status_code == 403


def test_one_person_does_not_take_everything_down(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(publication, "MOST_WITHDRAWN", 2)
    stage.world.person("another approver", "approver")
    body = {"publication": "withdrawn", "reason": "It is wrong."}

    def withdraw(by: str) -> int:
        made = stage.world.recommendation(f"W{len(listed(stage))}")
        return stage.send("POST", f"/v1/subjects/{made}/publication", body, by=by).status_code

    assert [withdraw("approver") for _ in range(3)] == [200, 200, 403]
    assert withdraw("another approver") == 200
    assert [one["verb"] for one in listed(stage, f"verb=withdraw&person={stage.world.approver.id}")] == [
        "withdraw",
        "withdraw",
    ]
    clock.move(days=1)
    assert withdraw("approver") == 200


def test_an_admin_reads_what_was_done_to_accounts_and_nothing_of_the_record(stage: Stage) -> None:
    stage.post("/v1/accounts", {"name": "amal", "roles": ["editor"]}, by="admin")
    with stage.world.act(stage.world.editor) as act:
        act.audit("passkey.add", act.new_id("passkey"))
    stage.world.session.rollback()
    targets = {one["target"][:4] for one in listed(stage, by="admin")}
    assert targets == {
        "per_",
        "key_",
        "psk_",
        "org_",
    }  # an organization, where it was registered as a watchdog
    assert listed(stage, "verb=passkey") == []  # a custodian reads of the record, and not of accounts
    assert listed(stage, "verb=evidence", by="admin") == []
    assert listed(stage, "verb=person.add", by="admin")[0]["person"] == stage.world.admin.id
