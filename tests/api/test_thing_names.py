"""Beside the ids of the queue, of proposals, of status changes and of what is missing stands what they are called: of
everything that the reader may know of, and of nothing else.
"""

from __future__ import annotations

from typing import Any

from tests.api.factories import Stage
from tests.api.test_status_changes import CHANGE
from tracker.actions.support.thing_names import find_names
from tracker.domain.people import Actor
from tracker.store.viewer import Viewer


def test_what_waits_is_called_by_name(stage: Stage) -> None:
    stage.world.propose(stage.ids["recommendation"], "implementation", "stalled")
    late = stage.world.deadline(rule="1 day")
    page = stage.get("/v1/queue", by="approver")
    assert {one["subject"] for one in page["items"]} | {stage.ids["process"]} <= page["names"].keys()
    assert page["names"][stage.ids["recommendation"]] == {
        "name": "Recommendation R1",
        "short": "R1",
        "due_on": None,
    }
    assert page["names"][stage.ids["process"]]["short"] == "coast"
    assert page["names"][late] == {"name": "Final report", "short": None, "due_on": "2025-03-10"}


def test_a_proposal_and_a_status_change_name_what_they_are_about(stage: Stage) -> None:
    draft = stage.world.recommendation("R9", publish=False)
    waits = stage.post(f"/v1/subjects/{draft}/publication", {}, status=202)
    assert waits["names"][draft]["short"] == "R9"
    assert stage.get(f"/v1/proposals/{waits['id']}")["names"] == waits["names"]
    [listed] = stage.get("/v1/proposals?decision=proposed")["items"]
    assert "names" not in listed
    body = {
        **CHANGE,
        "reason": f"It follows {draft}.",
        "citations": [{"evidence": "{evidence}", "stance": "context"}],
    }
    stage.post("/v1/status-changes", body)
    names = stage.get("/v1/status-changes?subject={recommendation}")["names"]
    assert {names[stage.ids[one]]["name"] for one in ("evidence", "lead")} == {"A report", "Desk"}
    assert names[draft]["name"] == "Recommendation R9"


def test_what_is_missing_for_a_publication_is_called_by_name(stage: Stage) -> None:
    process = stage.ids["draft"]
    refused = stage.send("POST", "/v1/subjects/{stranger}/publication", {})
    assert (refused.status_code, refused.json["missing"]) == (409, [process])
    assert refused.json["names"] == {process: {"name": "Elsewhere", "short": "elsewhere", "due_on": None}}
    hidden = stage.world.recommendation("R9", publish=False)
    body = {**CHANGE, "reason": f"It follows {hidden}."}
    tried = stage.send("POST", "/v1/status-changes?dry_run=true", body).json
    assert tried["approval"]["refused"]["names"][hidden]["short"] == "R9"


def test_nobody_is_told_the_name_of_what_they_may_not_know_of(stage: Stage) -> None:
    world = stage.world
    keeper = world.person("keeper", "custodian")
    own = world.item(watchdog_id=world.watchdog, publish=False, protection="confidential")
    other, sealed = world.item(publish=False), world.item(publish=False, protection="sealed")
    draft, gone = world.recommendation("R8", publish=False), world.recommendation("R9")
    world.withdraw(gone)
    things = {own, other, sealed, draft, gone, stage.ids["recommendation"], world.lead, "per_x", "nothing"}

    def known(by: Actor) -> set[str]:
        return set(find_names(Viewer(world.session, by), things))

    everything: set[Any] = things - {"per_x", "nothing"}
    assert known(keeper) == everything
    assert known(world.editor) == everything - {sealed}
    assert known(world.watcher) == {own, stage.ids["recommendation"], world.lead}


def test_the_status_changes_that_rest_on_an_item_are_listed_proposals_too(stage: Stage) -> None:
    world, item = stage.world, stage.ids["evidence"]
    asked = stage.ids["recommendation"]
    approved = world.answer(asked, "implementation", "underway", cites=(item,)).id
    waits = world.propose(asked, "implementation", "stalled", cites=(item,)).id
    world.propose(asked, "closure", "no_longer_applicable")
    path = f"/v1/status-changes?evidence={item}"
    assert {one["id"] for one in stage.get(path)["items"]} == {approved, waits}
    assert stage.get(path, by="watcher")["items"] == []
    secret = world.item(publish=False)
    world.answer(asked, "implementation", "stalled", cites=(secret,), assessor=world.watchdog)
    hers = f"/v1/status-changes?evidence={secret}"
    assert len(stage.get(hers)["items"]) == 1
    assert stage.get(hers, by="watcher")["items"] == []
