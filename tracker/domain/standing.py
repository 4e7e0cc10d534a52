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

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from tracker.domain.basis import Basis
from tracker.domain.partial_days import name_period
from tracker.domain.responses import ROLL_UPS, RollUp, list_asked
from tracker.domain.states import Act
from tracker.domain.tracks import ENDED, TRACKS, UNKNOWN, list_tracks_of


@dataclass(frozen=True, slots=True)
class Span:
    """When something came about: on a day, or on one of those from ``first`` to ``last``. What follows a question or a
    date counts from the first of them, for the good of those who owed it."""

    first: date
    last: date

    def __str__(self) -> str:
        """A day, a month or a year; of another interval the last day."""
        return name_period(self.first, self.last) or self.last.isoformat()


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

    @property
    def span(self) -> Span:
        return Span(self.not_before or self.effective_on, self.effective_on)

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

    @property
    def span(self) -> Span:
        return Span(self.not_before, self.effective_on)


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

    @property
    def span(self) -> Span | None:
        """Since when it is so."""
        return None if self.since is None else Span(self.not_before or self.since, self.since)

    def stale_on(self, stale_after_days: int | None) -> date | None:
        """The first day on which nobody has verified this for longer than the process allows; with no number of days,
        and where the answer lasts, it never grows stale."""
        if self.verified_on is None or stale_after_days is None or TRACKS[self.track].lasts:
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
        """Whether those who have answered differ. Nobody differs from oneself."""
        if not self.others:
            return False
        answers = ((one.state, one.since, one.not_before) for one in (self.lead, *self.others))
        return differ(
            self.track, [(state, since, since and (first or since)) for state, since, first in answers]
        )


def differ(track: str, answers: Iterable[tuple[str, Any, Any]]) -> bool:
    """Whether answers on a track differ: each is a state, with the last and the first day from which it may hold, dates
    or texts. Somebody who found nothing out differs from nobody. Of a fact two differ who leave no day for both."""
    quiet = UNKNOWN | {TRACKS[track].initial}
    known = [(state, last, first) for state, last, first in answers if state not in quiet]
    if len({state for state, _last, _first in known}) > 1:
        return True
    dated = TRACKS[track].dated and bool(known)
    return dated and bool(max(first for *_, first in known) > min(last for _state, last, _first in known))


def join_spans(spans: Iterable[Span]) -> Span | None:
    """When the first of several things came about; None of nothing."""
    known = list(spans)
    return Span(min(one.first for one in known), min(one.last for one in known)) if known else None


def find_first(line: Iterable[Change], states: Collection[str]) -> Span | None:
    """When one of these states was first reached, by answers of one line in their order."""
    first: dict[str, Span] = {}
    for change in line:
        if change.state in states:
            first.setdefault(change.state, change.span)
    return join_spans(first.values())


def order_line(changes: Iterable[Change], known_at: datetime | None = None) -> list[Change]:
    """The answers of one line that count, oldest first: known by then, and not corrected by then."""
    known = [change for change in changes if known_at is None or change.recorded_at <= known_at]
    if not known:
        return []
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
    ids = {change.id for change in find_run([one for one in order_line(every) if one.effective_on <= as_of])}
    for change in every:
        if change.id in ids and change.corrects and states.get(change.corrects) == change.state:
            ids.add(change.corrects)
    return ids


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
    if not alive:
        return _make_unanswered(track, assessor, addressee)
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


@lru_cache(maxsize=1024)  # most lines of most subjects are empty
def _make_unanswered(track: str, assessor: str, addressee: str | None) -> Standing:
    return Standing(track, assessor, TRACKS[track].initial, addressee=addressee)


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
    ordered = sorted(lines.items())
    answers = []
    for track in list_tracks_of(subject):
        others = (
            find_standing(track.code, assessor, own, as_of, known_at)
            for (code, assessor), own in ordered
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
    rolled = ROLL_UPS[track]([one.state for one in asked])
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
