"""The engine: how the record is opened on SQLite and on PostgreSQL, and how writers take turns.

One writer at a time, on both databases: the current status is read under the lock that orders the write,
so that no link of a history can be wrong. SQLite writers queue on a file lock before `BEGIN IMMEDIATE`
(writers that poll each other wait an order of magnitude longer); PostgreSQL writers take one advisory lock.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from tracker.store.base import Base

#: The one database handle: engine and sessions of the application. Models inherit `Base`, not `db.Model`.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

#: Any constant serves; it is the key of the PostgreSQL advisory lock that orders the writers.
_WRITERS: Final = 7_216_033_118
_writing: ContextVar[bool] = ContextVar("writing", default=False)

_PRAGMAS: Final = (
    "busy_timeout = 30000",
    "journal_mode = WAL",
    "foreign_keys = ON",
    "synchronous = FULL",  # an acknowledged act survives a power cut
    "secure_delete = ON",  # what is redacted leaves no bytes behind
)


def prepare(engine: Engine) -> None:
    """Set an engine up for the record. PostgreSQL needs nothing."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_on_begin` does
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def writer(session: Session) -> Iterator[None]:
    """Hold the right to write for the length of the block. Ends with the transaction over, one way or the other."""
    token = _writing.set(True)
    try:
        with _turn(session):
            try:
                yield
            finally:
                session.rollback()  # nothing to do after a commit; everything to undo without one
    finally:
        _writing.reset(token)


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    engine = session.get_bind()
    session.rollback()  # a read before this must not keep an older view of the record
    if engine.dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
        yield
        return
    path = make_url(str(engine.engine.url)).database
    if not path or path == ":memory:":
        yield
        return
    with Path(f"{path}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A session of its own that reads everything as it stood at its first statement, however long it takes.

    On SQLite a transaction in WAL mode reads so by itself.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with Session(connection) as session:
            yield session


def core(session: Session) -> Connection:
    """The transaction of a session for a statement that maps no rows, with all that was recorded so far.

    The session's own `execute` costs several times the look-up itself.
    """
    session.flush()
    return session.connection()
