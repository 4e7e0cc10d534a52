"""Contract: a calendar knows which days work, what day it is, and the instant at which a day begins.

Pinned: a reason for every day that does not work; ``starts`` and ``today`` agree in every zone, also where
clocks skip or repeat midnight or leave out a day; JSON round trip; a named pointer for every bad member.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.calendars import WEEKDAYS, Calendar, name_day
from tracker.domain.errors import InvalidInput

SYRIA_JSON: dict[str, object] = {
    "time_zone": "Asia/Damascus",
    "weekend": ["friday", "saturday"],
    "weekend_changes": [{"from_on": "2026-01-01", "weekend": ["saturday", "sunday"]}],
    "holidays": [{"on": "2025-04-17", "name": "Independence Day"}],
    "worked_days": [{"on": "2025-04-19", "name": "Decree 7"}],
}
SYRIA = Calendar(
    "Asia/Damascus",
    frozenset({4, 5}),
    {date(2025, 4, 17): "Independence Day"},
    ((date(2026, 1, 1), frozenset({5, 6})),),
    {date(2025, 4, 19): "Decree 7"},
)
ONE_DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
# Chosen for their trouble: midnight skipped, midnight repeated, a day left out, clocks far from UTC.
ZONES = ["Asia/Damascus", "America/St_Johns", "America/Toronto", "Pacific/Apia", "Asia/Kathmandu", "UTC"]

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
weekends = st.frozensets(st.integers(0, 6), max_size=6)
names = st.text(min_size=1, max_size=30).filter(lambda name: bool(name.strip()))


@st.composite
def _draw_calendar(draw: st.DrawFn) -> Calendar:
    """Days of a weekend are worked in some, unless they are holidays."""
    changes = tuple(draw(st.dictionaries(days, weekends, max_size=2)).items())
    made = Calendar(
        draw(st.sampled_from(ZONES)), draw(weekends), draw(st.dictionaries(days, names, max_size=8)), changes
    )
    free = [day for day in draw(st.lists(days, max_size=8)) if day not in made.holidays]
    worked = {day: "Decree" for day in free if day.weekday() in made.weekend_on(day)}
    return replace(made, worked=worked)


calendars = _draw_calendar()


def in_zone(name: str) -> Calendar:
    return Calendar(name, frozenset(), {})


def test_friday_and_saturday_are_the_weekend_in_syria_and_sunday_is_not() -> None:
    assert SYRIA.why_not_working(date(2025, 7, 11)) == "weekend (Friday)"
    assert SYRIA.why_not_working(date(2025, 7, 12)) == "weekend (Saturday)"
    assert SYRIA.why_not_working(date(2025, 7, 13)) is None
    assert SYRIA.is_working(date(2025, 7, 13))
    assert not SYRIA.is_working(date(2025, 7, 12))


def test_a_holiday_does_not_work_and_gives_its_name() -> None:
    assert SYRIA.why_not_working(date(2025, 4, 17)) == "Independence Day"
    assert not SYRIA.is_working(date(2025, 4, 17))


def test_a_holiday_on_a_weekend_is_answered_as_weekend() -> None:
    both = Calendar("UTC", frozenset({4}), {date(2025, 7, 11): "Some Day"})
    assert both.why_not_working(date(2025, 7, 11)) == "weekend (Friday)"


def test_a_weekend_changes_on_the_day_from_which_it_is_another() -> None:
    assert SYRIA.why_not_working(date(2025, 12, 26)) == "weekend (Friday)"
    assert SYRIA.is_working(date(2025, 12, 28))  # a Sunday
    assert SYRIA.is_working(date(2026, 1, 2))  # a Friday
    assert SYRIA.why_not_working(date(2026, 1, 4)) == "weekend (Sunday)"


def test_a_worked_saturday_works_and_the_next_does_not() -> None:
    assert SYRIA.is_working(date(2025, 4, 19))
    assert SYRIA.why_not_working(date(2025, 4, 26)) == "weekend (Saturday)"


@given(calendars, days, st.integers(0, 800))
def test_what_is_cut_out_of_a_calendar_decides_on_the_days_of_that_time(
    calendar: Calendar, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    cut = calendar.cut(first, last)
    members = ("weekend", "weekend_changes", "holidays", "worked_days")
    again = Calendar.from_json({"time_zone": "UTC", **{name: cut[name] for name in members}})
    for day in (first + timedelta(days=number) for number in range(length + 1)):
        assert again.why_not_working(day) == calendar.why_not_working(day)
    known = {day.year for day in calendar.holidays}
    unknown = [year for year in range(first.year, last.year + 1) if known and year not in known]
    assert cut["years_without_holidays"] == unknown


def test_the_next_working_day_is_the_day_itself_if_it_works_and_else_after_weekend_and_holiday() -> None:
    assert SYRIA.next_working(date(2025, 7, 10)) == date(2025, 7, 10)
    assert SYRIA.next_working(date(2025, 7, 11)) == date(2025, 7, 13)
    assert SYRIA.next_working(date(2025, 4, 17)) == date(2025, 4, 19)  # holiday, Friday, a worked Saturday


@given(calendars, days)
def test_the_next_working_day_works_and_every_day_before_it_does_not(calendar: Calendar, day: date) -> None:
    found = calendar.next_working(day)
    assert calendar.is_working(found)
    before = [day + timedelta(days=number) for number in range((found - day).days)]
    assert found >= day
    assert not any(calendar.is_working(one) for one in before)


@given(calendars, days)
def test_the_previous_working_day_works_and_every_day_after_it_does_not(
    calendar: Calendar, day: date
) -> None:
    found = calendar.previous_working(day)
    assert calendar.is_working(found)
    assert found <= day
    after = [found + timedelta(days=number) for number in range(1, (day - found).days + 1)]
    assert not any(calendar.is_working(one) for one in after)


def test_no_working_day_before_the_end_of_time_is_a_refusal_not_a_crash() -> None:
    closed = Calendar("UTC", frozenset(), {date.max: "The Last Day"})
    with pytest.raises(InvalidInput, match="year 9999"):
        closed.next_working(date.max)


def test_a_day_begins_at_midnight_of_the_place() -> None:
    assert SYRIA.starts(date(2025, 7, 11)) == datetime(2025, 7, 10, 21, tzinfo=UTC)
    assert SYRIA.starts(date(2025, 7, 11)).tzinfo is UTC


def test_today_is_the_day_of_the_place_not_of_the_server() -> None:
    assert SYRIA.today(datetime(2025, 7, 10, 20, 59, 59, tzinfo=UTC)) == date(2025, 7, 10)
    assert SYRIA.today(datetime(2025, 7, 10, 21, tzinfo=UTC)) == date(2025, 7, 11)
    assert SYRIA.today(datetime(2025, 7, 11, tzinfo=timezone(timedelta(hours=3)))) == date(2025, 7, 11)


def test_where_the_clocks_skip_midnight_the_day_begins_when_they_land() -> None:
    # Damascus, 25 March 2022: 00:00 became 01:00. The last moment of the 24th was 23:59 at UTC+2.
    starts = SYRIA.starts(date(2022, 3, 25))
    assert starts == datetime(2022, 3, 24, 22, tzinfo=UTC)
    assert starts.astimezone(ZoneInfo("Asia/Damascus")).hour == 1


def test_where_the_clocks_jump_over_midnight_from_the_evening_the_day_begins_half_an_hour_in() -> None:
    # Toronto, 30 March 1919: 23:30 became 00:30.
    toronto = in_zone("America/Toronto")
    assert toronto.starts(date(1919, 3, 31)) == datetime(1919, 3, 31, 4, 30, tzinfo=UTC)


def test_a_day_that_has_begun_does_not_unbegin_when_the_clocks_go_back() -> None:
    # St. John's, 7 November 2010: at 00:01 it became 23:01 of the 6th again.
    st_johns = in_zone("America/St_Johns")
    starts = st_johns.starts(date(2010, 11, 7))
    assert starts == datetime(2010, 11, 7, 2, 30, tzinfo=UTC)
    assert (starts + timedelta(minutes=30)).astimezone(ZoneInfo("America/St_Johns")).day == 6
    assert st_johns.today(starts + timedelta(minutes=30)) == date(2010, 11, 7)


def test_a_day_the_zone_left_out_begins_with_the_next_and_is_never_today() -> None:
    apia = in_zone("Pacific/Apia")
    assert apia.starts(date(2011, 12, 30)) == apia.starts(date(2011, 12, 31))
    assert apia.today(apia.starts(date(2011, 12, 30))) == date(2011, 12, 31)


@given(st.sampled_from(ZONES), days)
def test_a_day_is_today_from_its_start_until_the_start_of_the_next(zone: str, day: date) -> None:
    calendar = in_zone(zone)
    starts, ends = calendar.starts(day), calendar.starts(day + ONE_DAY)
    assert starts <= ends
    assert calendar.today(starts - TICK) < day
    assert calendar.today(starts) >= day
    if starts < ends:
        assert calendar.today(starts) == calendar.today(ends - TICK) == day


@given(st.sampled_from(ZONES), days, st.timedeltas(timedelta(0), ONE_DAY))
def test_now_lies_within_today(zone: str, day: date, later: timedelta) -> None:
    calendar, now = in_zone(zone), datetime.combine(day, time.min, UTC) + later
    today = calendar.today(now)
    assert calendar.starts(today) <= now < calendar.starts(today + ONE_DAY)


def test_days_beyond_the_range_of_instants_are_refused_and_a_naive_now_is_a_mistake() -> None:
    with pytest.raises(InvalidInput):
        SYRIA.starts(date.min)
    with pytest.raises(ValueError, match="aware"):
        SYRIA.today(datetime(2025, 7, 10))  # noqa: DTZ001 - the mistake itself


def test_the_shape_in_json_is_the_documented_one() -> None:
    assert SYRIA.to_json() == SYRIA_JSON
    assert Calendar.from_json(SYRIA_JSON) == SYRIA


def test_holidays_may_be_left_out() -> None:
    assert Calendar.from_json({"time_zone": "UTC", "weekend": []}) == Calendar("UTC", frozenset(), {})


@given(calendars)
def test_a_calendar_survives_the_way_through_json(calendar: Calendar) -> None:
    assert Calendar.from_json(calendar.to_json()) == calendar


def test_equal_calendars_hash_alike_and_holidays_make_a_difference() -> None:
    without = Calendar("Asia/Damascus", frozenset({4, 5}), {})
    assert without != SYRIA
    assert hash(Calendar.from_json(SYRIA_JSON)) == hash(SYRIA)
    assert replace(SYRIA, worked={}) != SYRIA


def test_a_calendar_does_not_change_with_the_mapping_it_was_made_from() -> None:
    holidays = {date(2025, 4, 17): "Independence Day"}
    calendar = Calendar("UTC", frozenset(), holidays)
    holidays.clear()
    assert not calendar.is_working(date(2025, 4, 17))


BAD: list[tuple[str, object]] = [
    ("", ["not an object"]),
    ("/colour", {**SYRIA_JSON, "colour": "red"}),
    ("/time_zone", {"weekend": []}),
    *[
        ("/time_zone", {**SYRIA_JSON, "time_zone": name})
        for name in ("", "Asia", "asia/damascus", "Mars/Base", "../UTC", "right/UTC", "localtime", "A" * 5000)
    ],
    ("/weekend", {"time_zone": "UTC"}),
    ("/weekend", {**SYRIA_JSON, "weekend": "friday"}),
    ("/weekend/1", {**SYRIA_JSON, "weekend": ["friday", "Saturday"]}),
    (
        "/weekend",
        {"time_zone": "UTC", "weekend": [name.lower() for name in WEEKDAYS]},
    ),
    ("/holidays", {**SYRIA_JSON, "holidays": {}}),
    ("/holidays/0", {**SYRIA_JSON, "holidays": ["2025-04-17"]}),
    ("/holidays/0", {**SYRIA_JSON, "holidays": [{"on": "2025-04-17"}]}),
    ("/holidays/0/on", {**SYRIA_JSON, "holidays": [{"on": "2025-02-29", "name": "x"}]}),
    ("/holidays/0/on", {**SYRIA_JSON, "holidays": [{"on": "20250417", "name": "x"}]}),
    ("/holidays/1/on", {**SYRIA_JSON, "holidays": [{"on": "2025-04-17", "name": "x"}] * 2}),
    ("/holidays/0/name", {**SYRIA_JSON, "holidays": [{"on": "2025-04-17", "name": " "}]}),
    ("/holidays/0/name", {**SYRIA_JSON, "holidays": [{"on": "2025-04-17", "name": "x" * 201}]}),
    ("/holidays/0/name", {**SYRIA_JSON, "holidays": [{"on": "2025-04-17", "name": 7}]}),
    ("/worked_days/0/on", {**SYRIA_JSON, "worked_days": [{"on": "2025-04-20", "name": "a Sunday"}]}),
    ("/worked_days/0/on", {**SYRIA_JSON, "worked_days": [{"on": "2025-04-17", "name": "a holiday"}]}),
    ("/worked_days/0/name", {**SYRIA_JSON, "worked_days": [{"on": "2025-04-19", "name": ""}]}),
    ("/weekend_changes", {**SYRIA_JSON, "weekend_changes": None}),
    (
        "/weekend_changes/0/weekend/0",
        {**SYRIA_JSON, "weekend_changes": [{"from_on": "2026-01-01", "weekend": ["x"]}]},
    ),
    (
        "/weekend_changes/1/from_on",
        {**SYRIA_JSON, "weekend_changes": [{"from_on": "2026-01-01", "weekend": ["friday"]}] * 2},
    ),
]


@pytest.mark.parametrize(("pointer", "value"), BAD)
def test_a_bad_member_is_refused_and_named(pointer: str, value: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        Calendar.from_json(value)
    assert [error.pointer for error in refused.value.fields] == [pointer]


def test_a_weekday_that_is_no_weekday_is_refused() -> None:
    with pytest.raises(InvalidInput, match="Monday"):
        Calendar("UTC", frozenset({7}), {})


def test_a_day_is_said_in_english_whatever_the_language_of_the_server() -> None:
    assert name_day(date(2025, 4, 8)) == "Tuesday 8 April 2025"
