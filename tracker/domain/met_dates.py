"""Each type of date waits for a fact. Once the fact is recorded the date is met, on the day of the fact, and nobody has
to say so again; and nothing is overdue any more of what is no longer followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tracker.domain.silence import RESPONSE_DUE, find_all_answered_day
from tracker.domain.standing import Change, find_standing, order_line
from tracker.domain.tracks import ENDED

IMPLEMENTATION_DUE: Final = "implementation_due"
#: type of date -> which report meets it, and with which of its days.
_REPORTS: Final[Mapping[str, tuple[str, str]]] = {
    "interim_report_due": ("interim", "delivered_on"),
    "final_report_due": ("final", "delivered_on"),
    "publication_due": ("final", "published_on"),
}
#: The same by the word of the lead on the committee itself, where no report of it says so.
_STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "final_report_due": ("reported", "published"),
    "publication_due": ("published",),
}
#: Types of date that a fact can meet.
WAITING: Final = frozenset({RESPONSE_DUE, IMPLEMENTATION_DUE, *_REPORTS})
#: What the lead says of a date while only the fact itself can meet it.
_OPEN: Final = frozenset({"pending", "missed", "suspended"})


@dataclass(frozen=True, slots=True)
class Owner:
    """What is recorded of the committee or recommendation that a date is set for, as of a day: the answers of the
    ``lead``, and the reports of the committee, ``{"type", "delivered_on", "published_on"}`` with the days that they
    reached by then (`tracker.domain.reports`); of a recommendation also its ``addressees``."""

    lead: str
    changes: Sequence[Change] = ()
    reports: Sequence[Mapping[str, Any]] = ()
    addressees: Sequence[str] = ()

    def state(self, track: str, day: date) -> tuple[str, date | None]:
        """What the lead says on a track, and since when."""
        own = [one for one in self.changes if (one.track, one.assessor) == (track, self.lead)]
        found = find_standing(track, self.lead, own, day)
        return found.state, found.since

    def first_day(self, track: str, states: Sequence[str]) -> date | None:
        """The first day on which the lead said one of these states."""
        own = (one for one in self.changes if (one.track, one.assessor) == (track, self.lead))
        return next((one.effective_on for one in order_line(own) if one.state in states), None)


def find_met_day(type: str, owner: Owner, day: date) -> date | None:
    """The day of the fact for which a date of this type waits; None where there is none by this day."""
    if type == RESPONSE_DUE:
        return _reached(find_all_answered_day(owner.changes, owner.lead, owner.addressees), day)
    if type == IMPLEMENTATION_DUE:
        state, since = owner.state("implementation", day)
        return since if state == "implemented" else None
    if type in _REPORTS:
        which, name = _REPORTS[type]
        found = _first(
            one[name] for one in owner.reports if one["type"] == which and _reached(one[name], day)
        )
        return found or _reached(owner.first_day("stage", _STAGES.get(type, ())), day)
    return None


def find_outcome(
    type: str, said: tuple[str, date | None], owner: Owner | None, day: date
) -> tuple[str, date | None]:
    """What came of a date of this type, and when: by what the lead ``said`` of it, or by the fact itself. Nothing is
    owed by a date of a recommendation that is closed."""
    if owner is None or said[0] not in _OPEN:
        return said
    met = find_met_day(type, owner, day)
    if met is not None:
        return "met", met
    state, since = owner.state("closure", day)
    return ("waived", since) if state in ENDED["closure"] else said


def _reached(found: date | None, day: date) -> date | None:
    return found if found is not None and found <= day else None


def _first(days: Iterable[date]) -> date | None:
    return min(days, default=None)
