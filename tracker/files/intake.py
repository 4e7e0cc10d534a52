"""A stream on its way in: counted, hashed and limited while it passes, never held whole."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator

from tracker.domain.files import DigestMismatch, FileTooLarge
from tracker.domain.sentences import sentence


class Intake:
    """Iterate once; afterwards ``size`` and ``sha256`` say what passed.

    It raises in the place of the last chunk, so the writer never sees the end of a stream that is refused.
    """

    def __init__(self, chunks: Iterable[bytes], limit: int, announced: str | None = None) -> None:
        self._chunks = chunks
        self._limit = limit
        self._announced = announced
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._limit:
                raise FileTooLarge(sentence("at most %(limit)s bytes are taken in", limit=self._limit))
            self._hash.update(chunk)
            yield chunk
        if self._announced is not None and not hmac.compare_digest(
            self.sha256.encode(), self._announced.lower().encode()
        ):
            raise DigestMismatch(sentence("the SHA-256 of what arrived is not the one that was announced"))
