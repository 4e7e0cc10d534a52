"""The means a committee needs."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.domain.vocabularies.codes import RESOURCE_KIND
from tracker.store.base import check_one_of
from tracker.store.figures import Figure, list_of_figures
from tracker.store.subjects import Subject, process_constraints, process_key, references_kind, subject_key


class Resource(Subject):
    """One kind of means: money, staff, forensic expertise, witness protection, access, premises."""

    __tablename__ = "resource"

    id: Mapped[str] = subject_key()
    process_id: Mapped[str] = process_key()
    committee_id: Mapped[str] = mapped_column(String(30), index=True)
    type: Mapped[str] = mapped_column(String(40))
    title: Mapped[str]
    unit: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str | None]

    figures: Mapped[list[Figure]] = list_of_figures()

    __table_args__ = (
        *process_constraints("resource", "committee_id"),
        references_kind("committee_id", "committee"),
        check_one_of("type", RESOURCE_KIND),
    )
