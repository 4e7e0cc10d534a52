"""Accountability processes: the container of everything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.calendars import Calendar
from tracker.domain.evidence_policy import STALE_AFTER_DAYS, Policy
from tracker.domain.partial_days import PartialDay
from tracker.store.base import (
    PUBLICATION_CHECKS,
    Base,
    Identified,
    Published,
    Versioned,
    check_copies,
    check_partial_in_order,
)
from tracker.store.figures import Figure, list_of_figures
from tracker.store.releases import Release, release_of


class Process(Identified, Versioned, Published, Base):
    """One accountability process. ``calendar``, ``evidence_policy``, ``revisions`` and ``reminders`` read as in
    `tracker.domain`; ``calendar_since`` is the instant at which the calendar was last written."""

    __tablename__ = "process"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    former_slug: Mapped[str | None] = mapped_column(String(80), index=True)
    title: Mapped[str]
    summary: Mapped[str]
    former_names: Mapped[list[Any]] = mapped_column(default=list)
    translations: Mapped[list[Any]] = mapped_column(default=list)
    country: Mapped[str | None] = mapped_column(String(2))
    place: Mapped[str | None]
    happened_from: Mapped[PartialDay | None]
    happened_to: Mapped[PartialDay | None]
    lead_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), index=True)
    calendar: Mapped[dict[str, Any]]
    calendar_since: Mapped[datetime]
    evidence_policy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revisions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reminders: Mapped[list[Any]] = mapped_column(default=list)
    languages: Mapped[list[Any]] = mapped_column(default=list)
    stale_after_days: Mapped[int] = mapped_column(default=STALE_AFTER_DAYS)

    figures: Mapped[list[Figure]] = list_of_figures(lazy="select")
    release: Mapped[Release | None] = release_of("Process", lazy="select")

    __table_args__ = (
        Identified.shaped("process"),
        check_partial_in_order("happened_from", "happened_to"),
        CheckConstraint("stale_after_days BETWEEN 1 AND 3650", name="stale_after_days"),
        *check_copies(*PUBLICATION_CHECKS),
    )

    @property
    def policy(self) -> Policy:
        return Policy.from_json(self.evidence_policy)

    @property
    def days(self) -> Calendar:
        return Calendar.from_json(self.calendar)
