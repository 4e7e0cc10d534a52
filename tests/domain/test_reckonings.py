"""Contract: a due date explains itself: which days were counted, which were not and why, and by which calendar.

Pinned: the day of the act is not counted; a rule is read exactly as it is written; counted and skipped days make up the
whole; a reckoning shows what of the calendar it looked at, and knows whether another calendar gives it too; and every
example of ``docs/deadlines.md``.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import reckonings
from tracker.domain.calendars import MONTHS, Calendar
from tracker.domain.errors import InvalidInput
from tracker.domain.partial_days import PartialDay
from tracker.domain.reckoning_sentences import find_counted_day, list_runs
from tracker.domain.reckonings import Reckoning, compute_due_day
from tracker.domain.rules import LIMITS, Rule, name_start

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
    return compute_due_day(Rule.parse(text), date.fromisoformat(start), calendar)


@given(rules())
def test_a_rule_survives_the_way_through_its_text(rule: Rule) -> None:
    assert Rule.parse(str(rule)) == rule


periods = st.builds(PartialDay, st.integers(1990, 2060), st.none() | st.integers(1, 12))


@given(periods, st.booleans(), starts, calendars)
def test_by_a_month_or_a_year_means_its_last_day(
    period: PartialDay, roll: bool, start: date, calendar: Calendar
) -> None:
    rule = Rule.parse(f"by {period}" + ", next working day" * roll)
    assert (rule.period, rule.roll, Rule.parse(str(rule))) == (period, roll, rule)
    found = compute_due_day(rule, start, calendar)
    last = period.latest
    assert found.due_on == (calendar.next_working(last) if roll else last)
    assert found.rolled_from == (last if found.due_on != last else None)
    assert (found.calendar is None) == (not roll)
    if start <= last:
        told = found.to_json()
        assert find_counted_day(told) == found.due_on
        called = f"{MONTHS[period.month - 1]} {period.year}" if period.month else str(period)
        assert f"owed by the end of {called}" in str(told["sentence"])
        assert "counted" not in str(told["sentence"]).partition(";")[0]


def test_a_month_says_what_it_comes_to() -> None:
    said = "Due on Tuesday 31 March 2026: it is owed by the end of March 2026, so its last day is taken."
    assert due("by 2026-03", "2025-03-09").sentence() == said
    assert "of 2027, so its last day" in due("by 2027", "2025-03-09").sentence()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("by 2026-03-31", "names a day; give 2026-03-31 as due_on"),
        ("by 2026-13", "there is no 2026-13"),
        ("by March 2026", "after 'by': must be a year, a month or a day"),
        ("by 2026-03, previous working day", "after 'by': must be"),
    ],
)
def test_by_anything_else_is_refused_with_what_would_be_right(text: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(says)) as refused:
        Rule.parse(text)
    assert [error.pointer for error in refused.value.fields] == ["/rule"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("60 days", "60 days after publication"),
        ("60 days after", "60 days after publication"),
        ("10 working days before", "10 working days before publication"),
        (
            "2 months, last day of month, next working day",
            "2 months, last day of month after publication, next working day",
        ),
        ("60 days from the hearing", "60 days from the hearing"),
        ("60 days after 2025-03-09", "60 days after 2025-03-09"),
        ("by 2027", "by 2027"),
    ],
)
def test_a_rule_that_names_no_event_counts_from_the_one_that_is_known(text: str, named: str) -> None:
    assert name_start(text, "publication") == named
    assert str(Rule.parse(named)) == named


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
    found = compute_due_day(rule, start, calendar)
    assert found.counted + len(found.skipped) == (found.due_on - start).days
    assert all(calendar.why_not_working(skip.day) == skip.why for skip in found.skipped)
    assert sorted({skip.day for skip in found.skipped}) == [skip.day for skip in found.skipped]


@given(st.integers(1, 120), starts, calendars, st.booleans())
def test_as_many_working_days_as_the_rule_says_lie_after_the_start_and_the_last_is_due(
    count: int, start: date, calendar: Calendar, roll: bool
) -> None:
    found = compute_due_day(Rule(count, "working_days", roll=roll), start, calendar)
    after = [start + timedelta(days=number) for number in range(1, (found.due_on - start).days + 1)]
    assert found.counted == count == sum(map(calendar.is_working, after))
    assert calendar.is_working(found.due_on)
    assert found.rolled_from is None
    assert [skip.day for skip in found.skipped] == [day for day in after if not calendar.is_working(day)]


@given(rules(most=120), starts, calendars)
def test_a_rolled_date_is_the_next_working_day(rule: Rule, start: date, calendar: Calendar) -> None:
    plain = compute_due_day(replace(rule, roll=False), start, calendar)
    rolled = compute_due_day(replace(rule, roll=True), start, calendar)
    assert rolled.due_on == calendar.next_working(plain.due_on)
    assert rolled.rolled_from == (plain.due_on if rolled.due_on != plain.due_on else None)
    assert rolled.counted == plain.counted
    assert plain.rolled_from is None


@given(rules(most=120), starts, st.integers(0, 60), calendars)
def test_a_later_start_is_never_due_earlier(rule: Rule, start: date, later: int, calendar: Calendar) -> None:
    first = compute_due_day(rule, start, calendar)
    second = compute_due_day(rule, start + timedelta(days=later), calendar)
    assert first.due_on <= second.due_on


@given(st.integers(1, 1200), days, st.booleans())
def test_months_end_on_the_same_number_or_on_the_last_day(count: int, start: date, end: bool) -> None:
    found = compute_due_day(Rule(count, "months", end_of_month=end), start, SYRIA).due_on
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
        "calendar": {
            **{"from_on": "2025-04-14", "to_on": "2025-04-21", "weekend": ["friday", "saturday"]},
            **{"weekend_changes": [], "worked_days": [], "years_without_holidays": []},
            "holidays": [{"on": "2025-04-17", "name": "Independence Day"}],
        },
        "sentence": 'Due on Monday 21 April 2025: "5 working days" from Sunday 13 April 2025, that day not '
        "counted; 5 days counted; 3 days passed over (Independence Day: 1 day; weekend (Friday): 1 day; "
        "weekend (Saturday): 1 day); calendar: weekend Friday and Saturday.",
    }
    assert due("30 days, next working day", "2025-06-11").to_json()["rolled_from"] == "2025-07-11"


@st.composite
def anchored(draw: st.DrawFn) -> Rule:
    """Rules that count from a day or from an event, forward or back."""
    relation = draw(st.sampled_from(["before", "after", "from"]))
    rule = draw(rules(most=60).filter(lambda one: relation != "before" or not one.end_of_month))
    day = draw(starts) if draw(st.booleans()) else None
    event = (
        "" if day else draw(st.sampled_from(["the hearing", "publication of the report", "تسليم التقرير"]))
    )
    return replace(rule, relation=relation, anchor=day, event=event)


@given(anchored())
def test_a_rule_that_counts_from_another_day_survives_the_way_through_its_text(rule: Rule) -> None:
    assert Rule.parse(str(rule)) == rule


@pytest.mark.parametrize(
    "text",
    [
        *("10 days before", "10 days before ", "10 days before 2025-9-1", "10 days before 20250901"),
        *("10 days before 2025-02-30", "10 days after ,", "10 days after  the hearing", "10 days after _x"),
        *("last day of month before 2025-09-01", "1 month, last day of month before the hearing"),
        *("10 days before the hearing, next working day", "10 days after the hearing, previous working day"),
        *("after the hearing", "before 2025-09-01", "10 days after the hearing ", "1 day after " + "x" * 121),
    ],
)
def test_what_names_no_day_and_no_event_is_refused_with_what_is_right(text: str) -> None:
    with pytest.raises(InvalidInput, match="10 working days before 2025-09-01"):
        Rule.parse(text)


def test_what_counts_from_nothing_is_told_so() -> None:
    for rule in ("10 working days before", "60 days after", "3 months from"):
        with pytest.raises(InvalidInput, match="counts from nothing"):
            Rule.parse(rule)


@given(st.integers(1, 60), st.sampled_from(["days", "weeks", "working_days"]), starts, calendars)
def test_what_is_counted_back_and_forward_again_is_where_it_began(
    count: int, unit: str, start: date, calendar: Calendar
) -> None:
    start = calendar.next_working(start) if unit == "working_days" else start
    back = compute_due_day(Rule(count, unit, relation="before", anchor=start), date.min, calendar)  # type: ignore[arg-type]
    assert back.due_on < start
    assert compute_due_day(Rule(count, unit), back.due_on, calendar).due_on == start  # type: ignore[arg-type]


@given(anchored(), starts, calendars)
def test_counted_and_skipped_days_make_up_the_whole_in_either_direction(
    rule: Rule, event_on: date, calendar: Calendar
) -> None:
    found = compute_due_day(rule, event_on, calendar)
    assert found.start == (rule.anchor or event_on)
    assert found.counted + len(found.skipped) == abs((found.due_on - found.start).days)
    assert all(calendar.why_not_working(skip.day) == skip.why for skip in found.skipped)
    assert not rule.roll or calendar.is_working(found.due_on)
    assert not rule.backward or found.due_on <= found.start
    assert reckonings.is_current(found.to_json(), calendar)


def test_the_sentence_says_in_which_direction_it_was_counted() -> None:
    found = due("1 month before 2025-03-31, previous working day", "2025-03-09")
    assert found.due_on == date(2025, 2, 27)
    assert found.sentence() == (
        'Due on Thursday 27 February 2025: "1 month before 2025-03-31, previous working day" back from Monday 31 March '
        "2025, that day not counted; 31 days counted; that month has no day 31, so its last day is taken; Friday 28 "
        "February 2025 is not a working day, so the date moves back; 1 day passed over (weekend (Friday): 1 day); "
        "calendar: weekend Friday and Saturday."
    )
    assert due("60 days after 2025-07-20", "2025-03-09").due_on == date(2025, 9, 18)
    assert due("10 working days before 2025-09-01", "2025-03-09").due_on == date(2025, 8, 18)
    assert reckonings.date_by_event("60 days after the hearing", date(2025, 7, 20), SYRIA) == (
        date(2025, 9, 18),
        "the event that it starts with happened on Sunday 20 July 2025",
    )


def test_a_date_before_the_year_1_is_refused() -> None:
    closed = Calendar("UTC", frozenset(), {date.min: "The First Day"})
    for text in ("1 working day before 0001-01-02", "1 day before 0001-01-02, previous working day"):
        with pytest.raises(InvalidInput):
            due(text, "2025-01-01", closed)
    with pytest.raises(InvalidInput):
        due("1 month before 0001-01-02", "2025-01-01", closed)


@given(rules(most=40).filter(lambda rule: rule.count > 0), starts, st.integers(0, 900), calendars)
def test_what_is_due_again_and_again_is_counted_from_one_day_and_ends_in_time(
    every: Rule, start: date, length: int, calendar: Calendar
) -> None:
    until = start + timedelta(days=length)
    try:
        found = reckonings.list_recurring(str(every), start, until, calendar)
    except InvalidInput:  # no date, or too many: a test of its own
        found = []
    dates = [compute_due_day(rule, start, calendar) for rule in found]
    assert [rule.count for rule in found] == [every.count * number for number in range(1, len(found) + 1)]
    assert all((one.rolled_from or one.due_on) <= until for one in dates)
    assert len(found) <= reckonings.MOST_RECURRING
    following = replace(every, count=every.count * (len(found) + 1))
    after = compute_due_day(following, start, calendar)
    assert not found or (after.rolled_from or after.due_on) > until


@pytest.mark.parametrize(
    ("every", "until", "pointer"),
    [
        ("often", "2028-12-31", "/every"),
        ("last day of month", "2028-12-31", "/every"),
        ("10 days after the hearing", "2028-12-31", "/every"),
        ("1 year", "9999-12-31", "/until"),
        ("90 years", "9999-12-31", "/until"),
        ("101 years", "9999-12-31", "/every"),
        ("6 months", "2025-06-30", "/until"),
        ("1 week", "2027-01-01", "/until"),
    ],
)
def test_a_series_that_cannot_be_is_refused(every: str, until: str, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        reckonings.list_recurring(every, date(2025, 1, 1), date.fromisoformat(until), SYRIA)
    assert [error.pointer for error in refused.value.fields] == [pointer]


def with_holidays(calendar: Calendar, *more: date) -> Calendar:
    return replace(calendar, holidays={**calendar.holidays, **dict.fromkeys(more, "Declared late")})


@given(
    rules(most=60), starts, calendars, st.lists(st.dates(date(2023, 6, 1), date(2027, 12, 31)), max_size=9)
)
def test_a_holiday_more_never_makes_a_date_earlier(
    rule: Rule, start: date, calendar: Calendar, more: list[date]
) -> None:
    before = compute_due_day(rule, start, calendar)
    after = compute_due_day(rule, start, with_holidays(calendar, *more))
    assert after.due_on >= before.due_on


@given(rules(most=60), starts, calendars, calendars)
def test_a_reckoning_is_current_where_another_calendar_gives_the_same_days(
    rule: Rule, start: date, calendar: Calendar, other: Calendar
) -> None:
    """What it shows of its calendar decides on it: where that is alike, all of it is."""
    told = compute_due_day(rule, start, calendar).to_json()
    assert reckonings.is_current(told, calendar)
    if reckonings.is_current(told, other):
        assert compute_due_day(rule, start, other).to_json() == told
    else:
        due_on, reason = reckonings.reckon_again(str(rule), start, told, other)
        assert due_on == compute_due_day(rule, start, other).due_on
        assert reason


def test_what_was_set_and_what_counts_every_day_follows_no_calendar() -> None:
    assert reckonings.is_current(None, SYRIA)
    assert due("30 days", "2025-03-09").calendar is None
    assert reckonings.is_current(due("30 days", "2025-03-09").to_json(), SYRIA)


@pytest.mark.parametrize(
    ("other", "due_on", "reason"),
    [
        (
            with_holidays(SYRIA, date(2025, 4, 20)),
            date(2025, 4, 22),
            "Sunday 20 April 2025 is no longer a working day",
        ),
        (
            replace(SYRIA, worked={date(2025, 4, 19): "Decree 7"}),
            date(2025, 4, 20),
            "Saturday 19 April 2025 is now a working day",
        ),
        (
            replace(SYRIA, changes=((date(2025, 4, 16), frozenset({5, 6})),)),
            date(2025, 4, 21),
            "Friday 18 April 2025 is now a working day; Sunday 20 April 2025 is no longer a working day",
        ),
        (
            with_holidays(SYRIA, *(date(2025, 4, day) for day in (14, 15, 16, 20, 21))),
            date(2025, 4, 28),
            "Monday 14 April 2025 is no longer a working day; Tuesday 15 April 2025 is no longer a working day; "
            "Wednesday 16 April 2025 is no longer a working day; 2 days more have changed",
        ),
        (
            replace(SYRIA, holidays={date(2025, 4, 17): "Evacuation Day"}),
            date(2025, 4, 21),
            "its days are working days as before, for other reasons",
        ),
    ],
)
def test_it_is_told_why_another_calendar_gives_another_reckoning(
    other: Calendar, due_on: date, reason: str
) -> None:
    told = due("5 working days", "2025-04-13").to_json()
    assert not reckonings.is_current(told, other)
    assert reckonings.reckon_again("5 working days", date(2025, 4, 13), told, other) == (due_on, reason)


def test_calendar_days_are_days() -> None:
    assert Rule.parse("30 calendar days") == Rule.parse("30 days")


def test_a_year_of_which_no_holidays_are_known_is_said_and_so_is_that_they_are_known_now() -> None:
    found = due("10 working days", "2025-12-28")
    assert found.sentence().endswith("; no holidays of 2026 are known.")
    known = with_holidays(SYRIA, date(2026, 12, 8))
    assert reckonings.reckon_again("10 working days", date(2025, 12, 28), found.to_json(), known) == (
        found.due_on,
        "holidays of 2026 are known now",
    )
    assert "known" not in due("10 working days", "2025-12-28", known).sentence()
    none = Calendar("UTC", frozenset({4}), {})
    assert "known" not in due("10 working days", "2025-12-28", none).sentence()
    assert "known" not in due("3 months", "2025-12-28").sentence()  # it counts every day


def test_the_sentence_names_the_weekend_its_changes_and_the_days_that_were_worked() -> None:
    changed = Calendar(
        *("UTC", frozenset({4}), {}, ((date(2025, 4, 16), frozenset({4, 5, 6})),)),
        {date(2025, 4, 19): "Decree 7"},
    )
    said = due("5 working days", "2025-04-13", changed).sentence()
    assert said.endswith(
        "calendar: weekend Friday, from Wednesday 16 April 2025 Friday, Saturday and Sunday; "
        "Saturday 19 April 2025 is worked (Decree 7)."
    )
    assert (
        due("5 working days", "2025-04-13", Calendar("UTC", frozenset(), {}))
        .sentence()
        .endswith("calendar: weekend none.")
    )


def test_the_sentence_says_why_a_month_ended_early() -> None:
    why = "that month has no day 31, so its last day is taken"
    assert why in due("1 month", "2025-01-31").sentence()
    assert "no day" not in due("1 month, last day of month", "2025-01-31").sentence()
    assert "no day" not in due("1 month", "2025-01-28").sentence()


def test_every_example_of_the_docs_holds() -> None:
    rows = re.findall(r"^\| `(.+?)` \| (\S+) \| (\S+) \|$", DOC, re.MULTILINE)
    assert len(rows) == 13
    assert [(text, start, due(text, start).due_on.isoformat()) for text, start, _ in rows] == rows
    assert [str(Rule.parse(text)) for text, _, _ in rows] == [text for text, _, _ in rows]
    assert f"> {due('30 days, next working day', '2025-06-11').sentence()}\n" in DOC
    limits = ", ".join(f"{most} {unit.replace('_', ' ')}" for unit, most in LIMITS.items())
    assert f"Limits: {limits};" in DOC


@given(rules(300), starts, calendars)
def test_every_day_of_a_count_stands_in_one_run(rule: Rule, start: date, calendar: Calendar) -> None:
    with suppress(InvalidInput):
        found = compute_due_day(rule, start, calendar)
        runs = list(list_runs(found.to_json()))
        days = [run.first + ONE_DAY * n for run in runs for n in range((run.last - run.first).days + 1)]
        assert days == [start + ONE_DAY * (n + 1) for n in range((found.due_on - start).days)]
        numbers = [
            number for run in runs if run.numbers for number in range(run.numbers[0], run.numbers[1] + 1)
        ]
        assert numbers == list(range(1, found.counted + 1))


def test_a_run_says_why_its_days_are_not_counted_also_backwards() -> None:
    def say(reckoning: Reckoning) -> list[str]:
        return [
            f"{run.first:%d}-{run.last:%d} {run.why if run.why else run.numbers}"
            for run in list_runs(reckoning.to_json())
        ]

    weekend = ["weekend (Friday)", "weekend (Saturday)"]
    assert say(due("5 working days", "2025-04-13")) == [
        "14-16 (1, 3)", "17-17 Independence Day", f"18-18 {weekend[0]}", f"19-19 {weekend[1]}", "20-21 (4, 5)",
    ]  # fmt: skip
    assert say(due("2 working days before 2025-04-20", "2025-01-01")) == [
        f"19-19 {weekend[1]}", f"18-18 {weekend[0]}", "17-17 Independence Day", "16-15 (1, 2)",
    ]  # fmt: skip
