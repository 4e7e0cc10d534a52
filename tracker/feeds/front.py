"""A small WSGI application in front of Flask, for what most readers ask: feeds, and single public documents.

It compares a tag and answers 304 or finished bytes. Everything else, and every question with a parameter to a
document, it hands on; what it answers itself, Flask would answer with the same bytes and headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from sqlalchemy import Engine

from tracker.domain.errors import Busy, NotFound, Redacted, Refusal, Withdrawn
from tracker.feeds.feed_cache import Held, tag
from tracker.feeds.log import LogFiles
from tracker.http import http_cache
from tracker.public import queries
from tracker.public.content.shapes import PLURALS
from tracker.public.driver_queries import Hot
from tracker.public.events import encode_json, format_instant

StartResponse = Callable[..., Any]
Environ = dict[str, Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

_FEED: Final = re.compile(r"/feeds/([a-z0-9-]{1,80})/(status|changes)\.json", re.ASCII)
_DOCUMENT: Final = re.compile(
    rf"/v1/public/({'|'.join(PLURALS.values())})/([a-z]{{3}}_[0-9a-z]{{26}})", re.ASCII
)
_KINDS: Final = {plural: kind for kind, plural in PLURALS.items()}
_TYPES: Final = {"status": "application/json", "changes": "application/feed+json"}
_TITLES: Final = {
    404: "Not Found",
    405: "Method Not Allowed",
    410: "Gone",
    422: "Unprocessable Content",
    503: "Service Unavailable",
}


class Front:
    """Answers what it can from finished bytes and hands the rest on."""

    def __init__(self, inner: Wsgi, engine: Engine, base_url: str, clock: Callable[[], datetime]) -> None:
        self._inner, self._clock = inner, clock
        self._held = Held(engine, base_url, clock)
        self._log = LogFiles(engine)
        self._document = Hot.compiled(engine, queries.ONE)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/feeds/"):
            return self._feed(environ, start_response, path)
        if path.startswith("/log/"):
            return self._log_file(environ, start_response, path.removeprefix("/log/"))
        match = _DOCUMENT.fullmatch(path)
        if match and environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING"):
            return self._finished(environ, start_response, _KINDS[match[1]], match[2])
        return self._inner(environ, start_response)

    def _finished(
        self, environ: Environ, start_response: StartResponse, kind: str, thing: str
    ) -> Iterable[bytes]:
        """A finished document, where it is public and its computed part still holds."""
        row = self._document.first(thing=thing)
        found = (
            None if row is None else queries.find_current_document(row, kind, format_instant(self._clock()))
        )
        if found is None:
            return self._inner(environ, start_response)
        headers = http_cache.public_headers(found.etag)
        if http_cache.is_known_tag(environ.get("HTTP_IF_NONE_MATCH"), found.etag):
            start_response("304 Not Modified", headers)
            return [b""]
        length = ("Content-Length", str(len(found.body)))
        start_response("200 OK", [*headers, ("Content-Type", "application/json"), length])
        return [found.body]

    def _log_file(self, environ: Environ, start_response: StartResponse, path: str) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _no(environ, start_response, 405, "method-not-allowed", "the log is read with GET")
        if environ.get("QUERY_STRING"):
            return _no(environ, start_response, 422, "invalid-input", "a file of the log takes no parameters")
        try:
            body, headers = self._log.read(path)
        except NotFound as refusal:
            return _no(environ, start_response, 404, refusal.code, refusal.detail)
        if http_cache.is_known_tag(environ.get("HTTP_IF_NONE_MATCH"), dict(headers)["ETag"].strip('"')):
            start_response("304 Not Modified", headers)
            return [b""]
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _feed(self, environ: Environ, start_response: StartResponse, path: str) -> Iterable[bytes]:
        match = _FEED.fullmatch(path)
        if match is None:
            return _no(environ, start_response, 404, "not-found", "there is no such feed")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _no(environ, start_response, 405, "method-not-allowed", "feeds are read with GET")
        slug, feed = match.groups()
        before, good = _before(environ.get("QUERY_STRING", ""), feed)
        if not good:
            detail = "before must be a number; nothing else is asked here"
            return _no(environ, start_response, 422, "invalid-input", detail)
        try:
            return self._read(environ, start_response, slug, feed, before)
        except Refusal as refusal:
            status = {Withdrawn: 410, Redacted: 410, Busy: 503}.get(type(refusal), 404)
            return _no(environ, start_response, status, refusal.code, refusal.detail, refusal.wait)

    def _read(
        self, environ: Environ, start_response: StartResponse, slug: str, feed: str, before: int | None
    ) -> Iterable[bytes]:
        at = self._held.head(slug)
        encoding = _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        own = f"{tag(at, feed, before)}-{encoding}"
        if http_cache.is_known_tag(environ.get("HTTP_IF_NONE_MATCH"), own):
            start_response("304 Not Modified", [*http_cache.public_headers(own), ("Vary", "Accept-Encoding")])
            return [b""]
        built = self._held.feed(at, feed, before)
        body = built.encoded[encoding]
        headers = [
            *http_cache.public_headers(f"{built.tag}-{encoding}"),
            ("Vary", "Accept-Encoding"),
            ("Content-Type", _TYPES[feed]),
            ("Content-Length", str(len(body))),
        ]
        if encoding != "identity":
            headers.append(("Content-Encoding", encoding))
        start_response("200 OK", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def _no(
    environ: Environ,
    start_response: StartResponse,
    status: int,
    code: str,
    detail: str,
    wait: int | None = None,
) -> Iterable[bytes]:
    problem = {
        "type": f"/problems/{code}",
        "title": _TITLES[status],
        "status": status,
        "detail": detail,
    }
    body = encode_json(
        {**problem, "instance": environ["PATH_INFO"] if environ["PATH_INFO"].isascii() else "/"}
    )
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    if status == 405:
        headers.append(("Allow", "GET, HEAD, OPTIONS"))
    if wait is not None:
        headers.append(("Retry-After", str(wait)))
    start_response(f"{status} {_TITLES[status]}", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def _encoding(accepted: str) -> str:
    """The smallest form the reader takes. A form with q=0 is one that it does not take."""
    if not accepted:
        return "identity"
    taken = {
        name.strip(): parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
        for name, _, parameters in (one.partition(";") for one in accepted.lower().split(","))
    }
    return next((name for name in ("br", "zstd", "gzip") if taken.get(name)), "identity")


def _before(query: str, feed: str) -> tuple[int | None, bool]:
    """The place before which a page of changes begins, and whether the query reads well."""
    if not query:
        return None, True
    asked = parse_qsl(query, keep_blank_values=True)
    if feed != "changes" or len(asked) != 1 or asked[0][0] != "before":
        return None, False
    value = asked[0][1]
    return (int(value), True) if re.fullmatch(r"[1-9][0-9]{0,15}", value, re.ASCII) else (None, False)
