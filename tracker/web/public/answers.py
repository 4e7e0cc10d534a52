"""How a page leaves: finished bytes with their tag, or a page that says what is wrong and where to go."""

from __future__ import annotations

import hashlib

from flask import Response, request

from tracker.domain.errors import Refusal
from tracker.http.environ import PUBLIC_HALF
from tracker.http.http_cache import public_headers
from tracker.http.refusals import name_wait
from tracker.languages.i18n import get_language
from tracker.web.page_headers import HEADERS, HTML
from tracker.web.public import refusals
from tracker.web.rendering import render_page


def finish_page(body: bytes, language: str, status: int = 200, media_type: str = HTML) -> Response:
    response = Response(body, status=status, content_type=media_type, headers=HEADERS)
    response.headers["Content-Language"] = language
    if status == 200:
        response.headers.extend(public_headers(hashlib.sha256(body).hexdigest()[:32]))
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def refuse(language: str, refusal: Refusal | refusals.Mistaken) -> Response:
    """A page that says what is wrong, and where to go."""
    words = get_language(language)
    status, title, sentence = refusals.describe(refusal, words)
    response = finish_page(
        render_page("public/refusal.html", words, title=title, said=sentence), language, status
    )
    if isinstance(refusal, Refusal):
        response.headers.update(name_wait(refusal))
    return response


def redirect_to(address: str, status: int) -> Response:
    """Lead to another address of the public half."""
    request.environ[PUBLIC_HALF] = True
    response = Response(status=status, headers={"Location": address, "Cache-Control": "no-store"})
    response.autocorrect_location_header = False  # a host would stand in it, as the request gives it
    return response
