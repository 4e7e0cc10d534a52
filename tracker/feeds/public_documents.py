"""Finished documents that follow from all that is public: feeds of changes that are of no single process, badges, and
the page that other sites put in a frame.

They go through the cache of the public half: built once for each public act, by one for everybody who waits.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Connection

from tracker.feeds.cache import Page
from tracker.feeds.queries import read_place, read_query
from tracker.http import http_cache
from tracker.languages.i18n import read_code
from tracker.public.feeds import atom, badges, discovery, embed, entries, json_feed, streams
from tracker.public.feeds.streams import Stream
from tracker.public.replica import PublicReads


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the parts of the path, and those of the query that are read; ``base`` stands before paths,
    ``contact`` is whom to tell of a weakness."""

    parts: Mapping[str, str]
    query: Mapping[str, str]
    base: str
    contact: str | None
    now: datetime

    @property
    def language(self) -> str | None:
        """The language that is asked for; None where none is. `InvalidInput` where it has no texts."""
        return read_code(self.query.get("lang"))


@dataclass(frozen=True, slots=True)
class Kind:
    """Documents whose addresses look alike. ``reads`` are the names that are read in their queries."""

    pattern: re.Pattern[str]
    media_type: str
    write: Callable[[Connection, Asked], bytes]
    reads: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is asked for, and the one way to write its address."""

    kind: Kind
    asked: Asked
    key: str

    @property
    def rare(self) -> bool:
        """Whether it can be asked for in more ways than are worth keeping."""
        return not self.asked.query.keys() <= {"lang"}


_ID: Final = "rec_[0-9a-z]{26}"
_SLUG: Final = "[a-z0-9-]{1,80}"
_SUBJECT: Final = "[a-z0-9_-]{1,80}"


def _changes_of(
    follow: Callable[[Connection, Asked], Stream],
) -> dict[str, Callable[[Connection, Asked], bytes]]:
    """The forms of a feed of changes, by the ending of its address."""

    def write_json(connection: Connection, asked: Asked) -> bytes:
        stream, before = follow(connection, asked), read_place(asked.query)
        page = entries.read_entries(connection, stream, before)
        return json_feed.write_json_feed(stream, page, asked.base, before)

    def write_atom(connection: Connection, asked: Asked) -> bytes:
        stream, before = follow(connection, asked), read_place(asked.query)
        page = entries.read_entries(connection, stream, before)
        return atom.write_atom(stream, page, asked.base, before)

    return {"json": write_json, "atom": write_atom}


_STREAMS: Final[dict[str, Callable[[Connection, Asked], Stream]]] = {
    "/feeds/changes": lambda _connection, asked: streams.follow_all(asked.language),
    f"/feeds/organizations/(?P<slug>{_SLUG})/changes": lambda connection, asked: streams.follow_organization(
        connection, asked.parts["slug"], asked.language
    ),
    f"/feeds/recommendations/(?P<id>{_ID})/changes": lambda connection, asked: streams.follow_recommendation(
        connection, asked.parts["id"], asked.now, asked.language
    ),
    "/feeds/search": lambda connection, asked: streams.follow_search(
        connection, asked.query.get("q", ""), asked.language
    ),
}


def _make_badge(connection: Connection, asked: Asked) -> badges.Badge:
    assessor = asked.query.get("assessor")
    return badges.make_badge(connection, asked.parts["subject"], assessor, asked.now, asked.language)


_FORMS: Final = {"json": json_feed.MEDIA_TYPE, "atom": atom.MEDIA_TYPE}
_CHANGES: Final = tuple(
    Kind(
        re.compile(rf"{address}\.{form}", re.ASCII),
        _FORMS[form],
        write,
        ("q", "before", "lang") if address.endswith("search") else ("before", "lang"),
    )
    for address, follow in _STREAMS.items()
    for form, write in _changes_of(follow).items()
)

KINDS: Final = (
    *_CHANGES,
    Kind(
        re.compile(rf"/badges/(?P<subject>{_SUBJECT})\.svg", re.ASCII),
        badges.SVG,
        lambda connection, asked: badges.write_svg(_make_badge(connection, asked)),
        ("assessor", "lang"),
    ),
    Kind(
        re.compile(rf"/badges/(?P<subject>{_SUBJECT})\.json", re.ASCII),
        badges.SHIELDS,
        lambda connection, asked: badges.write_shields(_make_badge(connection, asked)),
        ("assessor", "lang"),
    ),
    Kind(
        re.compile(f"/embed/(?P<subject>{_SUBJECT})", re.ASCII),
        embed.HTML,
        lambda connection, asked: embed.write_embed(
            connection, asked.parts["subject"], asked.base, asked.now, asked.language
        ),
        ("lang",),
        headers=(("Content-Security-Policy", embed.POLICY),),
    ),
    Kind(
        re.compile("/oembed", re.ASCII),
        embed.JSON,
        lambda connection, asked: embed.write_oembed(connection, asked.query, asked.base),
        ("url", "format", "maxwidth", "maxheight"),
    ),
    Kind(
        re.compile(r"/v1/dataset\.jsonld", re.ASCII),
        discovery.JSON_LD,
        lambda connection, asked: discovery.write_dataset(connection, asked.base),
    ),
    Kind(
        re.compile(r"/sitemap\.xml", re.ASCII),
        discovery.XML,
        lambda connection, asked: discovery.write_sitemap(connection, asked.base),
    ),
    Kind(
        re.compile(r"/robots\.txt", re.ASCII),
        discovery.TEXT,
        lambda _connection, asked: discovery.write_robots(asked.base),
    ),
    Kind(
        re.compile(r"/\.well-known/api-catalog", re.ASCII),
        discovery.LINKSET,
        lambda _connection, asked: discovery.write_api_catalogue(asked.base),
    ),
    Kind(
        re.compile(r"/\.well-known/security\.txt", re.ASCII),
        discovery.TEXT,
        lambda _connection, asked: discovery.write_security(asked.contact, asked.base, asked.now),
    ),
)
#: How the addresses of all that this module answers begin.
PREFIXES: Final = (
    *("/feeds/", "/badges/", "/embed/", "/oembed"),
    *("/v1/dataset.jsonld", "/sitemap.xml", "/robots.txt", "/.well-known/"),
)


class PublicDocuments:
    """The public documents of one server that are of no single process."""

    def __init__(
        self, reads: PublicReads, base_url: str, contact: str | None, clock: Callable[[], datetime]
    ) -> None:
        self._reads, self._base, self.contact, self._clock = reads, base_url, contact, clock

    def find(self, path: str, query: str, last: int) -> Wanted | None:
        """What is at this address; None where nothing is. What else stands in the query was added by others. A place
        behind the ``last`` public act means the first page: strangers choose none that there is not."""
        for kind in KINDS:
            match = kind.pattern.fullmatch(path)
            if match is not None:
                read = read_query(query, kind.reads)
                if (read_place(read) or 0) > last:
                    del read["before"]
                key = f"{path}?{urlencode(sorted(read.items()))}" if read else path
                return Wanted(
                    kind, Asked(match.groupdict(), read, self._base, self.contact, self._clock()), key
                )
        return None

    def build(self, wanted: Wanted) -> Page:
        """The document. Its tag follows from its bytes."""
        with self._reads.connect() as connection:
            body = wanted.kind.write(connection, wanted.asked)
        cached = (("Cache-Control", http_cache.CACHED), ("Content-Type", wanted.kind.media_type))
        headers = (*cached, *wanted.kind.headers)
        return Page(body, hashlib.sha256(body).hexdigest()[:32], headers)
