"""What the people an item speaks of agreed to."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain import consent
from tracker.domain.partial_days import PartialDay
from tracker.store.base import Base, check_one_of
from tracker.store.protection import item_key


class Consent(Base):
    """On what basis an item may be used, and for what."""

    __tablename__ = "evidence_consent"

    evidence_id: Mapped[str] = item_key()
    basis: Mapped[str] = mapped_column(String(32))
    purposes: Mapped[list[Any]] = mapped_column(default=list)
    obtained_on: Mapped[PartialDay | None]
    withdrawn_on: Mapped[date | None]

    __table_args__ = (check_one_of("basis", consent.CONSENT),)
