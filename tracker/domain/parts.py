"""A recommendation and its parts: whether the whole is said to be over while a part of it is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tracker.domain.tracks import ENDED

#: The tracks by which a recommendation is followed.
FOLLOWED: Final = ("implementation", "closure")
_DONE: Final = "implemented"
_CLOSED_DONE: Final = "closed_implemented"
#: Ways in which a part is over without having been done, that take nothing from the whole.
_DROPPED: Final = frozenset({"closed_by_issuer", "superseded", "no_longer_applicable"})


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a recommendation stands by the lead."""

    implementation: str
    closure: str

    @property
    def done(self) -> bool:
        return self.implementation == _DONE or self.closure == _CLOSED_DONE

    @property
    def closed(self) -> bool:
        return self.closure in ENDED["closure"]

    @property
    def over(self) -> bool:
        return self.done or self.closed


def diverge(whole: Followed, parts: Iterable[Followed]) -> bool:
    """Whether the whole is over while a part is not, or is said to be done while a part was left undone."""
    every = list(parts)
    if whole.done:
        return any(not (part.done or part.closure in _DROPPED) for part in every)
    return whole.over and any(not part.over for part in every)
