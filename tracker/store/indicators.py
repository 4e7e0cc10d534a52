"""What is counted over time: vetting, graves and remains, prosecutions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.measures import MEASURES
from tracker.store.base import check_one_of
from tracker.store.figures import Figure, list_of_figures
from tracker.store.subjects import Subject, process_constraints, process_key, subject_key


class Indicator(Subject):
    """A series of numbers of one measure. ``concerns`` is the force or the institution whose people or acts are
    counted, ``body`` who carries the procedure out, ``recommendations`` are the ids of those that ask for it."""

    __tablename__ = "indicator"

    id: Mapped[str] = subject_key()
    process_id: Mapped[str] = process_key()
    type: Mapped[str] = mapped_column(String(20))
    title: Mapped[str]
    concerns_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    body_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    scope: Mapped[str | None]
    criteria: Mapped[str | None]
    recommendations: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str | None]

    figures: Mapped[list[Figure]] = list_of_figures()

    __table_args__ = (*process_constraints("indicator"), check_one_of("type", MEASURES))
