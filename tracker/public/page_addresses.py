"""Where a thing of the public record has its page: `/{language}/{process}/…`, without the host.

Pages are served at these addresses, and feeds, badges and calendars lead to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tracker.languages.i18n import LANGUAGES

#: kind of thing with a page of its own -> what stands before its reference. Everything else is on the process page.
_SECTIONS: Final = {"recommendation": "recommendations", "committee": "committee"}


def choose_language(languages: Iterable[str]) -> str:
    """The first of the languages of a process that pages are written in."""
    return next((one for one in languages if one in LANGUAGES), LANGUAGES[0])


def make_home_address(language: str = LANGUAGES[0]) -> str:
    """The page that lists every process."""
    return f"/{language}/"


def make_process_address(language: str, process: str) -> str:
    """The page of a process, named by its slug."""
    return f"/{language}/{process}"


def make_organization_address(slug: str, language: str = LANGUAGES[0]) -> str:
    """The page of an organization."""
    return f"/{language}/organizations/{slug}"


def make_page_address(language: str, process: str, thing: str, kind: str, reference: str | None) -> str:
    """The page of a thing in a process. What has no reference goes by its id, as evidence always does."""
    own = make_process_address(language, process)
    if kind == "evidence":
        return f"{own}/evidence/{thing}"
    section = _SECTIONS.get(kind)
    return own if section is None else f"{own}/{section}/{reference or thing}"
