"""Redactions that were ordered and carried out, and legal holds."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain import redaction
from tracker.domain.tracks import SUBJECTS
from tracker.store.base import Base, check_one_of, check_prefix

#: Of what kind the ids are that a redaction names.
REDACTABLE: Final = ("process", "organization", *SUBJECTS, "event")


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
        CheckConstraint(
            " OR ".join(check_prefix("target_id", kind) for kind in REDACTABLE), name="target_id_kind"
        ),
        check_one_of("reason", redaction.REDACTION),
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
