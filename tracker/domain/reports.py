"""What became of a report, and when: read off what the lead says on the track `release`.

Until its full text is public, a report of a committee that is there at all is kept from the public in silence
(rule 9). So somebody who withholds it does not end the silence by saying so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tracker.domain.standing import Change, Span, find_first, order_line
from tracker.domain.tracks import TRACKS

RELEASE: Final = "release"
AWAITED: Final = TRACKS[RELEASE].initial
PUBLISHED: Final = "published"
#: The day of a report -> the states that begin it. What was published, be it in part, is owed by nobody any more.
_DAYS: Final = {
    "delivered_on": ("delivered", "published_in_part", PUBLISHED),
    "announced_on": ("announced",),
    "published_on": (PUBLISHED,),
}


@dataclass(frozen=True, slots=True)
class Release:
    """The state of a report on a day, and the days that it reached by then. ``left_on`` is the first day on which it
    was awaited no more. ``may_be`` is the state that it may have reached, where only an interval is known."""

    state: str
    left_on: date | None
    delivered_on: Span | None
    announced_on: Span | None
    published_on: Span | None
    may_be: str | None = None

    def silent_since(self) -> date | None:
        """Since when it is kept from the public; None where it is not there yet, or its full text is, or may be,
        public."""
        return None if self.state in (AWAITED, PUBLISHED) or self.may_be == PUBLISHED else self.left_on

    def to_json(self) -> dict[str, Any]:
        """The state and the three days, as a document says them."""
        days = {name: getattr(self, name) for name in _DAYS}
        return {RELEASE: self.state, **{name: day and str(day) for name, day in days.items()}}


def list_releases(changes: Iterable[Change], assessor: str) -> list[Change]:
    """What an assessor says of the release, oldest first."""
    return order_line(one for one in changes if (one.track, one.assessor) == (RELEASE, assessor))


def find_release(changes: Iterable[Change], lead: str, day: date) -> Release:
    """What became of a report by a day."""
    line = list_releases(changes, lead)
    reached = [one for one in line if one.effective_on <= day]
    begun = [one.state for one in line[len(reached) :] if one.span.first <= day]
    left = [one for one in reached if one.state != AWAITED]

    def first(states: tuple[str, ...]) -> Span | None:
        return next((one.span for one in left if one.state in states), None)

    return Release(
        state=reached[-1].state if reached else AWAITED,
        left_on=left[0].effective_on if left else None,
        **{name: first(states) for name, states in _DAYS.items()},
        may_be=begun[-1] if begun else None,
    )


def find_release_span(changes: Iterable[Change], lead: str, name: str) -> Span | None:
    """When a report reached one of its days."""
    return find_first(list_releases(changes, lead), _DAYS[name])


def find_first_mention(changes: Iterable[Change]) -> date | None:
    """The first day on which it may have been awaited no more, by the word of anybody."""
    line = order_line(one for one in changes if one.track == RELEASE)
    return next((one.span.first for one in line if one.state != AWAITED), None)


@dataclass(frozen=True, slots=True)
class Completeness:
    """What became here of the recommendations that a report prints. ``unaccounted`` are neither tracked nor said to be
    out of scope, None where nobody says how many it prints; ``surplus`` are more than it prints."""

    printed: int | None
    tracked: int
    out_of_scope: int
    unaccounted: int | None
    surplus: int


def count_completeness(printed: int | None, tracked: int, out_of_scope: int) -> Completeness:
    """The ledger of a report. Its numbers are what they are: more may be tracked than it prints."""
    left = None if printed is None else printed - tracked - out_of_scope
    return Completeness(
        printed, tracked, out_of_scope, None if left is None else max(left, 0), max(-(left or 0), 0)
    )
