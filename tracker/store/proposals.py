"""Proposals: what one person asked for and another decides. One row shape for all that takes two people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.database.prepared import Prepared
from tracker.domain import proposals
from tracker.store.base import Base, Identified, check_one_of
from tracker.store.database import core_connection

#: Revisions of one thing wait side by side; of every other kind one proposal about a target waits at a time.
_WAITS_ALONE: Final = f"decision = '{proposals.PROPOSED}' AND kind <> '{proposals.REVISION}'"


class Proposal(Identified, Base):
    """A proposal and what became of it. Rows are added and decided once.

    ``target_id`` is what the act changes; ``thing_id`` the thing that it belongs to, by which is judged who may see the
    proposal. Neither has a foreign key: a target may be a public act. ``versions`` says at which version each thing was
    on which the proposal was made. ``rests_until`` is the first instant at which it may be approved. ``key_id`` is the
    key by which it was proposed. A redaction destroys ``reason`` and ``note``.
    """

    __tablename__ = "proposal"

    kind: Mapped[str] = mapped_column(String(12))
    target_id: Mapped[str] = mapped_column(String(30))
    thing_id: Mapped[str] = mapped_column(String(30))
    process_id: Mapped[str | None] = mapped_column(ForeignKey("process.id"))
    reason: Mapped[str | None]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    versions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    proposed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    key_id: Mapped[str | None] = mapped_column(ForeignKey("key.id"), index=True)
    proposed_at: Mapped[datetime]
    rests_until: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(String(10), default=proposals.PROPOSED)
    decided_by: Mapped[str | None] = mapped_column(String(30))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]

    __table_args__ = (
        Identified.shaped("proposal"),
        check_one_of("kind", proposals.KINDS),
        check_one_of("decision", proposals.DECISIONS),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint(
            "(decision = 'proposed') = (decided_by IS NULL) AND (decision = 'proposed') = (decided_at IS NULL)",
            name="decided",
        ),
        CheckConstraint(
            "decision NOT IN ('approved', 'returned') OR decided_by <> proposed_by", name="two_people"
        ),
        CheckConstraint(
            "decision <> 'alone' OR kind = 'revision' AND decided_by = proposed_by", name="alone"
        ),
        CheckConstraint("decision <> 'approved' OR decided_at >= rests_until", name="rested"),
        Index("ix_proposal_thing_id", "thing_id", "kind"),
        Index("ix_proposal_decision", "decision", "kind", "proposed_at", "id"),
        Index("ix_proposal_proposed_at", "proposed_at", "id"),
        Index(
            "uq_proposal_waiting",
            "target_id",
            "kind",
            unique=True,
            sqlite_where=text(_WAITS_ALONE),
            postgresql_where=text(_WAITS_ALONE),
        ),
    )

    @property
    def approved_at(self) -> datetime | None:
        return self.decided_at if self.decision == proposals.APPROVED else None


def find_waiting(session: Session, kind: str, target: str) -> Proposal | None:
    """The proposal of this kind that waits to be decided: of revisions one of several, of other kinds the only one."""
    query = select(Proposal).where(Proposal.target_id == target, Proposal.kind == kind)
    return session.scalars(query.where(Proposal.decision == proposals.PROPOSED)).first()


def find_waiting_for(session: Session, kind: str, things: Collection[str]) -> dict[str, str]:
    """thing -> the id of the proposal of this kind that waits to be decided about it."""
    query = select(Proposal).where(Proposal.kind == kind, Proposal.decision == proposals.PROPOSED)
    return {one.thing_id: one.id for one in session.scalars(query.where(Proposal.thing_id.in_(things)))}


def find_approved(session: Session, kind: str, target: str) -> Proposal | None:
    """The last proposal of this kind that was approved."""
    query = select(Proposal).where(Proposal.target_id == target, Proposal.kind == kind)
    approved = query.where(Proposal.decision == proposals.APPROVED)
    return session.scalars(approved.order_by(Proposal.decided_at.desc()).limit(1)).first()


_WAITING = Prepared(
    select(Proposal.__table__)
    .where(
        Proposal.__table__.c.thing_id == bindparam("thing"),
        Proposal.__table__.c.decision == proposals.PROPOSED,
    )
    .order_by(Proposal.__table__.c.proposed_at, Proposal.__table__.c.id)
)


def list_waiting(session: Session, thing: str) -> list[Any]:
    """All that waits about a thing, in the order in which it was proposed, as plain rows."""
    return _WAITING.rows(core_connection(session), thing=thing)
