"""What a committee or an organization found, in writing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.partial_days import PartialDay
from tracker.domain.vocabularies.codes import REPORT_TYPE
from tracker.store.base import check_one_of
from tracker.store.figures import Figure, list_of_figures
from tracker.store.subjects import Subject, process_constraints, process_key, references_kind, subject_key


class Report(Subject):
    """A report of a committee of the process or of an organization. When it was handed over, announced and published
    are status changes on the track `release`.

    ``out_of_scope`` are recommendations that it prints and that are not followed here: ``[{"number", "reason"}]``;
    ``claims`` are dates that somebody gives and others contradict: ``[{"date", "event", "says"}]``.
    """

    __tablename__ = "report"

    id: Mapped[str] = subject_key()
    process_id: Mapped[str] = process_key()
    committee_id: Mapped[str | None] = mapped_column(String(30), index=True)
    issuer_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    printed_number: Mapped[str | None] = mapped_column(String(80))
    type: Mapped[str] = mapped_column(String(10), default="final")
    title: Mapped[str]
    language: Mapped[str | None] = mapped_column(String(35))
    dated_on: Mapped[PartialDay | None]
    recommendations_complete: Mapped[bool] = mapped_column(default=True)
    recommendations_printed: Mapped[int | None]
    out_of_scope: Mapped[list[Any]] = mapped_column(default=list)
    claims: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str | None]

    figures: Mapped[list[Figure]] = list_of_figures()

    __table_args__ = (
        *process_constraints("report", "committee_id"),
        references_kind("committee_id", "committee"),
        CheckConstraint("(committee_id IS NULL) <> (issuer_id IS NULL)", name="one_issuer"),
        check_one_of("type", REPORT_TYPE),
        CheckConstraint("recommendations_printed >= 0", name="recommendations_printed"),
    )
