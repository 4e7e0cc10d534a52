"""A page is declared: its name, its template, the parameters it takes, and the function that gathers what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tracker.public.page_addresses import PATHS
from tracker.web.public.visit import TIMELESS, Visit
from tracker.web.rendering import render_page

#: What a page shows, by the names that its template uses.
Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    template: str
    takes: tuple[str, ...]
    gather: Callable[..., Shown]
    #: What writes the same as Markdown, at the address of the page and `.md`; None where a page is all there is.
    markdown: Callable[[Shown], bytes] | None = None

    @property
    def path(self) -> str:
        """The path below the language, with its parts in braces."""
        return PATHS[self.name]

    def write_html(self, shown: Shown) -> bytes:
        """What is shown as a page."""
        return render_page(self.template, shown["visit"].language, **shown)


PAGES: Final[dict[str, Page]] = {}


def page(
    name: str, *takes: str, markdown: Callable[[Shown], bytes] | None = None
) -> Callable[[Callable[..., Shown]], Callable[..., Shown]]:
    """Declare a page. All pages of the record take `as_of`; ``takes`` are the parameters beside it."""

    def declare(gather: Callable[..., Shown]) -> Callable[..., Shown]:
        dated = () if name in TIMELESS else ("as_of",)
        PAGES[name] = Page(name, f"public/{name}.html", (*takes, *dated), gather, markdown)
        return gather

    return declare


__all__ = ["PAGES", "Page", "Shown", "Visit", "page"]
