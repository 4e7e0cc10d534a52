"""Inquiry bodies: their members, the versions of their mandate, and the reports they handed over."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.vocabularies.codes import BODY_TYPE, DUTY_TO_PUBLISH
from tracker.store.base import Base, Identified, in_order, one_of
from tracker.store.subjects import Subject, same_process, subject_id, within


class Committee(Subject):
    """An inquiry body. ``names`` maps a language tag to the name in that language."""

    __tablename__ = "committee"

    id: Mapped[str] = subject_id()
    process_id: Mapped[str] = same_process()
    body_type: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(default=dict)
    instrument: Mapped[str | None]
    appointed_by_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    reports_to_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    established_on: Mapped[date | None]
    note: Mapped[str | None]

    members: Mapped[list[Member]] = relationship(
        order_by="Member.id", cascade="all, delete-orphan", lazy="selectin"
    )
    mandates: Mapped[list[Mandate]] = relationship(
        order_by="Mandate.number", cascade="all, delete-orphan", lazy="selectin"
    )
    reports: Mapped[list[Report]] = relationship(
        order_by="Report.id", cascade="all, delete-orphan", lazy="selectin"
    )

    __table_args__ = (*within("committee"), one_of("body_type", BODY_TYPE))


class Member(Base):
    """Somebody who sits on a committee: a holder of public office, with the spellings their name is found in."""

    __tablename__ = "committee_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[str] = mapped_column(ForeignKey("committee.id"), index=True)
    name: Mapped[str]
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    role: Mapped[str | None]
    profession: Mapped[str | None]
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]

    __table_args__ = (UniqueConstraint("committee_id", "name", "from_on"), in_order("from_on", "to_on"))


class Mandate(Identified, Base):
    """One version of a committee's terms of reference. A new version never overwrites the old."""

    __tablename__ = "mandate"

    committee_id: Mapped[str] = mapped_column(ForeignKey("committee.id"), index=True)
    number: Mapped[int]
    instrument: Mapped[str]
    adopted_on: Mapped[date]
    in_force_from: Mapped[date | None]
    in_force_to: Mapped[date | None]
    scope: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tasks: Mapped[list[Any]] = mapped_column(default=list)
    powers: Mapped[list[Any]] = mapped_column(default=list)
    reports_to: Mapped[str | None]
    duty_to_publish: Mapped[str] = mapped_column(String(12), default="not_stated")
    note: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("committee_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        one_of("duty_to_publish", DUTY_TO_PUBLISH),
        in_order("in_force_from", "in_force_to"),
        Identified.shaped("mandate"),
    )


class Report(Base):
    """A report, with the days that differ in real processes kept apart: delivered, announced, published.

    ``claims`` are dates that somebody gives and others contradict: ``[{"date", "event", "says"}]``.
    """

    __tablename__ = "committee_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    committee_id: Mapped[str] = mapped_column(ForeignKey("committee.id"), index=True)
    title: Mapped[str]
    delivered_on: Mapped[date | None]
    announced_on: Mapped[date | None]
    presented_on: Mapped[date | None]
    published_on: Mapped[date | None]
    recommendations_complete: Mapped[bool] = mapped_column(default=True)
    claims: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str | None]

    __table_args__ = (UniqueConstraint("committee_id", "title"),)
