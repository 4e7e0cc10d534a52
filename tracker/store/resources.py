"""The means a committee needs, and the figures that were given for them over time."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.partial_days import PartialDay
from tracker.domain.vocabularies.codes import FIGURE, RESOURCE_KIND
from tracker.store.base import Base, check_one_of
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

    figures: Mapped[list[Figure]] = relationship(
        order_by="Figure.as_of, Figure.id", cascade="all, delete-orphan", lazy="selectin"
    )

    __table_args__ = (
        *process_constraints("resource", "committee_id"),
        references_kind("committee_id", "committee"),
        check_one_of("type", RESOURCE_KIND),
    )


class Figure(Base):
    """An amount that somebody gave on a day. No amount means that it was not disclosed, which is a value too."""

    __tablename__ = "resource_figure"

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[str] = mapped_column(ForeignKey("resource.id"), index=True)
    figure: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    as_of: Mapped[PartialDay]
    source: Mapped[str]

    __table_args__ = (check_one_of("figure", FIGURE), CheckConstraint("amount >= 0", name="amount"))
