"""Whether a form was sent by a page of ours: the browser says so (`Sec-Fetch-Site`, else `Origin`), or the form carries
a token that only its reader was given.

A token names whose form it is and never runs out, so a form that lay open overnight can still be given back.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final
from urllib.parse import urlsplit

from flask import request

from tracker.domain import ids
from tracker.http.context import Context
from tracker.languages.i18n import mark
from tracker.web.public.refusals import Mistaken

_ON_THIS_MACHINE: Final = ("127.0.0.1", "localhost")


class ForeignForm(Mistaken):
    """A form was sent by another site."""

    status = 403


def make_token(known: Context, person: str) -> str:
    """The token of the forms of somebody."""
    return f"{person}.{_sign(known, person)}"


def find_owner(known: Context, token: str) -> str | None:
    """Whose form it is that carries this token."""
    person, _, sign = token.partition(".")
    fits = hmac.compare_digest(sign.encode(), _sign(known, person).encode())
    return person if fits and ids.kind_of(person) == "person" else None


def require_own_form(known: Context, token: str, person: str | None) -> None:
    """`ForeignForm` where a page of another site sent this form, or where nobody can tell and it carries no token."""
    if not _is_own(known, token, person):
        raise ForeignForm(
            mark("This form was not sent by a page of this site. Open the page here, and send it again.")
        )


def _is_own(known: Context, token: str, person: str | None) -> bool:
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site != "none":
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin in list_origins(known.settings.base_url)
    return person is not None and find_owner(known, token) == person


def list_origins(base_url: str) -> set[str]:
    """Under what a browser knows this site; a trial on one's own machine goes by two names."""
    parts = urlsplit(base_url)
    if parts.hostname not in _ON_THIS_MACHINE:
        return {base_url}
    port = "" if parts.port is None else f":{parts.port}"
    return {f"{parts.scheme}://{name}{port}" for name in _ON_THIS_MACHINE}


def _sign(known: Context, person: str) -> str:
    return hmac.digest(known.settings.secret_key.encode(), f"form\0{person}".encode(), hashlib.sha256).hex()
