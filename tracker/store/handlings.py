"""Who of the desk looks at what, or was asked to. It stops nobody, and ends by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.store.base import Base
from tracker.store.people import Person


class Handling(Base):
    """That somebody looks at a subject since an instant; where ``assigned_by_id`` is set, because that colleague asked
    them to."""

    __tablename__ = "handling"

    subject_id: Mapped[str] = mapped_column(String(30), ForeignKey("subject.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(30), ForeignKey("person.id"), primary_key=True)
    begun_at: Mapped[datetime]
    assigned_by_id: Mapped[str | None] = mapped_column(String(30), ForeignKey("person.id"))

    person: Mapped[Person] = relationship(
        viewonly=True, lazy="joined", innerjoin=True, foreign_keys="Handling.person_id"
    )
    assigner: Mapped[Person | None] = relationship(
        viewonly=True, lazy="joined", foreign_keys="Handling.assigned_by_id"
    )

    __table_args__ = (Index("ix_handling_begun_at", "begun_at", "subject_id", "person_id"),)
