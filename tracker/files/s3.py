"""Files in an S3-compatible store. Needs the extra ``s3``; credentials come from the environment (``AWS_…``).

A file of one part is put with *create only*. obstore can do the same for larger ones only by holding them in memory
whole, so they go up in parts, after a look whether the key is free; that it stays free, its 160 random bits see to.
What the last part did not complete, nobody sees; obstore takes the parts back when a reader fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from tracker.domain.files import FileMissing, StorageUnavailable
from tracker.domain.sentences import sentence
from tracker.files.files import Files, Held, is_place, place
from tracker.files.intake import Intake
from tracker.logging import make_logger

#: The number of an answer, in what the library says.
_STATUS: Final = re.compile(r"status code: (\d{3})")

#: S3 takes at most 10,000 parts: files of up to 50 GB. Two parts are in flight.
PART: Final = 5 << 20
_IN_FLIGHT: Final = 2
_PIECE: Final = 4 << 20
#: So many bytes are sent in a moment over any line.
_SMALL: Final = 64 << 10
#: For how long a store may say nothing: usually, and to a writer who is still sending it a part.
PATIENCE: Final = timedelta(seconds=5)
_PART_SENT: Final = timedelta(minutes=1)


class S3(Files):
    """``endpoint``: where another store than Amazon's answers. ``http://`` is for one on this machine. ``patience``:
    for how long a store may say nothing. Each who waits holds a thread of the server meanwhile."""

    def __init__(
        self,
        bucket: str,
        prefix: str,
        entropy: Callable[[int], bytes],
        *,
        endpoint: str | None,
        region: str,
        patience: timedelta = PATIENCE,
    ) -> None:
        super().__init__(entropy)
        where = {"region": region} | ({"endpoint": endpoint} if endpoint else {})

        def open_store(silent: timedelta, tried: timedelta) -> S3Store:
            return S3Store(
                bucket,
                prefix=prefix or None,
                config=where,  # type: ignore[arg-type]  # a TypedDict of some fifty keys
                client_options={
                    "allow_http": bool(endpoint and endpoint.startswith("http://")),
                    "connect_timeout": min(silent, PATIENCE),
                    "read_timeout": silent,
                    "timeout": timedelta(minutes=5),
                },
                retry_config={"max_retries": 3, "retry_timeout": tried},
            )

        self._store = open_store(_PART_SENT, timedelta(seconds=30))
        self._quick = open_store(patience, patience)

    def _write(self, key: str, intake: Intake) -> None:
        stream = iter(intake)
        first = bytearray()
        for chunk in stream:
            first += chunk
            if len(first) > PART:
                break
        with _store():
            if len(first) <= PART:
                store = self._quick if len(first) <= _SMALL else self._store
                obstore.put(store, place(key), bytes(first), mode="create")
            else:
                self._must_be_free(key)
                obstore.put(
                    self._store,
                    place(key),
                    chain([bytes(first)], stream),
                    use_multipart=True,
                    chunk_size=PART,
                    max_concurrency=_IN_FLIGHT,
                )

    def _must_be_free(self, key: str) -> None:
        with suppress(FileNotFoundError):
            obstore.head(self._quick, place(key))
            raise StorageUnavailable(
                sentence("a key was drawn twice: look after the randomness of this machine")
            )

    def open(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        size = self.size(key)
        return self._read(place(key), start, size if stop is None else min(stop, size))

    def _read(self, path: str, start: int, end: int) -> Iterator[bytes]:
        """Piece by piece, each with a request of its own: a slow reader holds no connection until it times out."""
        for at in range(start, end, _PIECE):
            with _store(looking=True):
                piece = obstore.get_range(self._quick, path, start=at, end=min(at + _PIECE, end))
            yield bytes(piece)

    def size(self, key: str) -> int:
        with _store(looking=True):
            return obstore.head(self._quick, place(key))["size"]

    def delete(self, key: str) -> None:
        with _store():
            obstore.delete(self._quick, place(key))

    def held(self) -> Iterator[Held]:
        with _store():
            for page in obstore.list(self._quick):
                for listed in page:
                    if is_place(listed["path"]):
                        yield Held(listed["path"].rpartition("/")[2], listed["size"], listed["last_modified"])

    def sweep_unfinished(self, before: datetime) -> int:  # noqa: ARG002  # the rule of the bucket does it
        return 0


@contextmanager
def _store(*, looking: bool = False) -> Iterator[None]:
    """Turn what the library says into our own refusals; its text holds addresses, so none of it is passed on."""
    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        if looking and isinstance(error, FileNotFoundError):
            raise FileMissing(sentence("there is no such file")) from None
        status = _STATUS.search(str(error))
        make_logger("warning").warning(
            "files", refused=type(error).__name__, status=int(status[1]) if status else None
        )
        raise StorageUnavailable(sentence("the store of files does not answer as it should")) from None
