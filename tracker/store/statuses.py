"""Status changes and their citations: one table for every track of every subject."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.domain import standing
from tracker.domain.basis import STANCES, Basis
from tracker.domain.states import ACTS
from tracker.store.base import Base, Identified, Versioned, check_in_order, check_one_of, check_prefix
from tracker.store.evidence import Evidence
from tracker.store.people import Person
from tracker.store.subjects import Subject
from tracker.store.tracks import Transition

#: The approved answers, which say where things stand; and those changes that may wait for somebody.
ANSWERS: Final = "decision = 'approved' AND act <> 'reply'"
UNSETTLED: Final = "decision IN ('proposed', 'returned')"
DECISIONS = ("proposed", "approved", "returned", "retracted")


class StatusChange(Identified, Versioned, Base):
    """An assessor's dated answer on one track of one subject, proposed by one person and decided by another.

    ``from_state`` is what stood when it was proposed and, once approved, what stood when it was approved.
    ``number`` orders the approved ones; it is null until then. ``label`` keeps a foreign scheme's own word.
    ``addressee_id`` is whose answer it is, where each addressee of a recommendation has its own. A reply
    stands in the same table and answers nothing: both its states are that of the verdict it replies to.
    """

    __tablename__ = "status_change"

    process_id: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(30))
    subject_kind: Mapped[str] = mapped_column(String(16))
    track: Mapped[str] = mapped_column(String(40))
    assessor_id: Mapped[str] = mapped_column(ForeignKey("organization.id"))
    addressee_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))
    act: Mapped[str] = mapped_column(String(12))
    from_state: Mapped[str] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(32))
    effective_on: Mapped[date]
    not_before: Mapped[date | None]
    reason: Mapped[str]
    label: Mapped[dict[str, Any] | None]
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("status_change.id"))
    replies_to_id: Mapped[str | None] = mapped_column(ForeignKey("status_change.id"), index=True)
    superseded_by_id: Mapped[str | None] = mapped_column(String(30))
    proposed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(String(10), default="proposed")
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
    number: Mapped[int | None] = mapped_column(unique=True)
    versions: Mapped[dict[str, Any] | None]

    subject: Mapped[Subject] = relationship(
        viewonly=True, primaryjoin="StatusChange.subject_id == Subject.id", foreign_keys=[subject_id]
    )
    verdict: Mapped[StatusChange | None] = relationship(
        viewonly=True, remote_side="StatusChange.id", foreign_keys=[replies_to_id]
    )
    proposer: Mapped[Person] = relationship(viewonly=True, foreign_keys=[proposed_by])
    decider: Mapped[Person | None] = relationship(viewonly=True, foreign_keys=[decided_by])
    citations: Mapped[list[Citation]] = relationship(
        order_by="Citation.id", cascade="all, delete-orphan", lazy="selectin"
    )

    __table_args__ = (
        Identified.shaped("change"),
        ForeignKeyConstraint(["subject_id", "subject_kind"], ["subject.id", "subject.kind"]),
        ForeignKeyConstraint(["subject_id", "process_id"], ["subject.id", "subject.process_id"]),
        ForeignKeyConstraint(["superseded_by_id", "process_id"], ["subject.id", "subject.process_id"]),
        UniqueConstraint("id", "process_id"),
        ForeignKeyConstraint(
            [column.name for column in Transition.__table__.primary_key],
            list(Transition.__table__.primary_key),
        ),
        check_one_of("act", ACTS),
        check_one_of("decision", DECISIONS),
        check_in_order("not_before", "effective_on"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint(check_prefix("superseded_by_id", "recommendation"), name="superseded_by_kind"),
        CheckConstraint(
            "superseded_by_id IS NULL OR (to_state = 'superseded' AND superseded_by_id <> subject_id)",
            name="superseded_by",
        ),
        CheckConstraint("addressee_id IS NULL OR track IN ('response', 'reminder')", name="addressee"),
        CheckConstraint("(act = 'correction') = (corrects_id IS NOT NULL)", name="corrects"),
        CheckConstraint("(act = 'reply') = (replies_to_id IS NOT NULL)", name="replies"),
        CheckConstraint("(decision = 'approved') = (number IS NOT NULL)", name="numbered"),
        CheckConstraint(
            "(decision = 'proposed') = (decided_by IS NULL) AND (decision = 'proposed') = (decided_at IS NULL)",
            name="decided",
        ),
        # Approved and returned by somebody else; retracted by nobody else.
        CheckConstraint("(decision = 'retracted') = (decided_by = proposed_by)", name="two_people"),
        Index("ix_status_change_effective_on", "effective_on", "id"),
        Index("ix_status_change_line", "subject_id", "track", "assessor_id", "number"),
        Index(
            "ix_status_change_answers",
            *("subject_id", "track", "assessor_id", "effective_on", "number"),
            sqlite_where=text(ANSWERS),
            postgresql_where=text(ANSWERS),
        ),
        Index(
            "ix_status_change_waiting",
            *("subject_id", "decision"),
            sqlite_where=text(UNSETTLED),
            postgresql_where=text(UNSETTLED),
        ),
        Index("ix_status_change_created_at", "created_at", "id"),
        *(
            Index(f"ix_status_change_{column}_created_at", column, "created_at", "id")
            for column in ("process_id", "subject_id", "assessor_id", "decision", "proposed_by", "track")
        ),
        Index("ix_status_change_queue", "process_id", "decision", "created_at", "id"),
        Index(
            "uq_status_change_corrects_id",
            "corrects_id",
            unique=True,
            sqlite_where=text("decision = 'approved'"),
            postgresql_where=text("decision = 'approved'"),
        ),
    )


class Citation(Base):
    """Ties a status change to a piece of evidence of the same process."""

    __tablename__ = "citation"

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[str] = mapped_column(String(30))
    evidence_id: Mapped[str] = mapped_column(String(30), index=True)
    process_id: Mapped[str] = mapped_column(String(30))
    stance: Mapped[str] = mapped_column(String(12))
    locator: Mapped[str | None]

    evidence: Mapped[Evidence] = relationship(
        viewonly=True, primaryjoin="Citation.evidence_id == Evidence.id", foreign_keys=[evidence_id]
    )

    __table_args__ = (
        ForeignKeyConstraint(["change_id", "process_id"], ["status_change.id", "status_change.process_id"]),
        ForeignKeyConstraint(["evidence_id", "process_id"], ["subject.id", "subject.process_id"]),
        UniqueConstraint("change_id", "evidence_id"),
        CheckConstraint(check_prefix("evidence_id", "evidence"), name="evidence_kind"),
        check_one_of("stance", STANCES),
    )


def list_approved(
    session: Session, subject: str, track: str | None = None, assessor: str | None = None
) -> list[StatusChange]:
    """The approved changes of a subject, in the order in which they were approved."""
    query = select(StatusChange).where(StatusChange.subject_id == subject, StatusChange.number.is_not(None))
    if track is not None:
        query = query.where(StatusChange.track == track)
    if assessor is not None:
        query = query.where(StatusChange.assessor_id == assessor)
    return list(session.scalars(query.order_by(StatusChange.number)))


def list_citing(session: Session, evidence: str) -> list[StatusChange]:
    """The approved changes that cite an item."""
    query = (
        select(StatusChange)
        .join(Citation, Citation.change_id == StatusChange.id)
        .where(Citation.evidence_id == evidence, StatusChange.number.is_not(None))
        .order_by(StatusChange.number)
    )
    return list(session.scalars(query).unique())


def list_citing_places(session: Session, evidence: str) -> list[str]:
    """The subjects of all changes, approved or not, that cite a place in an item."""
    query = (
        select(StatusChange.subject_id)
        .join(Citation, Citation.change_id == StatusChange.id)
        .where(Citation.evidence_id == evidence, Citation.locator.is_not(None))
    )
    return list(session.scalars(query.distinct()))


def to_change(change: Any, basis: Basis = "supported") -> standing.Change:
    """An approved row as the value that `tracker.domain.standing` reasons about."""
    if change.decided_at is None or change.number is None:
        raise ValueError(f"{change.id} is not approved")
    return standing.Change(
        id=change.id,
        track=change.track,
        assessor=change.assessor_id,
        act=change.act,
        state=change.to_state,
        effective_on=change.effective_on,
        recorded_at=change.decided_at,
        order=change.number,
        not_before=change.not_before,
        corrects=change.corrects_id,
        basis=basis,
        addressee=change.addressee_id,
    )
