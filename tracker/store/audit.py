"""Who did what, when. Every write has its entry; the session refuses a commit without one (`actions/unit.py`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.base import Base


class AuditEntry(Base):
    """One act. ``detail`` holds codes and ids only, never content: redaction must not have to come here."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[str] = mapped_column(String(30))
    verb: Mapped[str] = mapped_column(String(40))
    target_id: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (Index("ix_audit_entry_target_id_id", "target_id", "id"),)
