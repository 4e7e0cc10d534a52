"""Feeds, held in memory: built once per change and day, in every form a reader may ask for, and then copied.

Nothing is written: what is held follows from the public side.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

import brotli  # type: ignore[import-untyped]  # it ships no types
import zstandard
from sqlalchemy import Engine

from tracker.domain.errors import NotFound
from tracker.public import feeds
from tracker.public.driver_queries import Hot
from tracker.public.feeds import Head, Heads

#: How many feeds are held at once; each takes its size and about a third of it again.
HELD: Final = 512

Key = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Built:
    """The bytes of a feed in every encoding, and the tag they were built under."""

    tag: str
    encoded: Mapping[str, bytes]


class Held:
    """The feeds of one server."""

    def __init__(self, engine: Engine, base_url: str, clock: Callable[[], datetime]) -> None:
        self._base, self._clock = base_url, clock
        # The head and what is built under its tag come from one moment; SQLite does so by itself.
        postgres = engine.dialect.name == "postgresql"
        self._engine = engine.execution_options(isolation_level="REPEATABLE READ") if postgres else engine
        self._head = Hot.compiled(engine, feeds.HEAD)
        self._heads = Heads()
        self._built: OrderedDict[Key, Built] = OrderedDict()
        self._lock = Lock()

    def head(self, slug: str) -> Head:
        """Where a process stands now. `NotFound`, or `Withdrawn` with the reason."""
        return self._read(self._head.first(slug=slug), slug, self._clock())

    def feed(self, at: Head, feed: str, before: int | None) -> Built:
        """The feed as of this head or, where something changed in the meantime, of a later one."""
        key = (at.process, feed, before)
        held = self._built.get(key)
        if held is None or held.tag != tag(at, feed, before):
            held = self._build(at.slug, feed, before)
            with self._lock:
                self._built[key] = held
                while len(self._built) > HELD:
                    self._built.popitem(last=False)
        return held

    def _build(self, slug: str, feed: str, before: int | None) -> Built:
        now = self._clock()
        with self._engine.connect() as connection:
            row = connection.execute(feeds.HEAD, {"slug": slug}).first()
            at = self._read(None if row is None else tuple(row), slug, now)
            body = (
                feeds.build_status_feed(connection, at, self._base, now)
                if feed == "status"
                else feeds.build_changes_feed(connection, at, self._base, before)
            )
        return Built(tag(at, feed, before), _encoded(body))

    def _read(self, row: tuple[object, ...] | None, slug: str, now: datetime) -> Head:
        if row is None:
            raise NotFound(f"no process {slug} is public here")
        return self._heads.read(row, now)


def tag(at: Head, feed: str, before: int | None) -> str:
    """A strong tag that is known before anything is built: the bytes follow from the head, the day, the page, and what
    was signed by then."""
    page = feed if before is None else f"{feed}.{before}"
    return f"{page}-{at.process[4:14]}-{at.seq}-{at.day}-{at.signed or 0}"


def _encoded(body: bytes) -> dict[str, bytes]:
    """Every form the feed is served in. The same bytes in always give the same bytes out: the tag depends on it."""
    return {
        "identity": body,
        "gzip": gzip.compress(body, 6, mtime=0),
        "br": brotli.compress(body, quality=5),
        "zstd": zstandard.ZstdCompressor(level=6).compress(body),
    }
