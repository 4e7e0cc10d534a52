"""Where nothing is, or is no more, a reader who asks for a page gets one, and a program gets a problem document."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from tracker.domain.errors import NotFound, Redacted, Refusal, Withdrawn
from tracker.http.environ import PROBLEM, Environ, Headers, StartResponse, Wsgi
from tracker.languages.i18n import choose_language
from tracker.web.public.answers import refuse

#: What is said as a page, by the code of its problem.
_KINDS: Final[dict[str, type[Refusal]]] = {kind.code: kind for kind in (NotFound, Withdrawn, Redacted)}
#: Headers of a problem document that a page has of its own.
_OF_THE_PAGE: Final = (
    *("cache-control", "content-language", "content-length", "content-security-policy", "content-type"),
    *("referrer-policy", "vary"),
)


class ProblemPages:
    """Stands before all doors, so that it does not matter which of them refused."""

    def __init__(self, inner: Wsgi) -> None:
        self.inner = inner

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not asks_for_page(environ):
            return self.inner(environ, start_response)
        refused: list[Headers] = []

        def start(status: str, headers: Headers, *more: Any) -> Any:
            if environ.get(PROBLEM) in _KINDS and ("Content-Type", "application/problem+json") in headers:
                refused.append(headers)
                return None
            return start_response(status, headers, *more)

        answer = self.inner(environ, start)
        return _send_page(environ, start_response, answer, refused[0]) if refused else answer


def asks_for_page(environ: Environ) -> bool:
    """Whether a browser asks, as far as it says so."""
    return "text/html" in environ.get("HTTP_ACCEPT", "")


def _send_page(
    environ: Environ, start_response: StartResponse, answer: Iterable[bytes], headers: Headers
) -> Iterable[bytes]:
    """The page in place of a problem document, in the language that the reader likes best."""
    body = b"".join(answer)
    getattr(answer, "close", lambda: None)()
    detail = json.loads(body)["detail"] if body else ""  # nobody reads the page of a HEAD
    language = choose_language(environ.get("HTTP_ACCEPT_LANGUAGE"))
    page = refuse(language, _KINDS[environ[PROBLEM]](detail))
    page.headers["Vary"] = "Accept, Accept-Language"
    page.headers.extend([one for one in headers if one[0].lower() not in _OF_THE_PAGE])
    return page(environ, start_response)
