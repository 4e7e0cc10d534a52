"""Where a thing of the public record has its page: `/{language}/{process}/…`, without the host.

Pages are served at these addresses, and feeds, badges and calendars lead to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from tracker.domain.ids import kind_of
from tracker.languages.i18n import LANGUAGES

#: page -> its path below the language.
PATHS: Final[Mapping[str, str]] = {
    "home": "/",
    "search": "/search",
    "methodology": "/about/methodology",
    "verify": "/verify",
    "act": "/acts/{id}",
    "organization": "/organizations/{slug}",
    "process": "/{process}",
    "recommendations": "/{process}/recommendations",
    "recommendation": "/{process}/recommendations/{reference}",
    "committee": "/{process}/committee/{reference}",
    "report": "/{process}/reports/{reference}",
    "deadline": "/{process}/deadlines/{id}",
    "evidence": "/{process}/evidence/{id}",
    "indicators": "/{process}/indicators",
    "indicator": "/{process}/indicators/{reference}",
    "themes": "/{process}/themes",
    "recurrence": "/{process}/recurrence",
    "disagreements": "/{process}/disagreements",
    "changes": "/{process}/changes",
    "dossier": "/{process}/dossier",
}


def choose_language(languages: Iterable[str]) -> str:
    """The first of the languages of a process that pages are written in; that of what is in no process."""
    return next((one for one in languages if one in LANGUAGES), LANGUAGES[0])


def make_address(language: str, page: str, **parts: str) -> str:
    """The address of a page. ``parts`` stand in its path."""
    filled = {name: quote(part, safe="") for name, part in parts.items()}
    return f"/{language}{PATHS[page].format(**filled)}"


def find_page(thing: str, slug: str | None, process: str | None) -> tuple[str, dict[str, str]]:
    """On which page a thing stands, and what stands in its address; ``slug`` is its short name, ``process`` that of its
    process. What has no page of its own is on that of its process, and what is in none on the first."""
    kind = kind_of(thing) or ""
    if kind == "organization" and slug:
        return kind, {"slug": slug}
    if process is None:
        return "home", {}
    path = PATHS.get(kind, "")
    if "{id}" in path:
        return kind, {"process": process, "id": thing}
    if "{reference}" in path and slug:
        return kind, {"process": process, "reference": slug}
    return "process", {"process": process}


def make_page_address(language: str, thing: str, slug: str | None, process: str | None) -> str:
    """The address of the page on which a thing stands."""
    page, parts = find_page(thing, slug, process)
    return make_address(language, page, **parts)
