"""One visit to a screen of the desk: who asks, in which session and language, and where its links lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from sqlalchemy.orm import Session

from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import NotAuthenticated
from tracker.http import cursors
from tracker.http.context import Context
from tracker.languages.i18n import Language
from tracker.store.database import db
from tracker.store.sessions import SessionRow
from tracker.store.viewer import Viewer
from tracker.web.cookies import Cookies


@dataclass(slots=True)
class Visit:
    """``page`` is the path below the language, ``query`` what the screen takes of the address. ``expected`` are the
    versions that a form was made from, ``versions`` those of the things that a decision is about. An act adds to
    ``after`` what waits for its commit. It says in ``secret`` which session the browser keeps from now on: an empty
    one ends it. A screen says in ``asked`` what the browser keeps until a provider has answered. What it says in
    ``revealed`` is shown this once, in the answer to its form; what it says in ``told`` is shown beside its effect
    where it is only tried. ``kept`` is the kept form that a form began with. ``received`` are files that came with
    it, each behind its digest; what is in ``undo`` forgets them where nothing came of the act."""

    context: Context
    language: Language
    now: datetime
    page: str
    cookies: Cookies
    actor: Actor | None = None
    name: str = ""
    opened: SessionRow | None = None
    query: dict[str, Any] = field(default_factory=dict)
    expected: frozenset[int] | None = None
    versions: dict[str, int] = field(default_factory=dict)
    prepared: Any = None
    after: list[Callable[[], None]] = field(default_factory=list)
    secret: str | None = None
    asked: str | None = None
    revealed: dict[str, Any] | None = None
    kept: str | None = None
    received: list[tuple[str, Any]] = field(default_factory=list)
    undo: list[Callable[[], None]] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def by(self) -> Actor:
        """The person who asks; only on screens that take a permission."""
        if self.actor is None:
            raise NotAuthenticated(sentence("log in"))
        return self.actor

    @property
    def own_session(self) -> SessionRow:
        """The session in which they ask; the same."""
        if self.opened is None:
            raise NotAuthenticated(sentence("log in"))
        return self.opened

    @property
    def viewer(self) -> Viewer:
        """The person who asks, to look up what they may see: how a screen gets a row."""
        return Viewer(self.session, self.by)

    @property
    def session(self) -> Session:
        """The working record, to read from."""
        return db.session()

    def link(self, path: str, **query: Any) -> str:
        """The address of a page of the desk in the same language: `/proposals/prp_…`."""
        return self._link(self.language.code, f"/desk{path}", query)

    def link_in(self, language: str) -> str:
        """The address of this page in another language."""
        return self._link(language, self.page, self.query)

    def link_here(self, **changed: Any) -> str:
        """The address of this page with other parameters; None takes one away."""
        return self._link(self.language.code, self.page, {**self.query, **changed})

    def go_back(self, page: str, query: str) -> str:
        """The address of a page of the desk as it was asked for, with its query."""
        return self._link(self.language.code, page, dict(parse_qsl(query)))

    def read_place(self) -> tuple[Any, ...] | None:
        """Where a page of a list begins: the key after which the one before it ended."""
        return cursors.read_cursor(self.context.settings.secret_key, self.page, self.query.get("after"))

    def link_after(self, key: Sequence[Any]) -> str:
        """The address of the page of this list that follows."""
        return self.link_here(after=self.sign_place(key))

    def sign_place(self, key: Sequence[Any]) -> str:
        """The parameter that names this place of the list."""
        return cursors.sign_cursor(self.context.settings.secret_key, self.page, key)

    def _link(self, language: str, page: str, query: Mapping[str, Any]) -> str:
        asked = {name: _write(value) for name, value in query.items() if value is not None}
        return f"/{language}{quote(page)}" + (f"?{urlencode(asked)}" if asked else "")


def _write(value: Any) -> str:
    """A parameter as an address has it; several values with commas between them."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
