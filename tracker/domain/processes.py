"""Processes: which short names none can have, because an address begins with them."""

from __future__ import annotations

import re
from typing import Final

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence

#: First parts of addresses of the tracker itself, now or later.
RESERVED: Final = frozenset(
    {
        *(
            "about",
            "acts",
            "badges",
            "desk",
            "docs",
            "embed",
            "feeds",
            "follow",
            "health",
            "tips",
            "log",
            "metrics",
            "oembed",
            "openapi",
        ),
        *("organizations", "problems", "processes", "search", "sitemap", "static", "verify"),
    }
)
#: A code of a language (BCP 47), and versions of the interface.
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}", re.ASCII)
_VERSION: Final = re.compile(r"v[0-9]+", re.ASCII)


def require_unreserved_slug(slug: str) -> None:
    """`InvalidInput` where addresses of pages could not tell the process from something else."""
    if slug in RESERVED or _VERSION.fullmatch(slug):
        raise InvalidInput.at(
            "/slug",
            sentence("%(slug)s is kept for addresses of the tracker itself; choose another", slug=repr(slug)),
        )
    if _LANGUAGE.fullmatch(slug):
        raise InvalidInput.at(
            "/slug",
            sentence(
                "%(slug)s could be the code of a language; choose a longer one, as coast-inquiry",
                slug=repr(slug),
            ),
        )
