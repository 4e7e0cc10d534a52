"""Sessions of the desk, and how often somebody tried to log in.

Of the secret in a browser's cookie there is a digest here: who holds the database cannot use it. Of a session there is
no address and no name of a browser. These rows are gone when a session ends or a day is over, and they leave no entry
on the audit trail, which would tell the minute at which somebody began to work.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.domain.sessions import LABEL, OPENED_BY
from tracker.store.base import Base, UtcInstant, check_one_of, check_prefix
from tracker.store.database import core_connection
from tracker.store.people import NAMED_COLUMNS, PEOPLE, PersonRow, digest_secret

SESSIONS: Final = Table(
    "session",
    Base.metadata,
    Column("id", String(30), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("person_id", String(30), ForeignKey("person.id"), nullable=False, index=True),
    Column("label", String(LABEL), nullable=True),
    Column("opened_by", String(16), nullable=False),
    Column("opened_at", UtcInstant(), nullable=False, index=True),
    Column("confirmed_at", UtcInstant(), nullable=False),
    Column("used_at", UtcInstant(), nullable=False, index=True),
    CheckConstraint(check_prefix("id", "session"), name="id_kind"),
    check_one_of("opened_by", OPENED_BY),
)
#: ``pair`` is a digest of whose password was tried and who tried it, made with a key that is not in the database.
TRIES: Final = Table(
    "login_try",
    Base.metadata,
    Column("pair", LargeBinary(32), primary_key=True),
    Column("failures", Integer(), nullable=False),
    Column("last_at", UtcInstant(), nullable=False, index=True),
)


class SessionRow(NamedTuple):
    """A session as a plain row."""

    id: str
    person_id: str
    label: str | None
    opened_by: str
    opened_at: datetime
    confirmed_at: datetime
    used_at: datetime


_COLUMNS: Final = tuple(SESSIONS.c[name] for name in SessionRow._fields)
_FIND: Final = Prepared(
    select(*NAMED_COLUMNS, *_COLUMNS)
    .join_from(PEOPLE, SESSIONS, SESSIONS.c.person_id == PEOPLE.c.id)
    .where(SESSIONS.c.digest == bindparam("digest"), PEOPLE.c.suspended_at.is_(None))
)
_HOLDER: Final = Prepared(select(SESSIONS.c.person_id).where(SESSIONS.c.digest == bindparam("digest")))
_LIST: Final = Prepared(
    select(*_COLUMNS)
    .where(SESSIONS.c.person_id == bindparam("person"))
    .order_by(SESSIONS.c.opened_at, SESSIONS.c.id)
)
_ADD: Final = Prepared(insert(SESSIONS))
_USE: Final = Prepared(
    update(SESSIONS).where(SESSIONS.c.id == bindparam("own")).values(used_at=bindparam("now"))
)
_END: Final = Prepared(
    delete(SESSIONS).where(SESSIONS.c.id == bindparam("own"), SESSIONS.c.person_id == bindparam("person"))
)
_END_ALL: Final = Prepared(
    delete(SESSIONS).where(SESSIONS.c.person_id == bindparam("person"), SESSIONS.c.id != bindparam("but"))
)
_SWEEP: Final = Prepared(
    delete(SESSIONS).where(
        or_(SESSIONS.c.used_at <= bindparam("unused_since"), SESSIONS.c.opened_at <= bindparam("opened"))
    )
)


def find_session(session: Session, secret: str) -> tuple[PersonRow, SessionRow] | None:
    """The session whose secret this is, with its person; None where there is none, or its person is suspended."""
    row = _FIND.first(core_connection(session), digest=digest_secret(secret))
    if row is None:
        return None
    return PersonRow(*row[: len(NAMED_COLUMNS)]), SessionRow(*row[len(NAMED_COLUMNS) :])


def add_session(session: Session, row: SessionRow, secret: str) -> None:
    _ADD.run(core_connection(session), **row._asdict(), digest=digest_secret(secret))


def list_sessions(session: Session, person: str) -> list[SessionRow]:
    """The sessions of somebody, the oldest first; those too that are over and not yet swept away."""
    return [SessionRow(*row) for row in _LIST.rows(core_connection(session), person=person)]


def note_use(session: Session, id: str, now: datetime) -> None:
    _USE.run(core_connection(session), own=id, now=now)


def end_session(session: Session, person: str, id: str) -> bool:
    """Whether there was one."""
    return _END.run(core_connection(session), own=id, person=person) == 1


def end_all_sessions(session: Session, person: str, but: str = "") -> None:
    """End every session of somebody ``but`` one."""
    _END_ALL.run(core_connection(session), person=person, but=but)


def sweep_sessions(session: Session, unused_since: datetime, opened: datetime) -> None:
    """Delete what was not used since one moment, or opened before another."""
    _SWEEP.run(core_connection(session), unused_since=unused_since, opened=opened)


_TRIED: Final = Prepared(select(TRIES).where(TRIES.c.pair == bindparam("of")))
_FORGET: Final = Prepared(delete(TRIES).where(TRIES.c.pair == bindparam("of")))
_COUNT: Final = Prepared(insert(TRIES))
_FORGET_OLD: Final = Prepared(delete(TRIES).where(TRIES.c.last_at <= bindparam("before")))
_NEWEST: Final = select(TRIES.c.last_at).order_by(TRIES.c.last_at.desc()).limit(1)


def find_tries(session: Session, pair: bytes) -> tuple[int, datetime] | None:
    """How often it failed, and when last."""
    row = _TRIED.first(core_connection(session), of=pair)
    return None if row is None else (row.failures, row.last_at)


def count_try(session: Session, pair: bytes, failures: int, now: datetime) -> None:
    forget_tries(session, pair)
    _COUNT.run(core_connection(session), pair=pair, failures=failures, last_at=now)


def forget_tries(session: Session, pair: bytes) -> None:
    _FORGET.run(core_connection(session), of=pair)


def sweep_tries(session: Session, before: datetime, most: int) -> None:
    """Delete what is older than this, and what is older than so many others."""
    connection = core_connection(session)
    _FORGET_OLD.run(connection, before=before)
    number: Any = connection.scalar(select(func.count()).select_from(TRIES))
    if number > most:
        _FORGET_OLD.run(connection, before=connection.scalar(_NEWEST.offset(most)))
