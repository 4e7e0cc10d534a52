"""What a state demands of the evidence behind it, as it is told: code by code, with what is given of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

DemandCode = Literal["items", "verified", "organizations"]
_CALLED: Final[dict[DemandCode, str]] = {
    "items": "supporting evidence items",
    "verified": "verified supporting evidence items",
    "organizations": "independent organizations behind them",
}
DEMANDED: Final = tuple(_CALLED)


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a state demands of the evidence behind it: how much of it is needed, and how much is given.

    ``code`` is a member of `tracker.domain.states.Need`: `items`, `verified` of them, or `organizations` behind them.
    The others say of whom an item has to be to count: with ``judges_evidence``, not of those from whom the item is
    that is judged, in place of the addressees.
    """

    code: DemandCode
    needed: int
    given: int
    not_addressee: bool = False
    from_issuer: bool = False
    judges_evidence: bool = False

    @property
    def met(self) -> bool:
        return self.given >= self.needed

    def __str__(self) -> str:
        other = "from elsewhere than the item itself" if self.judges_evidence else "not from an addressee"
        source = f", {other}" if self.not_addressee else ""
        source += ", from the issuer" if self.from_issuer else ""
        return f"{_CALLED[self.code]}{source}: {self.needed} needed, {self.given} given"
