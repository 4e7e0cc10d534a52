"""Where things stand: from a list of status changes to who says what, on any day, as known at any moment.

Pure functions. A *line* is the answers of one assessor on one track of one subject; on a track that each addressee
answers, of one addressee (`tracker.domain.responses`). Changes are appended and never
overwritten; the status on a day is read off them:

- ``as_of`` (a day) asks what was true then: only changes effective by that day count;
- ``known_at`` (an instant) asks what had been recorded by then;
- a change that another one corrects is out of the line from the moment the correction was recorded;
- a reply stands beside an answer and is none: it counts in nothing here;
- a change of which only an interval is known (``not_before`` … ``effective_on``) leaves the earlier state
  standing inside the interval, marked with what it may have been.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from tracker.domain.responses import RollUp, list_asked, roll_up
from tracker.domain.states import Act, Need
from tracker.domain.tracks import DISPUTED, ENDED, FALLEN, TRACKS, UNKNOWN, VERIFIED, list_tracks_of

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
    government), so that independence is counted over organizations that really are independent. ``source`` is the first
    of the items that show the same (`tracker.domain.sources`): they count once. ``fits`` is what a reader may not know
    of: from wherever a state demands it to be.
    """

    evidence: str
    stance: Stance
    verification: str
    group: str
    source: str = ""
    fits: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One approved answer. ``order`` is its place in the record; later is greater."""

    id: str
    track: str
    assessor: str
    act: Act
    state: str
    effective_on: date
    recorded_at: datetime
    order: int
    not_before: date | None = None
    corrects: str | None = None
    basis: Basis = "supported"
    addressee: str | None = None

    def is_of(self, track: str, assessor: str, addressee: str | None = None) -> bool:
        """Whether it is on this line. What names no addressee is on the line of each."""
        own = self.addressee in (None, addressee)
        return own and (self.track, self.assessor) == (track, assessor)


@dataclass(frozen=True, slots=True)
class MayBe:
    """Inside an interval: the state that may already have been reached, and the first day on which it can have been."""

    state: str
    not_before: date
    effective_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """One assessor's answer on one track. ``change`` is None where the assessor has not answered, and where several
    addressees did, each by a change of its own. ``addressee`` is whose answer was recorded, and ``asked`` whether it
    still is an addressee."""

    track: str
    assessor: str
    state: str
    since: date | None = None
    not_before: date | None = None
    verified_on: date | None = None
    change: str | None = None
    basis: Basis = "supported"
    may_be: MayBe | None = None
    addressee: str | None = None
    asked: bool = True

    def stale_on(self, stale_after_days: int | None) -> date | None:
        """The first day on which nobody has verified this for longer than the process allows; with no number of days,
        it never grows stale."""
        if self.verified_on is None or stale_after_days is None:
            return None
        return self.verified_on + timedelta(days=stale_after_days + 1)


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers on one track of a subject: the lead's, marked as such, and everybody else's beside it.

    Where each addressee answers, ``lead`` is the headline made of those answers, ``by_addressee`` the answers, and
    ``rolled_up`` says how the one follows from the others.
    """

    track: str
    lead: Standing
    others: tuple[Standing, ...]
    by_addressee: tuple[Standing, ...] = ()
    rolled_up: RollUp | None = None

    @property
    def recorded(self) -> tuple[Standing, ...]:
        """What the headline of the lead is made of: what it recorded of each who is asked, or itself."""
        return tuple(one for one in self.by_addressee if one.asked) or (self.lead,)

    @property
    def diverges(self) -> bool:
        """Whether those who have answered differ. Somebody who found nothing out differs from nobody."""
        initial = TRACKS[self.track].initial
        said = {one.state for one in (self.lead, *self.others) if one.state != initial}
        return len(said - UNKNOWN) > 1


def order_line(changes: Iterable[Change], known_at: datetime | None = None) -> list[Change]:
    """The answers of one line that count, oldest first: known by then, and not corrected by then."""
    known = [change for change in changes if known_at is None or change.recorded_at <= known_at]
    corrected = {change.corrects for change in known}
    alive = [change for change in known if change.id not in corrected and change.act != "reply"]
    return sorted(alive, key=lambda change: (change.effective_on, change.order))


def find_run(alive: Sequence[Change]) -> Sequence[Change]:
    """The last answers of a line that all say the same: what the present status rests on."""
    first = len(alive)
    while first and alive[first - 1].state == alive[-1].state:
        first -= 1
    return alive[first:]


def find_same_answers(changes: Iterable[Change], as_of: date) -> set[str]:
    """The ids of the answers of one line that say what stands on a day: a reply to any of them stands beside it.

    Neither a confirmation nor a correction that leaves the state as it was drops the replies to what went before.
    """
    every = sorted(changes, key=lambda change: change.order, reverse=True)
    states = {change.id: change.state for change in every}
    found = {
        change.id for change in find_run([one for one in order_line(every) if one.effective_on <= as_of])
    }
    for change in every:
        if change.id in found and change.corrects and states.get(change.corrects) == change.state:
            found.add(change.corrects)
    return found


def find_standing(
    track: str,
    assessor: str,
    changes: Iterable[Change],
    as_of: date,
    known_at: datetime | None = None,
    addressee: str | None = None,
) -> Standing:
    """Where one line stands on a day. ``changes`` are all of this assessor on this track, and of this addressee."""
    alive = order_line(changes, known_at)
    reached = [change for change in alive if change.effective_on <= as_of]
    state = reached[-1].state if reached else TRACKS[track].initial
    may_be = next(
        (
            MayBe(change.state, change.not_before, change.effective_on)
            for change in alive[len(reached) :]
            if change.not_before is not None
            and change.not_before <= as_of
            and change.state != state
            and change.act != "confirmation"
        ),
        None,
    )
    if not reached:
        return Standing(track, assessor, state, may_be=may_be, addressee=addressee)
    last, first = reached[-1], find_run(reached)[0]
    return Standing(
        track=track,
        assessor=assessor,
        state=state,
        since=first.effective_on,
        not_before=first.not_before,
        verified_on=last.effective_on,
        change=last.id,
        basis=last.basis,
        may_be=may_be,
        addressee=addressee,
    )


def standing(
    subject: str,
    lead: str,
    changes: Iterable[Change],
    as_of: date,
    known_at: datetime | None = None,
    addressees: Sequence[str] = (),
) -> list[Answers]:
    """Where a subject of this kind stands on every track of its kind, in the order of the state table. Each of the
    ``addressees`` of a recommendation has an answer of its own."""
    lines: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        lines.setdefault((change.track, change.assessor), []).append(change)
    answers = []
    for track in list_tracks_of(subject):
        others = (
            find_standing(track.code, assessor, own, as_of, known_at)
            for (code, assessor), own in sorted(lines.items())
            if code == track.code and assessor != lead
        )
        own = lines.get((track.code, lead), [])
        if track.per_addressee:
            answers.append(find_answers_by_addressee(track.code, lead, own, as_of, known_at, addressees))
            continue
        answers.append(
            Answers(
                track.code,
                find_standing(track.code, lead, own, as_of, known_at),
                tuple(other for other in others if other.change is not None or other.may_be is not None),
            )
        )
    return answers


def find_answers_by_addressee(
    track: str,
    lead: str,
    changes: Sequence[Change],
    as_of: date,
    known_at: datetime | None,
    addressees: Iterable[str],
) -> Answers:
    """What the lead recorded of each who is asked, and of those who were and have answered; and the headline, which
    is made of those who are asked."""

    def find(addressee: str | None) -> Standing:
        own = [one for one in changes if one.is_of(track, lead, addressee)]
        return find_standing(track, lead, own, as_of, known_at, addressee)

    asked = [find(one) for one in list_asked(addressees)]
    named = {one.addressee for one in changes} - {None} - {one.addressee for one in asked}
    former = [replace(find(one), asked=False) for one in sorted(map(str, named))]
    rolled = roll_up([one.state for one in asked])
    return Answers(
        track,
        _make_headline(asked, rolled),
        (),
        (*asked, *(one for one in former if one.change is not None)),
        rolled,
    )


def _make_headline(asked: Sequence[Standing], rolled: RollUp) -> Standing:
    """The answer of the only one who is asked; of several, since the last of them came, and as long looked at as the
    one that nobody looked at for longest."""
    if len(asked) == 1:
        return replace(asked[0], addressee=None)
    since = [one.since for one in asked if one.since is not None]
    verified = [one.verified_on for one in asked if one.verified_on is not None]
    return Standing(
        track=asked[0].track,
        assessor=asked[0].assessor,
        state=rolled.state,
        since=max(since, default=None),
        verified_on=min(verified, default=None),
    )


def has_ended(answers: Iterable[Answers]) -> bool:
    """Whether the lead says that a subject has come to its end. Then none of its answers grows stale."""
    return any(one.lead.state in ENDED.get(one.track, ()) for one in answers)


@dataclass(frozen=True, slots=True)
class Parties:
    """Those whose own word counts differently: whom a recommendation is addressed to, and who issued it, each by the
    organization at its head."""

    addressees: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()

    def allow(self, need: Need, item: Item) -> bool:
        """Whether an item comes from where a state demands it to be from."""
        if item.fits:
            return True
        if need.not_addressee and item.group in self.addressees:
            return False
        return not need.from_issuer or item.group in self.issuers

    def prove(self, item: Item) -> bool:
        """Whether an item is a verified act of an addressee."""
        return item.verification in VERIFIED and (item.fits or item.group in self.addressees)


NOBODY: Final = Parties()


def _counts_as(need: Need, items: Iterable[Item], parties: Parties) -> list[Item]:
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
    once: dict[str, Item] = {}
    for item in sorted(standing, key=lambda one: (one.verification not in VERIFIED, one.evidence)):
        once.setdefault(item.source or item.evidence, item)
    return list(once.values())


def find_missing_demands(need: Need, items: Sequence[Item], parties: Parties = NOBODY) -> list[str]:
    """What is still missing for a state that needs this; empty when the demand is met."""
    counted = _counts_as(need, items, parties)
    supporting = (item for item in items if item.stance == "supports")
    if need.own_act and any(parties.prove(item) for item in supporting):
        return []
    verified = [item for item in counted if item.verification in VERIFIED]
    groups = {item.group for item in (verified if need.verified else counted)}
    source = ", not from an addressee" if need.not_addressee else ""
    source += ", from the issuer" if need.from_issuer else ""
    found: Mapping[str, tuple[int, int]] = {
        f"supporting evidence items{source}": (need.items, len(counted)),
        f"verified supporting evidence items{source}": (need.verified, len(verified)),
        f"independent organizations behind them{source}": (need.organizations, len(groups)),
    }
    missing = [
        f"{name}: {wanted} needed, {had} given" for name, (wanted, had) in found.items() if had < wanted
    ]
    if missing and need.own_act:
        missing.append("or, in place of all these, one verified item that shows an addressee's own act")
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
