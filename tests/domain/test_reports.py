"""What became of a report, and when, is read off the lead's answers on the track `release`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tracker.domain.reports import (
    AWAITED,
    Release,
    count_completeness,
    find_first_mention,
    find_release,
    find_release_span,
)
from tracker.domain.standing import Change, Span
from tracker.domain.tracks import TRACKS

LEAD, OTHER = "org_desk", "org_press"
MAY, JULY, AUGUST = date(2025, 5, 1), date(2025, 7, 13), date(2025, 8, 1)


def said(
    state: str, on: date = JULY, by: str = LEAD, act: str = "move", corrects: str | None = None
) -> Change:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    id = f"{by} {state} {on}"
    return Change(id, "release", by, act, state, on, at, on.toordinal(), corrects=corrects)  # type: ignore[arg-type]  # an act of the table


def on(day: date) -> Span:
    return Span(day, day)


@pytest.mark.parametrize(
    ("state", "delivered", "announced", "published", "silent"),
    [
        ("awaited", None, None, None, None),
        ("delivered", JULY, None, None, JULY),
        ("announced", None, JULY, None, JULY),
        ("published_in_part", JULY, None, None, JULY),
        ("published", JULY, None, JULY, None),
        ("withheld", None, None, None, JULY),
    ],
)
def test_each_state_begins_its_own_days(
    state: str, delivered: date | None, announced: date | None, published: date | None, silent: date | None
) -> None:
    found = find_release([said(state)], LEAD, AUGUST)
    assert (found.state, found.silent_since()) == (state, silent)
    days = {"delivered_on": delivered, "announced_on": announced, "published_on": published}
    assert found.to_json() == {
        "release": state,
        **{name: day and day.isoformat() for name, day in days.items()},
    }


def test_every_state_of_the_track_has_been_thought_of() -> None:
    states = {"awaited", "delivered", "announced", "published_in_part", "published", "withheld"}
    assert set(TRACKS["release"].codes) == states


def test_before_anybody_says_anything_it_is_awaited() -> None:
    nothing = Release(AWAITED, None, None, None, None)
    assert find_release([], LEAD, AUGUST) == nothing
    assert find_release([said("published")], LEAD, date(2025, 7, 12)) == nothing
    assert find_release([said("published", by=OTHER)], LEAD, AUGUST) == nothing


def test_the_first_day_of_a_state_stays_and_silence_is_counted_from_the_first_of_all() -> None:
    line = [said("announced", MAY), said("delivered"), said("withheld", AUGUST)]
    found = find_release(line, LEAD, AUGUST)
    assert (found.delivered_on, found.announced_on, found.silent_since()) == (on(JULY), on(MAY), MAY)
    assert find_release(line, LEAD, JULY).state == "delivered"


def test_what_was_published_and_taken_back_is_silent_again_and_was_published() -> None:
    found = find_release([said("published"), said("withheld", AUGUST)], LEAD, AUGUST)
    assert (found.published_on, found.silent_since()) == (on(JULY), JULY)


def test_what_is_corrected_counts_for_nothing() -> None:
    wrong = said("published", JULY)
    right = said("delivered", AUGUST, act="correction", corrects=wrong.id)
    found = find_release([wrong, right], LEAD, AUGUST)
    assert (found.state, found.delivered_on, found.published_on) == ("delivered", on(AUGUST), None)


def test_it_is_mentioned_on_the_first_day_by_the_word_of_anybody() -> None:
    line = [said("awaited", MAY), said("delivered", AUGUST), said("announced", JULY, OTHER)]
    assert find_first_mention(line) == JULY
    assert find_first_mention(line[:1]) is None
    assert find_first_mention([]) is None


def test_a_mention_that_was_taken_back_is_none_and_of_an_interval_the_first_day_counts() -> None:
    wrong = said("delivered", MAY)
    back = said("awaited", MAY, act="correction", corrects=wrong.id)
    assert find_first_mention([wrong, back]) is None
    assert find_first_mention([wrong, back, replace(said("delivered", AUGUST), not_before=JULY)]) == JULY


@pytest.mark.parametrize(
    ("printed", "tracked", "out", "left"),
    [(10, 6, 3, (1, 0)), (10, 7, 3, (0, 0)), (10, 9, 3, (0, 2)), (None, 9, 3, (None, 0)), (0, 0, 0, (0, 0))],
)
def test_the_ledger_of_a_report_says_what_is_left_and_never_less_than_nothing(
    printed: int | None, tracked: int, out: int, left: tuple[int | None, int]
) -> None:
    found = count_completeness(printed, tracked, out)
    assert (found.printed, found.tracked, found.out_of_scope) == (printed, tracked, out)
    assert (found.unaccounted, found.surplus) == left


def test_within_the_month_in_which_it_was_published_nobody_keeps_it() -> None:
    line = [said("delivered", MAY), replace(said("published", AUGUST), not_before=JULY)]
    assert find_release(line, LEAD, date(2025, 7, 12)).silent_since() == MAY
    assert (find_release(line, LEAD, JULY).state, find_release(line, LEAD, JULY).silent_since()) == (
        "delivered",
        None,
    )
    assert find_release_span(line, LEAD, "published_on") == Span(JULY, AUGUST)
    assert find_release_span(line, LEAD, "delivered_on") == Span(MAY, MAY)
    assert find_release_span(line, LEAD, "announced_on") is None


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2025, 7, 1), date(2025, 7, 31), "2025-07"),
        (date(2025, 1, 1), date(2025, 12, 31), "2025"),
        (JULY, JULY, "2025-07-13"),
        (date(2025, 7, 2), date(2025, 7, 31), "2025-07-31"),
    ],
)
def test_a_day_of_a_report_is_told_as_it_is_known(first: date, last: date, told: str) -> None:
    line = [replace(said("delivered", last), not_before=first)]
    assert find_release(line, LEAD, date(2026, 1, 1)).to_json()["delivered_on"] == told
