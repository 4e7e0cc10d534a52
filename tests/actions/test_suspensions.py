"""While a court stays a decree nothing is overdue; afterwards the date has moved. On every day it is told as it was."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.conftest import Clock
from tests.public.assertions import refused
from tests.public.test_projection import then
from tests.world import World
from tracker.actions import deadlines, exports, revisions, statuses
from tracker.actions.operations import rebuild
from tracker.actions.support import record_index, work_queue_pages
from tracker.database import list_index
from tracker.domain import errors
from tracker.domain.proposals import REVISION
from tracker.public import lists, queries
from tracker.store.deadlines import Deadline
from tracker.store.viewer import Viewer

FROM, RESUMED = date(2025, 4, 1), date(2025, 5, 1)


@pytest.fixture
def due(world: World) -> str:
    return world.deadline(rule=None, due_on=date(2025, 9, 9))


@pytest.fixture
def order(world: World) -> str:
    return world.item(title="The order of the court")


def suspend(world: World, due: str, order: str, on: date = FROM) -> str:
    return world.answer(due, "outcome", "suspended", cites=(order,), effective_on=on).id


def resume(world: World, due: str, on: date = RESUMED) -> str:
    return world.answer(due, "outcome", "pending", effective_on=on).id


def told(world: World, due: str, day: date | None = None) -> tuple[Any, ...]:
    said = then(world, "deadline", due, as_of=day)
    return said["due_on"], said["timing"]["state"], said["timing"]["days_overdue"]


def overdue(world: World) -> list[str]:
    rows, _next = work_queue_pages.read_page(
        Viewer(world.session, world.editor), world.clock(), {"kind": "overdue"}, None, 9
    )
    return [row["subject_id"] for row in rows]


def test_it_is_right_before_during_and_after(world: World, due: str, order: str) -> None:
    suspend(world, due, order)
    assert told(world, due) == ("2025-09-09", "suspended", 0)
    assert overdue(world) == []
    resume(world, due)
    assert told(world, due, date(2025, 3, 31)) == ("2025-09-09", "on_time", 0)
    assert told(world, due, FROM) == told(world, due, date(2025, 4, 30)) == ("2025-09-09", "suspended", 0)
    assert told(world, due, RESUMED) == ("2025-10-09", "on_time", 0)
    assert told(world, due, date(2025, 10, 9)) == ("2025-10-09", "due_soon", 0)
    assert told(world, due, date(2025, 10, 10)) == ("2025-10-09", "overdue", 1)
    assert then(world, "deadline", due, as_of=date(2025, 4, 15))["stays"] == [
        {"from_on": "2025-04-01", "resumed_on": None, "days": None, "due_on": None, "sentence": None}
    ]
    assert then(world, "deadline", due, as_of=date(2025, 3, 31))["stays"] == []
    assert overdue(world) == [due]


def test_in_public_it_explains_itself_and_the_slip_counts(world: World, due: str, order: str) -> None:
    suspend(world, due, order)
    said = then(world, "deadline", due)
    assert said["reckoning"]["sentence"] == (
        "Set for Tuesday 9 September 2025. Suspended from Tuesday 1 April 2025 on."
    )
    resume(world, due)
    said = then(world, "deadline", due)
    assert (said["slip_days"], said["baseline_due_on"]) == (30, "2025-09-09")
    assert "30 days stood still" in said["reckoning"]["sentence"]
    assert said["reckoning"]["due_on"] == said["due_on"] == "2025-10-09"
    reckoned = world.deadline(rule="30 days")
    suspend(world, reckoned, order)
    assert then(world, "deadline", reckoned)["reckoning"]["sentence"].startswith(
        "Due on Tuesday 8 April 2025"
    )


def test_readings_of_the_date_move_with_it(world: World, order: str) -> None:
    other = {"due_on": "2025-09-12", "says": "the committee", "note": "another reading"}
    due = world.deadline(rule=None, due_on=date(2025, 9, 9), readings=[other])
    suspend(world, due, order)
    [reading] = then(world, "deadline", due)["readings"]
    assert (reading["due_on"], reading["timing"]["state"]) == ("2025-09-12", "suspended")
    resume(world, due)
    [reading] = then(world, "deadline", due)["readings"]
    assert reading["due_on"] == "2025-10-12"


def test_a_correction_takes_a_suspension_back_and_the_date_with_it(
    world: World, due: str, order: str
) -> None:
    first = suspend(world, due, order)
    resume(world, due)
    world.answer(due, "outcome", "pending", corrects=first, effective_on=FROM)
    assert told(world, due)[0] == "2025-09-09"
    assert world.session.get_one(Deadline, due).stays == []


def test_a_draft_is_suspended_too_and_says_so_when_it_is_published(world: World, order: str) -> None:
    due = world.deadline(rule=None, due_on=date(2025, 9, 9), publish=False)
    suspend(world, due, order)
    resume(world, due)
    world.publish(due)
    assert told(world, due)[0] == "2025-10-09"


def test_nothing_is_missed_while_it_stands_still_nor_before_the_day_to_which_it_moved(
    world: World, due: str, order: str
) -> None:
    suspend(world, due, order)
    with refused(world, errors.ForbiddenMove, "/state"):
        world.propose(due, "outcome", "missed", effective_on=date(2025, 9, 10))
    resume(world, due)
    with refused(world, errors.InvalidInput, "/effective_on"):
        world.propose(due, "outcome", "missed", effective_on=date(2025, 10, 9))
    assert world.propose(due, "outcome", "missed", effective_on=date(2025, 10, 10))


def test_a_suspension_is_evidenced(world: World, due: str) -> None:
    with refused(world, errors.DemandsNotMet):
        world.propose(due, "outcome", "suspended", effective_on=FROM)


def test_what_was_missed_and_then_stayed_is_overdue_of_its_own_day_afterwards(
    world: World, due: str, order: str
) -> None:
    world.answer(due, "outcome", "missed", effective_on=date(2025, 9, 10))
    suspend(world, due, order, date(2025, 10, 1))
    assert told(world, due, date(2025, 10, 2)) == ("2025-09-09", "suspended", 0)
    resume(world, due, date(2025, 11, 1))
    assert told(world, due, date(2025, 11, 1)) == ("2025-09-09", "overdue", 53)


def test_the_fact_meets_it_while_it_stands_still_and_is_not_late(world: World, due: str, order: str) -> None:
    suspend(world, due, order)
    world.report(delivered=date(2025, 12, 1))
    said = then(world, "deadline", due)
    assert (said["timing"]["state"], said["timing"]["days_late"]) == ("on_time", 0)


def test_an_extension_is_measured_by_the_date_as_it_stands(world: World, due: str, order: str) -> None:
    suspend(world, due, order)
    resume(world, due)
    data = {
        "set_on": date(2025, 10, 1),
        "due_on": date(2025, 10, 9),
        "reason": "More time.",
        "citations": [{"evidence": order, "stance": "supports"}],
    }
    with refused(world, errors.InvalidInput, "/due_on"), world.act(world.editor) as act:
        deadlines.extend_deadline(act, due, data)
    with world.act(world.editor) as act:
        later = {"set_on": date(2025, 10, 12), "due_on": date(2025, 12, 1)}
        new, change = deadlines.extend_deadline(act, due, {**data, **later})
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    said = then(world, "deadline", new.id)
    assert (said["baseline_due_on"], said["slip_days"], said["granted_days_late"]) == ("2025-09-09", 83, 3)


def test_a_corrected_date_is_moved_by_the_same_days(world: World, due: str, order: str) -> None:
    suspend(world, due, order)
    resume(world, due)
    with world.act(world.editor) as act:
        version = world.session.get_one(Deadline, due).version
        data = {"due_on": date(2025, 9, 19), "reason": "Misread."}
        revisions.edit_thing(act, due, "deadline", data, version)
    world.decide(due, kind=REVISION)
    assert told(world, due)[0] == "2025-10-19"


def test_what_is_owed_and_silent_follows_and_lists_sort_by_the_date_as_it_stands(
    world: World, order: str, clock: Clock
) -> None:
    asked = world.recommendation("C1")
    kind = {"owner_id": asked, "type": "government_response_due", "rule": None}
    first = world.deadline(due_on=date(2025, 9, 9), **kind)
    second = world.deadline(due_on=date(2025, 9, 20), **kind)
    suspend(world, first, order)
    assert [one["id"] for one in then(world, "recommendation", asked)["overdue"]] == [second]
    assert [one["deadline"] for one in then(world, "recommendation", asked)["silence"]] == [second]
    resume(world, first)
    said = then(world, "recommendation", asked)
    assert [(one["id"], one["due_on"]) for one in said["overdue"]] == [
        (second, "2025-09-20"),
        (first, "2025-10-09"),
    ]
    assert said["silence"][0]["deadline"] == second
    listed = queries.list_briefs(world.session.connection(), world.process, "deadline", clock())
    assert [one["id"] for one in listed] == [second, first]
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []


def test_lists_find_it_by_the_date_as_it_stands(world: World, due: str, order: str, clock: Clock) -> None:
    september = ("2025-09-09", "2025-09-09")
    october = ("2025-10-09", "2025-10-09")

    def find_public(span: tuple[str, str], as_of: date | None = None) -> list[str]:
        sought = list_index.Search("deadline", (("process", world.process),), span=span)
        page = lists.list_documents(world.session.connection(), sought, 9, clock(), as_of)
        return [json.loads(item)["id"] for item in page.items]

    def find_record(span: tuple[str, str]) -> list[str]:
        viewer = Viewer(world.session, world.editor)
        asked = {"due_from": span[0], "due_to": span[1]}
        rows, _end = record_index.read_page(viewer, "deadline", asked, "due_on", None, 9)
        return [row.id for row in rows]

    def find_exported(span: tuple[str, str]) -> list[str]:
        viewer = Viewer(world.session, world.editor)
        lines = b"".join(exports.export_lines(viewer, None, ("deadline",), {"deadline": span})).splitlines()
        return [json.loads(line)["id"] for line in lines[:-1]]

    suspend(world, due, order)
    for find in (find_public, find_record, find_exported):
        assert (find(september), find(october)) == ([due], [])
    resume(world, due)
    for find in (find_public, find_record, find_exported):
        assert (find(september), find(october)) == ([], [due])
    before = date(2025, 4, 30)
    assert (find_public(september, before), find_public(october, before)) == ([due], [])
    assert (find_public(september, RESUMED), find_public(october, RESUMED)) == ([], [due])
    viewer = Viewer(world.session, world.editor)
    assert [row.id for row in deadlines.list_due(viewer, date(2025, 10, 1), 14, 9)] == [due]
    assert deadlines.list_due(viewer, date(2025, 9, 1), 14, 9) == []
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []
