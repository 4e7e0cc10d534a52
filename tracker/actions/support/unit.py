"""The unit of work: one act, one transaction, one commit, and never a write without its audit entry.

This is the only file that commits. Rolling back is the default: what raises leaves the database as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.domain import ids
from tracker.domain.audit import VERBS
from tracker.domain.errors import NotPermitted, StaleEdit
from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.store import audit
from tracker.store.database import core_connection, leave_no_remains, open_connection, open_writer
from tracker.store.viewer import Viewer
from tracker.store.watchdogs import find_registration
from tracker.tlog.commitment import SALT_SIZE

Clock = Callable[[], datetime]
_OPEN, _WROTE, _AUDITED = "unit_open", "unit_wrote", "unit_audited"
_CHANGED, _ERASED, _HOOKS, _READ = "unit_changed", "unit_erased", "unit_hooks", "unit_read"


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
    def viewer(self) -> Viewer:
        """The actor, to look up what they act on."""
        return Viewer(self.session, self.by)

    @property
    def connection(self) -> Connection:
        """The transaction as the public side sees it, with all that was recorded so far."""
        return core_connection(self.session)

    def changed(self, what: str, things: Iterable[Hashable]) -> None:
        """Say that the hook of this name has to look at these things before the commit. Said twice, it looks once."""
        _note(self.session, what, things)

    def changes(self, what: str) -> Collection[Any]:
        """What was said so to have changed."""
        changed: dict[str, dict[Hashable, None]] = self.session.info.get(_CHANGED, {})
        return changed.get(what, {}).keys()

    @property
    def erases(self) -> bool:
        """Whether this act takes something away of which no file may keep a trace."""
        return bool(self.session.info.get(_ERASED))

    def new_id(self, kind: str) -> str:
        return ids.make_id(kind, self.entropy(ids.RANDOM_BYTES))

    def audit(self, verb: str, target: str, **detail: Any) -> None:
        """Write down who did what. ``detail`` takes codes and ids, never content.

        `ValueError` where nobody declared the verb: nobody could ask the trail for it.
        """
        if verb not in VERBS:
            raise ValueError(f"{verb} is no verb of the audit trail; declare it in tracker.domain.audit")
        audit.add_entry(
            open_connection(self.session),  # what is still being changed is not written yet
            at=self.now,
            person=self.by.id,
            verb=verb,
            target=target,
            detail=detail,
            salt=self.entropy(SALT_SIZE),
        )
        self.session.info[_AUDITED] = True

    def wrote(self, row: Any) -> None:
        """Say that a row was written that is no mapped object: it needs its audit entry as any other, and hooks look at
        what it concerns."""
        _note_written(self.session, row)


@dataclass(frozen=True, slots=True)
class Hook:
    """One kind of derived data, and how it keeps in step with the record: once in each unit, at its end.

    ``concerns`` says which thing has to be looked at because a row was written; an act may name more with
    `Unit.changed`. ``refresh`` gets all of them, in the order in which they were named first.
    """

    name: str
    refresh: Callable[[Unit, Collection[Any]], None]
    concerns: Callable[[Any], Hashable | None] | None = None


@contextmanager
def open_unit(
    session: Session,
    by: Actor,
    now: datetime | Clock,
    entropy: Callable[[int], bytes],
    *,
    whatever_standing: bool = False,
) -> Iterator[Unit]:
    """One act: commits when the block ends, undoes everything when it raises.

    ``now`` is the instant of the act, or a clock. A clock is read when the act has the right to write, and what it says
    is never before the act that was recorded last: the order of instants is the order of the log.

    Raises `StaleEdit` where somebody else changed a row after it was read, and `NotPermitted` where the organization
    for which somebody acts is suspended, unless the act is one that it may do ``whatever_standing`` it has.
    """
    with _take_turn(session, by, now, entropy, whatever_standing) as opened:
        yield opened
        refresh_derived_data(opened)
        session.commit()
        if opened.erases:
            leave_no_remains(session)


@contextmanager
def open_trial(
    session: Session,
    by: Actor,
    now: datetime | Clock,
    entropy: Callable[[int], bytes],
    *,
    whatever_standing: bool = False,
) -> Iterator[Unit]:
    """One act that is only tried: by the same rules and in its turn as in `open_unit`, and undone when the block ends.
    Nothing of it stays, in no table and no log."""
    with _take_turn(session, by, now, entropy, whatever_standing) as opened:
        try:
            yield opened
        finally:
            session.rollback()
            session.expunge_all()  # what is made next may get the same ids


@contextmanager
def _take_turn(
    session: Session,
    by: Actor,
    now: datetime | Clock,
    entropy: Callable[[int], bytes],
    whatever_standing: bool,
) -> Iterator[Unit]:
    if _HOOKS not in session.info:
        raise Unguarded("nothing keeps derived data in step with what this session writes")
    with open_writer(session):
        session.info[_OPEN] = True
        try:
            if not whatever_standing:
                require_standing(session, by)
            yield Unit(session, by, now if isinstance(now, datetime) else _read(now, session), entropy)
        except StaleDataError as error:
            raise StaleEdit(sentence("it was changed by somebody else in the meantime")) from error
        finally:
            for mark in (_OPEN, _WROTE, _AUDITED, _CHANGED, _ERASED, _READ):
                session.info.pop(mark, None)


def refresh_derived_data(unit: Unit) -> None:
    """Bring all that follows from the record into step with what was recorded so far."""
    unit.session.flush()
    for hook in _hooks(unit.session):
        hook.refresh(unit, unit.changes(hook.name))


def _read(clock: Clock, session: Session) -> datetime:
    last = audit.find_last_instant(core_connection(session))
    return clock() if last is None else max(clock(), last)


def require_standing(session: Session, by: Actor) -> None:
    """People of a watchdog that is suspended or withdrawn write nothing, in no role; what it said stays."""
    registration = find_registration(session, by.organization) if by.organization else None
    if registration not in (None, "registered"):
        raise NotPermitted(
            sentence(
                "the standing of your organization is %(registration)s; it writes nothing new",
                registration=registration,
            )
        )


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
    changed: dict[str, dict[Hashable, None]] = session.info.setdefault(_CHANGED, {})
    sizes = {name: len(things) for name, things in changed.items()}
    point = session.begin_nested()

    def undo() -> None:
        point.rollback()
        session.info.update(marks)
        session.info.pop(_READ, None)
        for name, things in changed.items():
            while len(things) > sizes.get(name, 0):
                things.popitem()  # the last that was named

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


def remembered(session: Session, what: str) -> dict[Any, Any]:
    """What was read in this unit under the name of a hook. It is forgotten once a row that concerns the hook is
    written; outside of a unit nothing is remembered."""
    if not session.info.get(_OPEN):
        return {}
    memory: dict[Any, Any] = session.info.setdefault(_READ, {}).setdefault(what, {})
    return memory


def guard_sessions(sessions: Any, hooks: Iterable[Hook]) -> None:
    """Make every session refuse a commit outside of a unit, a write without audit, and bulk DML; and run these hooks,
    in this order, at the end of every unit."""
    sessions.session_factory.configure(info={_HOOKS: tuple(hooks)})
    for name, check in (
        ("after_flush", _after_flush),
        ("before_commit", _before_commit),
        ("do_orm_execute", _do_orm_execute),
    ):
        if not event.contains(sessions, name, check):
            event.listen(sessions, name, check)


def _after_flush(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, audit.AuditEntry):
            session.info[_AUDITED] = True
        else:
            _note_written(session, row)


def _note_written(session: Session, row: Any) -> None:
    session.info[_WROTE] = True
    for hook in _hooks(session):
        if hook.concerns is not None and (thing := hook.concerns(row)) is not None:
            _note(session, hook.name, (thing,))


def _hooks(session: Session) -> tuple[Hook, ...]:
    hooks: tuple[Hook, ...] = session.info.get(_HOOKS, ())
    return hooks


def _note(session: Session, what: str, things: Iterable[Hashable]) -> None:
    session.info.get(_READ, {}).pop(what, None)
    named: dict[Hashable, None] = session.info.setdefault(_CHANGED, {}).setdefault(what, {})
    for thing in things:
        named.setdefault(thing)


def _before_commit(session: Session) -> None:
    session.flush()
    if not session.info.get(_OPEN):
        raise Unguarded("only a unit of work commits")
    if session.info.get(_WROTE) and not session.info.get(_AUDITED):
        raise Unguarded("a write without its audit entry")


def _do_orm_execute(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        raise Unguarded("bulk statements pass by the audit; load the rows and change them")
