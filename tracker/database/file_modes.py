"""Files for their owner alone, whatever umask the process has: those of a SQLite database, and those that hold secrets.

SQLite gives the write-ahead log and the shared memory the mode of the database file, so it is enough to make that one.
"""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url

PRIVATE: Final = 0o600
#: What each file of SQLite begins with.
_MAGIC: Final = b"SQLite format 3\0"
#: What lies beside the database: the log and the index of SQLite, and the lock on which writers queue.
_BESIDE: Final = ("", "-wal", "-shm", "-journal", ".lock", ".lock.next")


class NoDatabase(Exception):
    """The file of a SQLite database is not there."""


class NotPrivate(Exception):
    """Others may read the database; the message holds the command that mends it."""


class NotSQLite(Exception):
    """The file that is named holds something else. Its mode is not ours to mend."""


def make_absolute(url: str) -> URL:
    """The address of a database, with the path of a SQLite file seen from the current folder."""
    made = make_url(url)
    path = find_sqlite_file(made)
    return made if path is None else made.set(database=str(path.absolute()))


def find_sqlite_file(url: URL) -> Path | None:
    """Where a SQLite database lies; None for one in memory, and on PostgreSQL."""
    path = url.database
    if url.get_backend_name() != "sqlite" or not path or path == ":memory:" or path.startswith("file:"):
        return None
    return Path(path)


def make_private(path: Path) -> None:
    """Make the file of a new database. Raises `NotPrivate` where others may read one that is there, or the files beside
    it: a lock that others may open they may also hold for ever. Raises `NotSQLite` for any other file."""
    if path.is_file() and _read_magic(path) not in (b"", _MAGIC):
        raise NotSQLite(f"this is no SQLite database: {path}")
    if path.parent.is_dir():
        os.close(open_private(path))
    loose = [str(file) for end in _BESIDE if _is_loose(file := path.with_name(path.name + end))]
    if loose:
        raise NotPrivate(f"others may read the database; run: chmod 600 {shlex.join(loose)}")


def open_private(path: Path, how: int = os.O_WRONLY | os.O_APPEND) -> int:
    """A file that is opened, to append to where nothing else is said, and made for its owner alone where it is not
    there."""
    return os.open(path, how | os.O_CREAT | os.O_CLOEXEC, PRIVATE)


def write_private(path: Path, content: str) -> None:
    """Write a file durably, and whole or not at all: a reader meanwhile reads the old one."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(
        os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w", encoding="utf-8"
    ) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)  # where a crash undoes this, the old one is there, whole, and behind


def list_pending(path: Path) -> list[Path]:
    """The files beside a SQLite database with which SQLite would change it when it is opened next."""
    beside = (path.with_name(path.name + end) for end in ("-wal", "-journal"))
    return [one for one in beside if one.exists() and one.stat().st_size]


def find_unwritable(path: Path) -> Path | None:
    """What keeps a SQLite database from being written: its folder, its file, one beside it; None where nothing does."""
    if not os.access(path.parent, os.W_OK):
        return path.parent
    files = (path.with_name(path.name + end) for end in _BESIDE)
    return next((one for one in files if one.exists() and not _is_writable(one)), None)


def _is_writable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.W_OK)


def _is_loose(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return stat.S_ISREG(mode) and bool(mode & 0o077)


def _read_magic(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_MAGIC))
