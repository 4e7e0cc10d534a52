"""An organization: what it is called, what it was asked, and what it says of others."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from tracker.database.list_index import Search
from tracker.domain.text import natural_sort_key
from tracker.languages.i18n import mark
from tracker.languages.texts import pick_text
from tracker.public import lists
from tracker.public.tables import document
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import list_feeds, parse_documents, read_document
from tracker.web.public.refusals import Missing
from tracker.web.public.verdicts import find_answers
from tracker.web.public.visit import Visit

#: How many recommendations each list of the page has.
_MOST: Final = 50


@page("organization")
def show_organization(visit: Visit, slug: str) -> Shown:
    organization = read_document(visit, "organization", _find_organization(visit, slug))
    asked, more_asked = _list_recommendations(visit, ("addressee", organization["id"]))
    assessed, more_assessed = _list_recommendations(visit, ("assessor", organization["id"]))
    return {
        "title": (name := pick_text(organization, "name", visit.language.code)).text,
        "name": name,
        "organization": organization,
        "successors": _list_successors(visit, organization["id"]),
        "asked": [_show_asked(visit, one, organization["id"]) for one in asked],
        "assessed": [
            one for one in (_show_assessed(visit, one, organization["id"]) for one in assessed) if one
        ],
        "more": more_asked or more_assessed,
        "alternates": [
            ("application/json", "JSON", f"/v1/public/organizations/{organization['id']}"),
            *list_feeds(visit, f"/feeds/organizations/{slug}"),
        ],
    }


def _find_organization(visit: Visit, slug: str) -> str:
    query = select(document.c.id).where(
        document.c.kind == "organization",
        document.c.sort_key == natural_sort_key(slug)[:200],
        document.c.slug == slug,
    )
    id: str | None = visit.connection.scalar(query)
    if id is None:
        raise Missing(mark("No organization “%(slug)s” is public here."), slug=slug[:80])
    return id


def _list_successors(visit: Visit, organization: str) -> list[dict[str, Any]]:
    """Those that took its place."""
    sought = Search("organization", (("successor_of", organization),))
    listed = lists.list_documents(visit.connection, sought, _MOST, visit.now, visit.as_of)
    return parse_documents(visit, listed.items)


def _list_recommendations(visit: Visit, filed: tuple[str, str]) -> tuple[list[dict[str, Any]], bool]:
    listed = lists.list_documents(
        visit.connection, Search("recommendation", (filed,)), _MOST, visit.now, visit.as_of
    )
    return parse_documents(visit, listed.items), listed.last is not None


def _show(visit: Visit, brief: dict[str, Any]) -> dict[str, Any]:
    href = visit.link("recommendation", process=brief["process"]["slug"], reference=brief["reference"])
    return {**brief, "name": pick_text(brief, "title", visit.language.code), "href": href}


def _show_asked(visit: Visit, brief: dict[str, Any], organization: str) -> dict[str, Any]:
    """What it was asked, what it answered, and how far that got in the eyes of the lead."""
    answers = find_answers(brief, "response")
    own = [
        one for one in answers["by_addressee"] if one["addressee"] and one["addressee"]["id"] == organization
    ]
    lead = find_answers(brief, "implementation")["lead"]
    return {**_show(visit, brief), "answer": (own or [answers["lead"]])[0], "state": lead["state"]}


def _show_assessed(visit: Visit, brief: dict[str, Any], organization: str) -> dict[str, Any] | None:
    """What it says of a recommendation, where it says how far that got."""
    answers = find_answers(brief, "implementation")
    rows = (row for row in (answers["lead"], *answers["others"]) if row["assessor"]["id"] == organization)
    row = next((row for row in rows if row["change"]), None)
    return None if row is None else {**_show(visit, brief), "verdict": row}
