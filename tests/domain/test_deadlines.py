"""Contract: a due date explains itself, and where it stands is computed for the day that is given.

Pinned: the day of the act is not counted; a rule is read exactly as it is written; counted and skipped days
make up the whole; the due day itself is in time; nothing changes before ``turns_on``; contradicting readings
stand side by side; the real dates from Syria and Grenfell; and every example of ``docs/deadlines.md``.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import deadlines
from tracker.domain.calendars import Calendar
from tracker.domain.deadlines import LIMITS, OUTCOMES, Reading, Reckoning, Rule, Timing
from tracker.domain.errors import InvalidInput

SYRIA = Calendar("Asia/Damascus", frozenset({4, 5}), {date(2025, 4, 17): "Independence Day"})
DOC = (Path(__file__).parents[2] / "docs" / "deadlines.md").read_text(encoding="utf-8")
ONE_DAY = timedelta(days=1)

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
calendars = st.builds(
    Calendar,
    st.just("UTC"),
    st.frozensets(st.integers(0, 6), max_size=6),
    st.dictionaries(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.sampled_from(["Eid", "Nowruz"])),
)
starts = st.dates(date(2023, 6, 1), date(2027, 6, 1))
outcomes = st.sampled_from(OUTCOMES)
stands = deadlines.find_timing

BAD_RULES = (
    "|30|days|30 Days| 30 days|30 days |30  days|30 days\n|+30 days|-1 days|0 days|030 days|3.5 days"
    "|٣٠ days|3٠ days|1 days|2 day|1 fortnight|30 days,next working day|next working day|, next working day"
    "|2 weeks, last day of month|1 year, last day of month|last day of 2 months|1 month, "
    "|1 day, next working day, next working day"
)


@st.composite
def rules(draw: st.DrawFn, most: int = 10**9) -> Rule:
    unit = draw(st.sampled_from(sorted(LIMITS)))
    end = unit == "months" and draw(st.booleans())
    count = draw(st.integers(0 if end else 1, min(most, LIMITS[unit])))
    return Rule(count, unit, end_of_month=end, roll=draw(st.booleans()))


def due(text: str, start: str, calendar: Calendar = SYRIA) -> Reckoning:
    return deadlines.compute_due_day(Rule.parse(text), date.fromisoformat(start), calendar)


@given(rules())
def test_a_rule_survives_the_way_through_its_text(rule: Rule) -> None:
    assert Rule.parse(str(rule)) == rule


@pytest.mark.parametrize("text", BAD_RULES.split("|"))
def test_any_other_text_is_refused_with_what_is_right(text: str) -> None:
    with pytest.raises(InvalidInput, match="45 working days") as refused:
        Rule.parse(text)
    assert [error.pointer for error in refused.value.fields] == ["/rule"]


@pytest.mark.parametrize(("unit", "most"), sorted(LIMITS.items()))
def test_a_count_beyond_its_limit_is_refused_with_the_limit(unit: str, most: int) -> None:
    words = unit.replace("_", " ")
    assert Rule.parse(f"{most} {words}").count == most
    with pytest.raises(InvalidInput, match=f"1 to {most} {words}"):
        Rule.parse(f"{most + 1} {words}")


@given(rules(), st.data())
def test_one_character_too_many_is_refused_or_another_rule(rule: Rule, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(str(rule))))
    text = str(rule)[:place] + data.draw(st.sampled_from("0123456789 ,s+-\n\u0663D")) + str(rule)[place:]
    with suppress(InvalidInput):
        assert str(Rule.parse(text)) == text


@given(rules(most=120), starts, calendars)
def test_counted_and_skipped_days_make_up_the_whole(rule: Rule, start: date, calendar: Calendar) -> None:
    found = deadlines.compute_due_day(rule, start, calendar)
    assert found.counted + len(found.skipped) == (found.due_on - start).days
    assert all(calendar.why_not_working(skip.day) == skip.why for skip in found.skipped)
    assert sorted({skip.day for skip in found.skipped}) == [skip.day for skip in found.skipped]


@given(st.integers(1, 120), starts, calendars, st.booleans())
def test_as_many_working_days_as_the_rule_says_lie_after_the_start_and_the_last_is_due(
    count: int, start: date, calendar: Calendar, roll: bool
) -> None:
    found = deadlines.compute_due_day(Rule(count, "working_days", roll=roll), start, calendar)
    after = [start + timedelta(days=number) for number in range(1, (found.due_on - start).days + 1)]
    assert found.counted == count == sum(map(calendar.is_working, after))
    assert calendar.is_working(found.due_on)
    assert found.rolled_from is None
    assert [skip.day for skip in found.skipped] == [day for day in after if not calendar.is_working(day)]


@given(rules(most=120), starts, calendars)
def test_a_rolled_date_is_the_next_working_day(rule: Rule, start: date, calendar: Calendar) -> None:
    plain = deadlines.compute_due_day(replace(rule, roll=False), start, calendar)
    rolled = deadlines.compute_due_day(replace(rule, roll=True), start, calendar)
    assert rolled.due_on == calendar.next_working(plain.due_on)
    assert rolled.rolled_from == (plain.due_on if rolled.due_on != plain.due_on else None)
    assert rolled.counted == plain.counted
    assert plain.rolled_from is None


@given(rules(most=120), starts, st.integers(0, 60), calendars)
def test_a_later_start_is_never_due_earlier(rule: Rule, start: date, later: int, calendar: Calendar) -> None:
    first = deadlines.compute_due_day(rule, start, calendar)
    second = deadlines.compute_due_day(rule, start + timedelta(days=later), calendar)
    assert first.due_on <= second.due_on


@given(st.integers(1, 1200), days, st.booleans())
def test_months_end_on_the_same_number_or_on_the_last_day(count: int, start: date, end: bool) -> None:
    found = deadlines.compute_due_day(Rule(count, "months", end_of_month=end), start, SYRIA).due_on
    assert (found.year - start.year) * 12 + found.month - start.month == count
    is_last = (found + ONE_DAY).day == 1
    assert is_last if end or found.day < start.day else found.day == start.day


@pytest.mark.parametrize(
    "text", ["1 day", "1 week", "1 working day", "1 month", "1 year", "last day of month, next working day"]
)
def test_a_date_beyond_the_year_9999_is_refused(text: str) -> None:
    closed = Calendar("UTC", frozenset(), {date.max: "The Last Day"})
    assert due("last day of month", "9999-12-31", closed).due_on == date.max
    with pytest.raises(InvalidInput, match="year 9999") as refused:
        due(text, "9999-12-31", closed)
    assert [error.pointer for error in refused.value.fields] == ["/rule"]
    with pytest.raises(InvalidInput, match="year 9999"):
        due("1 working day", "9999-12-30", closed)


def test_a_reckoning_in_json_names_each_day_it_passed_over() -> None:
    shape = due("5 working days", "2025-04-13").to_json()  # from a Sunday; Thursday the 17th is a holiday
    reasons = {"17": "Independence Day", "18": "weekend (Friday)", "19": "weekend (Saturday)"}
    listed = [{"day": f"2025-04-{number}", "why": why} for number, why in reasons.items()]
    assert shape == {
        **{"rule": "5 working days", "start": "2025-04-13", "due_on": "2025-04-21", "counted": 5},
        **{"skipped": listed, "rolled_from": None},
        "sentence": 'Due on Monday 21 April 2025: "5 working days" from Sunday 13 April 2025, that day not '
        "counted; 5 days counted; 3 days passed over (Independence Day: 1 day; weekend (Friday): 1 day; "
        "weekend (Saturday): 1 day).",
    }
    assert due("30 days, next working day", "2025-06-11").to_json()["rolled_from"] == "2025-07-11"


def test_the_sentence_says_why_a_month_ended_early() -> None:
    why = "that month has no day 31, so its last day is taken"
    assert why in due("1 month", "2025-01-31").sentence()
    assert "no day" not in due("1 month, last day of month", "2025-01-31").sentence()
    assert "no day" not in due("1 month", "2025-01-28").sentence()


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


@given(days, days, st.integers(1, 400))
def test_what_was_met_later_was_still_pending_before(due_on: date, met_on: date, before: int) -> None:
    day = met_on - timedelta(days=before)
    assert stands(due_on, day, "met", met_on) == stands(due_on, day, "pending", None)


def test_nothing_runs_once_a_deadline_is_extended_or_waived() -> None:
    found = {stands(date(2025, 4, 8), date(2026, 1, 1), outcome, None) for outcome in ("extended", "waived")}
    assert found == {Timing(None)}


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


def test_on_the_last_day_of_time_nothing_turns_and_no_working_day_follows() -> None:
    assert stands(date.max, date.max, "pending", None).turns_on is None
    with pytest.raises(InvalidInput, match="year 9999"):
        deadlines.read_next_working_day(date.max, SYRIA)


def test_the_committee_on_the_syrian_coast_was_extended_two_days_after_its_time_had_run_out() -> None:
    first, second = due("30 days", "2025-03-09"), due("3 months", "2025-04-10")
    assert (first.due_on, first.counted, first.skipped) == (date(2025, 4, 8), 30, ())
    assert second.due_on == date(2025, 7, 10)
    assert second.due_on.weekday() == 3  # Thursday
    assert deadlines.count_days_granted_late(first.due_on, date(2025, 4, 10)) == 2
    in_time = (first.due_on, date(2025, 4, 1))
    assert [deadlines.count_days_granted_late(first.due_on, day) for day in in_time] == [0, 0]
    assert deadlines.count_slip_days(first.due_on, second.due_on) == 93
    assert deadlines.count_slip_days(second.due_on, first.due_on) == -93


def test_its_report_was_three_days_late_under_one_reading_and_in_time_under_the_other() -> None:
    due_on, met_on = due("3 months", "2025-04-10").due_on, date(2025, 7, 13)
    claimed = deadlines.read_next_working_day(due_on, SYRIA)
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


def test_every_example_of_the_docs_holds() -> None:
    rows = re.findall(r"^\| `(.+?)` \| (\S+) \| (\S+) \|$", DOC, re.MULTILINE)
    assert len(rows) == 11
    assert [(text, start, due(text, start).due_on.isoformat()) for text, start, _ in rows] == rows
    assert [str(Rule.parse(text)) for text, _, _ in rows] == [text for text, _, _ in rows]
    assert f"> {due('30 days, next working day', '2025-06-11').sentence()}\n" in DOC
    limits = ", ".join(f"{most} {unit.replace('_', ' ')}" for unit, most in LIMITS.items())
    assert f"Limits: {limits};" in DOC
    assert re.findall(r"^\| `(\w+)` \| [a-z]", DOC, re.MULTILINE) == list(get_args(deadlines.State))
