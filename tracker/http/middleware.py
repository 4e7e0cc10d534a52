"""What every answer carries, whichever door it leaves by: headers for browsers, a request id, a line in the log.

The two halves are told apart by the endpoint that a request reaches, as the router finds it, and never by how its path
is written. Any page may read the public half, and its preflight is answered here; no page reads the private one.
Finished public answers carry no id: they are the same for everybody and may be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final, Protocol

from structlog.typing import FilteringBoundLogger

from tracker import logging
from tracker.database.outages import refusal_for
from tracker.domain.errors import Refusal
from tracker.domain.service_errors import Unexpected
from tracker.http.early_refusals import find_unreadable, send_refusal
from tracker.http.environ import (
    ID,
    PROBLEM,
    PUBLIC_HALF,
    ROUTE,
    UNNOTED,
    Environ,
    Headers,
    StartResponse,
    Wsgi,
    find_request_id,
)
from tracker.http.refusals import STATUS

_BOTH: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
)
_EXPOSED: Final = (
    "ETag, Link, Retry-After, X-Request-Id, Repr-Digest, Content-Digest, Content-Range, Accept-Ranges, "
    "Content-Disposition, RateLimit, RateLimit-Policy, Age, Cache-Status"
)
_PUBLIC: Final = (
    *_BOTH,
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", _EXPOSED),
)
_PRIVATE: Final = (*_BOTH, ("Cross-Origin-Resource-Policy", "same-origin"))
_STRICT: Final = ("Strict-Transport-Security", "max-age=31536000")
_READ: Final = "GET, HEAD, OPTIONS"
#: The headers that pages and their libraries send along with a read. None of them opens anything on the public half.
_SENT_BY_PAGES: Final = (
    "If-None-Match, Content-Type, Authorization, X-Requested-With, traceparent, Cache-Control, Accept, "
    "Accept-Language, Range, If-Range"
)
_PREFLIGHT: Final = (
    ("Allow", _READ),
    ("Access-Control-Allow-Methods", "GET, HEAD"),
    ("Access-Control-Allow-Headers", _SENT_BY_PAGES),
    ("Access-Control-Max-Age", "86400"),
    ("Cache-Control", "public, max-age=86400"),
)


@dataclass(frozen=True, slots=True)
class Route:
    """What a path reaches: an endpoint of which half; whether everybody gets the same JSON, and it may be kept."""

    public: bool
    json: bool = False
    cached: bool = False


class Router(Protocol):
    """Who knows what every path reaches."""

    def find(self, path: str) -> Route | None:
        """The route of a path, whatever the method; None where nothing is there."""

    def methods(self, path: str) -> list[str]:
        """The methods that a path takes."""


def is_private(path: str) -> bool:
    """Whether a path where nothing is, is answered as the half that takes a key is. Nothing but the headers and the
    log line of that 404 follow from it."""
    return path.startswith("/v1/") and path != "/v1/public" and not path.startswith("/v1/public/")


class Middleware:
    """Stands before all doors."""

    def __init__(
        self,
        inner: Wsgi,
        log: FilteringBoundLogger,
        router: Router,
        *,
        https: bool,
        count: Callable[[Environ, int, float], None] | None = None,
    ) -> None:
        self.inner, self._log, self._router, self._count = inner, log, router, count
        strict = (_STRICT,) if https else ()
        self._carried = {True: (*_PUBLIC, *strict), False: (*_PRIVATE, *strict)}
        #: What is still to be carried, by the half and the names of the headers that a door has set.
        self._missing: dict[tuple[bool, tuple[str, ...]], Headers] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop(ID, None)
        environ.pop(PUBLIC_HALF, None)
        environ.pop(UNNOTED, None)
        began = perf_counter()
        status = ""

        def start(given: str, headers: Headers, *more: Any) -> Any:
            nonlocal status
            status = given
            return start_response(given, self._dressed(environ, given, headers), *more)

        try:
            answer = self._answer(environ, start)
        except Exception as error:  # a door fell over: the last one who can still answer
            refusal = error if isinstance(error, Refusal) else refusal_for(error)
            if refusal is None:
                logging.log_accident(self._log, error, request=find_request_id(environ))
                refusal = _unexpected(environ)
            answer = send_refusal(environ, start, refusal, STATUS[type(refusal)])
        took = perf_counter() - began
        if environ.get(UNNOTED):
            return answer
        if self._count is not None:
            self._count(environ, int(status[:3]), took)
        if not self._public(environ):
            self._note(environ, int(status[:3]), took)
        return answer

    def _answer(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        refusal = find_unreadable(environ)
        if refusal is None and environ["REQUEST_METHOD"] == "OPTIONS" and self._public(environ):
            start("204 No Content", list(_PREFLIGHT))
            return [b""]
        if refusal is not None:
            return send_refusal(environ, start, refusal)
        return self.inner(environ, start)

    def _public(self, environ: Environ) -> bool:
        """Whether this request reached the public half. A door that knows has said so."""
        public: bool | None = environ.get(PUBLIC_HALF)
        if public is None:
            path = environ.get("PATH_INFO", "")
            route = self._router.find(path)
            public = environ[PUBLIC_HALF] = "//" not in path and (
                route.public if route else not is_private(path)
            )
        return public

    def _dressed(self, environ: Environ, status: str, headers: Headers) -> Headers:
        public = self._public(environ)
        if status.startswith("405"):
            headers = self._with_methods(environ, headers, public=public)
        names = (public, tuple([name for name, _ in headers]))
        missing = self._missing.get(names)
        if missing is None:
            own = {name.lower() for name in names[1]}
            missing = [one for one in self._carried[public] if one[0].lower() not in own]
            self._missing[names] = missing
        if not public or status[0] in "45":
            return [*headers, *missing, ("X-Request-Id", find_request_id(environ))]
        return [*headers, *missing]

    def _with_methods(self, environ: Environ, headers: Headers, *, public: bool) -> Headers:
        """Every method that is answered here, the preflight of the public half too."""
        methods = self._router.methods(environ["PATH_INFO"]) or (["GET", "HEAD"] if public else [])
        allowed = ", ".join([*methods, "OPTIONS"] if public else methods)
        return [*(one for one in headers if one[0].lower() != "allow"), ("Allow", allowed)]

    def _note(self, environ: Environ, status: int, seconds: float) -> None:
        say = self._log.error if status >= 500 else self._log.info
        say(
            "request",
            request=find_request_id(environ),
            method=logging.name_method(environ["REQUEST_METHOD"]),
            route=environ.get(ROUTE),
            status=status,
            duration_ms=round(seconds * 1000, 1),
            problem=environ.get(PROBLEM),
        )


def hide_server_name(inner: Wsgi) -> Wsgi:
    """The same application, which does not tell the name of the server software."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: Headers, *more: Any) -> Any:
            return start_response(status, [*headers, ("Server", "tracker")], *more)

        return inner(environ, start)

    return application


def _unexpected(environ: Environ) -> Refusal:
    return Unexpected(f"it was logged as request {find_request_id(environ)}")
