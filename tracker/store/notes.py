"""Notes that the desk keeps about a thing, for itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.store.base import Base, Identified
from tracker.store.people import Person


class Note(Identified, Base):
    """What somebody of the desk wrote down about a subject. Its author takes it back: then its text is gone. A
    redaction of the subject destroys all of them."""

    __tablename__ = "desk_note"

    subject_id: Mapped[str] = mapped_column(ForeignKey("subject.id"))
    text: Mapped[str | None]
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    retracted_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(viewonly=True, lazy="joined", innerjoin=True)

    __table_args__ = (
        Identified.shaped("note"),
        CheckConstraint("(text IS NULL) = (retracted_at IS NOT NULL)", name="retracted"),
        Index("ix_desk_note_subject_id", "subject_id", "written_at", "id"),
    )
