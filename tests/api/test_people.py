"""People over REST: who am I, accounts by If-Match, keys whose secret is shown once, one's own password."""

from __future__ import annotations

from typing import Any

from tests.api.factories import Stage, dump
from tests.conftest import Clock
from tracker.actions.keys import MOST_KEYS

PASSWORD = "correct horse battery"


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def me(stage: Stage, secret: str) -> Any:
    return stage.send("GET", "/v1/me", by=None, headers=bearer(secret))


def test_a_key_says_who_its_holder_is_and_what_it_allows(stage: Stage) -> None:
    said = stage.get("/v1/me", by="watcher")
    assert (said["name"], said["roles"], said["organization"]) == (
        "watcher",
        ["watchdog"],
        stage.ids["watchdog"],
    )
    assert said["standing"] == "registered"
    assert said["permissions"] == [
        "evidence.ask",
        "evidence.protect",
        "evidence.submit",
        "keys.manage",
        "proposals.settle",
        "record.read_own",
        "self",
        "self.manage",
        "status.propose",
        "status.settle",
    ]
    assert said["key"]["expires_at"].startswith("2027-11-23")
    assert said["password_changed_at"] is None
    assert stage.get("/v1/me", by="editor")["standing"] is None


def test_nobody_gives_themselves_keys_without_end_and_an_admin_may(stage: Stage) -> None:
    held = len(stage.get("/v1/keys", by="watcher")["items"])
    made = [stage.post("/v1/keys", {}, by="watcher")["key"]["id"] for _ in range(MOST_KEYS - held)]
    refused = stage.send("POST", "/v1/keys", {}, by="watcher")
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/not-permitted")
    stage.post("/v1/keys", {"account": stage.world.watcher.id}, by="admin")
    for one in made[:2]:
        stage.post(f"/v1/keys/{one}/revocation", {"reason": "replaced"}, by="watcher", status=200)
    stage.post("/v1/keys", {}, by="watcher")


def test_a_key_is_shown_once_limited_and_revoked_at_once(stage: Stage) -> None:
    made = stage.post("/v1/keys", {"scope": ["record.read"], "days": 30})
    secret, key = made["secret"], made["key"]["id"]
    assert secret.startswith("trk_")
    assert me(stage, secret).json["permissions"] == ["record.read", "record.read_own", "self"]
    for path in ("/v1/keys", f"/v1/keys/{key}"):
        assert stage.send("GET", path, by=None, headers=bearer(secret)).status_code == 403
    assert stage.send("GET", "/v1/processes", by=None, headers=bearer(secret)).status_code == 200
    refused = stage.send("POST", "/v1/evidence", {"title": "x"}, by=None, headers=bearer(secret))
    assert refused.status_code == 403
    assert secret not in str(stage.get(f"/v1/keys/{key}")) + str(dump(stage.app))
    assert stage.post(f"/v1/keys/{key}/revocation", {"reason": "leaked"}, status=200)["revoked_at"]
    assert me(stage, secret).status_code == 401
    again = stage.send("POST", f"/v1/keys/{key}/revocation", {"reason": "leaked"})
    assert again.status_code == 409


def test_the_last_use_of_a_key_is_a_day(stage: Stage, clock: Clock) -> None:
    key = stage.get("/v1/me")["key"]["id"]
    assert stage.get(f"/v1/keys/{key}")["last_used_on"] == "2026-11-23"
    before = dump(stage.app)
    clock.move(hours=3)
    stage.get("/v1/processes")
    assert dump(stage.app) == before  # and a second use on that day leaves nothing
    clock.move(hours=24)
    assert stage.get(f"/v1/keys/{key}")["last_used_on"] == "2026-11-24"


def second(stage: Stage, proposal: str) -> None:
    """The second admin approves, a day later."""
    if "second admin" not in stage.world.keys:
        stage.world.person("second admin", "admin")
    stage.world.clock.move(days=1)  # type: ignore[attr-defined]  # the clock of a test
    stage.post(f"/v1/proposals/{proposal}/decision", {"decision": "approve"}, by="second admin", status=200)


def test_an_admin_adds_changes_suspends_and_lets_in_again(stage: Stage) -> None:
    made = stage.post("/v1/accounts", {"name": "amal", "roles": ["editor"]}, by="admin")
    path = f"/v1/accounts/{made['id']}"
    given = stage.post("/v1/keys", {"account": made["id"]}, by="admin")
    secret = given["secret"]
    assert (me(stage, secret).status_code, given["key"]["active_at"]) == (401, None)
    second(stage, given["proposal"])
    assert me(stage, secret).json["roles"] == ["editor"]
    assert stage.patch(path, {"roles": ["approver", "editor"]}, by="admin")["roles"] == ["editor"]
    second(stage, stage.get(path, by="admin")["proposal"])
    assert me(stage, secret).json["roles"] == ["approver", "editor"]
    assert stage.patch(path, {"roles": ["approver"]}, by="admin")["roles"] == ["approver"]
    assert stage.patch(path, {"suspended": True}, by="admin")["suspended_at"]
    assert me(stage, secret).status_code == 401
    assert stage.patch(path, {"suspended": False}, by="admin")["suspended_at"]
    second(stage, stage.get(path, by="admin")["proposal"])
    assert me(stage, secret).status_code == 200
    assert {one["name"] for one in stage.pages("/v1/accounts", by="admin")} >= {"amal", "editor", "admin"}


def test_two_admins_cannot_both_win(stage: Stage) -> None:
    path = f"/v1/accounts/{stage.world.editor.id}"
    tag = stage.send("GET", path, by="admin").headers["ETag"]
    assert stage.send("PATCH", path, {"roles": ["approver"]}, by="admin").status_code == 428
    first = stage.send("PATCH", path, {"roles": ["approver"]}, by="admin", headers={"If-Match": tag})
    second = stage.send("PATCH", path, {"roles": ["custodian"]}, by="admin", headers={"If-Match": tag})
    assert (first.status_code, second.status_code) == (200, 412)


def test_a_watchdog_that_is_suspended_stops_writing_at_once_and_reads_on(stage: Stage) -> None:
    item = {
        "process": "{process}",
        "title": "A photograph",
        "type": "media_report",
        "acquired_from": "own_staff",
    }
    made = stage.post("/v1/evidence", item, by="watcher")["id"]
    body = {"standing": "suspended", "reason": "A complaint is looked into."}
    said = stage.post("/v1/watchdogs/{watchdog}/standing", body, by="admin", status=200)
    assert (said["standing"], len(said["history"])) == ("suspended", 1)
    assert stage.send("POST", "/v1/evidence", item, by="watcher").status_code == 403
    assert stage.get(f"/v1/evidence/{made}", by="watcher")["id"] == made
    assert stage.get("/v1/me", by="watcher")["standing"] == "suspended"
    listed = stage.get("/v1/watchdogs?standing=suspended", by="admin")["items"]
    assert [one["organization"] for one in listed] == [stage.ids["watchdog"]]
    stage.post(
        "/v1/watchdogs/{watchdog}/standing", {**body, "standing": "registered"}, by="admin", status=200
    )
    assert stage.send("POST", "/v1/evidence", item, by="watcher").status_code == 201
    assert stage.send("GET", "/v1/watchdogs/{press}", by="admin").status_code == 404


def test_a_watchdog_takes_its_draft_back(stage: Stage) -> None:
    item = {
        "process": "{process}",
        "title": "A photograph",
        "type": "media_report",
        "acquired_from": "own_staff",
    }
    path = "/v1/evidence/" + stage.post("/v1/evidence", item, by="watcher")["id"]
    assert stage.patch(path, {"title": "Mended"}, by="watcher")["title"] == "Mended"
    said = stage.post(f"{path}/retraction", {"reason": "It shows a witness."}, by="watcher", status=200)
    assert said["publication"] == "withdrawn"


def test_a_password_is_set_and_changed_by_who_knows_it_and_guessing_with_a_key_is_braked(
    stage: Stage, caplog: Any
) -> None:
    assert stage.post("/v1/me/password", {"password": PASSWORD}, status=200)["changed_at"]
    assert stage.get("/v1/me")["password_changed_at"]
    wrong = {"password": "another good one", "current": "not the one that it is"}
    tried = [stage.send("POST", "/v1/me/password", wrong).status_code for _ in range(7)]
    assert tried == [403] * 5 + [429] * 2
    assert PASSWORD not in caplog.text + str(dump(stage.app))


def test_whoever_decides_reads_whom_an_id_stands_for(stage: Stage) -> None:
    stage.world.person("custodian", "custodian")
    editor = {"id": stage.world.editor.id, "name": "editor"}
    for role in ("approver", "custodian", "admin"):
        assert editor in stage.pages("/v1/colleagues", by=role)
    for role in ("editor", "watcher"):
        assert stage.send("GET", "/v1/colleagues", by=role).status_code == 403


def test_no_name_is_read_of_who_stays_unnamed_or_speaks_for_an_organization(stage: Stage) -> None:
    stage.post("/v1/me/naming", {"unnamed": True}, by="editor", status=200)
    told = {one["name"] for one in stage.pages("/v1/colleagues", by="approver")}
    assert "approver" in told
    assert not {"editor", "watcher"} & told
