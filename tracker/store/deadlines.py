"""Dates by which somebody owes something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain import suspensions
from tracker.domain.partial_days import PartialDay
from tracker.domain.rules import Rule
from tracker.domain.vocabularies.codes import DEADLINE_BASIS, DEADLINE_TYPE
from tracker.store.base import check_one_of
from tracker.store.subjects import Subject, process_constraints, process_key, references_kind, subject_key


class Deadline(Subject):
    """A date that binds. ``rule`` is the text it was set by ("30 days"), ``reckoning`` how it was counted.

    ``readings`` are contradicting dates that sources give: ``[{"due_on", "says", "note"}]``. ``due_on`` is the date as
    it was set, before any of the ``stays``, the times in which its clock stood still (`tracker.domain.suspensions`);
    None while it waits for the event of its ``rule``. ``starts_with_id`` names a deadline, a recommendation or a
    report of which the record knows the event, ``event_on`` its day, ``event_evidence_id`` what shows it.
    """

    __tablename__ = "deadline"

    id: Mapped[str] = subject_key()
    process_id: Mapped[str] = process_key()
    owner_id: Mapped[str] = mapped_column(String(30), index=True)
    type: Mapped[str] = mapped_column(String(40))
    title: Mapped[str]
    basis: Mapped[str] = mapped_column(String(20))
    instrument: Mapped[str | None]
    set_on: Mapped[PartialDay]
    rule: Mapped[str | None]
    due_on: Mapped[date | None]
    starts_with_id: Mapped[str | None] = mapped_column(String(30), index=True)
    event_on: Mapped[date | None]
    event_evidence_id: Mapped[str | None] = mapped_column(String(30))
    reckoning: Mapped[dict[str, Any] | None]
    readings: Mapped[list[Any]] = mapped_column(default=list)
    stays: Mapped[list[Any]] = mapped_column(default=list)
    refused_extensions: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str | None]
    series: Mapped[str | None] = mapped_column(String(26))
    replaces_id: Mapped[str | None] = mapped_column(String(30))

    __table_args__ = (
        *process_constraints("deadline", "owner_id", "replaces_id", "starts_with_id", "event_evidence_id"),
        references_kind("owner_id", "committee", "recommendation"),
        references_kind("replaces_id", "deadline"),
        references_kind("starts_with_id", "deadline", "recommendation", "report"),
        references_kind("event_evidence_id", "evidence"),
        CheckConstraint("set_on <= CAST(due_on AS VARCHAR(10))", name="due_after_set"),
        CheckConstraint("replaces_id <> id", name="not_itself"),
        check_one_of("type", DEADLINE_TYPE),
        check_one_of("basis", DEADLINE_BASIS),
        Index("ix_deadline_replaces_id", "replaces_id"),
    )

    @property
    def waits_for(self) -> str | None:
        """The event, in words, from which it will be counted; None where its day is known."""
        return Rule.parse(self.rule).event if self.due_on is None and self.rule else None

    @property
    def due_within(self) -> PartialDay | None:
        """The month or the year by whose end it is due, as it was said; None where a day was."""
        return Rule.parse(self.rule).period if self.rule else None

    def find_due_day(self, day: date = date.max) -> date | None:
        """The date as it stands on a day: moved by the days that stood still."""
        return suspensions.find_due_day(self.due_on, self.stays, day)


def find_chain(session: Session, deadline: Deadline) -> list[Deadline]:
    """The deadlines this one goes back to, the first that was ever set (the baseline) first, itself last."""
    chain = [deadline]
    while chain[0].replaces_id is not None:
        before = session.scalar(select(Deadline).where(Deadline.id == chain[0].replaces_id))
        if before is None or before in chain:
            break
        chain.insert(0, before)
    return chain


def list_starts(session: Session, thing: str | None) -> list[str]:
    """A thing that a date starts with, and what that starts with itself, at any distance."""
    starts: list[str] = []
    while thing is not None and thing not in starts:
        starts.append(thing)
        thing = session.scalar(select(Deadline.starts_with_id).where(Deadline.id == thing))
    return starts


def list_replaced(session: Session, deadlines: Iterable[str]) -> set[str]:
    """The deadlines in whose place these stand, at any distance."""
    replaced: set[str] = set()
    last = list(deadlines)
    while last:
        query = select(Deadline.replaces_id).where(Deadline.id.in_(last), Deadline.replaces_id.is_not(None))
        last = [one for one in session.scalars(query) if one is not None and one not in replaced]
        replaced.update(last)
    return replaced


def list_replacing(session: Session, deadline: str) -> list[Deadline]:
    """The deadlines that stand in the place of this one, or are proposed to, at any distance."""
    replacing: list[Deadline] = []
    last = [deadline]
    while last:
        query = select(Deadline).where(Deadline.replaces_id.in_(last)).order_by(Deadline.id)
        rows = [one for one in session.scalars(query).unique() if one not in replacing]
        replacing += rows
        last = [one.id for one in rows]
    return replacing


def read_reckoning(session: Session, deadline: str) -> Any:
    """How a date was counted: ``rule``, ``set_on``, ``reckoning``, and the event; None for one that somebody set."""
    query = select(
        *(Deadline.rule, Deadline.set_on, Deadline.reckoning, Deadline.starts_with_id, Deadline.event_on)
    )
    return session.execute(query.where(Deadline.id == deadline, Deadline.rule.is_not(None))).first()


def find_replacement(session: Session, deadline: str) -> Deadline | None:
    """The deadline that took this one's place, or is proposed to."""
    query = select(Deadline).where(
        Deadline.replaces_id == deadline, text("subject.publication <> 'withdrawn'")
    )
    return session.scalar(query)
