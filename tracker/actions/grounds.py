"""What a status stands on: the citations of the answers that say the same, as those items stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.domain import standing
from tracker.domain.states import Need
from tracker.domain.tracks import TRACKS
from tracker.store import statuses
from tracker.store.recommendations import addressee_groups
from tracker.store.statuses import Citation, StatusChange
from tracker.store.subjects import Subject


def need(subject: Subject, track: str, state: str, assessor: str) -> Need:
    """What the state demands of this assessor in this process."""
    lead = assessor == subject.process.lead_id or TRACKS[track].holder != "any"
    return subject.process.policy.need(track, state, lead=lead)


def citations(change: StatusChange, line: Sequence[StatusChange]) -> list[Citation]:
    """The citations of a change and of the answers right before it that it repeats."""
    order = {row.id: row for row in line if row.number is not None}
    alive = [
        order[one.id]
        for one in standing.line(statuses.as_change(row) for row in order.values())
        if one.id not in (change.id, change.corrects_id)
    ]
    before = [
        row
        for row in alive
        if (row.effective_on, row.number or 0) < (change.effective_on, change.number or 2**62)
    ]
    cited = list(change.citations)
    for row in reversed(before):
        if row.to_state != change.to_state:
            break
        cited += row.citations
    return cited


def items(
    session: Session, cited: Sequence[Citation], subject: Subject, now: datetime, *, public: bool
) -> list[standing.Item]:
    """The cited items as they stand today.

    For the public, an item that is not public itself counts as it did at approval: what happens to it later must
    not show, or its existence would. The desk sees the truth at once and decides what to say.
    """
    day = subject.process.days.today(now)
    found = statuses.items(session, cited, day)
    if not public:
        return found
    shown = {citation.evidence_id for citation in cited if citation.evidence.is_public}
    return [
        item if item.evidence in shown else replace(item, verification="verified")
        for item in found
        if item.evidence in shown or item.stance == "supports"
    ]


def basis(
    session: Session,
    subject: Subject,
    change: StatusChange,
    line: Sequence[StatusChange],
    now: datetime,
    *,
    public: bool,
) -> standing.Basis:
    """On what a change stands now, given the line of answers it is part of."""
    cited = items(session, citations(change, line), subject, now, public=public)
    wanted = need(subject, change.track, change.to_state, change.assessor_id)
    return standing.basis(wanted, cited, addressee_groups(session, subject.id))


def missing(
    session: Session, subject: Subject, change: StatusChange, line: Sequence[StatusChange], now: datetime
) -> list[str]:
    """What a proposal still lacks for the state that it proposes."""
    cited = items(session, citations(change, line), subject, now, public=False)
    wanted = need(subject, change.track, change.to_state, change.assessor_id)
    return standing.missing(wanted, cited, addressee_groups(session, subject.id))
