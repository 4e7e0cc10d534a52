"""What an organization was called on a day follows from the names that it had before, and from their days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tracker.domain.errors import InvalidInput
from tracker.domain.names import find_name, keep_former_name, require_former

TODAY = date(2026, 11, 23)


def test_each_new_name_leaves_the_old_one_to_the_days_on_which_it_was_one() -> None:
    first = keep_former_name("Department", [], date(2015, 11, 4))
    both = keep_former_name("Ministry", first, date(2019, 7, 15))
    assert both == [
        {"name": "Department", "from_on": None, "to_on": "2015-11-03"},
        {"name": "Ministry", "from_on": "2015-11-04", "to_on": "2019-07-14"},
    ]
    assert first == both[:1]
    days = {
        date(1990, 1, 1): "Department",
        date(2015, 11, 3): "Department",
        date(2015, 11, 4): "Ministry",
        date(2019, 7, 14): "Ministry",
        date(2019, 7, 15): "Agency",
        TODAY: "Agency",
    }
    assert {day: find_name("Agency", both, day) for day in days} == days


def test_a_name_that_ended_later_is_not_ended_anew() -> None:
    kept = keep_former_name("Department", [], date(2015, 11, 4))
    for since in (date(2015, 11, 4), date(2014, 1, 1)):
        with pytest.raises(InvalidInput, match="must lie after 2015-11-03"):
            keep_former_name("Ministry", kept, since)
    assert len(keep_former_name("Ministry", kept, date(2015, 11, 5))) == 2


def test_where_the_days_of_two_names_overlap_the_one_that_ended_first_counts() -> None:
    former = [
        {"name": "Later", "from_on": None, "to_on": "2020-01-01"},
        {"name": "Earlier", "from_on": "2010-01-01", "to_on": "2015-01-01"},
    ]
    assert find_name("Now", former, date(2012, 1, 1)) == "Earlier"
    assert find_name("Now", former, date(2005, 1, 1)) == "Later"


def test_a_former_name_is_over_and_its_days_are_in_order() -> None:
    require_former([{"name": "A", "from_on": "2025-01-01", "to_on": "2025-01-01"}], TODAY)
    for from_on, to_on in (
        (None, TODAY.isoformat()),
        (None, (TODAY + timedelta(days=1)).isoformat()),
        ("2025-01-02", "2025-01-01"),
    ):
        with pytest.raises(InvalidInput, match="must") as caught:
            require_former([{"name": "A", "from_on": from_on, "to_on": to_on}], TODAY)
        assert caught.value.fields[0].pointer == "/former_names/0/to_on"
