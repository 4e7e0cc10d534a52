"""The queue of open work over HTTP: what each of us is shown of it, page by page, counted, and in which shape. What is
sealed is there for custodians alone and costs the same; nobody is told of any person.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from tests.api.factories import Stage
from tests.api.test_cost import watched
from tests.conftest import MakeTemplate
from tests.revising import revise_record
from tests.world import World
from tracker.actions import consent, custody, publication, questions, redaction, revisions
from tracker.actions.support import work_queue_pages
from tracker.domain.work_queue import KINDS
from tracker.files.files import Stored
from tracker.store.database import db
from tracker.store.processes import Process
from tracker.store.recommendations import Recommendation


def fill(world: World) -> Stage:
    """Something of every kind that waits, some of it since the same moment."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stage, clock = Stage(app, app.test_client(), world), world.clock
    world.person("keeper", "custodian")
    second = world.person("second", "custodian")
    item, asked = stage.ids["evidence"], stage.ids["recommendation"]
    world.answer(asked, "implementation", "underway", cites=(item,))
    world.answer(asked, "implementation", "underway", cites=(item,), assessor=world.watchdog)
    for _ in range(2):
        world.item(state=None, publish=False, protection="confidential")
    clock.move(hours=1)
    world.verify(item, "disputed")
    for number in range(3):
        stage.ids["change"] = world.propose(asked, "implementation", "stalled").id
        clock.move(hours=number % 2)
    stage.decide(stage.ids["change"], "return", note="Cite the decree.")
    low = world.item(publish=False, protection="confidential")
    world.protect(low, "public")
    gone = world.item(publish=False, protection="confidential")
    with world.act(second) as act:
        redaction.redact_thing(act, gone, "minor")
    copied = world.item(publish=False, protection="confidential")
    stored = Stored("c" * 32, 5, hashlib.sha256(b"a copy").hexdigest())
    with world.act(world.editor) as act:
        custody.add_file(act, copied, custody.ReceivedFile("public_derivative", stored, None, "text/plain"))
    few = {"basis": "informed_consent", "purposes": ["internal_use"], "reason": "They were asked."}
    for purposes in (["internal_use"], ["internal_use", "share_with_courts"]):
        with world.act(world.editor) as act:
            consent.correct_consent(act, low, {**few, "purposes": purposes})
    version = world.session.get_one(Recommendation, asked).version
    with world.act(world.editor) as act:
        wanted = {"title": "Vet all", "reason": "It was misspelt."}
        revisions.edit_thing(act, asked, "recommendation", wanted, version)
    draft = world.recommendation("D1", publish=False)
    whole = world.recommendation("E1")
    world.recommendation("E1a", parent_id=whole)
    world.answer(whole, "closure", "no_longer_applicable")
    with world.act(world.editor) as act:
        publication.propose_publication(act, [draft])
    theirs = world.item(
        state="verified", publish=False, protection="confidential", watchdog_id=world.watchdog
    )
    for by in (world.editor, world.watcher):
        with world.act(by) as act:
            questions.ask_question(act, theirs, "Where was it filmed? He knows the decree.")
    stage.ids["reckoned"] = world.deadline(rule="9 working days", set_on=date(2026, 11, 19))
    process = world.session.get_one(Process, world.process)
    holidays = [{"on": "2026-11-30", "name": "Declared late"}]
    with world.act(world.editor) as act:
        ladder = [{"step": "asked", "after_days": 30}]
        changes = {"calendar": {**process.calendar, "holidays": holidays}, "reminders": ladder}
        revise_record(act, process.id, "process", changes, process.version)
    return stage


@pytest.fixture(scope="module")
def own_template(make_template: MakeTemplate[Stage]) -> tuple[Path, Stage]:
    return make_template(fill)


@pytest.fixture
def stage(app: Flask, client: FlaskClient, world: World, own_template: tuple[Path, Stage]) -> Stage:
    made = own_template[1]
    return made.again(app, client, world.go_on(made.world))


def kinds(stage: Stage, by: str, query: str = "") -> dict[str, int]:
    found: dict[str, int] = {}
    for one in stage.pages(f"/v1/queue?{query}", by=by):
        found[one["kind"]] = found.get(one["kind"], 0) + 1
    return found


#: Who is shown how much of what.
SHOWN = {
    "editor": {
        "returned": 1,
        "basis": 2,
        "overdue": 1,
        "question": 1,
        "reckoning": 1,
        "parts": 1,
        "reminder": 2,
    },
    "reviewer": {
        "proposal": 2,
        "review": 2,
        "basis": 2,
        "overdue": 1,
        "lowering": 1,
        "public_copy": 1,
        "revision": 1,
        "publication": 1,
        "consent": 1,
        "question": 1,
        "reckoning": 1,
        "parts": 1,
        "reminder": 2,
    },
    "approver": {
        "proposal": 2,
        "basis": 2,
        "overdue": 1,
        "lowering": 1,
        "public_copy": 1,
        "revision": 1,
        "publication": 1,
        "consent": 1,
        "question": 1,
        "reckoning": 1,
        "parts": 1,
        "reminder": 2,
    },
    "keeper": {
        "basis": 2,
        "overdue": 1,
        "lowering": 1,
        "redaction": 1,
        "consent": 1,
        "question": 1,
        "reckoning": 1,
        "parts": 1,
        "reminder": 2,
    },
    "second": {
        "basis": 2,
        "overdue": 1,
        "lowering": 1,
        "consent": 1,
        "question": 1,
        "reckoning": 1,
        "parts": 1,
        "reminder": 2,
    },
    "watcher": {"basis": 1, "question": 1},
}


@pytest.mark.parametrize("by", SHOWN)
def test_everybody_is_shown_what_waits_for_them_and_it_is_counted_alike(stage: Stage, by: str) -> None:
    assert kinds(stage, by) == SHOWN[by]
    counted = stage.get("/v1/queue/count", by=by)["kinds"]
    assert {one["kind"]: one["count"] for one in counted if one["count"]} == SHOWN[by]
    assert not any(one["more"] for one in counted)


def test_an_entry_says_ids_and_codes_and_nothing_of_persons(stage: Stage) -> None:
    [entry] = stage.pages("/v1/queue?kind=basis", by="watcher")
    assert entry == stage.fill(
        {
            "kind": "basis",
            "since": "2026-11-23T10:00:00.000000Z",
            "process": "{process}",
            "subject": "{recommendation}",
            "change": entry["change"],
            "proposal": None,
            "question": None,
            "assessor": "{watchdog}",
            "track": "implementation",
            "state": "underway",
            "basis": "contested",
            "due_on": None,
            "reason": None,
            "items": [{"evidence": "{evidence}", "stance": "supports", "verification": "disputed"}],
        }
    )
    for by in SHOWN:
        said = stage.send("GET", "/v1/queue", by=by).get_data(as_text=True)
        assert "per_" not in said
        assert "decree" not in said


def test_a_date_that_is_reckoned_otherwise_now_is_told_with_its_new_day_and_the_reason(stage: Stage) -> None:
    [entry] = stage.pages("/v1/queue?kind=reckoning", by="editor")
    assert (entry["subject"], entry["due_on"], entry["reason"]) == (
        stage.ids["reckoned"],
        "2026-12-03",
        "Monday 30 November 2026 is no longer a working day",
    )
    assert "Declared" not in str(entry)


def test_it_is_narrowed_by_kind_and_process_and_by_nothing_else(stage: Stage) -> None:
    assert kinds(stage, "reviewer", "kind=review") == {"review": 2}
    assert kinds(stage, "reviewer", "process={process}") == SHOWN["reviewer"]
    assert kinds(stage, "reviewer", "process={draft}") == {}
    assert kinds(stage, "watcher", "kind=review") == {}
    assert stage.get("/v1/queue/count?kind=review", by="reviewer") == {
        "kinds": [{"kind": "review", "count": 2, "more": False}]
    }
    for query in ("kind=nonsense", "process=coast", "sort=-since", "proposed_by=me"):
        assert stage.send("GET", f"/v1/queue?{query}").status_code == 422


def key(one: Any) -> tuple[str, str, str]:
    return one["since"], one["change"] or one["proposal"] or one["question"] or one["subject"], one["kind"]


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_paging_passes_over_nothing_and_repeats_nothing_whatever_happens_meanwhile(
    stage: Stage, limit: int
) -> None:
    whole = stage.pages("/v1/queue", by="reviewer")
    assert [key(one) for one in whole] == sorted(key(one) for one in whole)
    page = stage.get(f"/v1/queue?limit={limit}", by="reviewer")
    found = list(page["items"])
    gone = next(one for one in whole if one["kind"] == "proposal")  # decided while somebody reads
    stage.decide(gone["change"], "return", note="No.")
    while page["next"]:
        page = stage.get(page["next"], by="reviewer")
        found += page["items"]
    assert [one for one in found if one != gone] == [one for one in whole if one != gone]


def test_what_waits_for_the_same_since_the_same_moment_is_one_page_after_another(stage: Stage) -> None:
    """An item may wait for its review and for its protection to be lowered."""
    world = stage.world
    item = world.item(state=None, publish=False, protection="confidential")
    world.protect(item, "public")
    found = [one["kind"] for one in stage.pages("/v1/queue?limit=1", by="reviewer") if one["subject"] == item]
    assert sorted(found) == ["lowering", "review"]


def test_only_so_many_are_counted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_queue_pages, "COUNTED", 1)
    counted = stage.get("/v1/queue/count?kind=review", by="reviewer")["kinds"]
    assert counted == [{"kind": "review", "count": 1, "more": True}]


def test_what_is_sealed_is_in_the_queue_of_custodians_and_costs_the_others_nothing(stage: Stage) -> None:
    world = stage.world
    item = world.item(state=None, publish=False, protection="confidential")
    world.propose(item, "verification", "verified", proposer=world.reviewer)
    world.person("both", "custodian", "editor", "approver")

    def told(by: str) -> tuple[Any, list[str]]:
        with watched(db.engine) as seen:
            page = stage.get("/v1/queue", by=by)
        return [one for one in page["items"] if one["subject"] == item], [statement for statement, _ in seen]

    for by in ("approver", "reviewer", "both"):
        told(by)  # the first use of a key on a day is noted
    before = {by: told(by)[1] for by in ("approver", "reviewer")}
    world.protect(item, "sealed")
    for by, statements in before.items():
        assert told(by) == ([], statements)
    assert [one["kind"] for one in told("both")[0]] == ["proposal"]


def test_an_item_that_was_sealed_is_named_to_custodians_only(stage: Stage) -> None:
    """That a status stands on less, and on what, is told only to who may know of the item."""
    world, item = stage.world, stage.world.item(publish=False, protection="confidential")
    change = world.answer(stage.ids["committee"], "stage", "reported", cites=(item,)).id
    world.verify(item, "refuted")
    world.protect(item, "sealed")

    def items(by: str) -> list[str]:
        entries = [one for one in stage.pages("/v1/queue?kind=basis", by=by) if one["change"] == change]
        return [one["evidence"] for entry in entries for one in entry["items"]]

    assert (items("editor"), items("keeper")) == ([], [item])
    assert change not in [one["change"] for one in stage.pages("/v1/queue", by="editor")]


def test_every_kind_of_work_waits_for_somebody_here(stage: Stage) -> None:
    assert {one["kind"] for by in SHOWN for one in stage.pages("/v1/queue", by=by)} == KINDS.keys()
