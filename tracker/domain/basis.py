"""What a status stands on: the evidence that it cites, as that stands now, against what its state demands (rule 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from tracker.domain.demands import DEMANDED, Demand
from tracker.domain.sentences import Sentence, sentence
from tracker.domain.sources import group_same
from tracker.domain.states import Need
from tracker.domain.tracks import DISPUTED, FALLEN, VERIFIED

Basis = Literal["supported", "unevidenced", "weakened", "contested", "unsupported"]
BASES: Final[tuple[Basis, ...]] = ("supported", "unevidenced", "weakened", "contested", "unsupported")
#: On which nothing was lost: what was given for a status still holds.
SOUND: Final = frozenset({"supported", "unevidenced"})
Stance = Literal["supports", "contradicts", "context"]
STANCES: Final[tuple[Stance, ...]] = ("supports", "contradicts", "context")


@dataclass(frozen=True, slots=True)
class Item:
    """A cited piece of evidence as it stands: its verification, and the organization it comes from.

    ``group`` is the organization at the head of the one that the item comes from (a ministry counts as its
    government), so that independence is counted over organizations that really are independent. ``coalitions`` are
    those of which that organization was a member on the day of the item: it counts as one with them and with their
    other members. ``marks`` are the digests and addresses by which one knows that another item shows the same
    (`tracker.domain.sources`): those count once. ``fits`` is what a reader may not know of: from wherever a state
    demands it to be.
    """

    evidence: str
    stance: Stance
    verification: str
    group: str
    coalitions: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    fits: bool = False

    @property
    def voices(self) -> frozenset[str]:
        """All for whom the item speaks."""
        return self.coalitions | {self.group}


@dataclass(frozen=True, slots=True)
class Parties:
    """Those whose own word counts differently: whom a recommendation is addressed to, and who issued it, each by the
    organization at its head. Of an item of evidence that is judged, ``addressees`` is where it comes from itself."""

    addressees: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()
    judges_evidence: bool = False

    def allow(self, need: Need, item: Item) -> bool:
        """Whether an item comes from where a state demands it to be from."""
        if item.fits:
            return True
        if need.not_addressee and item.voices & self.addressees:
            return False
        return not need.from_issuer or item.group in self.issuers

    def prove(self, item: Item) -> bool:
        """Whether an item is a verified act of an addressee."""
        return item.verification in VERIFIED and (item.fits or item.group in self.addressees)


NOBODY: Final = Parties()


def _counts_as(need: Need, items: Sequence[Item], parties: Parties) -> list[Item]:
    """Supporting items that still stand. Two citations of one item are one item, and so are items that show the same:
    of those a verified one counts."""
    standing = (
        item
        for item in items
        if item.stance == "supports"
        and item.verification not in FALLEN
        and item.verification != DISPUTED
        and parties.allow(need, item)
    )
    sources = group_same({item.evidence: item.marks for item in items})
    once: dict[str, Item] = {}
    for item in sorted(standing, key=lambda one: (one.verification not in VERIFIED, one.evidence)):
        once.setdefault(sources[item.evidence], item)
    return list(once.values())


def list_demands(need: Need, items: Sequence[Item], parties: Parties = NOBODY) -> list[Demand]:
    """What a state that needs this demands of its evidence, with what is given of each. A reason may be
    enough."""
    counted = _counts_as(need, items, parties)
    verified = [item for item in counted if item.verification in VERIFIED]
    groups = group_same({item.evidence: item.voices for item in (verified if need.verified else counted)})
    given = {"items": len(counted), "verified": len(verified), "organizations": len(set(groups.values()))}
    return [
        Demand(code, needed, given[code], need.not_addressee, need.from_issuer, parties.judges_evidence)
        for code in DEMANDED
        if (needed := getattr(need, code))
    ]


def shows_own_act(need: Need, items: Iterable[Item], parties: Parties = NOBODY) -> bool:
    """Whether one verified item shows an addressee's own act, where that is enough in place of all demands."""
    return need.own_act and any(item.stance == "supports" and parties.prove(item) for item in items)


#: Why an item that is cited in support does not count: it was refuted or withdrawn; it is disputed; it comes from an
#: addressee, or not from the issuer; it shows the same as another that counts; it is not verified.
Shortfall = Literal["fallen", "disputed", "from_addressee", "not_from_issuer", "same_source", "unverified"]
SHORTFALLS: Final[tuple[Shortfall, ...]] = get_args(Shortfall)


def explain_items(
    need: Need, items: Sequence[Item], parties: Parties = NOBODY
) -> dict[str, Shortfall | None]:
    """The items cited in support by their ids, and why each does not count for all that a state needs; None where it
    does."""
    counted = {item.evidence for item in _counts_as(need, items, parties)}
    return {
        item.evidence: _explain(need, item, parties, counted) for item in items if item.stance == "supports"
    }


def _explain(need: Need, item: Item, parties: Parties, counted: Collection[str]) -> Shortfall | None:
    if item.verification in FALLEN:
        return "fallen"
    if item.verification == DISPUTED:
        return "disputed"
    if not parties.allow(need, item):
        return (
            "from_addressee" if need.not_addressee and item.voices & parties.addressees else "not_from_issuer"
        )
    if item.evidence not in counted:
        return "same_source"
    return "unverified" if need.verified and item.verification not in VERIFIED else None


def find_missing_demands(need: Need, items: Sequence[Item], parties: Parties = NOBODY) -> list[Sentence]:
    """What is still missing for a state that needs this, in words; empty when the demand is met."""
    if shows_own_act(need, items, parties):
        return []
    missing = [one.describe() for one in list_demands(need, items, parties) if not one.met]
    if missing and need.own_act:
        missing.append(
            sentence("or, in place of all these, one verified item that shows an addressee's own act")
        )
    return missing


def find_basis(need: Need, items: Sequence[Item], parties: Parties = NOBODY) -> Basis:
    """What a status still stands on, given its citations as they stand now (rule 4).

    - ``unsupported``: every item that supported it is refuted or withdrawn;
    - ``contested``: an item that supports it is disputed, or a verified item contradicts it;
    - ``weakened``: it lost an item, or no longer has all that its state demands;
    - ``unevidenced``: nothing was cited that supports it, and its state demands nothing;
    - ``supported``: none of these.
    """
    supports = [item for item in items if item.stance == "supports"]
    if supports and all(item.verification in FALLEN for item in supports):
        return "unsupported"
    opposed = any(item.stance == "contradicts" and item.verification in VERIFIED for item in items)
    if opposed or any(item.verification == DISPUTED for item in supports):
        return "contested"
    if any(item.verification in FALLEN for item in supports) or find_missing_demands(need, items, parties):
        return "weakened"
    return "supported" if supports else "unevidenced"


def find_contradicting_items(items: Iterable[Item]) -> list[Item]:
    """The citations for which a status is not supported, by their items: what supports it and is disputed or fell, and
    verified items that contradict it. None where its demands grew instead."""
    once = {
        item.evidence: item
        for item in items
        if (item.stance == "supports" and (item.verification in FALLEN or item.verification == DISPUTED))
        or (item.stance == "contradicts" and item.verification in VERIFIED)
    }
    return [once[evidence] for evidence in sorted(once)]
