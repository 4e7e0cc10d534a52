"""What a status stands on: the citations of the answers that say the same, as those items stand now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from tracker.actions.support.unit import remembered
from tracker.domain import standing
from tracker.domain.basis import (
    Basis,
    Item,
    Parties,
    find_basis,
    find_missing_demands,
    list_demands,
    shows_own_act,
)
from tracker.domain.demands import Demand
from tracker.domain.sentences import Sentence
from tracker.domain.sources import Membership, group_same, list_coalitions
from tracker.domain.states import REASON, Need
from tracker.domain.tracks import TRACKS
from tracker.store import answers, citations, evidence, statuses
from tracker.store.organizations import find_groups
from tracker.store.recommendations import PartiesRow, list_parties
from tracker.store.subject_rows import AnySubject, SubjectRow, read_subjects


@dataclass(frozen=True, slots=True)
class StatusSupport:
    """What one answer needs and what it has. ``shown`` are the cited items that the world has seen: when one of
    them is taken back, that shows too. ``open`` are those that are not sealed; ``own`` those that the assessor
    submitted and may know of."""

    need: Need
    items: tuple[Item, ...]
    shown: frozenset[str]
    open: frozenset[str]
    own: frozenset[str]
    parties: Parties

    def missing(self) -> list[Sentence]:
        """What a proposal still lacks for the state that it proposes."""
        return find_missing_demands(self.need, self.items, self.parties)

    def demands(self) -> list[Demand]:
        """What the state demands, with what is given of each."""
        return list_demands(self.need, self.items, self.parties)

    def shows_own_act(self) -> bool | None:
        """Whether an item shows an addressee's own act, which is enough alone; None where it would not be."""
        return shows_own_act(self.need, self.items, self.parties) if self.need.own_act else None

    def basis(self) -> Basis:
        """On what the answer stands, by all that there is: as custodians know it."""
        return find_basis(self.need, self.items, self.parties)

    def public_basis(self) -> Basis:
        """The same for the world."""
        return self.known(self.shown).basis()

    def for_desk(self) -> StatusSupport:
        """The same for the desk, which sees at once what becomes of any item, unless it is sealed."""
        return self.known(self.shown | self.open)

    def for_organization(self) -> StatusSupport:
        """The same for the assessor, who knows of its own items besides what is public."""
        return self.known(self.shown | self.own)

    def known(self, evidence: frozenset[str]) -> StatusSupport:
        """The same for a reader who may know of these items only: any other counts as it did at approval, and from a
        source of its own.

        What happens to such an item later must not show, or its existence would: nor that a redaction took from it
        where it came from.
        """
        items = tuple(
            item
            if item.evidence in evidence
            else Item(item.evidence, item.stance, "verified", item.evidence, fits=True)
            for item in self.items
            if item.evidence in evidence or item.stance == "supports"
        )
        return replace(self, items=items)


def describe_support(support: StatusSupport, known: Collection[str]) -> dict[str, Any]:
    """What a status demands and has, told to a reader who knows of these items: only they are counted. Whether the
    demands are met follows from all, as whatever is done with it does."""
    shown = replace(support, items=tuple(item for item in support.items if item.evidence in known))
    return {"met": not support.missing(), "own_act": shown.shows_own_act(), "demands": shown.demands()}


def find_support(
    session: Session,
    subject: AnySubject,
    changes: Sequence[Any],
    line: Sequence[Any],
    now: datetime,
) -> dict[str, StatusSupport]:
    """The grounds of these answers by their ids. ``line`` holds the approved answers of the lines they are part of."""
    by_change = citations.list_citations(
        session, {change.id: change for change in (*changes, *line)}.values()
    )
    cited = {change.id: _list_citations(change, line, by_change) for change in changes}
    return _build_support(session, subject, changes, cited, now)


def of_line(
    session: Session,
    subject: AnySubject,
    line: Sequence[Any],
    by_change: Mapping[str, list[Any]],
    now: datetime,
) -> dict[str, StatusSupport]:
    """The grounds of all approved answers of a line, with what each of them cites."""
    cited = {change.id: _list_citations(change, line, by_change) for change in line}
    return _build_support(session, subject, line, cited, now)


def of_runs(
    session: Session, subject: AnySubject, runs: Sequence[Sequence[Any]], now: datetime
) -> dict[str, StatusSupport]:
    """The grounds of answers by their ids: each comes with those that it repeats."""
    by_change = citations.list_citations(session, [one for run in runs for one in run])
    cited = {run[0].id: [citation for one in run for citation in by_change[one.id]] for run in runs}
    return _build_support(session, subject, [run[0] for run in runs], cited, now)


def _build_support(
    session: Session,
    subject: AnySubject,
    changes: Sequence[Any],
    cited: Mapping[str, Sequence[Any]],
    now: datetime,
) -> dict[str, StatusSupport]:
    wanted = {citation.evidence_id for citations in cited.values() for citation in citations}
    known = read_facts(session, [subject], wanted, subject.process.days.today(now))
    states, sources, heads = known.states, known.sources, known.heads
    parties = known.parties_of(subject)
    shown = frozenset(item for item in wanted if sources[item].public)
    judged = {subject.id} if subject.id in sources else set()
    same = group_same({item: sources[item].marks for item in wanted | judged})

    def make_item(citation: Any) -> Item:
        """What shows the same as the item that is judged comes from where that comes from."""
        id = citation.evidence_id
        origin = sources[subject.id if judged and same[id] == same[subject.id] else id]
        return Item(
            evidence=id,
            stance=citation.stance,
            verification="withdrawn" if sources[id].withdrawn else states[id],
            group=heads[origin.organization],
            coalitions=list_coalitions(known.memberships[origin.organization], origin.day),
            marks=sources[id].marks,
        )

    return {
        change.id: StatusSupport(
            need=_find_need(subject, change),
            items=tuple(map(make_item, cited[change.id])),
            shown=shown,
            open=frozenset(item for item in wanted if not sources[item].sealed),
            own=frozenset(item for item in wanted if sources[item].submitter == change.assessor_id),
            parties=parties,
        )
        for change in changes
    }


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides on grounds beside the citations: how items stand on their verification, where they come from, whom
    recommendations are addressed to and who issued them, who is at the head of whom, and who was a member of what."""

    states: dict[str, str] = field(default_factory=dict)
    sources: dict[str, evidence.Origin] = field(default_factory=dict)
    parties: dict[str, PartiesRow] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    memberships: dict[str, list[Membership]] = field(default_factory=dict)

    def asked(self, subject: AnySubject) -> list[str]:
        """Those from whom evidence does not count. What an item says does not corroborate itself."""
        own = self.sources.get(subject.id)
        return self.parties[subject.id].addressees if own is None else [own.organization]

    def parties_of(self, subject: AnySubject) -> Parties:
        """Those who are asked and those who issued it, each by the head of its group."""
        issuers = self.parties[subject.id].issuers
        return Parties(
            frozenset(self.heads[one] for one in self.asked(subject)),
            frozenset(self.heads[one] for one in issuers),
            judges_evidence=subject.id in self.sources,
        )


#: The hook under which facts are remembered in a unit. `tracker.actions.support.derived_data` says what ends that.
SUPPORT: Final = "support"


def read_subject(session: Session, id: str) -> SubjectRow:
    """A subject with its process. `LookupError` where there is none."""
    return list_subjects(session, [id])[0]


def list_subjects(session: Session, subjects: Iterable[str]) -> list[SubjectRow]:
    """These subjects with their processes; in a unit, each is read once until something is written of it."""
    wanted = list(subjects)
    rows = find_subjects(session, wanted)
    return [rows[one] for one in wanted]


def find_subjects(session: Session, subjects: Collection[str]) -> Mapping[str, SubjectRow]:
    """The same by their ids; what is not there is left out."""
    known: dict[str, SubjectRow] = remembered(session, SUPPORT).setdefault("subjects", {})
    if new := [one for one in subjects if one not in known]:
        known.update(read_subjects(session, new))
    return known


def read_facts(
    session: Session, subjects: Sequence[AnySubject], items: Collection[str], today: date
) -> Facts:
    """The facts of these subjects and items; in a unit, with all that was read of others before."""
    known: Facts = remembered(session, SUPPORT).setdefault(today, Facts())
    if missing := [one.id for one in subjects if one.id not in known.parties]:
        known.parties.update(list_parties(session, missing))
    judged = {one.id for one in subjects if one.kind == "evidence"} if items else set()
    if new := set(items) - known.states.keys():
        known.states.update(citations.find_verification(session, new, today))
    if new := {*items, *judged} - known.sources.keys():
        known.sources.update(evidence.find_origins(session, new))
    named = {one for subject in subjects for one in known.asked(subject)}
    named |= {one for subject in subjects for one in known.parties[subject.id].issuers}
    named |= {known.sources[item].organization for item in items}
    if new := named - known.heads.keys():
        heads, memberships = find_groups(session, new)
        known.heads.update(heads)
        known.memberships.update(memberships)
    return known


def _find_need(subject: AnySubject, change: Any) -> Need:
    """What the state demands of this assessor in this process. A reply claims no state, so it demands nothing."""
    if change.act == "reply":
        return REASON
    lead = change.assessor_id == subject.process.lead_id or TRACKS[change.track].holder != "any"
    return subject.process.policy.need(change.track, change.to_state, lead=lead)


def _list_citations(change: Any, line: Sequence[Any], by_change: Mapping[str, list[Any]]) -> list[Any]:
    """The citations of a change and of the answers right before it that it repeats; of a reply its own alone."""
    if change.act == "reply":
        return by_change[change.id]
    line_of_change = answers.Line.of(change)
    own = [
        row
        for row in line
        if answers.Line.of(row) == line_of_change and row.id not in (change.id, change.corrects_id)
    ]
    alive = standing.order_line(statuses.to_change(row) for row in own)
    place = (change.effective_on, change.number or answers.LAST)
    cited = list(by_change[change.id])
    for answer in reversed([one for one in alive if (one.effective_on, one.order) < place]):
        if answer.state != change.to_state:
            break
        cited += by_change[answer.id]
    return cited
