"""Files in a folder of this machine, written so that a power cut loses nothing that was acknowledged.

A stream goes to ``incoming/`` first; only when all of it is on the disk is it linked to its own name. The link fails
where the name is taken, so nothing is ever overwritten, and nobody sees half a file.

The folder stays the one that was there first. Where its disk is taken away, there is none, or an empty one of another
disk: what went there would be hidden when the disk is back, and what is destroyed would be back with it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tracker.domain.files import FileMissing, StorageFull, StorageUnavailable
from tracker.domain.sentences import sentence
from tracker.files.files import Files, Held, is_place, place
from tracker.files.intake import Intake

_CHUNK: Final = 1 << 18
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Folder(Files):
    """``root`` and all below it can be read by the account that runs the tracker only."""

    def __init__(self, root: Path, entropy: Callable[[int], bytes]) -> None:
        super().__init__(entropy)
        self._root = root
        self._incoming = root / "incoming"
        self._first: os.stat_result | None = None
        with suppress(StorageUnavailable):  # it is said when somebody needs it
            self._require_same()

    def _require_same(self) -> None:
        """`StorageUnavailable` where the folder is gone, or is another one."""
        try:
            status = self._root.stat()
        except FileNotFoundError:
            if self._first is not None:
                raise StorageUnavailable(sentence("the folder for files is not there")) from None
            return  # it is made with the first file
        except OSError as error:
            raise _refuse(error) from None
        if self._first is None:
            self._first = status
        elif not os.path.samestat(status, self._first):
            raise StorageUnavailable(sentence("another folder is in the place of the one for files"))

    def _write(self, key: str, intake: Intake) -> None:
        place_of_it = self._root / place(key)
        waiting = self._incoming / key
        self._require_same()
        with _disk():
            # The mode of `mkdir` is that of the last folder only: each of ours is made by itself.
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._require_same()
            self._incoming.mkdir(mode=0o700, exist_ok=True)
            place_of_it.parent.mkdir(mode=0o700, exist_ok=True)
            file = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            for chunk in intake:  # what the reader raises passes through as it is
                with _disk():
                    _write_all(file, chunk)
            with _disk():
                os.fsync(file)
                os.link(waiting, place_of_it)
        finally:
            os.close(file)
            with _disk():
                waiting.unlink()
        with _disk():
            try:
                for directory in (place_of_it.parent, self._root):
                    _settle(directory)
            except OSError:
                place_of_it.unlink()
                raise

    def open(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        size = self.size(key)
        return self._read(self._root / place(key), start, size if stop is None else min(stop, size))

    def _read(self, path: Path, start: int, end: int) -> Iterator[bytes]:
        with _disk(looking=True):
            file = path.open("rb", buffering=0)
        with file:
            file.seek(start)
            while start < end:
                with _disk():
                    chunk = file.read(min(_CHUNK, end - start))
                if not chunk:
                    return
                start += len(chunk)
                yield chunk

    def size(self, key: str) -> int:
        self._require_same()
        with _disk(looking=True):
            status = (self._root / place(key)).lstat()
        if not stat.S_ISREG(status.st_mode):
            raise FileMissing(sentence("there is no such file"))
        return status.st_size

    def delete(self, key: str) -> None:
        path = self._root / place(key)
        self._require_same()
        with _disk(), suppress(FileNotFoundError):
            path.unlink()
            _settle(path.parent)

    def held(self) -> Iterator[Held]:
        for directory in sorted(self._root.glob("??")):
            for path in sorted(directory.glob("*")):
                if is_place(path.relative_to(self._root).as_posix()):
                    with suppress(FileNotFoundError):  # deleted while we look
                        status = path.lstat()
                        yield Held(path.name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

    def sweep_unfinished(self, before: datetime) -> int:
        swept = 0
        for path in sorted(self._incoming.glob("*")):
            with _disk(), suppress(FileNotFoundError):
                if path.lstat().st_mtime < before.timestamp():
                    path.unlink()
                    swept += 1
        return swept


def _write_all(file: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(file, rest) :]


def _settle(directory: Path) -> None:
    """Bring the names in a directory to the disk: a file that is safe under a name that is not is lost."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _disk(*, looking: bool = False) -> Iterator[None]:
    """Turn what the disk says into our own refusals; its text holds paths, so none of it is passed on."""
    try:
        yield
    except OSError as error:
        if looking and isinstance(error, FileNotFoundError):
            raise FileMissing(sentence("there is no such file")) from None
        raise _refuse(error) from None


def _refuse(error: OSError) -> StorageFull | StorageUnavailable:
    if error.errno in _FULL:
        return StorageFull(sentence("the disk for files is full"))
    return StorageUnavailable(
        sentence("the disk for files says %(code)s", code=errno.errorcode.get(error.errno or 0))
    )
