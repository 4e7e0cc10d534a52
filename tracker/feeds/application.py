"""The application behind the front, asked for what it answers to everybody."""

from __future__ import annotations

from typing import Any, Final

from tracker.feeds.cache import Page
from tracker.http.environ import Environ, Wsgi

#: Headers that say how one reader gets the bytes; the front says them again for each.
_OF_THE_READER: Final = ("etag", "content-length", "vary")
#: What one reader says and another does not.
_OWN: Final = ("HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING", "HTTP_RANGE", "HTTP_AUTHORIZATION")


def ask_application(inner: Wsgi, environ: Environ) -> Page:
    """What the application answers to everybody: whole, in the plain form."""
    status, headers = "", []

    def start(given: str, given_headers: list[tuple[str, str]], *_more: Any) -> None:
        nonlocal status, headers
        status, headers = given, given_headers

    plain = {name: value for name, value in environ.items() if name not in _OWN} | {"REQUEST_METHOD": "GET"}
    chunks = inner(plain, start)
    try:
        body = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    environ.update({name: plain[name] for name in plain if name.startswith("tracker.")})
    answered = {name.lower(): value for name, value in headers}
    if not status.startswith("200") or "etag" not in answered:
        return Page(body, None, tuple(headers), status)
    kept = tuple(one for one in headers if one[0].lower() not in _OF_THE_READER)
    return Page(body, answered["etag"].strip('"'), kept, status)
