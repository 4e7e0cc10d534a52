"""Each type of date waits for a fact. Once the fact is recorded the date is met, on the day of the fact, and nobody has
to say so again; and nothing is overdue any more of what is no longer followed.

Of a fact that is known to a month or a year the first day counts: nobody is called late who may have been in time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tracker.domain.reports import find_release_span
from tracker.domain.silence import RESPONSE_DUE, find_all_answered
from tracker.domain.standing import Change, Span, Standing, find_first, find_standing, join_spans, order_line
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
#: What the lead says of a date while the thing is owed, and while only the fact itself can meet it.
_OWED: Final = frozenset({"pending", "missed"})
OPEN: Final = _OWED | {"suspended"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a date, and when that came about; None where nobody said anything."""

    state: str
    span: Span | None = None


#: What came of a date that was set for what has been withdrawn: nothing is owed by it, and nobody said since when.
LET_GO: Final = Outcome("waived")


@dataclass(frozen=True, slots=True)
class Owner:
    """What is recorded of the committee or recommendation that a date is set for: the answers of the ``lead``, and the
    reports of the committee, each with its type and what is said of it; of a recommendation also its ``addressees``."""

    lead: str
    changes: Sequence[Change] = ()
    reports: Sequence[tuple[str, Sequence[Change]]] = ()
    addressees: Sequence[str] = ()

    def find_since(self, track: str, states: Collection[str], day: date) -> Span | None:
        """Since when the lead says one of these states on a day, or may have by then; None where it does not."""
        own = [one for one in self.changes if one.is_of(track, self.lead)]
        answer = find_standing(track, self.lead, own, day)
        if answer.state in states:
            return answer.span
        may_be = answer.may_be
        return may_be.span if may_be is not None and may_be.state in states else None

    def find_first(self, track: str, states: Collection[str]) -> Span | None:
        """When the lead said one of these states for the first time."""
        return find_first(order_line(one for one in self.changes if one.is_of(track, self.lead)), states)


def read_outcome(answer: Standing) -> Outcome:
    """What the lead says came of a date by a day. That it may have been met, or let go, by then is for the good of the
    one who owes it."""
    may_be = answer.may_be
    if answer.state in _OWED and may_be is not None and may_be.state not in _OWED:
        return Outcome(may_be.state, may_be.span)
    return Outcome(answer.state, answer.span)


def find_met(type: str, owner: Owner, day: date) -> Span | None:
    """When the fact came for which a date of this type waits; None where it cannot have come by this day."""
    if type == RESPONSE_DUE:
        return _reached(find_all_answered(owner.changes, owner.lead, owner.addressees), day)
    if type == IMPLEMENTATION_DUE:
        return owner.find_since("implementation", ("implemented",), day)
    if type in _REPORTS:
        which, name = _REPORTS[type]
        spans = (find_release_span(said, owner.lead, name) for kind, said in owner.reports if kind == which)
        span = join_spans(one for one in spans if one is not None and one.first <= day)
        return span or _reached(owner.find_first("stage", _STAGES.get(type, ())), day)
    return None


def find_outcome(type: str, outcome: Outcome, owner: Owner | None, day: date) -> Outcome:
    """What came of a date of this type, and when: by what the lead ``outcome`` of it, or by the fact itself. Nothing is
    owed by a date of a recommendation that is closed."""
    if owner is None or outcome.state not in OPEN:
        return outcome
    met = find_met(type, owner, day)
    if met is not None:
        return Outcome("met", met)
    ended = owner.find_since("closure", ENDED["closure"], day)
    return outcome if ended is None else Outcome("waived", ended)


def _reached(span: Span | None, day: date) -> Span | None:
    return span if span is not None and span.first <= day else None
