"""A small WSGI application in front of Flask: compare the head, answer 304 or the bytes that are held.

A feed is built once per change and day, in every form a reader may ask for, and then copied. Nothing is written:
what is held is held in memory and follows from the public side.
"""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qsl

import brotli  # type: ignore[import-untyped]  # it ships no types
import zstandard
from sqlalchemy import Connection, Engine

from tracker.public import feeds
from tracker.public.events import encode
from tracker.public.feeds import Head, Heads

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

_PATH: Final = re.compile(r"/feeds/([a-z0-9-]{1,80})/(status|changes)\.json", re.ASCII)
_TYPES: Final = {"status": "application/json", "changes": "application/feed+json"}
_SHARED: Final = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'"),
]
#: How many feeds are held at once; each takes its size and about a fifth of it again.
_HELD: Final = 512


@dataclass(frozen=True, slots=True)
class Built:
    """The bytes of a feed in every encoding, each with its own strong tag."""

    tag: str
    encoded: Mapping[str, bytes]


class FeedFront:
    """Answers ``/feeds/…`` itself and hands everything else on."""

    def __init__(self, inner: Wsgi, engine: Engine, base_url: str, clock: Callable[[], datetime]) -> None:
        if engine.dialect.name == "postgresql":
            # The head and what is built under its tag come from one moment; SQLite does so by itself.
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        self._inner, self._engine, self._base, self._clock = inner, engine, base_url, clock
        self._heads = Heads()
        self._built: OrderedDict[tuple[str, str, int | None], Built] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/feeds/"):
            return self._inner(environ, start_response)
        match = _PATH.fullmatch(path)
        if match is None:
            return self._no(environ, start_response, 404, "not-found", "there is no such feed")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._no(environ, start_response, 405, "method-not-allowed", "feeds are read with GET")
        return self._answer(environ, start_response, *match.groups())

    def _answer(
        self, environ: dict[str, Any], start_response: StartResponse, slug: str, feed: str
    ) -> Iterable[bytes]:
        before, good = _before(environ.get("QUERY_STRING", ""), feed)
        if not good:
            detail = "before must be a number; nothing else is asked here"
            return self._no(environ, start_response, 422, "invalid-input", detail)
        now = self._clock()
        with self._engine.connect() as connection:
            at = self._heads.read(connection, slug, now)
            if at is None:
                return self._no(
                    environ, start_response, 404, "not-found", f"no process {slug} is public here"
                )
            if at.withdrawn is not None:
                return self._no(environ, start_response, 410, "withdrawn", at.withdrawn)
            tag = feeds.etag(at, feed if before is None else f"{feed}.{before}")
            encoding = _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
            headers = [
                ("ETag", f'"{tag}-{encoding}"'),
                ("Cache-Control", "public, max-age=5, stale-while-revalidate=60"),
                ("Vary", "Accept-Encoding"),
                *_SHARED,
            ]
            if _matches(environ.get("HTTP_IF_NONE_MATCH"), f'"{tag}-{encoding}"'):
                start_response("304 Not Modified", headers)
                return [b""]
            body = self._bytes(connection, at, feed, before, tag, now).encoded[encoding]
        if encoding != "identity":
            headers.append(("Content-Encoding", encoding))
        start_response(
            "200 OK", [*headers, ("Content-Type", _TYPES[feed]), ("Content-Length", str(len(body)))]
        )
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _bytes(
        self, connection: Connection, at: Head, feed: str, before: int | None, tag: str, now: datetime
    ) -> Built:
        key = (at.process, feed, before)
        held = self._built.get(key)
        if held is not None and held.tag == tag:
            return held
        body = (
            feeds.status(connection, at, self._base, now)
            if feed == "status"
            else feeds.changes(connection, at, self._base, before)
        )
        built = Built(tag, _encoded(body))
        with self._lock:
            self._built[key] = built
            while len(self._built) > _HELD:
                self._built.popitem(last=False)
        return built

    @staticmethod
    def _no(
        environ: dict[str, Any], start_response: StartResponse, status: int, code: str, detail: str
    ) -> Iterable[bytes]:
        titles = {404: "Not Found", 405: "Method Not Allowed", 410: "Gone", 422: "Unprocessable Content"}
        body = encode(
            {
                "type": f"urn:tracker:problem:{code}",
                "title": titles[status],
                "status": status,
                "detail": detail,
            }
        )
        headers = [("Content-Type", "application/problem+json"), ("Content-Length", str(len(body))), *_SHARED]
        if status == 405:
            headers.append(("Allow", "GET, HEAD"))
        start_response(f"{status} {titles[status]}", [*headers, ("Cache-Control", "no-store")])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def _encoded(body: bytes) -> dict[str, bytes]:
    """Every form the feed is served in. The same bytes in always give the same bytes out: the tag depends on it."""
    return {
        "identity": body,
        "gzip": gzip.compress(body, 6, mtime=0),
        "br": brotli.compress(body, quality=5),
        "zstd": zstandard.ZstdCompressor(level=6).compress(body),
    }


def _encoding(accepted: str) -> str:
    """The smallest form the reader takes. A form with q=0 is one that it does not take."""
    taken = {
        name.strip(): parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
        for name, _, parameters in (one.partition(";") for one in accepted.lower().split(","))
    }
    return next((name for name in ("br", "zstd", "gzip") if taken.get(name)), "identity")


def _matches(given: str | None, tag: str) -> bool:
    return given is not None and (
        given.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in given.split(","))
    )


def _before(query: str, feed: str) -> tuple[int | None, bool]:
    """The place before which a page of changes begins, and whether the query reads well."""
    if not query:
        return None, True
    asked = parse_qsl(query, keep_blank_values=True)
    if feed != "changes" or len(asked) != 1 or asked[0][0] != "before":
        return None, False
    value = asked[0][1]
    return (int(value), True) if re.fullmatch(r"[1-9][0-9]{0,15}", value, re.ASCII) else (None, False)
