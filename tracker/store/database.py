"""The engine: how the record is opened on SQLite and on PostgreSQL, how writers take turns, and how long anybody waits.

One writer at a time, on both databases: the current status is read under the lock that orders the write,
so that no link of a history can be wrong. SQLite writers queue on a file lock before `BEGIN IMMEDIATE`
(`tracker.database.write_lock`); PostgreSQL writers take one advisory lock.

Nobody waits for ever: who gets no turn in time, and a statement that takes too long, end as `Busy`, with nothing done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic
from typing import Any, Final

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import Session

from tracker.database.database_file import FILE, DatabaseFile
from tracker.database.file_modes import find_sqlite_file, make_private
from tracker.database.outages import is_connection_lost, refusal_for
from tracker.database.patient_connections import connect_patiently, set_patience
from tracker.database.write_lock import QUEUE, Queue
from tracker.domain.service_errors import Busy
from tracker.store.base import Base

#: The one database handle: engine and sessions of the application. Models inherit `Base`, not `db.Model`.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

#: Any constant serves; it is the key of the PostgreSQL advisory lock that orders the writers.
_WRITERS: Final = 7_216_033_118
_writing: ContextVar[bool] = ContextVar("writing", default=False)

_PRAGMAS: Final = (
    "journal_mode = WAL",
    "foreign_keys = ON",
    "cache_size = -8000",  # kB of each connection, at most: an import changes more pages than the usual 2 MB hold
    "synchronous = FULL",  # an acknowledged act survives a power cut
    "secure_delete = ON",  # what is redacted leaves no bytes behind
    "wal_autocheckpoint = 16000",  # pages, 64 MB; a server does not let it come to that, see `write_back`
)
#: After how many steps of its machine SQLite asks whether to go on: a few times in a millisecond.
_STEPS: Final = 20_000
#: Milliseconds.
_SOON: Final = 1000
_UNTIL, _UNHURRIED = "tracker_until", "tracker_unhurried"
_OPENED: Final = "tracker_opened"


def prepare_engine(engine: Engine, patience: float) -> None:
    """Set an engine up for the record. ``patience``: seconds for a turn to write, and for one statement.

    Raises `NotPrivate` where others may read a SQLite database, `NotSQLite` where the file is none.
    """
    event.listen(engine, "handle_error", _on_error)
    if engine.dialect.name == "postgresql":
        event.listen(engine, "do_connect", connect_patiently(patience))
        event.listen(engine, "connect", _with_time_limit(patience))
        event.listen(engine, "checkin", lambda connection, _record: _be_patient(connection, patience))
        return
    path = find_sqlite_file(engine.url)
    if path is not None:
        make_private(path)
        file = DatabaseFile(path)
        engine.update_execution_options(**{QUEUE: Queue(f"{path}.lock", patience), FILE: file})
        event.listen(engine, "do_connect", lambda *_given: file.require_same())
        event.listen(engine, "checkout", lambda *_given: file.require_same())
        event.listen(engine, "engine_disposed", lambda _engine: file.forget())
    event.listen(engine, "connect", _on_connect(patience))
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "before_cursor_execute", _on_start(patience))
    event.listen(engine, "checkin", _on_checkin)


def _with_time_limit(patience: float) -> Any:
    def on_connect(connection: Any, _record: Any) -> None:
        milliseconds = int(patience * 1000)
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {milliseconds}; SET statement_timeout = {milliseconds}")
        connection.commit()

    return on_connect


def _be_patient(connection: Any, patience: float) -> None:
    if connection is not None:  # one that was lost comes back as nothing
        set_patience(connection, patience)


def _on_connect(patience: float) -> Any:
    def on_connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `_on_begin` does
        cursor = connection.cursor()
        for pragma in (f"busy_timeout = {int(patience * 1000)}", *_PRAGMAS):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        record.info[_UNTIL] = inf
        connection.set_progress_handler(lambda: monotonic() > record.info[_UNTIL], _STEPS)

    return on_connect


def _on_start(patience: float) -> Any:
    def before_cursor_execute(connection: Connection, *_statement: Any) -> None:
        info = connection.info
        info[_UNTIL] = inf if _UNHURRIED in info else monotonic() + patience

    return before_cursor_execute


def _on_checkin(_connection: Any, record: Any) -> None:
    record.info[_UNTIL] = inf
    record.info.pop(_UNHURRIED, None)


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def _on_error(context: ExceptionContext) -> None:
    refusal = refusal_for(context.original_exception)
    if is_connection_lost(context.original_exception):
        context.is_disconnect = True  # this one and those beside it are opened again
    if refusal is not None:
        raise refusal from context.original_exception


def without_time_limit(connection: Connection) -> None:
    """Let the statements of this transaction take as long as they take: a migration is waited for."""
    if connection.dialect.name == "postgresql":
        for limit in ("statement_timeout", "lock_timeout"):
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        set_patience(connection.connection.dbapi_connection, None)
    else:
        connection.info[_UNHURRIED] = True


@contextmanager
def open_writer(session: Session) -> Iterator[None]:
    """Hold the right to write for the length of the block. Ends with the transaction over, one way or the other.

    `Busy` where others do not let go of it in time.
    """
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
    session.rollback()  # a read before this must not keep an older view of the record
    engine = session.get_bind().engine
    if engine.dialect.name == "postgresql":
        try:
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
        except Busy:
            session.rollback()  # a caller who can do without the write goes on reading
            raise
        yield
        return
    queue: Queue | None = engine.get_execution_options().get(QUEUE)
    if queue is None:
        yield
        return
    with queue.turn():
        yield


def write_back(session: Session) -> None:
    """On SQLite: carry what was committed from the write-ahead log into the database, while others go on writing.
    Where nobody does this, each hundredth commit or so does it, and all who wait to write wait for that too."""
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        session.rollback()  # in a transaction SQLite refuses it
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def leave_no_remains(session: Session) -> None:
    """On SQLite: empty the write-ahead log, in which what was overwritten still stands. Readers of an older state put
    this off; then the next redaction, or the end of the last connection, does it. PostgreSQL has its own ways, which
    the operators' guide tells."""
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        session.rollback()
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
            # Writers wait while this waits for readers: not for as long as a package takes to be read.
            for pragma in (
                f"busy_timeout = {_SOON}",
                "wal_checkpoint(TRUNCATE)",
                f"busy_timeout = {patience}",
            ):
                cursor.execute(f"PRAGMA {pragma}").fetchall()
        finally:
            connection.close()


@contextmanager
def open_snapshot(engine: Engine) -> Iterator[Session]:
    """A session of its own that reads everything as it stood at its first statement, however long it takes.

    On SQLite a transaction in WAL mode reads so by itself.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with Session(connection) as session:
            yield session


@contextmanager
def hold_loaded(session: Session) -> Iterator[None]:
    """Keep what is loaded until the block ends: a session forgets what nobody holds, and many rows name the same
    things."""
    rows: list[Any] = []

    def hold(_session: Session, row: Any) -> None:
        rows.append(row)

    event.listen(session, "loaded_as_persistent", hold)
    try:
        yield
    finally:
        event.remove(session, "loaded_as_persistent", hold)


def core_connection(session: Session) -> Connection:
    """The transaction of a session for a statement that maps no rows, with all that was recorded so far.

    The session's own `execute` costs several times the look-up itself.
    """
    session.flush()
    return open_connection(session)


def open_connection(session: Session) -> Connection:
    """The same, where what is still to be recorded does not matter. A session has one for each of its transactions; to
    ask it costs as much as a look-up, so what it said is kept."""
    opened: tuple[Any, Connection] | None = session.info.get(_OPENED)
    transaction = session.get_transaction()
    if opened is not None and opened[0] is transaction:
        return opened[1]
    connection = session.connection()
    session.info[_OPENED] = (session.get_transaction(), connection)
    return connection
