"""What every answer carries, whichever door it leaves by: headers for browsers, a request id, a line in the log.

The two halves are told apart by the path. Any page may read the public half, and its preflight is answered here; no
page reads the private one. Finished public answers carry no id: they are the same for everybody and may be kept.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any, Final

from structlog.typing import FilteringBoundLogger

from tracker import logging
from tracker.domain.errors import Unexpected

StartResponse = Callable[..., Any]
Environ = dict[str, Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

#: What the doors and this module tell each other in the environ of a request.
ID, ROUTE, PROBLEM = "tracker.request_id", "tracker.route", "tracker.problem"

_BOTH: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
)
_PUBLIC: Final = (
    *_BOTH,
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Link, Retry-After, X-Request-Id"),
)
_PRIVATE: Final = (*_BOTH, ("Cross-Origin-Resource-Policy", "same-origin"))
_STRICT: Final = ("Strict-Transport-Security", "max-age=31536000")
#: A browser asks first where a page sends `If-None-Match`, and nothing else that it might ask for is needed here.
_PREFLIGHT: Final = (
    ("Allow", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Methods", "GET, HEAD"),
    ("Access-Control-Allow-Headers", "If-None-Match"),
    ("Access-Control-Max-Age", "86400"),
    ("Cache-Control", "public, max-age=86400"),
)


def is_private(path: str) -> bool:
    """Whether a path is of the half that takes a key."""
    return path.startswith("/v1/") and not path.startswith("/v1/public/")


def find_request_id(environ: Environ) -> str:
    """The id of this request: random and ours, whatever the client sent."""
    made: str = environ.setdefault(ID, "") or secrets.token_hex(16)
    environ[ID] = made
    return made


class Middleware:
    """Stands before all doors."""

    def __init__(self, inner: Wsgi, log: FilteringBoundLogger, *, https: bool) -> None:
        self.inner, self._log = inner, log
        strict = (_STRICT,) if https else ()
        self._carried = {True: (*_PRIVATE, *strict), False: (*_PUBLIC, *strict)}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop(ID, None)
        began = perf_counter()
        behind = is_private(environ.get("PATH_INFO", ""))
        status = ""

        def start(given: str, headers: Headers, *more: Any) -> Any:
            nonlocal status
            status = given
            return start_response(given, self._dressed(environ, behind, given, headers), *more)

        if not behind and environ["REQUEST_METHOD"] == "OPTIONS":
            start("204 No Content", list(_PREFLIGHT))
            return [b""]
        try:
            said = self.inner(environ, start)
        except Exception as error:  # a door fell over: the last one who can still answer
            logging.log_accident(self._log, error, request=find_request_id(environ))
            said = _answer_accident(environ, start)
        if behind:
            self._note(environ, int(status[:3]), perf_counter() - began)
        return said

    def _dressed(self, environ: Environ, behind: bool, status: str, headers: Headers) -> Headers:
        own = {name.lower() for name, _ in headers}
        more = [one for one in self._carried[behind] if one[0].lower() not in own]
        if behind or status[0] in "45":
            more.append(("X-Request-Id", find_request_id(environ)))
        return [*headers, *more]

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


def _answer_accident(environ: Environ, start: StartResponse) -> Iterable[bytes]:
    problem = {
        "type": f"/problems/{Unexpected.code}",
        "title": Unexpected.title,
        "status": 500,
        "detail": f"it was logged as request {find_request_id(environ)}",
        "instance": "/",
    }
    body = json.dumps(problem).encode()
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    start("500 Internal Server Error", headers)
    return [body]
