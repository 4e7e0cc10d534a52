"""Redactions that were ordered and carried out, and legal holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.store.base import Base


class Hold(Base):
    """That a court or an inquiry asked for a subject to be kept: while it is held nothing destroys it."""

    __tablename__ = "legal_hold"

    subject_id: Mapped[str] = mapped_column(String(30), ForeignKey("subject.id"), primary_key=True)
    reason: Mapped[str]
    placed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    placed_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)


def is_held(session: Session, subject: str) -> bool:
    """Whether somebody asked for a subject to be kept."""
    return session.get(Hold, subject) is not None
