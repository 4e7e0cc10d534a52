"""Silence is a fact (rule 9): who was asked, has not answered, and since when. Computed for a day, never stored.

Two things make it one: a day by which an answer was due has passed and none is recorded; or, where no day was
ever set, the lead has looked and said that the answer is still awaited. That nobody has looked is no silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from tracker.domain.deadlines import CLOSED, SUSPENDED
from tracker.domain.standing import Change, order_line
from tracker.domain.tracks import TRACKS

Because = Literal["past_due", "no_due_day", "not_published"]
BECAUSE: Final[tuple[Because, ...]] = ("past_due", "no_due_day", "not_published")

#: The type of a deadline that an answer on the track `response` meets, and how that track begins.
RESPONSE_DUE: Final = "government_response_due"
AWAITING: Final = TRACKS["response"].initial
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
    """``since`` is its first day: the day after the due day or, without one, the day on which it was asked."""

    because: Because
    since: date
    deadline: str | None = None
    due_on: date | None = None
    confirmed_on: date | None = None


def find_responses(changes: Iterable[Change], lead: str) -> list[Change]:
    """What the lead recorded of the addressee's answer, oldest first."""
    return order_line(change for change in changes if (change.track, change.assessor) == ("response", lead))


def find_answer_day(recorded: Iterable[Change]) -> date | None:
    """The first day on which there was an answer, whatever it said."""
    return next((change.effective_on for change in recorded if change.state != AWAITING), None)


def find_unanswered(
    recorded: Iterable[Change], dues: Iterable[Due], asked_on: date, day: date
) -> Silence | None:
    """The silence on what was asked on a day, as of another day. It may lie ahead: it has begun once ``since`` is here.

    None where there is an answer, for an answer can change and not become silence; and where nothing tells of one.
    """
    reached = [change for change in recorded if change.effective_on <= day]
    if find_answer_day(reached) is not None:
        return None
    confirmed = reached[-1].effective_on if reached else None
    owed = [due for due in dues if due.outcome not in _RELEASED and due.due_on < date.max]
    if owed:
        first = min(owed, key=lambda due: (due.due_on, due.deadline))
        return Silence("past_due", first.due_on + timedelta(days=1), first.deadline, first.due_on, confirmed)
    return None if confirmed is None else Silence("no_due_day", asked_on, confirmed_on=confirmed)
