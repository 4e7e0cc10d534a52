"""What a track is made of: states, what they demand, and which moves make sense.

The table that uses these types is `tracks.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from tracker.domain.errors import UnknownState
from tracker.domain.sentences import sentence

#: Who may answer on a track: the lead organization only; any assessor; the desk, as the lead.
Holder = Literal["lead", "any", "desk"]

#: What a status change does: it moves the status, says that it still holds, or mends an earlier one. A reply answers
#: no question: it is what another organization says to a verdict, and stands beside it.
Act = Literal["move", "confirmation", "correction", "reply"]
ACTS: Final[tuple[Act, ...]] = ("move", "confirmation", "correction", "reply")


@dataclass(frozen=True, slots=True)
class Need:
    """The evidence that a state demands, counted over supporting citations of items that still stand.

    ``items``: how many. ``verified``: how many of them `verified` or `corroborated`.
    ``organizations``: from how many independent organizations the counted items come.
    ``not_addressee``: items from an addressee of the recommendation, or from where the evidence judged comes itself, do
    not count.
    ``from_issuer``: only items from an issuer of the recommendation count.
    ``own_act``: one verified item from an addressee is enough, for there its own act speaks against its interest.
    """

    items: int = 0
    verified: int = 0
    organizations: int = 0
    not_addressee: bool = False
    from_issuer: bool = False
    own_act: bool = False

    def raised_by(self, more: Need) -> Need:
        """Both needs at once. A process may demand more than the table, never less."""
        return Need(
            items=max(self.items, more.items),
            verified=max(self.verified, more.verified),
            organizations=max(self.organizations, more.organizations),
            not_addressee=self.not_addressee or more.not_addressee,
            from_issuer=self.from_issuer or more.from_issuer,
            own_act=self.own_act and more.own_act,
        )


REASON: Final = Need()
ONE: Final = Need(items=1)
ONE_VERIFIED: Final = Need(items=1, verified=1)
#: Of evidence: from somebody else than the item itself comes from.
ONE_FROM_ANOTHER: Final = Need(items=1, not_addressee=True)
ONE_INDEPENDENT: Final = Need(items=1, verified=1, not_addressee=True)
ONE_FROM_ISSUER: Final = Need(items=1, from_issuer=True)
TWO_INDEPENDENT: Final = Need(items=2, verified=2, organizations=2, not_addressee=True)
TWO_INDEPENDENT_OR_OWN_ACT: Final = replace(TWO_INDEPENDENT, own_act=True)


@dataclass(frozen=True, slots=True)
class State:
    """One answer on a track. ``need`` binds the lead, ``others`` every other assessor."""

    code: str
    label: str
    meaning: str
    need: Need = REASON
    others: Need = REASON


@dataclass(frozen=True, slots=True)
class Track:
    """One question about one kind of subject; the first state is the initial one.

    ``per_addressee``: each addressee of the recommendation has a line of answers of its own. ``dated``: its states are
    facts of a day, so that two who give different days for one say different things.
    ``lasts``: what was answered does not grow stale, for time does not change what is asked. ``source``: whose scale it
    is, where it is not ours.
    """

    code: str
    subject: str
    question: str
    holder: Holder
    states: tuple[State, ...]
    forbidden: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    per_addressee: bool = False
    dated: bool = False
    lasts: bool = False
    source: str | None = None

    @property
    def initial(self) -> str:
        return self.states[0].code

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(state.code for state in self.states)

    def state(self, code: str) -> State:
        """The state of that code; `UnknownState` where the track has none."""
        for state in self.states:
            if state.code == code:
                return state
        raise UnknownState(
            sentence(
                "%(track)s has no state %(given)s; it has %(codes)s",
                track=self.code,
                given=repr(code),
                codes=", ".join(self.codes),
            )
        )

    def allows(self, before: str, after: str) -> bool:
        """Whether a move between two states of this track makes sense."""
        return before != after and (before, after) not in self.forbidden

    @property
    def moves(self) -> tuple[tuple[str, str], ...]:
        """Every arrow that is allowed."""
        codes = self.codes
        return tuple((before, after) for before in codes for after in codes if self.allows(before, after))
