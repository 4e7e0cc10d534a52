"""What somebody sees of the working record: a watchdog its own, the desk all that is not sealed, of the processes that
it works on; the rest is not there.

An organization belongs to no process: every desk reads it and keeps it, and so it does the registration of watchdogs.

Callers who may neither read nor keep the record must not learn from a refusal what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from tracker.domain import ids, publication
from tracker.domain.people import Actor
from tracker.domain.protection import PARTNER, SEALED
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.people import Person
from tracker.store.processes import Process
from tracker.store.protection import Share
from tracker.store.releases import Release
from tracker.store.statuses import StatusChange
from tracker.store.subject_rows import SubjectRow
from tracker.store.subjects import Subject
from tracker.store.watchdogs import Watchdog
from tracker.store.work_queue import OpenWork

_ITEMS = Evidence.__table__
_SUBJECTS = Subject.__table__.c
#: What belongs to no process.
_COMMON = (Organization, Watchdog)
_SEALED = select(_ITEMS.c.id).where(_ITEMS.c.protection == SEALED)
_SHARED = (Evidence.protection == PARTNER) & (Evidence.publication != publication.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader of the record. A request has one, and so has an act (`Call.viewer`, `Unit.viewer`)."""

    session: Session
    by: Actor

    def select(self, model: type[Any]) -> Select[Any]:
        """The rows of a table that they may read."""
        return self.narrow(select(model), model)

    def narrow(self, query: Select[Any], model: type[Any], *, settles: bool = False) -> Select[Any]:
        """The same of a query. What is sealed is there for custodians alone, not for its submitter either. ``settles``
        asks for the status changes that they may decide or retract by a key that reads nothing."""
        query = self.within(self._without_sealed(query, model), model)
        if self.by.may("record.read") or (settles and self.by.is_desk):
            return query
        if model is Evidence:
            return query.where(Evidence.owner_id == self.by.organization)
        if model not in (StatusChange, OpenWork):
            return query.where(false())
        answers = and_(model.assessor_id == self.by.organization, *_own_answers(self.by, model))
        return query.where(answers | (StatusChange.proposed_by == self.by.id) if settles else answers)

    def within(self, query: Select[Any], model: type[Any]) -> Select[Any]:
        """A query on a table without what belongs to processes that they do not work on."""
        if self.by.processes is None or model in _COMMON:
            return query
        if model is Process:
            return query.where(Process.id.in_(self.by.processes))
        if model is Release:
            things = self.select_subjects(), self.within(select(Process.id), Process), select(Organization.id)
            return query.where(or_(*(Release.thing_id.in_(some) for some in things)))
        if hasattr(model, "process_id"):
            return query.where(model.process_id.in_(self.by.processes))
        return query.where(model.subject_id.in_(self.select_subjects()))

    def select_subjects(self) -> Select[str]:
        """The subjects of the processes that they work on, by their ids."""
        return self.within(select(_SUBJECTS.id), Subject)

    def select_shared(self) -> Select[Any]:
        """The evidence that was shared with their organization, whatever else they may read."""
        given = select(Share.evidence_id).where(Share.organization_id == self.by.organization)
        return self._without_sealed(select(Evidence), Evidence).where(_SHARED, Evidence.id.in_(given))

    def _without_sealed(self, query: Select[Any], model: type[Any]) -> Select[Any]:
        if self.by.may("evidence.unseal"):
            return query
        if model is Evidence:
            return query.where(Evidence.protection != SEALED)
        if model in (StatusChange, OpenWork, Release):
            about = model.thing_id if model is Release else model.subject_id
            return query.where(~_SEALED.where(_ITEMS.c.id == about).exists())
        return query

    def is_barred_from(self, row: Any) -> bool:
        """Whether a row is sealed from them, or of a process that they do not work on."""
        if not self.by.works_on(find_process(row)):
            return True
        item = isinstance(row, (Evidence, SubjectRow))
        return item and row.protection == SEALED and not self.by.may("evidence.unseal")

    def knows(self, row: Any) -> bool:
        """Whether they may know that there is such a thing: to name it, not to read it."""
        if self.is_barred_from(row):
            return False
        if self.by.is_desk or row.published_at is not None:
            return True
        return ids.kind_of(row.id) == "evidence" and bool(row.owner_id == self.by.organization)


def find_process(row: Any) -> str | None:
    """The process that a thing belongs to; a process is its own."""
    if ids.kind_of(row.id) == "process":
        return str(row.id)
    process: str | None = getattr(row, "process_id", None)
    return process


def select_owned(actor: Actor) -> Select[Any]:
    """The items of the organization that somebody speaks for, by their ids."""
    return select(_ITEMS.c.id).where(_ITEMS.c.owner_id == actor.organization)


def _own_answers(actor: Actor, model: type[Any]) -> Iterator[ColumnElement[bool]]:
    """Which of an organization's answers are its own: none on an item that is another's. Where it leads the process the
    desk answers in its name; of that it reads what is public, and what its own people proposed."""
    ours = _ITEMS.c.owner_id.is_not_distinct_from(actor.organization)
    yield ~select(_ITEMS.c.id).where(_ITEMS.c.id == model.subject_id, ~ours).exists()
    leads = select(Process.id).where(Process.id == model.process_id, Process.lead_id == actor.organization)
    things = Subject.__table__.c
    published = select(things.id).where(things.id == model.subject_id, things.published_at.is_not(None))
    shown: ColumnElement[bool] = published.exists()
    if model is StatusChange:
        colleagues = select(Person.id).where(Person.organization_id == actor.organization)
        shown = (shown & StatusChange.number.is_not(None)) | StatusChange.proposed_by.in_(colleagues)
    else:
        shown = shown | (OpenWork.reader == actor.id) | (OpenWork.kind == "question")
    # Of an authority, too, the desk records what it says. A watchdog's verdicts are its own, if others record them.
    yield shown if actor.may("answers.give") else ~leads.exists() | shown
