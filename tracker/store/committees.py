"""Inquiry bodies: their members and the versions of their mandate."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.partial_days import PartialDay
from tracker.domain.vocabularies.codes import BODY_TYPE, MEMBER_LEFT
from tracker.store.base import Base, check_one_of, check_partial_in_order
from tracker.store.figures import Figure, list_of_figures
from tracker.store.mandates import Mandate
from tracker.store.subjects import Subject, process_constraints, process_key, subject_key


class Committee(Subject):
    """An inquiry body. ``names`` maps a language tag to the name in that language."""

    __tablename__ = "committee"

    id: Mapped[str] = subject_key()
    process_id: Mapped[str] = process_key()
    body_type: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(default=dict)
    former_names: Mapped[list[Any]] = mapped_column(default=list)
    instrument: Mapped[str | None]
    appointed_by_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    reports_to_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    established_on: Mapped[PartialDay | None]
    note: Mapped[str | None]

    members: Mapped[list[Member]] = relationship(
        order_by="Member.id", cascade="all, delete-orphan", lazy="selectin"
    )
    mandates: Mapped[list[Mandate]] = relationship(order_by="Mandate.number", cascade="all, delete-orphan")

    figures: Mapped[list[Figure]] = list_of_figures()

    __table_args__ = (*process_constraints("committee"), check_one_of("body_type", BODY_TYPE))


class Member(Base):
    """Somebody who sits on a committee: a holder of public office, with the spellings their name is found in.
    ``succeeded_by`` is the name of who came after."""

    __tablename__ = "committee_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[str] = mapped_column(ForeignKey("committee.id"))
    name: Mapped[str]
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    role: Mapped[str | None]
    profession: Mapped[str | None]
    from_on: Mapped[PartialDay | None]
    to_on: Mapped[PartialDay | None]
    left_because: Mapped[str | None] = mapped_column(String(14))
    left_note: Mapped[str | None]
    succeeded_by: Mapped[str | None]
    conflicts: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("committee_id", "name", "from_on"),
        check_partial_in_order("from_on", "to_on"),
        check_one_of("left_because", MEMBER_LEFT),
    )
