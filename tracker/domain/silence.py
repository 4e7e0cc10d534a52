"""Silence is a fact (rule 9): who was asked, has not answered, and since when. Computed for a day, never stored.

Two things make it one: a day by which an answer was due has passed and none is recorded; or, where no day was
ever set, the lead has looked and said that the answer is still awaited, or has reminded. That nobody has looked is no
silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from tracker.domain.deadlines import CLOSED, SUSPENDED
from tracker.domain.responses import AWAITING, list_asked
from tracker.domain.standing import Change, Span, find_first, order_line
from tracker.domain.tracks import TRACKS

Because = Literal["past_due", "no_due_day", "not_published"]
BECAUSE: Final[tuple[Because, ...]] = ("past_due", "no_due_day", "not_published")

#: The type of a deadline that the answer of each addressee on the track `response` meets.
RESPONSE_DUE: Final = "government_response_due"
_ANSWERS: Final = frozenset(TRACKS["response"].codes) - {AWAITING}
#: Steps on the track `reminder` that say that there is no answer.
_UNANSWERED: Final = frozenset({"reminded", "reminded_in_public", "silence_recorded"})
#: Outcomes with which nothing is owed by that date: any more, or while its clock stands still.
_RELEASED: Final = CLOSED | {"met", SUSPENDED}


@dataclass(frozen=True, slots=True)
class Due:
    """A date by which an answer is due, and what the lead recorded of it."""

    deadline: str
    due_on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class Silence:
    """``since`` is its first day: the day after the due day or, without one, the day on which it was asked.
    ``addressees`` are those of whom there is no answer; None is nobody in particular. ``confirmed_on`` is the last day
    on which the lead looked for one of them."""

    because: Because
    since: date
    deadline: str | None = None
    due_on: date | None = None
    confirmed_on: date | None = None
    addressees: tuple[str | None, ...] = (None,)


def find_responses(changes: Iterable[Change], lead: str, addressee: str | None = None) -> list[Change]:
    """What the lead recorded of an addressee's answer, oldest first."""
    return order_line(change for change in changes if change.is_of("response", lead, addressee))


def find_answer(recorded: Iterable[Change]) -> Span | None:
    """When there was an answer for the first time, whatever it said."""
    return find_first(recorded, _ANSWERS)


def find_all_answered(changes: Sequence[Change], lead: str, addressees: Iterable[str]) -> Span | None:
    """When the last of those who are asked answered; None where one has not."""
    spans = [find_answer(find_responses(changes, lead, one)) for one in list_asked(addressees)]
    answered = [one for one in spans if one is not None]
    if len(answered) < len(spans):
        return None
    return Span(max(one.first for one in answered), max(one.last for one in answered))


def list_silent(
    changes: Sequence[Change], lead: str, addressees: Iterable[str], day: date
) -> list[tuple[str | None, date | None]]:
    """Those who are asked and cannot have answered by a day, each with the last day on which the lead looked."""
    silences = []
    for addressee in list_asked(addressees):
        recorded = find_responses(changes, lead, addressee)
        answered = find_answer(recorded)
        if answered is None or answered.first > day:
            reached = [change for change in recorded if change.effective_on <= day]
            steps = order_line(change for change in changes if change.is_of("reminder", lead, addressee))
            last = [step for step in steps if step.effective_on <= day][-1:]
            reached += (step for step in last if step.state in _UNANSWERED)
            silences.append((addressee, max((change.effective_on for change in reached), default=None)))
    return silences


def list_owed(dues: Iterable[Due]) -> list[Due]:
    """The dates by which an answer is still owed, the first one first."""
    owed = (due for due in dues if due.outcome not in _RELEASED and due.due_on < date.max)
    return sorted(owed, key=lambda due: (due.due_on, due.deadline))


def find_unanswered(
    silent: Sequence[tuple[str | None, date | None]], dues: Iterable[Due], asked_on: date
) -> Silence | None:
    """The silence of those who have not answered what was asked on a day. It may lie ahead: it has begun once ``since``
    is here.

    None where all have answered, for an answer can change and not become silence; and where nothing tells of one.
    """
    if not silent:
        return None
    owed = list_owed(dues)
    looked = [(one, day) for one, day in silent if day is not None]
    confirmed = max((day for _one, day in looked), default=None)
    if owed:
        first = owed[0]
        since, who = first.due_on + timedelta(days=1), tuple(one for one, _day in silent)
        return Silence("past_due", since, first.deadline, first.due_on, confirmed, who)
    if not looked:
        return None
    who = tuple(one for one, _day in looked)
    return Silence("no_due_day", asked_on, confirmed_on=confirmed, addressees=who)
