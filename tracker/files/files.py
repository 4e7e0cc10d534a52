"""The one interface behind which bytes lie, whatever keeps them."""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tracker.domain.files import FileMissing
from tracker.domain.sentences import sentence
from tracker.files.intake import Intake

#: 160 random bits: it tells nothing, cannot be guessed, and never falls on another.
KEY_BYTES: Final = 20
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_KEY: Final = re.compile(rf"[{_ALPHABET}]{{32}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stored:
    """What `put` kept: the key to find it by (never shown), bytes, SHA-256 in hexadecimal."""

    key: str = field(repr=False)
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Held:
    """One file that the store holds. `modified` is the store's own clock, in UTC."""

    key: str = field(repr=False)
    size: int
    modified: datetime


def place(key: str) -> str:
    """Where a key lies, below the root of a store. What is no key (`..`, a path, NUL) is a missing file."""
    if not _KEY.fullmatch(key):
        raise FileMissing(sentence("there is no such file"))
    return f"{key[:2]}/{key}"


def is_place(path: str) -> bool:
    """Is this a path that `place` makes? What else lies in the store is not ours to list."""
    key = path.rpartition("/")[2]
    return _KEY.fullmatch(key) is not None and path == place(key)


class Files(ABC):
    """Bytes by random key. Never overwritten: a key is written once, and read or deleted afterwards."""

    def __init__(self, entropy: Callable[[int], bytes]) -> None:
        self._entropy = entropy

    def put(self, chunks: Iterable[bytes], limit: int, sha256: str | None = None) -> Stored:
        """Keep a stream of at most ``limit`` bytes, durably, and say what it was.

        ``sha256``: what the sender announced, in hexadecimal. Refusals: `FileTooLarge`, `DigestMismatch`,
        `StorageFull`, `StorageUnavailable`. Whatever ends the stream early, an exception of the reader included,
        leaves nothing to be seen.
        """
        number = int.from_bytes(self._entropy(KEY_BYTES), "big")
        key = "".join(_ALPHABET[(number >> (5 * digit)) & 31] for digit in range(32))
        intake = Intake(chunks, limit, sha256)
        self._write(key, intake)
        return Stored(key, intake.size, intake.sha256)

    def keep(self, key: str, chunks: Iterable[bytes], size: int, sha256: str) -> None:
        """Keep bytes under the key that they have elsewhere: a backup, or what comes back from one. Refusals as in
        `put`; `DigestMismatch` where they are not those that the record names."""
        place(key)
        self._write(key, Intake(chunks, size, sha256))

    def digest(self, key: str) -> str:
        """SHA-256 of the bytes as they lie there now, in hexadecimal: the fixity check."""
        hashed = hashlib.sha256()
        for chunk in self.open(key):
            hashed.update(chunk)
        return hashed.hexdigest()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    @abstractmethod
    def _write(self, key: str, intake: Intake) -> None:
        """Make the whole intake visible under the key, or nothing."""

    @abstractmethod
    def open(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``stop``, in chunks. `FileMissing` is raised at once, not midway."""

    @abstractmethod
    def size(self, key: str) -> int:
        """Bytes. Refusals: `FileMissing`, `StorageUnavailable`."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Remove the bytes. To delete what is not there is no error: the end is the same."""

    @abstractmethod
    def held(self) -> Iterator[Held]:
        """Everything that is kept, so that a sweep finds what no record names. Look at its age first: a file is
        kept before the act that names it has been committed."""

    @abstractmethod
    def sweep_unfinished(self, before: datetime) -> int:
        """Throw away what uploads left behind that were cut off before then. How many they were."""
