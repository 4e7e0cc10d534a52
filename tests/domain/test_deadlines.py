"""Contract: where a date stands is computed for the day that is given.

Pinned: the due day itself is in time; nothing changes before ``turns_on``; contradicting readings stand side by side;
the real dates from Syria and Grenfell; and every state of ``docs/deadlines.md``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import deadlines, suspensions
from tracker.domain.calendars import Calendar
from tracker.domain.deadlines import OUTCOMES, Reading, Timing
from tracker.domain.errors import InvalidInput
from tracker.domain.reckonings import Reckoning, compute_due_day
from tracker.domain.rules import Rule

SYRIA = Calendar("Asia/Damascus", frozenset({4, 5}), {date(2025, 4, 17): "Independence Day"})
DOC = (Path(__file__).parents[2] / "docs" / "deadlines.md").read_text(encoding="utf-8")

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
outcomes = st.sampled_from(OUTCOMES)
stands = deadlines.find_timing


def due(text: str, start: str, calendar: Calendar = SYRIA) -> Reckoning:
    return compute_due_day(Rule.parse(text), date.fromisoformat(start), calendar)


def test_a_deadline_runs_through_its_states_at_exactly_these_days() -> None:
    due_on = date(2025, 7, 10)

    def state(number: int) -> tuple[str | None, int | None, int]:
        found = stands(due_on, due_on + timedelta(days=number), "pending", None)
        return found.state, found.days_left, found.days_overdue

    assert state(-15) == ("on_time", 15, 0)
    assert state(-14) == ("due_soon", 14, 0)
    assert state(0) == ("due_soon", 0, 0)
    assert state(1) == ("overdue", None, 1)
    assert state(90) == ("overdue", None, 90)
    assert state(91) == ("long_overdue", None, 91)


@given(days, days, outcomes)
def test_only_what_is_still_owed_after_its_day_is_overdue(due_on: date, day: date, out: str) -> None:
    owed = out in ("pending", "missed")
    found = stands(due_on, day, out, due_on)
    assert found.days_overdue == (max(0, (day - due_on).days) if owed else 0)
    assert (found.state in ("overdue", "long_overdue")) == (found.days_overdue > 0)


@given(days, days)
def test_what_was_met_is_late_or_early_for_ever(due_on: date, met_on: date) -> None:
    found = stands(due_on, met_on, "met", met_on)
    late = (met_on - due_on).days
    assert (found.days_late, found.days_early) == (max(0, late), max(0, -late))
    assert found.state == ("met_late" if late > 0 else "on_time")
    assert (found.turns_on, found.days_left, found.days_overdue) == (None, None, 0)


@given(days, days, days)
def test_of_what_was_met_between_two_days_only_what_is_certain_is_late_or_early(
    due_on: date, one: date, other: date
) -> None:
    first, last = sorted((one, other))
    found = stands(due_on, last, "met", last, not_before=first)
    assert (found.days_late, found.days_early) == (
        max(0, (first - due_on).days),
        max(0, (due_on - last).days),
    )
    assert stands(due_on, first, "met", last, not_before=first) == found


@given(days, days, st.integers(1, 400))
def test_what_was_met_later_was_still_pending_before(due_on: date, met_on: date, before: int) -> None:
    day = met_on - timedelta(days=before)
    assert stands(due_on, day, "met", met_on) == stands(due_on, day, "pending", None)


def test_nothing_runs_once_a_deadline_is_extended_or_waived() -> None:
    found = {stands(date(2025, 4, 8), date(2026, 1, 1), outcome, None) for outcome in deadlines.CLOSED}
    assert found == {Timing(None)}


def test_what_waits_for_its_event_is_not_due() -> None:
    day = date(2025, 9, 1)
    assert stands(None, day, "pending", None) == stands(None, day, "missed", None) == Timing("waiting")
    assert stands(None, day, "met", date(2025, 9, 2)) == Timing("waiting")
    assert stands(None, day, "met", day) == stands(None, day, "waived", None) == Timing(None)
    assert stands(None, day, "suspended", None) == Timing("suspended")


@given(days, days)
def test_while_its_clock_stands_still_a_deadline_says_so_and_nothing_else(due_on: date, day: date) -> None:
    assert stands(due_on, day, "suspended", None) == Timing("suspended")


def test_a_missed_deadline_goes_on_being_overdue_but_not_before_its_day_has_passed() -> None:
    due_on = date(2025, 4, 8)
    assert stands(due_on, date(2025, 9, 1), "missed", date(2025, 4, 9)).days_overdue == 146
    assert stands(due_on, due_on, "missed", None) == Timing(None, turns_on=date(2025, 4, 9))


@given(days, days, outcomes, days)
def test_nothing_changes_before_turns_on_and_something_does_then(
    due_on: date, day: date, outcome: str, settled_on: date
) -> None:
    now = stands(due_on, day, outcome, settled_on)
    length = ((now.turns_on or day + timedelta(days=500)) - day).days  # None: never, so surely not so soon
    assert length > 0
    for number in {0, 1, length // 2, length - 1} & set(range(length)):
        assert stands(due_on, day + timedelta(days=number), outcome, settled_on) == now
    if now.turns_on:
        then = stands(due_on, now.turns_on, outcome, settled_on)
        assert replace(then, turns_on=None) != replace(now, turns_on=None)


@pytest.mark.parametrize(
    ("pointer", "outcome", "bounds"),
    [
        ("/outcome", "done", {}),
        ("/settled_on", "met", {}),
        ("/soon_days", "pending", {"soon_days": -1}),
        ("/long_days", "pending", {"long_days": -1}),
    ],
)
def test_nonsense_is_refused_and_named(pointer: str, outcome: str, bounds: dict[str, int]) -> None:
    with pytest.raises(InvalidInput) as refused:
        stands(date.max, date.max, outcome, None, **bounds)
    assert [error.pointer for error in refused.value.fields] == [pointer]


def test_on_the_last_day_of_time_nothing_turns() -> None:
    assert stands(date.max, date.max, "pending", None).turns_on is None


def test_the_committee_on_the_syrian_coast_was_extended_two_days_after_its_time_had_run_out() -> None:
    first, second = due("30 days", "2025-03-09"), due("3 months", "2025-04-10")
    assert (first.due_on, first.counted, first.skipped) == (date(2025, 4, 8), 30, ())
    assert second.due_on == date(2025, 7, 10)
    assert second.due_on.weekday() == 3  # Thursday
    assert suspensions.count_days_granted_late(first.due_on, (), date(2025, 4, 10)) == 2
    in_time = (first.due_on, date(2025, 4, 1))
    assert [suspensions.count_days_granted_late(first.due_on, (), day) for day in in_time] == [0, 0]
    assert deadlines.count_slip_days(first.due_on, second.due_on) == 93
    assert deadlines.count_slip_days(second.due_on, first.due_on) == -93


def test_its_report_was_three_days_late_under_one_reading_and_in_time_under_the_other() -> None:
    due_on, met_on = due("3 months", "2025-04-10").due_on, date(2025, 7, 13)
    claimed = SYRIA.next_working(due_on + timedelta(days=1))
    assert claimed == met_on
    assert due("3 months, next working day", "2025-04-10").due_on == due_on  # a Thursday is not moved
    readings = [Reading(due_on, "the decision", ""), Reading(claimed, "the committee", "first after")]
    plain, rolled = deadlines.find_reading_timings(readings, date(2025, 8, 1), "met", met_on)
    assert [plain.reading, rolled.reading] == readings
    assert plain.timing == Timing("met_late", days_late=3, days_early=0)
    assert rolled.timing == Timing("on_time", days_late=0, days_early=0)
    said = {"due_on": "2025-07-13", "says": "the committee", "note": "first after"}
    assert rolled.to_json() == {**said, "timing": rolled.timing.to_json()}
    day = date(2025, 7, 12)
    running = deadlines.find_reading_timings(readings, day, "pending", None, soon_days=0, long_days=1)
    assert [found.timing.state for found in running] == ["long_overdue", "on_time"]
    in_json = {"state": "long_overdue", "days_overdue": 2, "turns_on": "2025-07-13"}
    none = dict.fromkeys(("days_late", "days_early", "days_left"))
    assert running[0].timing.to_json() == {**none, **in_json}


def test_the_answer_on_grenfell_came_six_days_early() -> None:
    due_on = due("6 months", "2024-09-04", Calendar("Europe/London", frozenset({5, 6}), {})).due_on
    assert due_on == date(2025, 3, 4)
    assert stands(due_on, due_on, "met", date(2025, 2, 26)) == Timing("on_time", days_late=0, days_early=6)


def test_every_state_of_the_docs_is_one() -> None:
    assert re.findall(r"^\| `(\w+)` \| [a-z]", DOC, re.MULTILINE) == list(get_args(deadlines.State))
