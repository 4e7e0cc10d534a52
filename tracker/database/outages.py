"""What a failure of the database, or of the disk, means to the caller: a refusal that says what to do.

The drivers are known by the marks that their errors carry, so that no driver has to be installed.
"""

from __future__ import annotations

import errno
import sqlite3
from typing import Final

from sqlalchemy.exc import TimeoutError as PoolTimeout

from tracker.domain.errors import Refusal
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import Busy, DiskFull, Unavailable

#: PostgreSQL: no lock in time; the statement took too long; a replica gave it up to follow.
_SLOW: Final = ("55P03", "57014", "40001")
#: The server is stopping, starts, or has no connection left.
_AWAY: Final = ("57P01", "57P02", "57P03", "57P05", "53300")
_FULL: Final = "53100"
#: A page of it, or of an index, cannot be read.
_DAMAGED: Final = ("XX001", "XX002")
#: It was set to be read only, or is a replica now.
_READ_ONLY: Final = "25006"
_SLOW_CODES: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT)
#: The file is no database any more, or a page of it cannot be read.
_DAMAGED_CODES: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
#: The file, or the disk under it, takes no more.
_LOST_CODES: Final = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PROTOCOL,
)
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)


def refusal_for(error: BaseException | None) -> Refusal | None:
    """The refusal that an error amounts to; None where it is an accident."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return _full()
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(getattr(error, "sqlite_errorcode", 0))
    if isinstance(error, PoolTimeout):
        return _slow()
    if type(error).__module__.partition(".")[0] == "psycopg":
        return _of_postgresql(error)
    return None


def _of_sqlite(extended: int) -> Refusal | None:
    code = extended & 0xFF
    if code in _SLOW_CODES:
        return _slow()
    if code == sqlite3.SQLITE_FULL or extended == sqlite3.SQLITE_IOERR_SHMSIZE:
        return _full()
    if code in _DAMAGED_CODES:
        return _damaged()
    if code == sqlite3.SQLITE_READONLY and extended != sqlite3.SQLITE_READONLY_DBMOVED:
        return _read_only()
    return _away() if code in _LOST_CODES else None


def is_connection_lost(error: BaseException | None) -> bool:
    """Whether a connection is of no use after this. One to SQLite that was opened while its file could be read only
    stays so when the file can be written again; the driver of PostgreSQL notices late that a server has gone."""
    return isinstance(refusal_for(error), Unavailable)


def _of_postgresql(error: BaseException | None) -> Refusal | None:
    state: str | None = getattr(error, "sqlstate", None)
    if state in _SLOW:
        return _slow()
    if state == _FULL:
        return _full()
    if state in _DAMAGED:
        return _damaged()
    if state == _READ_ONLY:
        return _read_only()
    families = {kind.__name__ for kind in type(error).__mro__}
    lost = state is None and families & {"OperationalError", "InterfaceError"}
    return _away() if lost or state in _AWAY or (state or "").startswith("08") else None


def _slow() -> Busy:
    return Busy(sentence("the database did not answer in time; nothing was recorded"), wait=5)


def _full() -> DiskFull:
    return DiskFull(sentence("nothing was recorded; the operators have to make room"))


def _damaged() -> Unavailable:
    return Unavailable(sentence("the database is damaged; the operators run `tracker check`"), wait=5)


def _read_only() -> Unavailable:
    return Unavailable(sentence("the database can only be read; nothing was recorded"), wait=5)


def _away() -> Unavailable:
    return Unavailable(sentence("the database does not answer"), wait=5)
