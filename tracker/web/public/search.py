"""Search: what is public, by the words in its names and texts."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from tracker.domain.errors import InvalidInput
from tracker.domain.search import make_snippet, parse_terms
from tracker.domain.tracks import SUBJECTS
from tracker.languages.i18n import mark
from tracker.public import search as public_search
from tracker.public.names import read_names
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import list_mail
from tracker.web.public.refusals import Mistaken
from tracker.web.public.visit import Visit

#: How many hits the page shows; who finds more adds a word.
MOST: Final = 50
KINDS: Final = ("process", "organization", *SUBJECTS)


@page("search", "q", "kind")
def show_search(visit: Visit) -> Shown:
    words, kind = visit.query.get("q"), visit.query.get("kind")
    if kind is not None and kind not in KINDS:
        raise Mistaken.value("kind", kind)
    title = (
        visit.language.say("Search")
        if words is None
        else visit.language.say("Search: %(words)s", words=words)
    )
    hits = [] if words is None else _find(visit, words, kind)
    return {
        "alternates": [] if words is None or kind is not None else _list_feeds(visit, words),
        "title": title,
        "words": words,
        "kind": kind,
        "kinds": KINDS,
        "hits": hits[:MOST],
        "more": len(hits) > MOST,
    }


def _find(visit: Visit, words: str, kind: str | None) -> list[dict[str, Any]]:
    filters = [] if kind is None else [("kind", kind)]
    try:
        looked_for = parse_terms(words)
        hits = public_search.find_public(visit.connection, looked_for, filters, None, MOST + 1, visit.as_of)
    except InvalidInput:
        raise Mistaken(mark("“%(words)s” cannot be searched for. Write a few words."), words=words) from None
    named = {one for hit in hits for one in (hit.id, hit.process) if one}
    names = read_names(visit.connection, named, visit.as_of, None, visit.language.code)
    return [
        {
            "kind": hit.kind,
            "name": (names.get(hit.id) or {}).get("name") or hit.title,
            "snippet": make_snippet(hit.texts, looked_for),
            "process": names.get(hit.process or ""),
            "href": _link_hit(visit, names.get(hit.id), names.get(hit.process or "")),
        }
        for hit in hits
    ]


def _link_hit(visit: Visit, named: dict[str, Any] | None, process: dict[str, Any] | None) -> str | None:
    if named is None:
        return None
    return visit.link_thing(None if process is None else str(process["slug"]), named)


def _list_feeds(visit: Visit, words: str) -> list[tuple[str, str, str]]:
    """The feeds that follow a search."""
    asked = urlencode({"q": words})
    spoken = f"{asked}&lang={visit.language.code}"
    return [
        ("application/json", "JSON", f"/v1/public/search?{asked}"),
        ("application/atom+xml", "Atom", f"/feeds/search.atom?{spoken}"),
        ("application/feed+json", "JSON Feed", f"/feeds/search.json?{spoken}"),
        *list_mail(visit, "q", words),
    ]
