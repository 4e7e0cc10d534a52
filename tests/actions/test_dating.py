"""Dates that wait for an event: silent until it is recorded, dated by an editor then, and on every day as they were."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.actions.test_calendar_changes import change_calendar
from tests.conftest import Clock
from tests.public.assertions import agrees, refused
from tests.public.test_projection import then
from tests.world import World
from tracker.actions import deadlines, revisions, statuses
from tracker.actions.support import work_queue_pages
from tracker.domain import errors
from tracker.domain.proposals import REVISION
from tracker.public import queries
from tracker.store.deadlines import Deadline
from tracker.store.viewer import Viewer

RULE = "60 days after publication of the report"
EVENT = date(2025, 7, 20)


@pytest.fixture
def item(world: World) -> str:
    return world.item(title="The gazette")


def waiting(world: World, **more: Any) -> str:
    return world.deadline(**{"rule": RULE, "type": "review_date", **more})


def revise(world: World, due: str, **changes: Any) -> None:
    """Proposed by the editor and approved by another, where the deadline is public."""
    with world.act(world.editor) as act:
        version = world.session.get_one(Deadline, due).version
        revisions.edit_thing(act, due, "deadline", {**changes, "reason": "It happened."}, version)
    if world.waiting(due, REVISION) is not None:
        world.decide(due, kind=REVISION)


def queued(world: World, kind: str = "reckoning") -> list[tuple[str, date | None, str | None]]:
    rows, _next = work_queue_pages.read_page(
        Viewer(world.session, world.editor), world.clock(), {"kind": kind}, None, 99
    )
    return [(row["subject_id"], row["due_on"], row["reason"]) for row in rows]


def test_until_its_event_nothing_is_due(world: World, clock: Clock) -> None:
    due = waiting(world)
    other = world.deadline()
    said = then(world, "deadline", due)
    assert (said["due_on"], said["waits_for"]) == (None, "publication of the report")
    assert (said["timing"]["state"], said["timing"]["days_overdue"]) == ("waiting", 0)
    assert (said["reckoning"], said["baseline_due_on"], said["slip_days"]) == (None, None, 0)
    assert queued(world, "overdue") == [(other, None, None)]
    assert [one["id"] for one in then(world, "committee", world.committee)["overdue"]] == [other]
    listed = queries.list_briefs(world.session.connection(), world.process, "deadline", clock())
    assert [one["id"] for one in listed] == [other, due]
    with refused(world, errors.InvalidInput, "/effective_on"):
        world.propose(due, "outcome", "missed")
    assert agrees(world)


def test_an_editor_dates_it_by_the_day_of_the_event_and_what_shows_it(world: World, item: str) -> None:
    due = waiting(world)
    revise(world, due, event_on=EVENT, event_evidence_id=item)
    said = then(world, "deadline", due)
    assert (said["due_on"], said["waits_for"], said["event_on"]) == ("2025-09-18", None, "2025-07-20")
    assert said["event_evidence"]["id"] == item
    assert "from Sunday 20 July 2025" in said["reckoning"]["sentence"]
    assert said["timing"]["state"] == "long_overdue"
    before = then(world, "deadline", due, as_of=date(2025, 7, 19))
    assert (before["due_on"], before["event_on"], before["reckoning"]) == (None, None, None)
    assert (before["timing"]["state"], before["waits_for"]) == ("waiting", "publication of the report")
    assert then(world, "deadline", due, as_of=EVENT)["due_on"] == "2025-09-18"
    assert agrees(world)


def test_it_may_be_recorded_after_the_event_and_be_corrected(world: World, item: str) -> None:
    due = waiting(world, event_on=EVENT, event_evidence_id=item)
    assert world.session.get_one(Deadline, due).due_on == date(2025, 9, 18)
    revise(world, due, event_on=date(2025, 7, 21))
    assert world.session.get_one(Deadline, due).due_on == date(2025, 9, 19)
    revise(world, due, due_on=date(2025, 9, 19))
    assert world.session.get_one(Deadline, due).rule == RULE
    revise(world, due, due_on=date(2025, 10, 1))
    row = world.session.get_one(Deadline, due)
    assert (row.rule, row.event_on, row.event_evidence_id) == (None, None, None)


def test_a_date_that_waits_may_be_set_or_get_another_rule(world: World) -> None:
    first, second = waiting(world), waiting(world)
    revise(world, first, due_on=date(2025, 10, 1))
    assert world.session.get_one(Deadline, first).rule is None
    revise(world, second, rule="30 days")
    row = world.session.get_one(Deadline, second)
    assert (row.due_on, row.waits_for) == (date(2025, 4, 8), None)
    revise(world, second, title="Another title")
    assert row.due_on == date(2025, 4, 8)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"due_on": date(2025, 9, 18)}, "/due_on"),
        ({"event_on": EVENT}, "/event_evidence"),
        ({"event_on": date(2027, 1, 1), "event_evidence_id": "{item}"}, "/event_on"),
        ({"event_on": EVENT, "event_evidence_id": "evd_" + "0" * 26}, "/event_evidence"),
        ({"starts_with_id": "ddl_" + "0" * 26}, "/starts_with"),
        ({"starts_with_id": "{due}", "event_on": EVENT}, "/event_on"),
        ({"rule": "30 days", "event_on": EVENT}, "/event_on"),
        ({"rule": "30 days", "starts_with_id": "{due}"}, "/starts_with"),
        ({"rule": None, "due_on": EVENT, "event_evidence_id": "{item}"}, "/event_evidence"),
        ({"rule": "10 days before 2025-03-12"}, "/rule"),
    ],
)
def test_what_does_not_hold_together_is_refused(
    world: World, item: str, more: dict[str, Any], pointer: str
) -> None:
    known = {"{item}": item, "{due}": world.deadline()}
    data = {
        name: known.get(value, value) if isinstance(value, str) else value for name, value in more.items()
    }
    with refused(world, errors.InvalidInput, pointer):
        waiting(world, **data)


def test_what_the_record_knows_is_named_and_dates_it_by_an_act_of_an_editor(world: World, item: str) -> None:
    """An answer of the addressee, and a deadline that the lead says was met."""
    asked = world.recommendation("C1")
    first = world.deadline()
    by_answer = waiting(world, rule="60 days after the answer", starts_with_id=asked)
    by_date = waiting(world, rule="60 days after the report", starts_with_id=first)
    assert queued(world) == []
    world.answer(asked, "response", "rejected", cites=(item,), effective_on=EVENT)
    world.answer(first, "outcome", "met", cites=(item,), effective_on=date(2025, 4, 1))
    assert world.session.get_one(Deadline, by_answer).due_on is None
    assert sorted(queued(world)) == sorted(
        [
            (
                by_answer,
                date(2025, 9, 18),
                "the event that it starts with happened on Sunday 20 July 2025",
            ),
            (by_date, date(2025, 5, 31), "the event that it starts with happened on Tuesday 1 April 2025"),
        ]
    )
    revise(world, by_answer, due_on=date(2025, 9, 18))
    revise(world, by_date, rule="60 days after the report")
    assert queued(world) == []
    rows = [world.session.get_one(Deadline, one) for one in (by_answer, by_date)]
    assert [(row.due_on, row.event_on) for row in rows] == [
        (date(2025, 9, 18), EVENT),
        (date(2025, 5, 31), date(2025, 4, 1)),
    ]
    assert then(world, "deadline", by_answer)["starts_with"]["id"] == asked


def test_the_fact_that_meets_a_deadline_is_the_event_of_another(world: World) -> None:
    first = world.deadline()
    due = waiting(world, rule="60 days after the report", starts_with_id=first)
    world.report(delivered=date(2025, 7, 13))
    assert [(row[0], row[1]) for row in queued(world)] == [(due, date(2025, 9, 11))]
    assert waiting(world, rule="60 days after the report", starts_with_id=first)
    assert len(queued(world)) == 1  # the second was recorded after the event, and is dated


def test_the_publication_of_a_report_is_an_event_and_its_delivery_is_none(world: World) -> None:
    report = world.report("final")
    due = waiting(world, rule="60 days after publication", starts_with_id=report)
    world.answer(report, "release", "delivered", cites=(world.item(),), effective_on=date(2025, 7, 13))
    assert queued(world) == []
    world.answer(report, "release", "published", cites=(world.item(),), effective_on=date(2025, 8, 1))
    assert queued(world) == [
        (due, date(2025, 9, 30), "the event that it starts with happened on Friday 1 August 2025")
    ]
    assert then(world, "deadline", due)["starts_with"]["id"] == report


def extend(world: World, due: str, on: date, item: str) -> str:
    """Put a date off, or bring it forward: proposed by one person and approved by another. Returns the new one."""
    data = {"set_on": date(2025, 4, 10), "due_on": on, "reason": "The court moved it."}
    with world.act(world.editor) as act:
        new, change = deadlines.extend_deadline(
            act, due, {**data, "citations": [{"evidence": item, "stance": "supports"}]}
        )
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    return new.id


HEARING = "10 days before the day on which the other date is due"


def test_what_counts_back_from_a_date_counts_from_the_day_on_which_that_is_due(
    world: World, item: str
) -> None:
    hearing = world.deadline(rule=None, due_on=date(2027, 9, 9), type="review_date")
    due = waiting(world, rule=HEARING, starts_with_id=hearing)
    row = world.session.get_one(Deadline, due)
    assert (row.due_on, row.event_on) == (date(2027, 8, 30), date(2027, 9, 9))
    told = then(world, "deadline", due)
    assert "back from Thursday 9 September 2027" in told["reckoning"]["sentence"]
    assert (told["waits_for"], told["timing"]["state"]) == (None, "on_time")
    assert then(world, "deadline", due, as_of=date(2025, 6, 1))["due_on"] == "2027-08-30"
    revise(world, due, title="Papers for the hearing")
    assert (queued(world), agrees(world)) == ([], True)


def test_it_waits_in_the_queue_when_that_date_is_moved_however_often(world: World, item: str) -> None:
    hearing = world.deadline(rule=None, due_on=date(2027, 9, 9), type="review_date")
    due = waiting(world, rule=HEARING, starts_with_id=hearing)
    later = extend(world, hearing, date(2027, 10, 9), item)
    moved = (due, date(2027, 9, 29), "the day that it counts back from is Saturday 9 October 2027")
    assert queued(world) == [moved]
    assert then(world, "deadline", due)["due_on"] == "2027-08-30"  # it moves by an act alone
    extend(world, later, date(2027, 5, 9), item)
    assert [row[:2] for row in queued(world)] == [(due, date(2027, 4, 29))]
    revise(world, due, due_on=date(2027, 4, 29))
    assert (queued(world), then(world, "deadline", due)["event_on"]) == ([], "2027-05-09")
    assert agrees(world)


def test_it_waits_while_the_other_date_waits_itself(world: World, item: str) -> None:
    hearing = waiting(world)
    due = waiting(world, rule=HEARING, starts_with_id=hearing)
    assert world.session.get_one(Deadline, due).due_on is None
    revise(world, hearing, event_on=EVENT, event_evidence_id=item)
    assert [row[:2] for row in queued(world)] == [(due, date(2025, 9, 8))]


def test_no_date_counts_from_itself_however_far_round(world: World) -> None:
    first = world.deadline(rule=None, due_on=date(2027, 9, 9), type="review_date", publish=False)
    second = waiting(world, rule=HEARING, starts_with_id=first, publish=False)
    third = waiting(world, rule=HEARING, starts_with_id=second, publish=False)
    for start in (first, second, third):
        with refused(world, errors.InvalidInput, "/starts_with"):
            revise(world, first, rule=HEARING, starts_with_id=start)
    revise(world, third, rule=HEARING, starts_with_id=first)
    assert world.session.get_one(Deadline, third).due_on == date(2027, 8, 30)


def test_what_counts_back_from_an_event_takes_the_day_for_which_it_is_planned(
    world: World, item: str
) -> None:
    planned = {"event_on": date(2026, 12, 10), "event_evidence_id": item}
    due = waiting(world, rule="10 days before the hearing", **planned)
    assert then(world, "deadline", due)["due_on"] == "2026-11-30"
    moved = {"event_on": date(2026, 12, 20), "event_evidence_id": item, "revision": "update"}
    revise(world, due, **moved, since=date(2026, 11, 1))
    assert then(world, "deadline", due)["due_on"] == "2026-12-10"
    before = then(world, "deadline", due, as_of=date(2026, 10, 31))
    assert (before["due_on"], before["event_on"]) == ("2026-11-30", "2026-12-10")
    assert agrees(world)
    with refused(world, errors.InvalidInput, "/event_on"):
        waiting(world, rule="10 days after the hearing", **planned)


def test_a_draft_is_dated_at_once_by_one_person(world: World, item: str) -> None:
    due = waiting(world, publish=False)
    revise(world, due, event_on=EVENT, event_evidence_id=item)
    assert world.session.get_one(Deadline, due).due_on == date(2025, 9, 18)


def test_a_date_that_waits_is_dated_before_it_is_extended_and_an_extension_does_not_wait(
    world: World, item: str
) -> None:
    due, dated = waiting(world), world.deadline()
    data = {
        "set_on": date(2025, 4, 10),
        "due_on": date(2025, 7, 10),
        "reason": "More time.",
        "citations": [{"evidence": item, "stance": "supports"}],
    }
    with refused(world, errors.InvalidInput, "/due_on"), world.act(world.editor) as act:
        deadlines.extend_deadline(act, due, data)
    with refused(world, errors.InvalidInput, "/due_on"), world.act(world.editor) as act:
        deadlines.extend_deadline(act, dated, {**data, "due_on": None, "rule": RULE})


def test_what_waits_can_be_suspended_and_its_clock_begins_with_the_event(world: World, item: str) -> None:
    due = waiting(world)
    world.answer(due, "outcome", "suspended", cites=(item,), effective_on=date(2025, 4, 1))
    world.answer(due, "outcome", "pending", effective_on=date(2025, 5, 1))
    assert then(world, "deadline", due)["timing"]["state"] == "waiting"
    revise(world, due, event_on=EVENT, event_evidence_id=item)
    assert then(world, "deadline", due)["due_on"] == "2025-09-18"
    assert agrees(world)


def test_a_calendar_that_changes_is_told_of_a_date_that_was_counted_from_an_event(
    world: World, item: str
) -> None:
    due = waiting(world, rule="5 working days after the hearing", event_on=EVENT, event_evidence_id=item)
    assert world.session.get_one(Deadline, due).due_on == date(2025, 7, 27)
    change_calendar(world, holidays=[{"on": "2025-07-22", "name": "Declared late"}])
    assert [row[:2] for row in queued(world)] == [(due, date(2025, 7, 28))]
    revise(world, due, due_on=date(2025, 7, 28))
    assert queued(world) == []


def test_an_extension_is_not_approved_of_a_date_that_has_come_to_wait(world: World, item: str) -> None:
    due = world.deadline(publish=False)
    data = {
        "set_on": date(2025, 4, 10),
        "due_on": date(2025, 7, 10),
        "reason": "More time.",
        "citations": [{"evidence": item, "stance": "supports"}],
    }
    with world.act(world.editor) as act:
        _new, change = deadlines.extend_deadline(act, due, data)
    revise(world, due, rule=RULE)
    with refused(world, errors.DemandsNotMet) as caught, world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    assert caught.value.missing == ("event_on",)
