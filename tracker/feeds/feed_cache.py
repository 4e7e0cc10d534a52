"""Feeds of a process: where it stands, the tag that follows from it, and the page that is built under that tag."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from sqlalchemy import Connection

from tracker.domain.errors import NotFound
from tracker.domain.sent_values import quote_value
from tracker.feeds.cache import Page
from tracker.http import http_cache
from tracker.public.driver_queries import Connections, Hot, Remembered
from tracker.public.export.forms import FORMS
from tracker.public.feeds import (
    atom,
    deadlines_calendar,
    entries,
    json_feed,
    process_head,
    status,
    streams,
    summary,
)
from tracker.public.feeds.process_head import Head, Heads
from tracker.public.replica import PublicReads


@dataclass(frozen=True)
class Wanted:
    """A page of a feed of a process as it stands; ``feed`` is how its address ends. ``before`` and ``page``, which say
    where it begins in a feed of changes and in that of the status, are None for the first page; ``language`` is None
    where none is asked for."""

    at: Head
    feed: str
    before: int | None = None
    page: str | None = None
    language: str | None = None

    @property
    def first(self) -> bool:
        return self.before is None and self.page is None

    @cached_property
    def key(self) -> str:
        return f"{self.at.process} {self._name}"

    @cached_property
    def _name(self) -> str:
        """Which of the pages of all feeds of its process it is."""
        spoken = self.feed if self.language is None else f"{self.feed}.{self.language}"
        return spoken if self.first else f"{spoken}.{self.before or self.page}"

    @cached_property
    def tag(self) -> str:
        """Known before anything is built: the bytes follow from the head, the day, the page, and what was signed."""
        at = self.at
        return f"{self._name}-{at.process[4:14]}-{at.seq}-{at.day}-{at.signed or 0}.{at.edition}"


def _write_status(connection: Connection, wanted: Wanted, base: str, now: datetime) -> bytes:
    return status.build_status_feed(connection, wanted.at, base, now, wanted.page)


def _write_json_feed(connection: Connection, wanted: Wanted, base: str, _now: datetime) -> bytes:
    stream = streams.follow_process(connection, wanted.at, wanted.language)
    page = entries.read_entries(connection, stream, wanted.before)
    return json_feed.write_json_feed(stream, page, base, wanted.before)


def _write_atom(connection: Connection, wanted: Wanted, base: str, _now: datetime) -> bytes:
    stream = streams.follow_process(connection, wanted.at, wanted.language)
    page = entries.read_entries(connection, stream, wanted.before)
    return atom.write_atom(stream, page, base, wanted.before)


def _write_summary(connection: Connection, wanted: Wanted, base: str, now: datetime) -> bytes:
    return summary.build_summary(connection, wanted.at, base, now)


def _write_calendar(connection: Connection, wanted: Wanted, base: str, now: datetime) -> bytes:
    return deadlines_calendar.write_calendar(connection, wanted.at, base, now, wanted.language)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that each process has: what writes a page of it, and which names are read in its query."""

    media_type: str
    write: Callable[[Connection, Wanted, str, datetime], bytes]
    reads: tuple[str, ...] = ()


#: The feeds of a process by the ends of their addresses.
FEEDS: Final = {
    "status.json": Feed("application/json", _write_status, ("page",)),
    "status.summary.json": Feed("application/json", _write_summary),
    "deadlines.ics": Feed(deadlines_calendar.MEDIA_TYPE, _write_calendar, ("lang",)),
    "changes.json": Feed(json_feed.MEDIA_TYPE, _write_json_feed, ("before", "lang")),
    "changes.atom": Feed(atom.MEDIA_TYPE, _write_atom, ("before", "lang")),
}


def _name_others(slug: str, own: str) -> str:
    """The other feeds of a process, and its exports, as a `Link` header."""
    others = {ending: feed.media_type for ending, feed in FEEDS.items() if ending != own}
    others |= {f"export.{ending}": form.media_type for ending, form in FORMS.items()}
    return ", ".join(
        f'</feeds/{slug}/{ending}>; rel="related"; type="{media_type.partition(";")[0]}"'
        for ending, media_type in others.items()
    )


class Held:
    """The feeds of one server."""

    def __init__(
        self, reads: PublicReads, connections: Connections, base_url: str, clock: Callable[[], datetime]
    ) -> None:
        self._base, self._clock = base_url, clock
        self._reads = reads
        self._head = Remembered(reads.primary, connections, process_head.HEAD)
        self._place = Hot.compiled(reads.primary, connections, process_head.PLACE_BEFORE)
        self._heads = Heads()
        self._firsts: dict[tuple[str, str, str | None], Wanted] = {}

    def head(self, slug: str) -> Head:
        """Where a process stands now. `NotFound`, or `Withdrawn` with the reason."""
        return self._read(self._head.first(slug=slug), slug, self._clock())

    def wanted(
        self, at: Head, feed: str, before: int | None, page: str | None = None, language: str | None = None
    ) -> Wanted:
        """The page that is meant of a process that stands so. Strangers choose no page: a place between two acts means
        the next act after it, and one behind the last act the first page."""
        if before is None or before > at.seq:
            if page is None:
                return self._find_first(at, feed, language)
            return Wanted(at, feed, page=page, language=language)
        row = self._place.first(process=at.process, before=before)
        place = 0 if row is None or row[0] is None else row[0]
        return Wanted(at, feed, place + 1, language=language)

    def _find_first(self, at: Head, feed: str, language: str | None) -> Wanted:
        """The first page, which nearly all ask for: the same until the head is another."""
        place = at.process, feed, language
        kept = self._firsts.get(place)
        if kept is None or kept.at is not at:
            kept = self._firsts[place] = Wanted(at, feed, language=language)
        return kept

    def build(self, wanted: Wanted) -> Page:
        """The page as of this head or, where something changed in the meantime, of a later one."""
        now = self._clock()
        with self.open_snapshot() as connection:
            at = self.read_head(connection, wanted.at.slug)
            built, feed = replace(wanted, at=at), FEEDS[wanted.feed]
            body = feed.write(connection, built, self._base, now)
        headers = (
            ("Cache-Control", http_cache.CACHED),
            ("Content-Type", feed.media_type),
            ("Link", _name_others(at.slug, wanted.feed)),
        )
        return Page(body, built.tag, headers)

    def open_snapshot(self) -> AbstractContextManager[Connection]:
        """All that is read through this is of one moment: the head, and what is built under its tag."""
        return self._reads.open_snapshot()

    def read_head(self, connection: Connection, slug: str) -> Head:
        """Where a process stands as this connection sees it."""
        row = connection.execute(process_head.HEAD, {"slug": slug}).first()
        return self._read(None if row is None else tuple(row), slug, self._clock())

    def _read(self, row: tuple[object, ...] | None, slug: str, now: datetime) -> Head:
        if row is None:
            raise NotFound(f"no process {quote_value(slug)} is public here")
        return self._heads.read(row, now)
