"""How the writers of one SQLite file take turns, for no longer than they have patience.

Threads of one server stand in a line. The one that has written hands the right to the first of it: a lock that is only
let go of is taken again by the thread that runs, and one that carries out queued work would keep all others from
writing. A lock on a file cannot be waited for until some moment, only asked for again and again, so of each server one
thread at a time does that: writers that all poll each other wait an order of magnitude longer.

A server that has just written asks again at once, and would always be faster than another that polls. So there is one
place for who comes next, a lock on a second file: it is held while the first is waited for, and servers take turns.

A server that has its turn lets all write who stood in its line when the turn began, at most so many. Each writer waits
for no more others than it would in one line of all servers; and what one has read of the database is still in memory
for the next, where a turn of another server makes all of that void. They leave together: of the threads of a process
one runs at a time, and what each still has to do can be done while another server writes.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from threading import Event, Lock
from time import monotonic, sleep
from typing import IO, Final

from tracker.database.file_modes import open_private
from tracker.database.outages import refusal_for
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import Busy, Unavailable

#: Seconds. While one who waits sleeps, nobody writes; but asking three times as often gained nothing that was measured.
_POLL: Final = 0.001
#: How many threads of a server write in a row, at most, while other servers wait.
_IN_A_ROW: Final = 8
#: Seconds that one who has written waits for those who write after it in the same turn, at most: an act may take long.
_TOGETHER: Final = 0.05
#: Bytes of the number of turns; and seconds after which a process looks whether the file is still the same.
_COUNT: Final = 8
_LOOK_AGAIN: Final = 1.0
#: Under which name an engine carries its queue, where its database has one.
QUEUE: Final = "tracker_queue"


class Line:
    """A lock that threads get in the order in which they asked for it."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def acquire(self, patience: float) -> bool:
        """Whether the lock was had within so many seconds."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            called = Lock()
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=max(patience, 0)):
            return True
        with self._mutex:
            if called in self._waiting:
                self._waiting.remove(called)
                return False
        return True  # it was handed over in this moment

    def count_waiting(self) -> int:
        with self._mutex:
            return len(self._waiting)

    def release(self, before: Callable[[bool], None] = lambda _waited: None) -> None:
        """Hand the lock to the next thread. ``before`` is told whether there is one, and nobody comes or goes
        meanwhile."""
        with self._mutex:
            try:
                before(bool(self._waiting))
            finally:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._taken = False


class _OpenFile:
    """A file that is closed when no thread reads it any more."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.close(self.number)


class Turns:
    """How many turns to write were begun and ended on a database: a number in the file that writers lock.

    To read it costs a tenth of what it costs to ask the database whether anything was written. It is odd while somebody
    writes, and stays odd where a writer was killed, until the next one ends.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opening = Lock()
        self._file: _OpenFile | None = None
        self._looked = -inf

    def read(self) -> int | None:
        """The number of this moment; None while somebody writes, and where the file cannot be read."""
        now = monotonic()
        if now - self._looked > _LOOK_AGAIN:
            self._look()
            self._looked = now
        count = self._read()
        return None if count is None or count % 2 else count

    @contextmanager
    def count_one(self) -> Iterator[None]:
        """Count a turn. The caller holds the lock."""
        self._look()
        count = self._read() or 0
        begun = count + 1 + count % 2
        self._write(begun)
        try:
            yield
        finally:
            self._write(begun + 1)

    def _read(self) -> int | None:
        file = self._file
        written = b"" if file is None else os.pread(file.number, _COUNT, 0)
        return int.from_bytes(written, "little") if len(written) == _COUNT else None

    def _write(self, count: int) -> None:
        if self._file is not None:
            os.pwrite(self._file.number, count.to_bytes(_COUNT, "little"), 0)

    def _look(self) -> None:
        """Open the file that is there now: somebody may have put another in its place."""
        with suppress(OSError), self._opening:
            if self._file is not None and os.path.samestat(os.fstat(self._file.number), self._path.stat()):
                return
            self._file = None
            self._file = _OpenFile(open_private(self._path, os.O_RDWR))
            if self._read() is None:  # it begins anywhere: no two files say the same
                self._write(2 * secrets.randbits(60))


class Queue:
    """A process that waits to write. The file lock is let go of by the system when its holder dies."""

    def __init__(self, path: str, patience: float) -> None:
        self._path, self._next = Path(path), Path(f"{path}.next")
        self._patience, self._line = patience, Line()
        self._file: IO[bytes] | None = None
        self._left = 0
        self._over = Event()
        self.turns = Turns(self._path)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The right to write, for the length of the block; `Busy` where it is not had in time."""
        until = monotonic() + self._patience
        if not self._line.acquire(self._patience):
            raise _refuse_busy()
        try:
            if self._file is None:
                self._file = self._take_file(until)
                self._left = min(1 + self._line.count_waiting(), _IN_A_ROW)
                self._over = Event()
            with self.turns.count_one():
                yield
        finally:
            self._left -= 1
            over = self._over
            self._line.release(self._leave_file)
        over.wait(_TOGETHER)

    def _take_file(self, until: float) -> IO[bytes]:
        file = self._open(self._path)
        try:
            with self._open(self._next) as place:
                _wait(place, until)
                _wait(file, until)
        except BaseException:
            file.close()
            raise
        return file

    def _leave_file(self, waited: bool) -> None:
        """Let other servers write, unless somebody waits here whose turn it is, too."""
        if self._file is not None and not (waited and self._left > 0):
            file, self._file = self._file, None
            file.close()
            self._over.set()

    @staticmethod
    def _open(path: Path) -> IO[bytes]:
        try:
            return os.fdopen(open_private(path), "ab")
        except OSError as error:
            raise refusal_for(error) or _refuse_without_lock() from None


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


def _refuse_without_lock() -> Unavailable:
    return Unavailable(sentence("the file on which writers of the database queue cannot be opened"), wait=5)


def _refuse_busy() -> Busy:
    return Busy(sentence("others were writing all the time; nothing was recorded"), wait=5)
