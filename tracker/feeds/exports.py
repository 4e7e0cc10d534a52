"""Exports: written into a file that has no name, at most one at a time, and sent from there in pieces.

So neither a large record nor a slow reader takes memory or a connection of the database. The last few are kept until
what they say changes.
"""

from __future__ import annotations

import os
import re
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from threading import BoundedSemaphore, Lock
from typing import Final

from tracker.domain.errors import NotFound
from tracker.domain.service_errors import Busy
from tracker.feeds.cache import PATIENCE
from tracker.feeds.feed_cache import Held, Wanted
from tracker.public.export.forms import FORMS, write_export

PATTERN: Final = re.compile(
    rf"/feeds/([a-z0-9-]{{1,80}})/export\.({'|'.join(map(re.escape, FORMS))})", re.ASCII
)
#: How many exports are kept, and up to how many bytes one is.
_KEPT: Final = 8
_MOST_KEPT: Final = 16_000_000
_PIECE: Final = 65_536


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Export:
    """A finished export in an open file, ``number``, which is closed when nobody holds the export any more."""

    tag: str
    number: int
    size: int

    def read_pieces(self) -> Iterator[bytes]:
        """Its bytes; any number of readers at once."""
        for place in range(0, self.size, _PIECE):
            yield os.pread(self.number, _PIECE, place)


def list_headers(wanted: Wanted) -> list[tuple[str, str]]:
    """What an export is, and what it is called where it is saved."""
    _, form = wanted.feed.split(".", 1)
    name = f"{wanted.at.slug}-{wanted.feed}"
    return [
        ("Content-Type", FORMS[form].media_type),
        ("Content-Disposition", f'attachment; filename="{name}"'),
    ]


class Exports:
    """The exports of one server."""

    def __init__(self, file: Held, base_url: str, clock: Callable[[], datetime]) -> None:
        self._held, self._base, self._clock = file, base_url, clock
        self._kept: OrderedDict[str, Export] = OrderedDict()
        self.place, self._lock = BoundedSemaphore(1), Lock()

    def find(self, path: str) -> Wanted:
        """The export at an address, with the tag that it will have. `NotFound`, or `Withdrawn` with the reason."""
        match = PATTERN.fullmatch(path)
        if match is None:
            raise NotFound("there is no such export")
        return Wanted(self._held.head(match[1]), f"export.{match[2]}")

    def open(self, wanted: Wanted) -> Export:
        """The export as of this head or, where something changed in the meantime, of a later one. `Busy` where others
        are being written."""
        if not self.place.acquire(timeout=PATIENCE):
            raise Busy("another export is being written", wait=5)
        try:
            with self._lock:
                kept = self._kept.get(wanted.key)
            return kept if kept is not None and kept.tag == wanted.tag else self._write(wanted)
        finally:
            self.place.release()

    def _write(self, wanted: Wanted) -> Export:
        with tempfile.TemporaryFile() as file, self._held.open_snapshot() as connection:
            built = replace(wanted, at=self._held.read_head(connection, wanted.at.slug))
            form = wanted.feed.removeprefix("export.")
            write_export(connection, built.at, form, self._base, self._clock(), file)
            file.flush()
            export = Export(built.tag, os.dup(file.fileno()), file.seek(0, os.SEEK_END))
        weakref.finalize(export, os.close, export.number)
        with self._lock:
            self._kept.pop(wanted.key, None)
            if export.size <= _MOST_KEPT:
                self._kept[wanted.key] = export
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return export

    def clear(self) -> None:
        """Forget what is kept."""
        with self._lock:
            self._kept.clear()
