"""The unit of work: one act, one transaction, one commit, and never a write without its audit entry.

This is the only file that commits. Rolling back is the default: what raises leaves the database as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.actions.support import record_index, record_search, work_queue
from tracker.database import full_text
from tracker.domain import ids
from tracker.domain.errors import StaleEdit
from tracker.domain.people import Actor
from tracker.public import log
from tracker.public.tables import search as public_search
from tracker.store import audit
from tracker.store.audit import AuditEntry
from tracker.store.database import core_connection, leave_no_remains, open_writer
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.record_search import INDEX
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject
from tracker.tlog.commitment import SALT_SIZE

_OPEN, _WROTE, _AUDITED = "unit_open", "unit_wrote", "unit_audited"
_TOUCHED, _ASSESSED, _MOVED, _ERASED = "unit_touched", "unit_assessed", "unit_moved", "unit_erased"


class Unguarded(RuntimeError):
    """A programming error: something tried to write around the unit of work."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The open transaction of one act. ``entropy(n)`` gives n random bytes."""

    session: Session
    by: Actor
    now: datetime
    entropy: Callable[[int], bytes]

    @property
    def connection(self) -> Connection:
        """The transaction as the public side sees it, with all that was recorded so far."""
        return core_connection(self.session)

    def new_id(self, kind: str) -> str:
        return ids.make_id(kind, self.entropy(ids.RANDOM_BYTES))

    def audit(self, verb: str, target: str, **detail: Any) -> None:
        """Write down who did what. ``detail`` takes codes and ids, never content."""
        self.session.add(
            AuditEntry(
                at=self.now,
                person_id=self.by.id,
                verb=verb,
                target_id=target,
                detail=detail,
                salt=self.entropy(SALT_SIZE),
            )
        )


@contextmanager
def open_unit(session: Session, by: Actor, now: datetime, entropy: Callable[[int], bytes]) -> Iterator[Unit]:
    """One act: commits when the block ends, undoes everything when it raises.

    Raises `StaleEdit` where somebody else changed a row after it was read.
    """
    with open_writer(session):
        session.info[_OPEN] = True
        try:
            yield Unit(session, by, now, entropy)
            session.flush()
            touched = session.info.pop(_TOUCHED, set())
            record_search.refresh_search(session, touched)
            record_index.refresh_index(session, touched | session.info.pop(_ASSESSED, set()))
            work_queue.refresh_queue(session, session.info.pop(_MOVED, set()), now)
            erasing_now = session.info.pop(_ERASED, False)
            if erasing_now:  # after the last word was taken from an index, else the index keeps it
                for index in (INDEX, public_search):
                    full_text.forget_dropped(core_connection(session), index)
            audit.extend_log(core_connection(session))
            log.extend_log(core_connection(session))
            session.commit()
            if erasing_now:
                leave_no_remains(session)
        except StaleDataError as error:
            raise StaleEdit("it was changed by somebody else in the meantime") from error
        finally:
            for mark in (_OPEN, _WROTE, _AUDITED, _TOUCHED, _ASSESSED, _MOVED, _ERASED):
                session.info.pop(mark, None)


@contextmanager
def open_view(session: Session, by: Actor, now: datetime, entropy: Callable[[int], bytes]) -> Iterator[Unit]:
    """One view of both sides, to look at for as long as it takes: nothing is written, and no writer waits."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield Unit(session, by, now, entropy)
    finally:
        session.rollback()


@contextmanager
def open_part(unit: Unit) -> Iterator[Callable[[], None]]:
    """A part of an act that can be undone by itself: when it raises, or by calling what is yielded, as its last step.

    What is undone leaves no trace: no row, no audit entry, no public act, nothing that a search would find.
    """
    session = unit.session
    session.flush()
    marks = {mark: session.info.get(mark) for mark in (_WROTE, _AUDITED)}
    things = {mark: set(session.info.get(mark, ())) for mark in (_TOUCHED, _MOVED)}
    point = session.begin_nested()

    def undo() -> None:
        point.rollback()
        session.info.update({**marks, **things})

    try:
        yield undo
        if point.is_active:
            point.commit()
    except BaseException:
        undo()
        raise


def mark_erasing(session: Session) -> None:
    """What this act takes away must be in no file of the database either, once it is committed."""
    session.info[_ERASED] = True


def guard_sessions(sessions: Any) -> None:
    """Make every session refuse a commit outside of a unit, a write without audit, and bulk DML."""
    for name, check in (
        ("after_flush", _after_flush),
        ("before_commit", _before_commit),
        ("do_orm_execute", _do_orm_execute),
    ):
        if not event.contains(sessions, name, check):
            event.listen(sessions, name, check)


def _after_flush(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        session.info[_AUDITED if isinstance(row, AuditEntry) else _WROTE] = True
        if isinstance(
            row, (Process, Organization, Subject)
        ):  # adding or removing a part is an edit of the whole
            session.info.setdefault(_TOUCHED, set()).add(row.id)
        if isinstance(row, StatusChange) and row.track == "verification":  # lists find evidence by it
            session.info.setdefault(_ASSESSED, set()).add(row.subject_id)
        if (thing := work_queue.find_moved(row)) is not None:
            session.info.setdefault(_MOVED, set()).add(thing)


def _before_commit(session: Session) -> None:
    session.flush()
    if not session.info.get(_OPEN):
        raise Unguarded("only a unit of work commits")
    if session.info.get(_WROTE) and not session.info.get(_AUDITED):
        raise Unguarded("a write without its audit entry")


def _do_orm_execute(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        raise Unguarded("bulk statements pass by the audit; load the rows and change them")
