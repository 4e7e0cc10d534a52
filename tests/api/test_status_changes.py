"""An answer over HTTP: one proposes, another decides, and only then does the subject stand otherwise, in public too."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.factories import Stage
from tests.api.test_bad_input import CHANGE

EXTENSION = {
    "set_on": "2025-04-11",
    "due_on": "2025-07-10",
    "reason": "More time was asked for.",
    "citations": [{"evidence": "{evidence}", "stance": "supports"}],
}
WATCHDOG = {**CHANGE, "state": "stalled", "reason": "Work has stopped."}


def lead(stage: Stage, track: str = "implementation", *, as_of: str = "") -> dict[str, Any]:
    standing = stage.get("/v1/subjects/{recommendation}/standing" + as_of)
    found: dict[str, Any] = next(one for one in standing["answers"] if one["track"] == track)
    return found


def public(stage: Stage, track: str = "implementation", query: str = "") -> dict[str, Any]:
    document = stage.get("/v1/public/recommendations/{recommendation}" + query, by=None)
    found: dict[str, Any] = next(one for one in document["standing"] if one["track"] == track)
    return found


def test_a_proposal_changes_nothing_until_somebody_else_approves_it(stage: Stage) -> None:
    body = {**CHANGE, "citations": [{"evidence": "{evidence}", "stance": "context", "locator": "p. 3"}]}
    sent = stage.send("POST", "/v1/status-changes", body)
    assert sent.status_code == 201
    proposal = sent.json
    assert proposal is not None
    assert sent.headers["Location"] == f"/v1/status-changes/{proposal['id']}"
    assert (proposal["decision"], proposal["from"], proposal["to"]) == (
        "proposed",
        "not_assessed",
        "not_started",
    )
    assert proposal["assessor"] == stage.ids["lead"]
    assert (lead(stage)["lead"]["state"], lead(stage)["open_proposals"]) == ("not_assessed", 1)

    decided = stage.decide(proposal["id"], note="Agreed.")
    assert (decided["decision"], decided["decision_note"]) == ("approved", "Agreed.")
    assert stage.get(f"/v1/status-changes/{proposal['id']}") == decided
    assert lead(stage)["lead"]["change"] == proposal["id"]
    assert (lead(stage)["lead"]["state"], lead(stage)["open_proposals"]) == ("not_started", 0)
    assert public(stage)["lead"]["state"] == "not_started"
    document = stage.get("/v1/public/recommendations/{recommendation}", by=None)
    assert document["history"][0]["citations"][0]["locator"] == "p. 3"


def test_the_public_is_not_told_who_proposed_and_who_decided(stage: Stage) -> None:
    stage.decide(stage.post("/v1/status-changes", CHANGE)["id"], note="A word among us.")
    answer = stage.send("GET", "/v1/public/recommendations/{recommendation}", by=None).data.decode()
    for secret in (stage.world.editor.id, stage.world.approver.id, "A word among us."):
        assert secret not in answer


def test_a_returned_proposal_says_why_and_changes_nothing(stage: Stage) -> None:
    proposal = stage.post("/v1/status-changes", CHANGE)["id"]
    said = stage.decide(proposal, "return", note="Cite the decree.")
    assert (said["decision"], said["decision_note"]) == ("returned", "Cite the decree.")
    assert lead(stage)["lead"]["state"] == "not_assessed"


def test_whoever_proposed_may_retract_and_nobody_else(stage: Stage) -> None:
    proposal = stage.post("/v1/status-changes", CHANGE)["id"]
    path, body = f"/v1/status-changes/{proposal}/decision", {"decision": "retract"}
    assert stage.send("POST", path, body, by="reviewer").status_code == 403
    assert stage.decide(proposal, "retract", by="editor")["decision"] == "retracted"
    assert lead(stage)["lead"]["state"] == "not_assessed"


def test_a_decision_may_say_which_version_it_is_about(stage: Stage) -> None:
    sent = stage.send("POST", "/v1/status-changes", CHANGE)
    assert sent.json is not None
    path = f"/v1/status-changes/{sent.json['id']}/decision"
    headers = {"If-Match": sent.headers["ETag"]}
    said = stage.send("POST", path, {"decision": "approve"}, by="approver", headers=headers)
    assert said.status_code == 200
    assert said.headers["ETag"] != sent.headers["ETag"]


def test_an_editor_alone_decides_nothing(stage: Stage) -> None:
    proposal = stage.post("/v1/status-changes", CHANGE, by="reviewer")["id"]
    said = stage.send("POST", f"/v1/status-changes/{proposal}/decision", {"decision": "approve"})
    assert said.status_code == 403


def test_a_watchdog_speaks_for_its_own_organization_and_stands_beside_the_lead(stage: Stage) -> None:
    stage.decide(stage.post("/v1/status-changes", CHANGE)["id"])
    theirs = stage.post("/v1/status-changes", WATCHDOG, by="watcher")
    assert theirs["assessor"] == stage.ids["watchdog"]
    stage.decide(theirs["id"])
    for answers in (lead(stage), public(stage)):
        assert answers["lead"]["state"] == "not_started"
        assert [one["state"] for one in answers["others"]] == ["stalled"]
        assert answers["diverges"]
    other = stage.send("POST", "/v1/status-changes", {**WATCHDOG, "assessor": "{press}"}, by="watcher")
    assert other.status_code == 403


def test_a_status_can_be_confirmed_and_corrected(stage: Stage) -> None:
    first = stage.post("/v1/status-changes", CHANGE)["id"]
    stage.decide(first)
    confirmed = stage.post("/v1/status-changes", {**CHANGE, "confirms": True, "effective_on": "2025-07-01"})
    assert stage.decide(confirmed["id"])["act"] == "confirmation"
    mended = stage.post("/v1/status-changes", {**CHANGE, "state": "stalled", "corrects": first})
    assert stage.decide(mended["id"])["corrects"] == first
    acts = stage.pages("/v1/public/recommendations/{recommendation}/history?limit=1", by=None)
    assert [act["kind"] for act in acts] == [
        "status.corrected",
        "status.confirmed",
        "status.changed",
        "subject.published",
    ]


@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("?as_of=2025-05-31", "not_assessed"),
        ("?as_of=2025-06-01", "not_started"),
        ("?as_of=2025-07-01", "stalled"),
    ],
)
def test_every_day_can_be_asked_for(stage: Stage, query: str, state: str) -> None:
    for body in (CHANGE, {**CHANGE, "state": "stalled", "effective_on": "2025-07-01"}):
        stage.decide(stage.post("/v1/status-changes", body)["id"])
    assert lead(stage, as_of=query)["lead"]["state"] == state
    assert public(stage, query=query)["lead"]["state"] == state


def test_an_extension_takes_effect_when_it_is_approved(stage: Stage) -> None:
    body = EXTENSION
    said = stage.post("/v1/deadlines/{deadline}/extension", body)
    new, change = said["deadline"], said["change"]
    assert (new["publication"], new["replaces"]) == ("draft", stage.ids["deadline"])
    assert (change["decision"], change["to"]) == ("proposed", "extended")
    assert stage.send("GET", f"/v1/public/deadlines/{new['id']}", by=None).status_code == 404
    again = stage.send("POST", "/v1/deadlines/{deadline}/extension", body)
    assert again.status_code == 409

    stage.decide(change["id"])
    shown = stage.get(f"/v1/public/deadlines/{new['id']}", by=None)
    assert shown["replaces"]["id"] == stage.ids["deadline"]
    assert shown["slip_days"] > 0
    assert shown["granted_days_late"] > 0
    old = stage.get("/v1/public/deadlines/{deadline}", by=None)
    assert next(one for one in old["standing"] if one["track"] == "outcome")["lead"]["state"] == "extended"


def test_a_returned_extension_ends_the_date_that_it_proposed(stage: Stage) -> None:
    body = EXTENSION
    said = stage.post("/v1/deadlines/{deadline}/extension", body)
    stage.decide(said["change"]["id"], "return", note="No.")
    assert stage.get(f"/v1/deadlines/{said['deadline']['id']}")["publication"] == "withdrawn"


def test_proposals_are_listed_by_process_subject_and_decision(stage: Stage) -> None:
    proposal = stage.post("/v1/status-changes", CHANGE)["id"]
    open_ = stage.get("/v1/status-changes?process={process}&subject={recommendation}&decision=proposed")
    assert [one["id"] for one in open_["items"]] == [proposal]
    stage.decide(proposal)
    assert stage.get("/v1/status-changes?subject={recommendation}&decision=proposed")["items"] == []
    assert len(stage.pages("/v1/status-changes?process={process}&limit=1")) == 2


def test_a_status_whose_evidence_falls_says_so_at_once(stage: Stage) -> None:
    body = {
        **CHANGE,
        "state": "underway",
        "citations": [{"evidence": "{evidence}", "stance": "supports"}],
    }
    stage.decide(stage.post("/v1/status-changes", body)["id"])
    assert public(stage)["lead"]["basis"] == "supported"
    refuted = {
        **CHANGE,
        "subject": "{evidence}",
        "track": "verification",
        "state": "refuted",
        "effective_on": "2025-08-01",
    }
    stage.decide(stage.post("/v1/status-changes", refuted, by="reviewer")["id"])
    assert public(stage)["lead"]["basis"] == "unsupported"
    assert lead(stage)["lead"]["basis"] == "unsupported"
