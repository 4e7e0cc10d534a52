"""What a state demands of the evidence behind it, as it is told: code by code, with what is given of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tracker.domain.sentences import Sentence, sentence

DemandCode = Literal["items", "verified", "organizations"]
_CALLED: Final[dict[DemandCode, Sentence]] = {
    "items": sentence("supporting evidence items"),
    "verified": sentence("verified supporting evidence items"),
    "organizations": sentence("independent organizations behind them"),
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

    def describe(self) -> Sentence:
        """What is demanded, and how much of it is given."""
        what = _CALLED[self.code]
        if self.not_addressee and self.judges_evidence:
            what = sentence("%(what)s, from elsewhere than the item itself", what=what)
        elif self.not_addressee:
            what = sentence("%(what)s, not from an addressee", what=what)
        if self.from_issuer:
            what = sentence("%(what)s, from the issuer", what=what)
        return sentence(
            "%(what)s: %(needed)s needed, %(given)s given", what=what, needed=self.needed, given=self.given
        )
