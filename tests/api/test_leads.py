"""Who leads a process is not the desk. An organization with accounts of its own may lead one: its people read, own and
take back what is theirs, and learn nothing of what others handed over or of what the desk thinks of it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.api.factories import Stage
from tracker.actions import watchdogs
from tracker.domain.people import Actor

ITEM = {"title": "What a nurse saw", "type": "statement", "acquired_from": "confidential_source"}
REASON = "the nurse at St. X contradicts herself"


@pytest.fixture
def led(stage: Stage) -> Stage:
    """A process that is led by the watchdog; another watchdog submits there, and the desk disputes it."""
    world = stage.world
    stage.ids["led"] = world.make_process("followed", lead_id=world.watchdog)
    other = world.organization("other", "watchdog")
    with world.act(world.editor) as act:
        watchdogs.register_watchdog(act, other, {"since": date(2025, 1, 1)})
    stage.ids["other"] = other
    world.person("other watcher", "watchdog", organization=other)
    stage.ids["theirs"] = stage.post("/v1/evidence", {**ITEM, "process": "{led}"}, by="other watcher")["id"]
    stage.ids["desks"] = stage.post("/v1/evidence", {**ITEM, "process": "{led}"})["id"]
    stage.ids["own"] = stage.post("/v1/evidence", {**ITEM, "process": "{led}"}, by="watcher")["id"]
    return stage


def dispute(stage: Stage, subject: str) -> str:
    body = {
        "subject": subject,
        "track": "verification",
        "state": "disputed",
        "effective_on": "2025-06-01",
        "reason": REASON,
    }
    made: str = stage.post("/v1/status-changes", body, by="reviewer")["id"]
    return made


def test_the_lead_reads_nothing_of_what_is_said_of_anothers_item(led: Stage) -> None:
    for name in ("theirs", "desks"):
        change = dispute(led, f"{{{name}}}")
        for decided in (False, True):
            if decided:
                led.decide(change)
            listed = led.send("GET", "/v1/status-changes?process={led}", by="watcher")
            queue = led.send("GET", "/v1/queue", by="watcher")
            for id in (change, led.ids[name], REASON):
                assert id not in listed.text + queue.text
            for method, path, body in (
                ("GET", f"/v1/status-changes/{change}", None),
                ("POST", f"/v1/status-changes/{change}/decision", {"decision": "retract"}),
            ):
                assert led.send(method, path, body, by="watcher").status_code == 404


def test_the_lead_owns_nothing_that_the_desk_submits(led: Stage) -> None:
    listed = led.get("/v1/evidence?process={led}", by="watcher")["items"]
    assert [one["id"] for one in listed] == [led.ids["own"]]
    for method, path, body in (
        ("GET", "/v1/evidence/{desks}", None),
        ("GET", "/v1/evidence/{desks}/files", None),
        ("GET", "/v1/evidence/{desks}/custody", None),
        ("POST", "/v1/evidence/{desks}/retraction", {"reason": "It is a mistake."}),
        ("POST", "/v1/evidence/{desks}/protection", {"protection": "sealed", "reason": "To be safe."}),
    ):
        assert led.send(method, path, body, by="watcher").status_code == 404, path
    assert led.get("/v1/evidence/{desks}")["protection"] == "confidential"


def test_what_the_desk_proposes_in_the_name_of_the_lead_is_not_the_leads_to_read(led: Stage) -> None:
    world = led.world
    asked = world.recommendation("L1", process_id=led.ids["led"])
    change = world.propose(asked, "implementation", "stalled", reason=REASON)
    path = f"/v1/status-changes/{change.id}"
    assert led.send("GET", path, by="watcher").status_code == 404
    led.decide(change.id)
    assert led.get(path, by="watcher")["to"] == "stalled"  # it is public by now


def test_the_lead_does_not_review_evidence_for_the_desk(led: Stage) -> None:
    body = {"track": "verification", "state": "verified", "effective_on": "2025-06-01", "reason": "We know."}
    world = led.world
    public = world.item(process_id=led.ids["led"], state=None)
    colleague: Actor = world.person("colleague", "watchdog", organization=world.watchdog)
    assert colleague.organization == led.ids["watchdog"]
    for by, subject, code in (
        ("watcher", public, "wrong-assessor"),
        ("colleague", led.ids["own"], "own-evidence"),
    ):
        answer: Any = led.send("POST", "/v1/status-changes", {**body, "subject": subject}, by=by)
        assert (answer.status_code, answer.json["type"]) == (409, f"/problems/{code}")
