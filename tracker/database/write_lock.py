"""How the writers of one SQLite file take turns, for no longer than they have patience.

Threads of one server wait on a lock that wakes them. A lock on a file cannot be waited for until some moment, only
asked for again and again, so of each server one thread at a time does that: writers that all poll each other wait an
order of magnitude longer.

A server that has just written asks again at once, and would always be faster than another that polls. So there is one
place for who comes next, a lock on a second file: it is held while the first is waited for, and servers take turns.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import IO, Final

from tracker.database.file_modes import open_private
from tracker.domain.service_errors import Busy

#: Seconds. While one who waits sleeps, nobody writes; one thread of each server asks, 30 µs a time.
_POLL: Final = 0.0003


class Queue:
    """A process that waits to write. The file lock is let go of by the system when its holder dies."""

    def __init__(self, path: str, patience: float) -> None:
        self._path, self._next = Path(path), Path(f"{path}.next")
        self._patience, self._lock = patience, Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The right to write, for the length of the block; `Busy` where it is not had in time."""
        until = monotonic() + self._patience
        if not self._lock.acquire(timeout=self._patience):
            raise _refuse_busy()
        try:
            with self._open(self._path) as file:
                with self._open(self._next) as place:
                    _wait(place, until)
                    _wait(file, until)
                yield
        finally:
            self._lock.release()

    @staticmethod
    def _open(path: Path) -> IO[bytes]:
        return os.fdopen(open_private(path), "ab")


def _wait(file: IO[bytes], until: float) -> None:
    while not _try_lock(file):
        if monotonic() >= until:
            raise _refuse_busy()
        sleep(_POLL)


def _try_lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refuse_busy() -> Busy:
    return Busy("others were writing all the time; nothing was recorded", wait=5)
