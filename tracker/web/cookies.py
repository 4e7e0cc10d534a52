"""The cookies of the desk: the secret of a session, a mark of a browser in which somebody once logged in, and, for some
minutes, what an identity provider was asked.

All belong to one host, are sent back over TLS alone and shown to no script. A trial on one's own machine has no TLS;
there the same cookies have plain names. Anywhere else the desk wants TLS.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from flask import Response, request

from tracker.domain.identities import QUESTION
from tracker.domain.sessions import LONGEST
from tracker.http.context import Context
from tracker.languages.i18n import mark
from tracker.web.public.refusals import Mistaken

_SESSION: Final = "desk"
_QUESTION: Final = "asked"
_MARK: Final = "known"
_MARK_LASTS: Final = timedelta(days=90)
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
#: All who try a password in a browser in which nobody of that name logged in before: they share one brake.
_STRANGER: Final = "stranger"


@dataclass(frozen=True, slots=True)
class Cookies:
    """What the browser sent, and how it is sent anything."""

    known: Context

    def read_secret(self) -> str | None:
        """The secret of the session."""
        return request.cookies.get(self._name(_SESSION))

    def keep_secret(self, response: Response, secret: str) -> None:
        self._set(response, _SESSION, secret, LONGEST)

    def forget_secret(self, response: Response) -> None:
        self._set(response, _SESSION, "", timedelta())

    def read_question(self) -> str | None:
        """What a provider was asked for this browser."""
        return request.cookies.get(self._name(_QUESTION))

    def keep_question(self, response: Response, question: str) -> None:
        """Keep it until the answer comes; an empty one ends it."""
        self._set(response, _QUESTION, question, QUESTION if question else timedelta())

    def find_caller(self, name: str) -> str:
        """By what those who try the password of an account are told apart: no address is looked at."""
        nonce, _, sign = request.cookies.get(self._name(_MARK), "").partition(".")
        return nonce if hmac.compare_digest(sign.encode(), self._sign(nonce, name).encode()) else _STRANGER

    def keep_mark(self, response: Response, name: str) -> None:
        """Mark a browser in which somebody logged in, so that strangers who guess do not make them wait."""
        if self.find_caller(name) == _STRANGER:
            nonce = self.known.entropy(16).hex()
            self._set(response, _MARK, f"{nonce}.{self._sign(nonce, name)}", _MARK_LASTS)

    def _sign(self, nonce: str, name: str) -> str:
        secret = self.known.settings.secret_key.encode()
        return hmac.digest(secret, f"browser\0{nonce}\0{name}".encode(), hashlib.sha256).hex()

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self._is_secure else name

    @property
    def _is_secure(self) -> bool:
        return self.known.settings.base_url.startswith("https:")

    def _set(self, response: Response, name: str, value: str, lasts: timedelta) -> None:
        response.set_cookie(
            self._name(name),
            value,
            max_age=lasts,
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite="Lax",
        )


class NotSafe(Mistaken):
    """The desk is asked for over a connection that others can read."""

    status = 403


def require_tls(base_url: str) -> None:
    """`NotSafe` where passwords would be sent in the clear over a network."""
    parts = urlsplit(base_url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise NotSafe(
            mark(
                "The desk is there over TLS only. Set TRACKER_BASE_URL to an address that begins with https://."
            )
        )
