"""The reports that a committee handed over."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.vocabularies.codes import REPORT_TYPE
from tracker.store.base import Base, check_in_order, check_one_of


class Report(Base):
    """A report, with the days that differ in real processes kept apart: delivered, announced, published.

    ``claims`` are dates that somebody gives and others contradict: ``[{"date", "event", "says"}]``.
    """

    __tablename__ = "committee_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[str] = mapped_column(ForeignKey("committee.id"), index=True)
    type: Mapped[str] = mapped_column(String(10), default="final")
    title: Mapped[str]
    delivered_on: Mapped[date | None]
    announced_on: Mapped[date | None]
    presented_on: Mapped[date | None]
    published_on: Mapped[date | None]
    recommendations_complete: Mapped[bool] = mapped_column(default=True)
    claims: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("committee_id", "title"),
        check_one_of("type", REPORT_TYPE),
        check_in_order("delivered_on", "published_on"),
    )
