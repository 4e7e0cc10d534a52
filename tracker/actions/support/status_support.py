"""What a status stands on: the citations of the answers that say the same, as those items stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.domain import standing
from tracker.domain.states import REASON, Need
from tracker.domain.tracks import TRACKS
from tracker.store import evidence, statuses
from tracker.store.organizations import find_groups
from tracker.store.recommendations import list_addressees
from tracker.store.statuses import Citation, StatusChange
from tracker.store.subjects import Subject


@dataclass(frozen=True, slots=True)
class StatusSupport:
    """What one answer needs and what it has. ``shown`` are the cited items that the world has seen: when one of
    them is taken back, that shows too. ``open`` are those that are not sealed; ``own`` those that the assessor
    submitted and may know of."""

    need: Need
    items: tuple[standing.Item, ...]
    shown: frozenset[str]
    open: frozenset[str]
    own: frozenset[str]
    addressees: frozenset[str]

    def missing(self) -> list[str]:
        """What a proposal still lacks for the state that it proposes."""
        return standing.find_missing_demands(self.need, self.items, self.addressees)

    def basis(self) -> standing.Basis:
        """On what the answer stands, by all that there is: as custodians know it."""
        return standing.find_basis(self.need, self.items, self.addressees)

    def public_basis(self) -> standing.Basis:
        """The same for the world."""
        return self.known(self.shown).basis()

    def desk(self) -> StatusSupport:
        """The same for the desk, which sees at once what becomes of any item, unless it is sealed."""
        return self.known(self.shown | self.open)

    def told(self) -> StatusSupport:
        """The same for the assessor, who knows of its own items besides what is public."""
        return self.known(self.shown | self.own)

    def known(self, evidence: frozenset[str]) -> StatusSupport:
        """The same for whoever may know of these items only: any other counts as it did at approval, and from a source
        of its own.

        What happens to such an item later must not show, or its existence would: nor that a redaction took from it
        where it came from.
        """
        items = tuple(
            item if item.evidence in evidence else replace(item, verification="verified", group=item.evidence)
            for item in self.items
            if item.evidence in evidence or item.stance == "supports"
        )
        return replace(self, items=items)


def find_support(
    session: Session,
    subject: Subject,
    changes: Sequence[StatusChange],
    line: Sequence[StatusChange],
    now: datetime,
) -> dict[str, StatusSupport]:
    """The grounds of these answers by their ids. ``line`` holds the approved answers of the lines they are part of."""
    cited = {change.id: _citations(change, line) for change in changes}
    wanted = {citation.evidence_id for citations in cited.values() for citation in citations}
    states = statuses.find_verification(session, wanted, subject.process.days.today(now)) if wanted else {}
    judged = (
        {subject.id} if subject.kind == "evidence" else set()
    )  # what an item says does not corroborate itself
    sources = evidence.find_origins(session, wanted | judged) if wanted else {}
    asked = [sources[one].organization for one in judged if wanted] or list_addressees(session, subject.id)
    heads = find_groups(session, {*asked, *(source.organization for source in sources.values())})
    shown = frozenset(item for item in wanted if sources[item].public)
    return {
        change.id: StatusSupport(
            need=_need(subject, change),
            items=tuple(
                standing.Item(
                    evidence=citation.evidence_id,
                    stance=citation.stance,  # type: ignore[arg-type]  # held by a CHECK
                    verification=(
                        "withdrawn"
                        if sources[citation.evidence_id].withdrawn
                        else states[citation.evidence_id]
                    ),
                    group=heads[sources[citation.evidence_id].organization],
                )
                for citation in cited[change.id]
            ),
            shown=shown,
            open=frozenset(item for item in wanted if not sources[item].sealed),
            own=frozenset(item for item in wanted if sources[item].submitter == change.assessor_id),
            addressees=frozenset(heads[one] for one in asked),
        )
        for change in changes
    }


def _need(subject: Subject, change: StatusChange) -> Need:
    """What the state demands of this assessor in this process. A reply claims no state, so it demands nothing."""
    if change.act == "reply":
        return REASON
    lead = change.assessor_id == subject.process.lead_id or TRACKS[change.track].holder != "any"
    return subject.process.policy.need(change.track, change.to_state, lead=lead)


def _citations(change: StatusChange, line: Sequence[StatusChange]) -> list[Citation]:
    """The citations of a change and of the answers right before it that it repeats; of a reply its own alone."""
    if change.act == "reply":
        return list(change.citations)
    own = {
        row.id: row
        for row in line
        if (row.track, row.assessor_id) == (change.track, change.assessor_id)
        and row.id not in (change.id, change.corrects_id)
    }
    alive = standing.order_line(statuses.to_change(row) for row in own.values())
    place = (change.effective_on, change.number or 2**62)
    cited = list(change.citations)
    for one in reversed([one for one in alive if (one.effective_on, one.order) < place]):
        if one.state != change.to_state:
            break
        cited += own[one.id].citations
    return cited
