"""Contract: a year, a month or a day is kept as given; its earliest and latest day are those that it may mean; what is
no day is refused with the value and what would be right.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import InvalidInput
from tracker.domain.partial_days import (
    PartialDay,
    find_earliest,
    find_latest,
    lies_before,
    parse_day,
)
from tracker.domain.plausible_days import require_plausible_days

days = st.dates(date(2, 1, 1), date(9998, 12, 31))
ONE_DAY = timedelta(days=1)


@st.composite
def partial_days(draw: st.DrawFn) -> PartialDay:
    """Any day, known as far as somebody knows it."""
    day = draw(days)
    known = draw(st.integers(1, 3))
    return PartialDay(*(day.year, day.month, day.day)[:known])


@given(partial_days())
def test_it_is_read_as_it_is_written(day: PartialDay) -> None:
    assert parse_day(str(day)) == day
    assert day.earliest <= day.latest


@given(partial_days(), days)
def test_it_may_mean_the_days_from_its_earliest_to_its_latest_and_no_other(
    day: PartialDay, other: date
) -> None:
    meant = str(other).startswith(str(day))
    assert (day.earliest <= other <= day.latest) == meant
    for outside in (day.earliest - ONE_DAY, day.latest + ONE_DAY):
        assert not str(outside).startswith(str(day))


@given(partial_days(), partial_days())
def test_as_texts_they_stand_in_the_order_of_their_earliest_days(one: PartialDay, other: PartialDay) -> None:
    assert sorted([one, other], key=str) == sorted(
        [one, other], key=lambda day: (day.earliest, len(str(day)))
    )


@given(partial_days(), partial_days())
def test_one_lies_before_another_where_no_day_of_it_could_come_later(
    one: PartialDay, other: PartialDay
) -> None:
    assert lies_before(one, other) == (one.latest < other.earliest)
    assert not (lies_before(one, other) and lies_before(other, one))
    assert lies_before(one, other) == (str(other)[: len(str(one))] > str(one)[: len(str(other))])


@given(days)
def test_a_day_that_is_known_means_itself(day: date) -> None:
    assert find_earliest(day) == find_latest(day) == day
    read = parse_day(day.isoformat())
    assert find_earliest(read) == find_latest(read) == day


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2025-13", "there is no 2025-13: months go from 01 to 12"),
        ("2025-00", "there is no 2025-00: months go from 01 to 12"),
        ("2025-02-30", "there is no such day as 2025-02-30: February 2025 has 28 days"),
        ("2024-02-30", "February 2024 has 29 days"),
        ("2025-03-00", "March 2025 has 31 days"),
        ("20251", "as 2011, 2025-03 or 2025-03-09, not 20251"),
        ("2025-3", "as 2011, 2025-03 or 2025-03-09, not 2025-3"),
        ("31.12.2020", "as 2011, 2025-03 or 2025-03-09, not 31.12.2020"),
        ("12/31/2020", "as 2011, 2025-03 or 2025-03-09, not 12/31/2020"),
        ("0000", "there is no year 0000"),
        ("0000-13-40", "there is no year 0000"),
        ("March 2025", "must be a year, a month or a day"),
        ("2025-03-09T00:00:00Z", "must be a year, a month or a day"),
        ("٢٠٢٥", "must be a year, a month or a day"),
        ("2025\n", "must be a year, a month or a day"),
        ("", "must be a year, a month or a day"),
    ],
)
def test_what_is_no_day_is_refused_with_what_would_be_right(text: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_day(text)
    assert says in refused.value.detail


def test_words_are_not_repeated_in_a_refusal() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_day("a name")
    assert "a name" not in refused.value.detail


@given(partial_days(), partial_days(), days)
def test_days_are_implausible_only_where_no_reading_of_them_could_be(
    first: PartialDay, last: PartialDay, today: date
) -> None:
    possible = (
        first.earliest <= last.latest and first.earliest <= today and last.earliest <= today
    )  # some day of the first, then some day of the last, neither after today
    data = {"happened_from": first, "happened_to": last}
    if possible:
        require_plausible_days("process", data, today)
    else:
        with pytest.raises(InvalidInput):
            require_plausible_days("process", data, today)
