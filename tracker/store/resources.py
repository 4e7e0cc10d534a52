"""The means a committee needs."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.vocabularies.codes import RESOURCE_TYPE
from tracker.store.base import check_one_of
from tracker.store.figures import Figure, list_of_figures
from tracker.store.subjects import Subject, process_constraints, process_key, references_kind, subject_key


class Resource(Subject):
    """One kind of means that a committee needs, or that a recommendation takes: money, staff, expertise, access."""

    __tablename__ = "resource"

    id: Mapped[str] = subject_key()
    process_id: Mapped[str] = process_key()
    committee_id: Mapped[str | None] = mapped_column(String(30), index=True)
    recommendation_id: Mapped[str | None] = mapped_column(String(30), index=True)
    type: Mapped[str] = mapped_column(String(40))
    title: Mapped[str]
    unit: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str | None]

    figures: Mapped[list[Figure]] = list_of_figures()

    __table_args__ = (
        *process_constraints("resource", "committee_id", "recommendation_id"),
        references_kind("committee_id", "committee"),
        references_kind("recommendation_id", "recommendation"),
        CheckConstraint("(committee_id IS NULL) <> (recommendation_id IS NULL)", name="one_owner"),
        check_one_of("type", RESOURCE_TYPE),
    )
