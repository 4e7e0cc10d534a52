"""A small WSGI application in front of Flask: it answers what it has, and keeps what Flask answers to everybody.

Feeds, single documents, lists and counts of the public half go through one cache. A page is found by its address and
holds while no public act came and the quarter of an hour lasts: every day of every time zone begins with one. Of the
private half nothing is looked up and nothing is kept. While the database does not answer, what is held is handed out
for a while, and marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode

from tracker.domain.canonical import format_instant
from tracker.domain.errors import InvalidInput, NotFound, Refusal, Withdrawn
from tracker.domain.service_errors import Busy, DiskFull
from tracker.feeds import encoding, exports
from tracker.feeds.application import ask_application
from tracker.feeds.cache import Page, PageCache
from tracker.feeds.exports import Exports
from tracker.feeds.feed_cache import FEEDS, Held
from tracker.feeds.log import LogFiles
from tracker.feeds.public_documents import PREFIXES, PublicDocuments
from tracker.feeds.queries import read_document, read_place, read_query
from tracker.feeds.staleness import Staleness, mark_stale
from tracker.http import http_cache
from tracker.http.early_refusals import MethodNotAllowed, send_refusal
from tracker.http.environ import PUBLIC_HALF, Environ, StartResponse, Wsgi
from tracker.http.middleware import Route, Router
from tracker.languages.i18n import read_code
from tracker.public import queries
from tracker.public.content.allow_list import PLURALS
from tracker.public.driver_queries import Connections, Hot, Remembered
from tracker.public.replica import PublicReads

_FEED: Final = re.compile(rf"/feeds/([a-z0-9-]{{1,80}})/({'|'.join(map(re.escape, FEEDS))})", re.ASCII)
_DOCUMENT: Final = re.compile(
    rf"/v1/public/({'|'.join(PLURALS.values())})/([a-z]{{3}}_[0-9a-z]{{26}})", re.ASCII
)
_KINDS: Final = {plural: kind for kind, plural in PLURALS.items()}
_STATUS: Final[tuple[tuple[type[Refusal], int], ...]] = (
    (MethodNotAllowed, 405), (Withdrawn, 410), (Busy, 503), (InvalidInput, 422), (NotFound, 404), (DiskFull, 507),
)  # fmt: skip
#: A query with one of these can be asked in more ways than are worth keeping: what it costs has a place of its own.
_RARE: Final = (
    *("as_of=", "known_at=", "q=", "before=", "verification="),
    *("checkpoint=", "since=", "sections="),
)
#: Seconds in which no day begins anywhere.
_QUARTER: Final = 900
_OWN_PREFIXES: Final = (*PREFIXES, "/log/")
_READS: Final = ("GET", "HEAD")
#: What the public side as a whole is asked for; no process is called so.
_PUBLIC: Final = ""
_KEPT: Final = Route(public=True, json=True, cached=True)


class Front:
    """Answers what it can from finished bytes and hands the rest on."""

    def __init__(
        self,
        inner: Wsgi,
        reads: PublicReads,
        router: Router,
        base_url: str,
        clock: Callable[[], datetime],
        page_cache: int,
        security_contact: str | None = None,
    ) -> None:
        self._inner, self._router, self._clock = inner, router, clock
        engine = reads.primary
        connections = Connections(engine)
        self._held = Held(reads, connections, base_url, clock)
        self.exports = Exports(self._held, base_url, clock)
        self.documents = PublicDocuments(reads, base_url, security_contact, clock)
        self._document = Hot.compiled(engine, connections, queries.ONE)
        self._last_act = Remembered(engine, connections, queries.LAST_ACT)
        self._moment: tuple[int, int, int] = (0, 0, 0)
        self._staleness = Staleness(clock)
        # Strangers cannot multiply feeds. Lists they can, so they do not push out feeds; and days they can even more.
        self.feeds = PageCache(page_cache // 2, builds=2, waiting=64)
        self.pages = PageCache(page_cache * 3 // 8, builds=4, waiting=24)
        self.rare = PageCache(page_cache // 16, builds=1, waiting=8)
        self._log = LogFiles(engine, PageCache(page_cache // 16, builds=2, waiting=24))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        try:
            if path.startswith(_OWN_PREFIXES):
                environ[PUBLIC_HALF] = True
                if environ["REQUEST_METHOD"] not in _READS:
                    raise MethodNotAllowed("this is read with GET")
                door = self._log_file if path.startswith("/log/") else self._feed
                return door(environ, start_response, path)
            if environ["REQUEST_METHOD"] in _READS:
                key = _page_key(path, environ.get("QUERY_STRING", ""))
                route = None if key is None else self._route(path, key)
                if route is not None:
                    environ[PUBLIC_HALF] = route.public
                if key is not None and route is not None and route.json:
                    keep = route.cached and "HTTP_AUTHORIZATION" not in environ
                    return self._page(environ, start_response, key, keep=keep)
        except Refusal as refusal:
            status = next(status for kind, status in _STATUS if isinstance(refusal, kind))
            return send_refusal(environ, start_response, refusal, status)
        return self._inner(environ, start_response)

    def _route(self, path: str, key: str) -> Route | None:
        """What is reached, as the router says; of what is kept, and of a document, it is known."""
        return _KEPT if key in self.pages or _DOCUMENT.fullmatch(path) else self._router.find(path)

    def _page(
        self, environ: Environ, start_response: StartResponse, key: str, *, keep: bool
    ) -> Iterable[bytes]:
        stamp, age = self._staleness.ask(_PUBLIC, self._stamp)
        cache = self.rare if "?" in key and any(name in key for name in _RARE) else self.pages
        page = cache.get(key, stamp)
        if page is None:
            self._require_fresh(age)
            page = cache.page(key, stamp, lambda: self._build(environ), keep=keep)
        return _send_page(environ, start_response, cache, key, page, age)

    def _require_fresh(self, age: int | None) -> None:
        """Refuse what would have to be built while the database does not answer."""
        if age is not None:
            raise self._staleness.refusal()

    def _stamp(self) -> tuple[int, int, int]:
        """What every page follows from: the last public act and edition, and the quarter of an hour. When it moves,
        what was kept is forgotten: of what was redacted nothing stays here."""
        last, edition = self._last_act.first() or (0, 0)
        stamp = (last or 0, edition or 0, int(self._clock().timestamp()) // _QUARTER)
        if stamp != self._moment:
            self._moment = stamp
            self.pages.clear()
            self.rare.clear()
            self.exports.clear()
        return stamp

    def _build(self, environ: Environ) -> Page:
        match = _DOCUMENT.fullmatch(environ["PATH_INFO"])
        if match and not environ.get("QUERY_STRING"):
            page = self._finished(_KINDS[match[1]], match[2])
            if page is not None:
                return page
        return ask_application(self._inner, environ)

    def _finished(self, kind: str, thing: str) -> Page | None:
        """A finished document, where it is public and its computed part still holds."""
        row = self._document.first(thing=thing)
        document = (
            None if row is None else queries.find_current_document(row, kind, format_instant(self._clock()))
        )
        if document is None:
            return None
        headers = (("Cache-Control", http_cache.CACHED), ("Content-Type", "application/json"))
        return Page(document.body, document.etag, headers)

    def _log_file(self, environ: Environ, start_response: StartResponse, path: str) -> Iterable[bytes]:
        body, headers = self._log.read(path.removeprefix("/log/"))
        if http_cache.is_known_tag(environ.get("HTTP_IF_NONE_MATCH"), dict(headers)["ETag"].strip('"')):
            start_response("304 Not Modified", headers)
            return [b""]
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _feed(self, environ: Environ, start_response: StartResponse, path: str) -> Iterable[bytes]:
        match = _FEED.fullmatch(path)
        if match is None and exports.PATTERN.fullmatch(path):
            return self._export(environ, start_response, path)
        if match is None:
            return self._public_document(environ, start_response, path)
        slug, feed = match.groups()
        reads = FEEDS[feed].reads
        query = read_query(environ.get("QUERY_STRING", ""), reads)
        language = read_code(query.get("lang"))
        at, age = self._staleness.ask(slug, lambda: self._held.head(slug))
        before = read_place(query)
        if before is not None:  # only the first page is held; where another begins, the database is asked
            self._require_fresh(age)
        wanted = self._held.wanted(at, feed, before, read_document(query), language)
        cache = self.feeds if wanted.first else self.rare
        form = encoding.choose_encoding(environ.get("HTTP_ACCEPT_ENCODING"))
        tag = _form_tag(wanted.tag, form)
        if http_cache.is_known_tag(environ.get("HTTP_IF_NONE_MATCH"), tag):
            headers = [*http_cache.public_headers(tag), ("Vary", "Accept-Encoding"), *mark_stale(age)]
            start_response("304 Not Modified", headers)
            return [b""]
        built = cache.get(wanted.key, wanted.tag)
        if built is None:
            self._require_fresh(age)
            built = cache.page(wanted.key, wanted.tag, lambda: self._held.build(wanted), keep=wanted.first)
        return _send_page(environ, start_response, cache, wanted.key, built, age)

    def _export(self, environ: Environ, start_response: StartResponse, path: str) -> Iterable[bytes]:
        wanted = self.exports.find(path)
        headers = [*http_cache.public_headers(wanted.tag)]
        if http_cache.is_known_tag(environ.get("HTTP_IF_NONE_MATCH"), wanted.tag):
            start_response("304 Not Modified", headers)
            return [b""]
        if environ["REQUEST_METHOD"] == "HEAD":
            start_response("200 OK", [*headers, *exports.list_headers(wanted)])
            return [b""]
        export = self.exports.open(wanted)
        size = ("Content-Length", str(export.size))
        start_response(
            "200 OK", [*http_cache.public_headers(export.tag), *exports.list_headers(wanted), size]
        )
        return export.read_pieces()

    def _public_document(self, environ: Environ, start_response: StartResponse, path: str) -> Iterable[bytes]:
        stamp, age = self._staleness.ask(_PUBLIC, self._stamp)
        wanted = self.documents.find(path, environ.get("QUERY_STRING", ""), last=stamp[0])
        if wanted is None:
            raise NotFound("there is nothing at this address")
        cache = self.rare if wanted.rare else self.pages
        page = cache.get(wanted.key, stamp)
        if page is None:
            self._require_fresh(age)
            page = cache.page(wanted.key, stamp, lambda: self.documents.build(wanted))
        return _send_page(environ, start_response, cache, wanted.key, page, age)


def _send_page(
    environ: Environ, start_response: StartResponse, cache: PageCache, key: str, page: Page, age: int | None
) -> Iterable[bytes]:
    """A page in the form that the reader takes; 304 where the reader has it. ``age`` marks it as stale."""
    head, headers = environ["REQUEST_METHOD"] == "HEAD", [*page.headers, *mark_stale(age)]
    if page.tag is None:  # a refusal
        start_response(page.status, headers)
        return [b"" if head else page.body]
    form = encoding.choose_encoding(environ.get("HTTP_ACCEPT_ENCODING"))
    if len(page.body) < encoding.SMALL:
        form = encoding.IDENTITY
    tag = _form_tag(page.tag, form)
    headers += [("ETag", f'"{tag}"'), ("Vary", "Accept-Encoding")]
    if http_cache.is_known_tag(environ.get("HTTP_IF_NONE_MATCH"), tag):
        start_response("304 Not Modified", [one for one in headers if one[0] != "Content-Type"])
        return [b""]
    body = page.body
    if form != encoding.IDENTITY:
        body = cache.encoded(key, page, form)
        headers.append(("Content-Encoding", form))
    start_response(page.status, [*headers, ("Content-Length", str(len(body)))])
    return [b"" if head else body]


def _form_tag(tag: str, form: str) -> str:
    """Each form has a tag of its own."""
    return tag if form == encoding.IDENTITY else f"{tag}-{form}"


def _page_key(path: str, query: str) -> str | None:
    """An address, written in one way however it is asked for. None where the query cannot be read: it is refused."""
    if not query:
        return path
    try:
        asked = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=64)
    except ValueError:
        return None
    return f"{path}?{urlencode(sorted(asked))}"
