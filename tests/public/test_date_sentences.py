"""How a date stands, in words: nobody is called later than is certain."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.domain.rules import DUE, EVENTS, Rule
from tracker.languages.i18n import get_language
from tracker.public.sentences.deadlines import describe_timing
from tracker.public.sentences.reckonings import write_event, write_rule
from tracker.web.public.headlines import write_committee_headline


def come(first: str | None, last: str, late: int, due: str = "2025-07-10") -> dict[str, Any]:
    timing = {"state": "met_late" if late else "on_time", "days_late": late, "days_overdue": 0}
    return {"due_on": due, "met_on": last, "met_not_before": first, "timing": timing}


@pytest.mark.parametrize(
    ("deadline", "says"),
    [
        (come(None, "2025-07-13", 3), "Came on 13 July 2025, 3 days late"),
        (come(None, "2025-07-10", 0), "Came on 10 July 2025, in time"),
        (
            come("2025-07-11", "2025-07-31", 1),
            "Came between 11 July 2025 and 31 July 2025, at least 1 day late",
        ),
        (come("2025-07-01", "2025-07-31", 0), "Came between 1 July 2025 and 31 July 2025, perhaps in time"),
        (come("2025-06-01", "2025-06-30", 0), "Came between 1 June 2025 and 30 June 2025, in time"),
    ],
)
def test_what_came_is_as_late_as_is_certain(deadline: dict[str, Any], says: str) -> None:
    assert describe_timing(deadline, get_language("en")).striptags() == says
    for code in ("ar", "fr"):
        assert describe_timing(deadline, get_language(code)).striptags() != says


@pytest.mark.parametrize(
    ("first", "late", "says"),
    [
        (
            "2025-07-12",
            2,
            "The report was handed over between 12 July 2025 and 31 July 2025, at least 2 days late.",
        ),
        ("2025-07-01", 0, "The report was handed over between 1 July 2025 and 31 July 2025."),
        (None, 21, "The report was handed over on 31 July 2025, 21 days late."),
    ],
)
def test_the_headline_of_a_committee_says_no_more(first: str | None, late: int, says: str) -> None:
    deadline = come(first, "2025-07-31", late)
    deadline |= {"id": "ddl_1", "type": "final_report_due", "replaces": None, "baseline_due_on": None}
    deadline |= {"slip_days": 0, "granted_days_late": None}
    committee = {"name": "C", "names": {}, "silence": [], "reports": []}
    told = [one.striptags() for one in write_committee_headline(committee, [deadline], get_language("en"))]
    assert says in told


@pytest.mark.parametrize("event", [*EVENTS.values(), DUE])
def test_an_event_that_the_tracker_names_is_named_in_each_language(event: str) -> None:
    rule = Rule.parse(f"10 days before {event}")
    assert write_rule(rule, get_language("en")).striptags() == str(rule)
    told = [write_event(event, get_language(code)).striptags() for code in ("en", "ar", "fr")]
    assert (told[0], len(set(told))) == (event, 3)
    assert write_event("the hearing", get_language("ar")) == "<bdi>the hearing</bdi>"  # somebody's own words
