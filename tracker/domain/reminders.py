"""The ladder of reminders: what is done, and after how many days, while an addressee does not answer.

A process defines it: some of the steps `asked`, `reminded`, `reminded_in_public` and `silence_recorded`, in this order.
Each step that was taken is an answer on the track `reminder`. Which comes next, and from which day on, is computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from tracker.domain.errors import ForbiddenMove, InvalidInput
from tracker.domain.met_dates import Owner
from tracker.domain.sentences import Label, sentence
from tracker.domain.silence import Due, find_answer, find_responses, list_owed
from tracker.domain.standing import Change, find_standing
from tracker.domain.tracks import ENDED, TRACKS

TRACK: Final = "reminder"
#: The steps in their order.
STEPS: Final = TRACKS[TRACK].codes[1:]
ASKED, RECORDED = STEPS[0], STEPS[-1]
#: How many days may lie between two steps.
FEWEST_DAYS, MOST_DAYS = 1, 730
#: The tracks on which it depends what is due next.
DECISIVE: Final = frozenset({TRACK, "response", "closure"})

#: As it is sent and kept: `{"step", "after_days"}` each.
Ladder = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Next:
    """The step that comes next, and the first day on which it is due."""

    step: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Place:
    """How far one addressee has been asked: the last ``step`` and its day, None where none was taken; ``number``: which
    step of the ladder that is, counted from one, where it has it. ``next`` is None where nothing more is to be done."""

    addressee: str
    step: str | None = None
    taken_on: date | None = None
    number: int | None = None
    next: Next | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, by whom it is led, and what the lead recorded of it. ``dues`` are the days by which an answer was
    due."""

    ladder: Ladder
    lead: str
    asked_on: date
    changes: Sequence[Change]
    dues: Sequence[Due] = ()


def check_ladder(ladder: Ladder) -> None:
    """`InvalidInput` where steps are not in their order, one is there twice, or silence follows nothing."""
    last = -1
    for place, step in enumerate(ladder):
        order = STEPS.index(step["step"])
        if order <= last:
            detail = sentence(
                "comes too late or twice; the order is %(steps)s, each once at most", steps=", ".join(STEPS)
            )
            raise InvalidInput.at(f"/reminders/{place}/step", detail)
        last = order
    if ladder and ladder[0]["step"] == RECORDED:
        raise InvalidInput.at(
            "/reminders/0/step", sentence("silence is recorded of whom was asked; put a step before it")
        )


def find_place(request: Request, addressee: str, day: date) -> Place:
    """Where one addressee stands on the ladder on a day, and what comes next. An answer ends it, and so does the end
    of the recommendation; a day by which an answer is due lets nothing but the request come before it."""
    own = [one for one in request.changes if one.is_of(TRACK, request.lead, addressee)]
    answer = find_standing(TRACK, request.lead, own, day)
    step = answer.state if answer.state in STEPS else None
    steps = [one["step"] for one in request.ladder]
    number = steps.index(step) + 1 if step in steps else None
    coming = None if _is_over(request, addressee, day) else find_next(request, step, answer.verified_on)
    return Place(addressee, step, answer.verified_on if step else None, number, coming)


def _is_over(request: Request, addressee: str, day: date) -> bool:
    answered = find_answer(find_responses(request.changes, request.lead, addressee))
    if answered is not None and answered.first <= day:
        return True
    ended = Owner(request.lead, request.changes).find_since("closure", ENDED["closure"], day)
    return ended is not None or bool(request.dues and not list_owed(request.dues))


def find_next(request: Request, step: str | None, taken_on: date | None) -> Next | None:
    """The first step of the ladder after one that was taken, or after none; while nobody answers."""
    taken = -1 if step is None else STEPS.index(step)
    for rung in request.ladder:
        if STEPS.index(rung["step"]) > taken:
            due_on = (taken_on or request.asked_on) + timedelta(days=rung["after_days"])
            if rung["step"] != ASKED:
                due_on = max(
                    [due_on, *(due.due_on + timedelta(days=1) for due in list_owed(request.dues)[:1])]
                )
            return Next(rung["step"], due_on)
    return None


def check_step(request: Request, addressee: str, step: str, day: date) -> None:
    """`ForbiddenMove` where the addressee had answered by then, or silence is recorded before the other steps or before
    its time."""
    answered = find_answer(find_responses(request.changes, request.lead, addressee))
    if answered is not None and answered.last <= day:
        raise ForbiddenMove(
            sentence(
                "it answered on %(last)s; nobody is reminded of an answer that they gave", last=answered.last
            )
        )
    if step != RECORDED:
        return
    coming = find_place(request, addressee, day).next
    if coming is not None and coming.step != RECORDED:
        raise ForbiddenMove(
            sentence(
                "silence is recorded last; by the ladder of this process '%(step)s' comes next",
                step=Label("reminder", coming.step),
            )
        )
    if coming is not None and day < coming.due_on:
        raise ForbiddenMove(
            sentence(
                "by the ladder of this process, silence is recorded from %(due_on)s on", due_on=coming.due_on
            )
        )
