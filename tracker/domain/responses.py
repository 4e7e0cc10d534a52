"""What those say who were asked: an answer for each addressee, and the headline made of them, with its rule.

An answer that names no addressee was recorded while the recommendation named none: it is that of everybody who is
asked, until one of them gives another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tracker.domain.tracks import TRACKS

Rule = Literal["alike", "accepted_by_some", "still_open", "least_favourable", "furthest"]
#: rule -> what it says, in the order in which they are tried.
RULES: Final[dict[Rule, str]] = {
    "alike": "All of them say this, or none of them has answered.",
    "accepted_by_some": "Some of them accept it, at least in part, and others do not, or not as much.",
    "still_open": "Nobody accepts it, and not all have answered, or one of them is still considering it.",
    "least_favourable": "All have answered, nobody accepts it, and this is the answer furthest from that.",
    "furthest": "Of `reminder`: they stand at different steps, and this is the last of them.",
}
AWAITING: Final = TRACKS["response"].initial
_ACCEPTING: Final = frozenset({"accepted", "accepted_in_part", "accepted_in_principle"})
_OPEN: Final = (AWAITING, "under_consideration")
_FURTHEST_FIRST: Final = ("rejected", "not_addressed", "noted")


@dataclass(frozen=True, slots=True)
class RollUp:
    """The headline on a track that each addressee answers: by which rule, and how many were asked and answered; of
    reminders how many there are, and to how many a letter went."""

    state: str
    rule: Rule
    asked: int
    answered: int


def roll_up(states: Sequence[str]) -> RollUp:
    """One state for those of all who are asked; at least one."""
    answered = sum(state != AWAITING for state in states)

    def say(state: str, rule: Rule) -> RollUp:
        return RollUp(state, rule, len(states), answered)

    if len(set(states)) == 1:
        return say(states[0], "alike")
    if _ACCEPTING.intersection(states):
        return say("accepted_in_part", "accepted_by_some")
    for state in _OPEN:
        if state in states:
            return say(state, "still_open")
    return say(next(state for state in _FURTHEST_FIRST if state in states), "least_favourable")


def roll_up_reminders(states: Sequence[str]) -> RollUp:
    """The same for the steps by which they were asked and reminded."""
    steps = TRACKS["reminder"].codes
    taken = sum(state != steps[0] for state in states)
    return RollUp(
        max(states, key=steps.index), "alike" if len(set(states)) == 1 else "furthest", len(states), taken
    )


#: track that each addressee answers -> how its headline is made.
ROLL_UPS: Final[Mapping[str, Callable[[Sequence[str]], RollUp]]] = {
    "response": roll_up,
    "reminder": roll_up_reminders,
}


def list_asked(addressees: Iterable[str]) -> list[str | None]:
    """Whose answers are looked for; where nobody is named, that of nobody in particular."""
    return list(dict.fromkeys(addressees)) or [None]
