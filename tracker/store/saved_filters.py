"""Filters of the queue and of the record that somebody keeps under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.store.base import Base, Identified
from tracker.store.people import Person


class SavedFilter(Identified, Base):
    """A filter is the address of a page: ``page`` is its path below the language, ``query`` its parameters. One that is
    ``shared`` is for all colleagues who work on its process, or on all processes where it names none."""

    __tablename__ = "saved_filter"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(80))
    page: Mapped[str] = mapped_column(String(200))
    query: Mapped[str] = mapped_column(String(2000))
    process_id: Mapped[str | None] = mapped_column(ForeignKey("process.id"))
    shared: Mapped[bool]
    saved_at: Mapped[datetime]

    person: Mapped[Person] = relationship(viewonly=True, lazy="joined", innerjoin=True)

    __table_args__ = (
        Identified.shaped("saved_filter"),
        CheckConstraint("name <> ''", name="named"),
        Index("ix_saved_filter_person_id", "person_id", "name"),
        Index("ix_saved_filter_shared", "shared", "name"),
    )
