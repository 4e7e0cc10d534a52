"""Subjects as plain rows: what decides on the answers about them, each with its process, in one statement.

An act looks at many subjects and writes few. To load one as a mapped object costs ten times as much as to read this.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.domain import suspensions
from tracker.domain.calendars import Calendar
from tracker.domain.evidence_policy import Policy
from tracker.domain.partial_days import AnyDay, PartialDay
from tracker.store.committees import Committee
from tracker.store.database import core_connection
from tracker.store.deadlines import Deadline
from tracker.store.evidence import Evidence
from tracker.store.processes import Process
from tracker.store.recommendations import Recommendation
from tracker.store.reports import Report
from tracker.store.subjects import Subject


@dataclass(frozen=True)
class ProcessRow:
    """Of a process what decides on the answers about its subjects."""

    id: str
    publication: str
    lead_id: str
    calendar: dict[str, Any]
    calendar_since: datetime
    evidence_policy: dict[str, Any]
    reminders: list[Any]

    @cached_property
    def policy(self) -> Policy:
        return Policy.from_json(self.evidence_policy)

    @cached_property
    def days(self) -> Calendar:
        return Calendar.from_json(self.calendar)


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """Of a subject what decides on the answers about it. ``owner_id`` is the organization that an item belongs to, or
    what a date is set for; ``protection`` is of an item, ``due_on``, ``stays``, ``type`` and ``set_on`` of a date,
    ``issued_on`` of a recommendation, ``established_on`` of a committee, or of the one that wrote a report."""

    process: ProcessRow
    id: str
    kind: str
    process_id: str
    version: int
    created_at: datetime
    created_by: str
    publication: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    owner_id: str | None
    protection: str | None
    due_on: date | None
    stays: list[Any] | None
    type: str | None
    set_on: PartialDay | None
    issued_on: PartialDay | None
    established_on: PartialDay | None

    @property
    def begins(self) -> AnyDay | None:
        """Before this day there is nothing to answer; None where answers may be older."""
        return self.set_on or self.issued_on or self.established_on

    @property
    def due_day(self) -> date | None:
        """The date as it stands now, moved by the days in which its clock stood still."""
        return None if self.due_on is None else suspensions.find_due_day(self.due_on, self.stays or ())


#: A subject, however it was read.
AnySubject = Subject | SubjectRow


def _rows_statement() -> Select[Any]:
    subject, process = Subject.__table__, Process.__table__
    item, deadline, recommendation = Evidence.__table__, Deadline.__table__, Recommendation.__table__
    report = Report.__table__
    committee, writer = Committee.__table__, Committee.__table__.alias("writer")
    return (
        select(
            *(process.c[name].label(f"process_{name}") for name in _OF_PROCESS),
            *(subject.c[name] for name in _OF_SUBJECT),
            func.coalesce(item.c.owner_id, deadline.c.owner_id).label("owner_id"),
            item.c.protection,
            deadline.c.due_on,
            deadline.c.stays,
            deadline.c.type,
            deadline.c.set_on,
            recommendation.c.issued_on,
            func.coalesce(committee.c.established_on, writer.c.established_on).label("established_on"),
        )
        .join_from(subject, process, process.c.id == subject.c.process_id)
        .outerjoin(item, item.c.id == subject.c.id)
        .outerjoin(deadline, deadline.c.id == subject.c.id)
        .outerjoin(recommendation, recommendation.c.id == subject.c.id)
        .outerjoin(committee, committee.c.id == subject.c.id)
        .outerjoin(report, report.c.id == subject.c.id)
        .outerjoin(writer, writer.c.id == report.c.committee_id)
        .where(subject.c.id.in_(bindparam("subjects", expanding=True)))
    )


_OF_PROCESS: Final = (
    "id",
    "publication",
    "lead_id",
    "calendar",
    "calendar_since",
    "evidence_policy",
    "reminders",
)
_OF_SUBJECT: Final = (
    *("id", "kind", "process_id", "version", "created_at", "created_by"),
    *("publication", "published_at", "withdrawn_at"),
)
_ROWS: Final = Prepared(_rows_statement())


def read_subjects(session: Session, subjects: Collection[str]) -> dict[str, SubjectRow]:
    """These subjects by their ids. Those of one process share it."""
    processes: dict[str, ProcessRow] = {}
    rows = {}
    for row in _ROWS.rows(core_connection(session), subjects=subjects):
        own, rest = row[: len(_OF_PROCESS)], row[len(_OF_PROCESS) :]
        rows[rest[0]] = SubjectRow(processes.setdefault(own[0], ProcessRow(*own)), *rest)
    return rows
