"""One visit to the tip boxes, and how a page of them leaves: kept by nobody, and naming no site to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from tracker.http.context import Context
from tracker.languages.i18n import Language
from tracker.store.database import db
from tracker.web.page_headers import HEADERS, HTML
from tracker.web.rendering import render_page
from tracker.web.tips import tokens


@dataclass(frozen=True, slots=True)
class Visit:
    """``page`` is the path below the language."""

    context: Context
    language: Language
    now: datetime
    page: str

    @property
    def session(self) -> Session:
        return db.session()

    @property
    def secret(self) -> str:
        return self.context.settings.secret_key

    @property
    def secrets(self) -> Sequence[str]:
        """The secret of the server, and those that it had before."""
        return self.secret, *self.context.settings.former_secret_keys

    def link(self, path: str = "") -> str:
        return f"/{self.language.code}/tips{path}"

    def link_in(self, language: str) -> str:
        """The address of this page in another language."""
        return f"/{language}{self.page}"

    def make_token(self, purpose: str, value: str = "") -> str:
        return tokens.make_token(self.context, purpose, self.now, value)

    def read_token(self, purpose: str, token: str | None) -> str | None:
        return tokens.read_token(self.context, purpose, token or "", self.now)

    def show(self, template: str, status: int = 200, *, typed: bool = False, **shown: Any) -> Response:
        """A page. With something ``typed`` in it, it does not lead away to another language."""
        body = render_page(f"tips/{template}.html", self.language, tips=self, typed=typed, **shown)
        return Response(body, status=status, content_type=HTML, headers=self._list_headers())

    def _list_headers(self) -> Mapping[str, str]:
        onion = self.context.settings.onion
        onion_location = (
            {} if onion is None else {"Onion-Location": f"{onion}/{self.language.code}{self.page}"}
        )
        return {
            **HEADERS,
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "Content-Language": self.language.code,
            **onion_location,
        }
