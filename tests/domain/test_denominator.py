"""A denominator that grows: the three progress reports of the UK government on the Grenfell recommendations.

Contract: totals follow from records and the share of what is done shows its numerator and denominator (rule 6), as of a
day and as known at a moment (rule 7). What is folded in later changes the denominator from then on, and
never what was known before. Only counts are public data here, so which of two recommendations was the first to be
completed is a guess that no assertion rests on.

Facts: the government's progress reports of 29 May, 30 September and 17 December 2025 (Open Government Licence v3.0).
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time

import pytest

from tracker.domain.calendars import Calendar
from tracker.domain.deadlines import find_timing
from tracker.domain.reckonings import compute_due_day
from tracker.domain.rules import Rule
from tracker.domain.standing import Change, find_standing, standing
from tracker.public.scoreboard import make_share

GOVERNMENT, DESK = "org_government", "org_desk"
FIRST, SECOND, THIRD = date(2025, 5, 29), date(2025, 9, 30), date(2025, 12, 17)
REPORTS = (FIRST, SECOND, THIRD)

THEMES = {
    **dict.fromkeys(range(1, 29), "construction"),
    **dict.fromkeys(range(29, 42), "fire and rescue"),
    **dict.fromkeys(range(42, 56), "response and recovery"),
    **dict.fromkeys(range(56, 62), "vulnerable people"),
}
FOLDED_IN = {59, 60, 61}  # of the first phase, taken up by the second report
COMPLETED = {
    **dict.fromkeys((57,), FIRST),
    **dict.fromkeys((59, 61), SECOND),
    **dict.fromkeys((2, 17, 25, 39, 58), THIRD),
}


def recorded(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def change(number: int, state: str, day: date, assessor: str = GOVERNMENT) -> Change:
    order = REPORTS.index(day) * 100 + number
    act = "move" if state == "implemented" or first_report(number) == day else "confirmation"
    return Change(
        f"chg_{order}", "implementation", assessor, act, state, day, recorded(day), order, not_before=None
    )


def first_report(number: int) -> date:
    return SECOND if number in FOLDED_IN else FIRST


def changes(number: int) -> list[Change]:
    """What the government said of one recommendation, report by report."""
    return [
        change(number, "implemented" if COMPLETED.get(number, date.max) <= day else "underway", day)
        for day in REPORTS
        if day >= first_report(number)
    ]


def states(as_of: date, known_at: datetime | None = None) -> dict[int, str]:
    """Everything that was on the record by then, with its state on that day."""
    known = [number for number in THEMES if known_at is None or recorded(first_report(number)) <= known_at]
    return {
        number: find_standing("implementation", GOVERNMENT, changes(number), as_of, known_at).state
        for number in known
    }


@pytest.mark.parametrize(
    ("report", "total", "in_progress", "complete", "percent"),
    [(FIRST, 58, 57, 1, 1.7), (SECOND, 61, 58, 3, 4.9), (THIRD, 61, 53, 8, 13.1)],
)
def test_each_report_gives_the_counts_that_the_government_gave(
    report: date, total: int, in_progress: int, complete: int, percent: float
) -> None:
    found = states(report, recorded(report))
    counts = Counter(found.values())
    assert (len(found), counts["underway"], counts["implemented"]) == (total, in_progress, complete)
    assert make_share(counts["implemented"], len(found), 0) == {
        "numerator": complete,
        "denominator": total,
        "unassessed": 0,
        "percent_of_assessed": percent,
    }


@pytest.mark.parametrize(
    ("report", "by_theme"),
    [
        (
            FIRST,
            {"construction": 28, "fire and rescue": 13, "response and recovery": 14, "vulnerable people": 2},
        ),
        (
            SECOND,
            {"construction": 28, "fire and rescue": 13, "response and recovery": 14, "vulnerable people": 3},
        ),
        (
            THIRD,
            {"construction": 25, "fire and rescue": 12, "response and recovery": 14, "vulnerable people": 2},
        ),
    ],
)
def test_what_is_in_progress_adds_up_by_theme(report: date, by_theme: dict[str, int]) -> None:
    found = states(report, recorded(report))
    assert Counter(THEMES[number] for number in found if found[number] == "underway") == by_theme


def test_the_denominator_grows_by_what_was_folded_in_and_by_nothing_else() -> None:
    before, after = states(FIRST, recorded(FIRST)), states(SECOND, recorded(SECOND))
    assert after.keys() - before.keys() == FOLDED_IN
    assert before.keys() <= after.keys()


def test_what_was_folded_in_is_all_the_progress_that_the_second_report_shows() -> None:
    after = states(SECOND, recorded(SECOND))
    same = [number for number in after if number not in FOLDED_IN]
    assert sum(after[number] == "implemented" for number in same) == 1
    assert {number for number in FOLDED_IN if after[number] == "implemented"} == {59, 61}


def test_what_was_known_at_the_first_report_is_the_same_for_ever() -> None:
    assert states(THIRD, recorded(FIRST)) == states(FIRST, recorded(FIRST))


def test_looking_back_with_what_is_known_now_what_came_later_is_not_assessed() -> None:
    counts = Counter(states(FIRST).values())
    assert counts == {"underway": 57, "implemented": 1, "not_assessed": 3}


def test_complete_by_the_addressee_and_not_done_by_the_desk_stand_side_by_side() -> None:
    """Number 25 was closed as completed although the law that it asks for was declined."""
    found = [*changes(25), change(25, "not_implemented", THIRD, DESK)]
    answers = {one.track: one for one in standing("recommendation", DESK, found, THIRD)}["implementation"]
    assert answers.lead.state == "not_implemented"
    assert [(other.assessor, other.state) for other in answers.others] == [(GOVERNMENT, "implemented")]
    assert answers.diverges


def test_the_response_promised_within_six_months_came_six_days_early() -> None:
    london = Calendar("Europe/London", frozenset({5, 6}), {})
    promised = compute_due_day(Rule.parse("6 months"), date(2024, 9, 4), london)
    assert promised.due_on == date(2025, 3, 4)
    found = find_timing(promised.due_on, date(2025, 3, 5), "met", date(2025, 2, 26))
    assert (found.state, found.days_early, found.days_late) == ("on_time", 6, 0)
