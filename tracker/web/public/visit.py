"""One visit to a page: who asks in which language for which day, what it reads from, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import Connection

from tracker.languages.i18n import Language
from tracker.public.page_addresses import find_page, make_address
from tracker.web.public.refusals import Mistaken

#: Pages that say the same on every day.
TIMELESS: Final = ("methodology", "verify", "act")
#: Parameters that are days.
_DAYS: Final = ("as_of", "since")
#: Parameters with which a page tells of another time.
_THEN: Final = (*_DAYS, "checkpoint")
#: Parameters of which a form sends one for each box that is ticked; they are read as one, with commas.
_TICKED: Final = ("sections",)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
#: What follows a reader from site to site. Nothing here may be called so.
_TRACKING: Final = frozenset(
    ("_", "fbclid", "gclid", "dclid", "msclkid", "twclid", "igshid", "igsh", "yclid", "mc_cid", "mc_eid")
)


@dataclass(frozen=True, slots=True)
class Visit:
    """``query`` holds the parameters that the page takes, the empty ones left out, `as_of` among them as text."""

    language: Language
    connection: Connection
    now: datetime
    base: str
    page: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    #: Whether what is public can be followed by mail.
    mail: bool = False
    #: Nothing that became public later is told; None where all that is public now is.
    known_at: datetime | None = None

    @property
    def as_of(self) -> date | None:
        return None if "as_of" not in self.query else date.fromisoformat(self.query["as_of"])

    def in_country(self, country: str | None) -> Visit:
        """The same with days as they are written in a country."""
        return replace(self, language=self.language.in_country(country))

    def link(self, page: str, query: Mapping[str, str] = MappingProxyType({}), /, **parts: str) -> str:
        """The address of a page in the same language, and of the same day."""
        kept = {} if page in TIMELESS or "as_of" not in self.query else {"as_of": self.query["as_of"]}
        return add_query(make_address(self.language.code, page, **parts), {**query, **kept})

    def link_thing(self, process: str | None, named: Mapping[str, Any]) -> str:
        """The page on which a thing stands, by its id and short name; ``process`` is the short name of its process."""
        page, parts = find_page(named["id"], named["slug"], process)
        return self.link(page, **parts)

    def link_here(self, **changed: str | None) -> str:
        """The address of this page with other parameters; None takes one away."""
        asked = {name: value for name, value in {**self.query, **changed}.items() if value is not None}
        return add_query(make_address(self.language.code, self.page, **self.parts), asked)

    def link_in(self, language: str) -> str:
        """The address of this page in another language."""
        return add_query(make_address(language, self.page, **self.parts), self.query)

    @property
    def latest(self) -> str:
        """The address of this page as things stand now, which search engines keep."""
        return self.base + self.link_here(**dict.fromkeys(_THEN))


def add_query(address: str, query: Mapping[str, str] | list[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(query)}" if query else address


def leave_out_tracking(given: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The parameters without those that social networks, mailings and aggregators add to a link that is shared."""
    return [one for one in given if not one[0].startswith("utm_") and one[0] not in _TRACKING]


def read_query(takes: tuple[str, ...], given: list[tuple[str, str]]) -> dict[str, str]:
    """The parameters of a page, in one order however they were asked, so that a page that is kept is the same for all.
    `Mistaken` names what it does not take, what is given twice, and what is no day."""
    query: dict[str, str] = {}
    for name, text in given:
        if name not in takes:
            raise Mistaken.unknown(name[:40], takes)
        if name in query and name not in _TICKED:
            raise Mistaken.twice(name)
        value = f"{query[name]},{text}" if name in query else text
        if len(value) > 200:
            raise Mistaken.long(name)
        query[name] = value
    for name in _DAYS:
        if query.get(name):
            _require_day(query[name])
    return {name: query[name] for name in takes if query.get(name, "").strip()}


def _require_day(text: str) -> None:
    try:
        if _DAY.fullmatch(text) is None:
            raise ValueError(text)
        date.fromisoformat(text)
    except ValueError:
        raise Mistaken.day(text[:40]) from None
