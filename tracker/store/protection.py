"""What protects evidence: with whom it is shared, what waits to be lowered and what was, the sealed box, consent,
redaction.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain import consent, redaction
from tracker.domain.protection import PROTECTION, PROTECTION_ACTS, lowering_allowed_from
from tracker.domain.tracks import SUBJECTS
from tracker.store.base import Base, begins, one_of

#: Of what kind the ids are that a redaction names.
_REDACTED: Final = ("process", "organization", *SUBJECTS, "event")


def _item() -> Any:
    return mapped_column(String(30), ForeignKey("evidence.id"), primary_key=True)


class Share(Base):
    """That an item at the level `partner` is for an organization to read."""

    __tablename__ = "evidence_share"

    evidence_id: Mapped[str] = _item()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), primary_key=True, index=True)


class Lowering(Base):
    """What one person proposed to lower the protection of an item to, until another has decided."""

    __tablename__ = "evidence_lowering"

    evidence_id: Mapped[str] = _item()
    protection: Mapped[str] = mapped_column(String(12))
    shared_with: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str]
    proposed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]

    __table_args__ = (one_of("protection", PROTECTION), CheckConstraint("reason <> ''", name="reason"))

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
        one_of("act", PROTECTION_ACTS),
        *(one_of(name, PROTECTION) for name in ("before", "after")),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint(
            "(proposed_by IS NULL) = (act = 'raised') AND (proposed_at IS NULL) = (act = 'raised')"
            " AND (act NOT IN ('lowered', 'returned') OR proposed_by <> done_by)",
            name="two_people",
        ),
    )


class Box(Base):
    """The sealed fields of an item, as `tracker.sealing.sealer` keeps them. Without ``wrapped`` they are gone."""

    __tablename__ = "evidence_box"

    evidence_id: Mapped[str] = _item()
    wrapped: Mapped[bytes]
    content: Mapped[bytes]


class Consent(Base):
    """On what basis an item may be used, and for what."""

    __tablename__ = "evidence_consent"

    evidence_id: Mapped[str] = _item()
    basis: Mapped[str] = mapped_column(String(32))
    purposes: Mapped[list[Any]] = mapped_column(default=list)
    obtained_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]

    __table_args__ = (one_of("basis", consent.CONSENT),)


class Redaction(Base):
    """That a thing, or the words of one public act about it, are to be destroyed, and whether they have been: one
    orders it, another does it. No foreign key: public acts are kept on the other side."""

    __tablename__ = "redaction"

    target_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    thing_id: Mapped[str] = mapped_column(String(30), index=True)
    reason: Mapped[str] = mapped_column(String(24))
    ordered_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    ordered_at: Mapped[datetime]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(" OR ".join(begins("target_id", kind) for kind in _REDACTED), name="target_id_kind"),
        one_of("reason", redaction.REDACTION),
        CheckConstraint("(done_by IS NULL) = (done_at IS NULL) AND done_by <> ordered_by", name="two_people"),
    )


class Hold(Base):
    """That a court or an inquiry asked for a subject to be kept: while it is held nothing destroys it."""

    __tablename__ = "legal_hold"

    subject_id: Mapped[str] = mapped_column(String(30), ForeignKey("subject.id"), primary_key=True)
    reason: Mapped[str]
    placed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    placed_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)
