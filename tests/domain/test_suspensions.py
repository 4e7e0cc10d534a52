"""Contract: a date moves by exactly the days in which its clock stood still, and says so.

Pinned: working days that were left are left; what had passed before stays; no stay makes a date earlier; the date as of
a day knows nothing of what came later.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_reckonings import calendars, rules, starts
from tracker.domain import suspensions
from tracker.domain.calendars import Calendar
from tracker.domain.errors import InvalidInput
from tracker.domain.reckonings import compute_due_day
from tracker.domain.rules import Rule
from tracker.domain.standing import Change

SYRIA = Calendar("Asia/Damascus", frozenset({4, 5}), {})
DUE = date(2025, 9, 9)


def line(*said: tuple[str, date]) -> list[Change]:
    recorded = datetime(2025, 12, 1, tzinfo=UTC)
    return [
        Change(f"chg_{order}", "outcome", "lead", "move", state, day, recorded, order)
        for order, (state, day) in enumerate(said)
    ]


def stays(*said: tuple[str, date], due_on: date = DUE, rule: str | None = None) -> list[dict[str, object]]:
    return suspensions.list_stays(line(*said), due_on, rule, SYRIA)


APRIL = (("suspended", date(2025, 4, 1)), ("pending", date(2025, 5, 1)))


def test_a_date_moves_by_the_days_that_stood_still() -> None:
    [stay] = stays(*APRIL)
    assert stay == {
        "from_on": "2025-04-01",
        "resumed_on": "2025-05-01",
        "days": 30,
        "due_on": "2025-10-09",
        "sentence": "Suspended from Tuesday 1 April 2025 until Wednesday 30 April 2025: 30 days stood still; "
        "162 days left when the clock stopped, so Tuesday 9 September 2025 became Thursday 9 October 2025.",
    }


def test_of_a_stay_that_lasts_only_its_first_day_is_known() -> None:
    found = stays(APRIL[0])
    assert found == [
        {"from_on": "2025-04-01", "resumed_on": None, "days": None, "due_on": None, "sentence": None}
    ]
    assert suspensions.describe_stays(found) == ["Suspended from Tuesday 1 April 2025 on."]
    assert suspensions.find_due_day(DUE, found) == DUE
    assert stays(("missed", date(2025, 9, 10))) == []


def test_a_stay_of_which_months_are_known_is_as_long_as_it_may_have_been() -> None:
    first, last = line(("suspended", date(2025, 4, 30)), ("pending", date(2025, 6, 30)))
    known = [replace(first, not_before=date(2025, 4, 1)), replace(last, not_before=date(2025, 6, 1))]
    [stay] = suspensions.list_stays(known, DUE, None, SYRIA)
    assert (stay["from_on"], stay["resumed_on"], stay["days"]) == ("2025-04-01", "2025-06-30", 90)


def test_each_stay_moves_the_date_that_the_one_before_left() -> None:
    first, second = stays(
        *APRIL,
        ("suspended", date(2025, 10, 1)),
        ("suspended", date(2025, 10, 5)),  # confirmed
        ("waived", date(2025, 10, 11)),
    )
    assert (first["due_on"], second["due_on"]) == ("2025-10-09", "2025-10-19")


def test_what_had_passed_before_the_clock_stopped_stays_where_it_was() -> None:
    [stay] = stays(("suspended", date(2025, 9, 10)), ("pending", date(2025, 12, 1)))
    assert (stay["days"], stay["due_on"]) == (82, "2025-09-09")
    assert "Tuesday 9 September 2025 had passed before, and stays" in str(stay["sentence"])


def test_a_clock_that_ran_again_on_the_day_on_which_it_stopped_moved_nothing() -> None:
    [stay] = stays(("suspended", date(2025, 4, 1)), ("pending", date(2025, 4, 1)))
    assert (stay["days"], stay["due_on"]) == (0, "2025-09-09")
    assert "and resumed on the same day: 0 days stood still" in str(stay["sentence"])


def test_a_clock_that_does_not_run_yet_is_not_stopped() -> None:
    """A date that waits for its event, and one that was counted from an event of a day within or after the stay."""
    [stay] = suspensions.list_stays(line(*APRIL), None, "60 days after the hearing", SYRIA)
    assert (stay["days"], stay["due_on"]) == (30, None)
    assert suspensions.find_due_day(None, [stay]) is None
    for event, moved in ((date(2025, 4, 10), "2025-09-29"), (date(2025, 4, 30), "2025-09-09")):
        [stay] = suspensions.list_stays(line(*APRIL), DUE, "60 days after the hearing", SYRIA, event)
        assert stay["due_on"] == moved


def test_of_a_rule_in_working_days_as_many_are_left_as_were() -> None:
    due_on = compute_due_day(Rule.parse("5 working days"), date(2025, 4, 13), SYRIA).due_on
    assert due_on == date(2025, 4, 20)
    over_a_weekend = (("suspended", date(2025, 4, 18)), ("pending", date(2025, 4, 20)))
    [stay] = stays(*over_a_weekend, due_on=due_on, rule="5 working days")
    assert stay["due_on"] == "2025-04-20"  # no working day stood still
    [stay] = stays(
        ("suspended", date(2025, 4, 16)), ("pending", date(2025, 4, 25)), due_on=due_on, rule="5 working days"
    )
    assert "3 working days left when the clock stopped" in str(stay["sentence"])
    assert stay["due_on"] == "2025-04-29"


def test_where_no_working_day_was_left_the_last_one_is_the_eve() -> None:
    """Only where the calendar has changed since: a due day is a working day."""
    friday = date(2025, 4, 18)
    [stay] = stays(
        ("suspended", friday), ("pending", date(2025, 4, 21)), due_on=friday, rule="5 working days"
    )
    assert stay["due_on"] == "2025-04-20"


@given(rules(most=60), starts, calendars, st.integers(0, 90), st.integers(0, 90))
def test_a_stay_moves_a_date_by_exactly_its_days_and_never_back(
    rule: Rule, start: date, calendar: Calendar, after: int, length: int
) -> None:
    due_on = compute_due_day(rule, start, calendar).due_on
    first = start + timedelta(days=after)
    said = line(("suspended", first), ("pending", first + timedelta(days=length)))
    [stay] = suspensions.list_stays(said, due_on, str(rule), calendar)
    moved = date.fromisoformat(stay["due_on"])
    assert stay["days"] == length
    if first > due_on:
        assert moved == due_on
    elif rule.unit == "working_days":
        ran = [start + timedelta(days=number) for number in range(1, (moved - start).days + 1)]
        counted = [day for day in ran if not first <= day < first + timedelta(days=length)]
        assert sum(map(calendar.is_working, counted)) == rule.count
        assert moved >= due_on
    else:
        plain = due_on + timedelta(days=length)
        assert moved == (calendar.next_working(plain) if rule.roll else plain)


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_as_of_a_day_the_date_is_what_the_stays_of_then_made_of_it(day: date) -> None:
    said = [*APRIL, ("suspended", date(2025, 10, 1)), ("pending", date(2025, 10, 11))]
    then = suspensions.list_stays([one for one in line(*said) if one.effective_on <= day], DUE, None, SYRIA)
    assert suspensions.find_due_day(DUE, stays(*said), day) == suspensions.find_due_day(DUE, then)


def test_what_came_while_the_clock_stood_still_came_in_time() -> None:
    lasting = stays(APRIL[0])
    found = suspensions.find_due_day_when_met
    assert found(DUE, lasting, None) == found(DUE, [], date(2026, 1, 1)) == DUE
    assert found(DUE, lasting, date(2025, 3, 1)) == DUE  # before it stood still
    assert found(DUE, lasting, date(2026, 1, 1)) >= date(2026, 1, 1)
    assert found(DUE, stays(*APRIL), date(2026, 1, 1)) == date(2025, 10, 9)
    late = stays(("suspended", date(2025, 9, 20)))
    assert found(DUE, late, date(2026, 1, 1)) == DUE


def test_an_extension_of_a_date_that_stood_still_is_not_late() -> None:
    count = suspensions.count_days_granted_late
    assert count(DUE, stays(APRIL[0]), date(2025, 12, 1)) == 0
    assert count(DUE, stays(*APRIL), date(2025, 4, 2)) == 0
    assert count(DUE, stays(*APRIL), date(2025, 10, 9)) == 0
    assert count(DUE, stays(*APRIL), date(2025, 10, 19)) == 10
    assert count(DUE, stays(("suspended", date(2025, 9, 20))), date(2025, 9, 21)) == 12


@pytest.mark.parametrize("rule", [None, "5 working days", "5 days, next working day"])
def test_a_date_that_would_move_beyond_the_year_9999_is_refused(rule: str | None) -> None:
    said = (("suspended", date(9999, 12, 1)), ("pending", date(9999, 12, 30)))
    with pytest.raises(InvalidInput, match="year 9999"):
        stays(*said, due_on=date(9999, 12, 31), rule=rule)
