"""What protects evidence: with whom it is shared, what waits to be lowered and what was, the sealed box, consent,
redaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.protection import PROTECTION, PROTECTION_ACTS, lowering_allowed_from
from tracker.store.base import Base, check_one_of


def item_key() -> Any:
    return mapped_column(String(30), ForeignKey("evidence.id"), primary_key=True)


class Share(Base):
    """That an item at the level `partner` is for an organization to read."""

    __tablename__ = "evidence_share"

    evidence_id: Mapped[str] = item_key()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), primary_key=True, index=True)


class Lowering(Base):
    """What one person proposed to lower the protection of an item to, until another has decided."""

    __tablename__ = "evidence_lowering"

    evidence_id: Mapped[str] = item_key()
    protection: Mapped[str] = mapped_column(String(12))
    shared_with: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str]
    proposed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]

    __table_args__ = (check_one_of("protection", PROTECTION), CheckConstraint("reason <> ''", name="reason"))

    @property
    def not_before(self) -> datetime:
        """The instant from which it may be approved."""
        return lowering_allowed_from(self.proposed_at)


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
        check_one_of("act", PROTECTION_ACTS),
        *(check_one_of(name, PROTECTION) for name in ("before", "after")),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint(
            "(proposed_by IS NULL) = (act = 'raised') AND (proposed_at IS NULL) = (act = 'raised')"
            " AND (act NOT IN ('lowered', 'returned') OR proposed_by <> done_by)",
            name="two_people",
        ),
    )
