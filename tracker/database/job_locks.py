"""One run of a job at a time, over all threads, processes and machines that use one database.

The lock belongs to the process that runs the job, and to nobody once it is gone: the system lets go of a lock on a
file, and PostgreSQL of one of a connection that broke. So no clock decides whether a run still goes on.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, text

from tracker.database.file_modes import find_sqlite_file, open_private

#: Any constant serves; it tells these locks from the one on which writers queue.
_JOBS: Final = 1_784_229_105


@contextmanager
def hold_job(engine: Engine, name: str) -> Iterator[bool]:
    """Whether nobody else runs this job; until the block ends nobody else does."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection, _hold_key(connection, name) as acquired:
            yield acquired
        return
    path = find_sqlite_file(engine.url)
    if path is None:
        yield True
        return
    with _hold_file(path.with_name(f"{path.name}.jobs"), name) as acquired:
        yield acquired


@contextmanager
def _hold_key(connection: Connection, name: str) -> Iterator[bool]:
    connection.execution_options(isolation_level="AUTOCOMMIT")  # no transaction is open while the job runs
    keys = {"jobs": _JOBS, "job": int.from_bytes(sha256(name.encode()).digest()[:4], signed=True)}
    if not connection.scalar(text("SELECT pg_try_advisory_lock(:jobs, :job)"), keys):
        yield False
        return
    try:
        yield True
    finally:
        connection.execute(text("SELECT pg_advisory_unlock(:jobs, :job)"), keys)


@contextmanager
def _hold_file(folder: Path, name: str) -> Iterator[bool]:
    folder.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(open_private(folder / name), "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
