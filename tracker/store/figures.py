"""Figures that somebody gives on a day: of means, and of what a process and what is in it are about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.figures import QUANTITIES
from tracker.domain.measures import STAGES
from tracker.domain.partial_days import PartialDay
from tracker.domain.vocabularies.codes import FIGURE
from tracker.store.base import Base, check_one_of


class Figure(Base):
    """How many, by whom and on what evidence; see `tracker.domain.figures`. It belongs to a subject or to a process.
    ``of`` says what was counted, ``stage`` which stage of an indicator, ``evidence`` holds the ids of items. No number
    means that it was not disclosed, which is a value too."""

    __tablename__ = "figure"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[str | None] = mapped_column(ForeignKey("subject.id"))
    process_id: Mapped[str | None] = mapped_column(ForeignKey("process.id"))
    figure: Mapped[str] = mapped_column(String(10))
    of: Mapped[str | None]
    stage: Mapped[str | None] = mapped_column(String(20))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    about: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    at_least: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    at_most: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    unit: Mapped[str | None] = mapped_column(String(40))
    as_of: Mapped[PartialDay]
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    source: Mapped[str]
    evidence: Mapped[list[Any]] = mapped_column(default=list)

    __table_args__ = (
        *(Index(f"ix_figure_{owner}", owner, "as_of", "id") for owner in ("subject_id", "process_id")),
        CheckConstraint("(subject_id IS NULL) <> (process_id IS NULL)", name="one_owner"),
        check_one_of("figure", FIGURE),
        check_one_of("stage", STAGES),
        *(CheckConstraint(f"{name} >= 0", name=name) for name in QUANTITIES),
        CheckConstraint(
            "amount IS NULL AND about IS NULL OR at_least IS NULL AND at_most IS NULL"
            " AND (amount IS NULL OR about IS NULL)",
            name="one_quantity",
        ),
        CheckConstraint("at_least < at_most", name="range"),
        CheckConstraint("figure <> 'counted' OR of IS NOT NULL OR stage IS NOT NULL", name="counts"),
    )


def list_of_figures(*, lazy: Literal["selectin", "select"] = "selectin") -> Any:
    """The figures of a thing, in the order of their days. ``select`` reads them when they are asked for: what is read
    with every act, as a process is, would read them in vain."""
    return relationship(Figure, order_by=[Figure.as_of, Figure.id], cascade="all, delete-orphan", lazy=lazy)
