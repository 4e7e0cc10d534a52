"""Evidence that waits to become public."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.base import Base


class Release(Base):
    """That somebody asked for an item to become public, which it does not before an instant that was drawn by lot.

    ``refused`` is the code of the refusal with which its last release ended: then it waits on.
    """

    __tablename__ = "evidence_release"

    evidence_id: Mapped[str] = mapped_column(String(30), ForeignKey("evidence.id"), primary_key=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    not_before: Mapped[datetime] = mapped_column(index=True)
    refused: Mapped[str | None] = mapped_column(String(40))
