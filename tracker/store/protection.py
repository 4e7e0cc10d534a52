"""What protects evidence: with whom it is shared, what became of its level, the sealed box, consent, redaction,
holds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain import protection
from tracker.store.base import Base, check_one_of


def item_key() -> Any:
    return mapped_column(String(30), ForeignKey("evidence.id"), primary_key=True)


class Share(Base):
    """That an item at the level `partner` is for an organization to read."""

    __tablename__ = "evidence_share"

    evidence_id: Mapped[str] = item_key()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), primary_key=True, index=True)


class ProtectionAct(Base):
    """What became of the protection of an item. Rows are added and stay; a redaction destroys their reasons.

    ``after`` and ``shared_with`` are what was asked for, ``reason`` why: of what was proposed that of the proposal.
    """

    __tablename__ = "evidence_protection_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"))
    act: Mapped[str] = mapped_column(String(12))
    before: Mapped[str] = mapped_column(String(12))
    after: Mapped[str] = mapped_column(String(12))
    shared_with: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str | None]
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_evidence_protection_act_evidence_id_id", "evidence_id", "id"),
        check_one_of("act", protection.PROTECTION_ACTS),
        *(check_one_of(name, protection.PROTECTION) for name in ("before", "after")),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint(
            "(proposed_by IS NULL) = (act = 'raised') AND (proposed_at IS NULL) = (act = 'raised')"
            " AND (act NOT IN ('lowered', 'returned') OR proposed_by <> done_by)",
            name="two_people",
        ),
    )


class HoldAct(Base):
    """That a hold was placed or released, and why. Rows are added and stay; a redaction destroys their reasons."""

    __tablename__ = "legal_hold_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(30), ForeignKey("subject.id"), index=True)
    held: Mapped[bool]
    reason: Mapped[str | None]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)


def list_hold_acts(session: Session, subject: str, most: int) -> list[HoldAct]:
    """What was done about holding a subject, the newest first."""
    query = select(HoldAct).where(HoldAct.subject_id == subject)
    return list(session.scalars(query.order_by(HoldAct.id.desc()).limit(most)))


def last_hold_act(session: Session, subject: str) -> HoldAct | None:
    """What was done last about holding a subject."""
    return next(iter(list_hold_acts(session, subject, 1)), None)
