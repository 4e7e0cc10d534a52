"""The versions of a committee's terms of reference."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.partial_days import PartialDay
from tracker.domain.vocabularies.codes import DUTY_TO_PUBLISH
from tracker.store.base import Base, Identified, check_one_of, check_partial_in_order


class Mandate(Identified, Base):
    """One version of a committee's terms of reference. A new version never overwrites the old."""

    __tablename__ = "mandate"

    committee_id: Mapped[str] = mapped_column(ForeignKey("committee.id"))
    number: Mapped[int]
    instrument: Mapped[str]
    adopted_on: Mapped[PartialDay]
    in_force_from: Mapped[PartialDay | None]
    in_force_to: Mapped[PartialDay | None]
    scope: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tasks: Mapped[list[Any]] = mapped_column(default=list)
    powers: Mapped[list[Any]] = mapped_column(default=list)
    reports_to: Mapped[str | None]
    duty_to_publish: Mapped[str] = mapped_column(String(12), default="not_stated")
    note: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("committee_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        check_one_of("duty_to_publish", DUTY_TO_PUBLISH),
        check_partial_in_order("in_force_from", "in_force_to"),
        Identified.shaped("mandate"),
    )
