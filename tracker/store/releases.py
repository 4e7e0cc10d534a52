"""What waits to become public."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.base import Base


class Release(Base):
    """That somebody asked for a thing to become public, which it does not before an instant: one that was drawn by lot,
    or the hour until which it is embargoed.

    ``refused`` is the code of the refusal with which its last release ended: then it waits on.
    """

    __tablename__ = "subject_release"

    subject_id: Mapped[str] = mapped_column(String(30), ForeignKey("subject.id"), primary_key=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    not_before: Mapped[datetime] = mapped_column(index=True)
    by_lot: Mapped[bool]
    refused: Mapped[str | None] = mapped_column(String(40))
