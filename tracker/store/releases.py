"""What waits to become public."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.store.base import Base


class Release(Base):
    """That somebody asked for a thing to become public, which it does not before an instant: one that was drawn by lot,
    or the hour until which it is embargoed. ``thing_id`` has no foreign key: a process and an organization wait, too.

    ``refused`` is the code of the refusal with which its last release ended: then it waits on.
    """

    __tablename__ = "publication_release"

    thing_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    not_before: Mapped[datetime] = mapped_column(index=True)
    by_lot: Mapped[bool]
    refused: Mapped[str | None] = mapped_column(String(40))


def release_of(thing: str, *, lazy: Literal["joined", "select"] = "joined") -> Any:
    """What a thing waits for, where it waits. ``select`` reads it when it is asked for: a process is read with every
    subject, and an organization seldom waits."""
    return relationship(
        Release,
        lazy=lazy,
        cascade="all, delete-orphan",
        uselist=False,
        overlaps="release",  # an id belongs to one kind, so no row is of two of them
        primaryjoin=f"foreign(Release.thing_id) == {thing}.id",
    )
