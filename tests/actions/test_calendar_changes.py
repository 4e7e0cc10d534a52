"""A calendar that changes after dates were reckoned by it: no date moves by itself. Open ones wait in the queue with
the date of now, closed ones keep theirs, and what is said in public contradicts no calendar.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.public.assertions import refused
from tests.public.test_projection import then
from tests.revising import revise_record
from tests.world import World
from tracker.actions import deadlines, proposals, revisions, statuses
from tracker.actions.support import work_queue_pages
from tracker.domain.errors import InvalidInput
from tracker.domain.proposals import REVISION
from tracker.store.deadlines import Deadline
from tracker.store.processes import Process
from tracker.store.viewer import Viewer

LATE = {"on": "2025-04-20", "name": "Declared late"}


@pytest.fixture
def due(world: World) -> str:
    """Due on Sunday 20 April 2025."""
    return world.deadline(set_on=date(2025, 4, 13), rule="5 working days")


def change_calendar(world: World, **members: Any) -> None:
    process = world.session.get_one(Process, world.process)
    with world.act(world.editor) as act:
        calendar = {**process.calendar, **members}
        revise_record(act, process.id, "process", {"calendar": calendar}, process.version)


def waiting(world: World) -> list[tuple[str, date, str]]:
    asked = {"kind": "reckoning"}
    rows, _next = work_queue_pages.read_page(
        Viewer(world.session, world.editor), world.clock(), asked, None, 200
    )
    return [(row["subject_id"], row["due_on"], row["reason"]) for row in rows]


def revise(world: World, due: str, **changes: Any) -> None:
    """Proposed by the editor and approved by another."""
    with world.act(world.editor) as act:
        version = world.session.get_one(Deadline, due).version
        data = {**changes, "reason": "A holiday was declared.", "revision": "correction"}
        revisions.edit_thing(act, due, "deadline", data, version)
    world.decide(due, kind=REVISION)


def test_an_open_date_waits_with_its_new_day_and_the_reason_and_no_date_moves(world: World, due: str) -> None:
    other = world.deadline(rule="30 days")
    assert waiting(world) == []
    change_calendar(world, holidays=[LATE])
    assert waiting(world) == [(due, date(2025, 4, 21), "Sunday 20 April 2025 is no longer a working day")]
    assert [world.session.get_one(Deadline, one).due_on for one in (due, other)] == [
        date(2025, 4, 20),
        date(2025, 4, 8),
    ]
    change_calendar(world, holidays=[])
    assert waiting(world) == []


@pytest.mark.parametrize(
    ("members", "due_on"),
    [
        ({"worked_days": [{"on": "2025-04-19", "name": "Decree 7"}]}, date(2025, 4, 19)),
        (
            {"weekend_changes": [{"from_on": "2025-04-14", "weekend": ["saturday", "sunday"]}]},
            date(2025, 4, 18),
        ),
        ({"holidays": [{"on": "2025-04-18", "name": "On a weekend"}]}, date(2025, 4, 20)),
    ],
)
def test_whatever_changed_of_the_days_that_were_looked_at_it_waits(
    world: World, due: str, members: dict[str, Any], due_on: date
) -> None:
    change_calendar(world, **members)
    assert [row[:2] for row in waiting(world)] == [(due, due_on)]


def test_what_the_reckoning_did_not_look_at_makes_nothing_wait(world: World, due: str) -> None:
    change_calendar(world, holidays=[{"on": "2025-04-21", "name": "The day after"}], time_zone="UTC")
    assert waiting(world) == []


@pytest.mark.parametrize("taken", [{"rule": "5 working days"}, {"due_on": date(2025, 4, 21)}])
def test_an_editor_takes_it_over_by_a_revision_and_the_entry_goes(
    world: World, due: str, taken: dict[str, Any]
) -> None:
    change_calendar(world, holidays=[LATE])
    revise(world, due, **taken)
    row = world.session.get_one(Deadline, due)
    assert (row.due_on, row.rule) == (date(2025, 4, 21), "5 working days")
    assert row.reckoning is not None
    assert row.reckoning["calendar"]["holidays"] == [LATE]
    assert waiting(world) == []


def test_the_day_of_before_may_be_kept_and_is_no_longer_that_of_the_rule(world: World, due: str) -> None:
    change_calendar(world, holidays=[LATE])
    revise(world, due, due_on=date(2025, 4, 20))
    row = world.session.get_one(Deadline, due)
    assert (row.due_on, row.rule, row.reckoning) == (date(2025, 4, 20), None, None)
    assert waiting(world) == []


def test_a_day_that_the_rule_does_not_give_is_refused_beside_it(world: World, due: str) -> None:
    with refused(world, InvalidInput, "/due_on"):
        revise(world, due, rule="5 working days", due_on=date(2025, 4, 21))


def test_what_is_closed_or_replaced_keeps_its_reckoning_and_waits_for_nobody(world: World, due: str) -> None:
    decree = world.item()
    extended = world.deadline(set_on=date(2025, 4, 13), rule="5 working days")
    asked = world.recommendation("C1")
    world.deadline(
        owner_id=asked, type="government_response_due", set_on=date(2025, 4, 13), rule="5 working days"
    )
    world.answer(due, "outcome", "met", cites=(decree,), effective_on=date(2025, 4, 16))
    world.answer(asked, "response", "rejected", cites=(decree,), effective_on=date(2025, 4, 16))
    data = {
        "set_on": date(2025, 4, 15),
        "due_on": date(2025, 7, 1),
        "reason": "More time.",
        "citations": [{"evidence": decree, "stance": "supports"}],
    }
    with world.act(world.editor) as act:
        _new, change = deadlines.extend_deadline(act, extended, data)
    change_calendar(world, holidays=[LATE])
    assert waiting(world) == []
    with world.act(world.approver) as act:
        statuses.return_status_change(act, change.id, "Nobody decreed it.")
    assert [row[0] for row in waiting(world)] == [extended]


def test_a_draft_waits_too_and_what_is_withdrawn_does_not(world: World) -> None:
    draft = world.deadline(set_on=date(2025, 4, 13), rule="5 working days", publish=False)
    gone = world.deadline(set_on=date(2025, 4, 13), rule="5 working days")
    world.withdraw(gone)
    change_calendar(world, holidays=[LATE])
    assert [row[0] for row in waiting(world)] == [draft]


def test_in_public_the_sentence_says_that_the_calendar_is_another_until_it_is_taken_over(
    world: World, due: str
) -> None:
    assert then(world, "deadline", due)["calendar_changed"] is False
    before = then(world, "deadline", due)["reckoning"]
    change_calendar(world, holidays=[LATE])
    said = then(world, "deadline", due)
    assert said["calendar_changed"] is True
    assert said["due_on"] == "2025-04-20"
    assert said["reckoning"] == {
        **before,
        "sentence": f"{before['sentence']} Since then the calendar of the process has changed in these days.",
    }
    assert then(world, "deadline", world.deadline())["calendar_changed"] is False  # it counts every day
    revise(world, due, rule="5 working days")
    said = then(world, "deadline", due)
    assert (said["due_on"], said["calendar_changed"]) == ("2025-04-21", False)
    assert "Declared late: 1 day" in said["reckoning"]["sentence"]


def test_a_calendar_is_kept_in_one_order_whoever_sent_it(world: World) -> None:
    days = [{"on": "2026-01-01", "name": "b"}, {"on": "2025-01-01", "name": "a"}]
    change_calendar(world, holidays=days, weekend=["saturday", "friday"])
    kept = world.session.get_one(Process, world.process).calendar
    assert kept == {
        "time_zone": "Asia/Damascus",
        "weekend": ["friday", "saturday"],
        "weekend_changes": [],
        "holidays": days[::-1],
        "worked_days": [],
    }


def test_a_revision_that_waits_is_reckoned_by_the_calendar_of_the_day_on_which_it_is_approved(
    world: World, due: str
) -> None:
    change_calendar(world, holidays=[LATE])
    with world.act(world.editor) as act:
        version = world.session.get_one(Deadline, due).version
        data = {"rule": "5 working days", "reason": "A holiday.", "revision": "correction"}
        revisions.edit_thing(act, due, "deadline", data, version)
    change_calendar(world, holidays=[LATE, {"on": "2025-04-21", "name": "Another"}])
    waits = world.waiting(due, REVISION)
    assert waits is not None
    with world.act(world.approver) as act:
        proposals.decide_proposal(act, waits.id, "approve")
    assert world.session.get_one(Deadline, due).due_on == date(2025, 4, 22)


def test_what_somebody_proposes_to_reckon_again_leaves_the_queue_until_it_is_decided(
    world: World, due: str
) -> None:
    change_calendar(world, holidays=[LATE])
    assert [row[0] for row in waiting(world)] == [due]

    def propose(**changes: Any) -> None:
        version = world.session.get_one(Deadline, due).version
        data = {**changes, "reason": "A holiday was declared.", "revision": "correction"}
        with world.act(world.editor) as act:
            revisions.edit_thing(act, due, "deadline", data, version)

    propose(title="Another title")
    assert [row[0] for row in waiting(world)] == [due]
    world.decide(due, kind=REVISION)
    propose(due_on=date(2025, 4, 21))
    assert waiting(world) == []
    world.decide(due, "return", kind=REVISION, note="Say which decree.")
    assert [row[0] for row in waiting(world)] == [due]
