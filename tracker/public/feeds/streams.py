"""Which public acts a feed of changes shows, and what the feed is called: those of a process, of all, of one
organization, of one recommendation, or of what a search finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, exists, select, union_all

from tracker.domain.errors import InvalidInput, NotFound
from tracker.domain.search import parse_terms
from tracker.domain.text import find_fault
from tracker.public import current, search
from tracker.public.feeds.process_head import Head, read_checkpoint
from tracker.public.names import read_names
from tracker.public.page_addresses import (
    choose_language,
    make_home_address,
    make_organization_address,
    make_page_address,
    make_process_address,
)
from tracker.public.queries import find_document
from tracker.public.tables import change, document, event

#: How many of the best hits of a search are followed; and the longest search.
MOST_FOLLOWED: Final = 200
LONGEST_SEARCH: Final = 200
#: Who keeps what no organization leads.
_TRACKER: Final = "Accountability tracker"


@dataclass(frozen=True, slots=True)
class Stream:
    """``address`` is that of the feed without the ending that says its form, ``query`` what follows on that. ``own`` is
    what its id is made from, ``page`` where it leads to, ``author`` whose the acts are that are of no other
    organization; ``proof`` what holds the feed against the log."""

    address: str
    own: str
    title: str
    description: str
    page: str
    chosen: ColumnElement[bool]
    author: str = _TRACKER
    query: str = ""
    proof: Mapping[str, str | None] | None = None


def follow_process(connection: Connection, at: Head) -> Stream:
    """Every public act on a process."""
    content = current.read_contents(connection, [at.process])[at.process]
    lead = read_names(connection, [content["lead"]]).get(content["lead"], {})
    return Stream(
        f"/feeds/{at.slug}/changes",
        at.process,
        f"{content['title']}: changes",
        "Every public act on this process, newest first.",
        make_process_address(choose_language(content["languages"]), at.slug),
        event.c.process_id == at.process,
        author=str(lead.get("name") or _TRACKER),
        proof={"checkpoint": read_checkpoint(connection, at)},
    )


def follow_all(_connection: Connection) -> Stream:
    """Every public act about a thing."""
    return Stream(
        "/feeds/changes",
        "all",
        "All processes: changes",
        "Every public act on all processes and organizations, newest first.",
        make_home_address(),
        event.c.subject_id.is_not(None),
    )


def follow_organization(connection: Connection, slug: str) -> Stream:
    """What an organization says, and what is said of it itself. `NotFound`."""
    query = select(document.c.id, document.c.title).where(
        document.c.kind == "organization", document.c.slug == slug
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"no organization {slug} is public here")
    hidden = exists().where(document.c.id == change.c.subject_id, document.c.withdrawn.is_not(None))
    own = union_all(
        select(change.c.seq).where(change.c.assessor == row.id, ~hidden),
        select(event.c.seq).where(event.c.subject_id == row.id),
    )
    return Stream(
        f"/feeds/organizations/{slug}/changes",
        row.id,
        f"{row.title}: verdicts and replies",
        "What this organization says in public on any process, newest first.",
        make_organization_address(slug),
        event.c.seq.in_(own),
        author=row.title,
    )


def follow_recommendation(connection: Connection, thing: str, now: datetime) -> Stream:
    """Every public act on a recommendation. `NotFound`, or `Withdrawn` with the reason."""
    find_document(connection, "recommendation", thing, now)
    query = select(document.c.title, document.c.slug, document.c.process_id).where(document.c.id == thing)
    title, reference, process = connection.execute(query).one()
    content = current.read_contents(connection, [process])[process]
    language = choose_language(content["languages"])
    return Stream(
        f"/feeds/recommendations/{thing}/changes",
        thing,
        f"{title}: changes",
        "Every public act on this recommendation, newest first.",
        make_page_address(language, content["slug"], thing, "recommendation", reference),
        event.c.subject_id == thing,
    )


def follow_search(connection: Connection, words: str) -> Stream:
    """Every public act on the best hits of a search, so that what is found from now on comes first."""
    fault = find_fault(words, lines=False)
    if fault or not 0 < len(words) <= LONGEST_SEARCH:
        raise InvalidInput(fault or f"q must be the words of a search, at most {LONGEST_SEARCH} characters")
    hits = search.find_public(connection, parse_terms(words), [], None, MOST_FOLLOWED)
    query = urlencode({"q": words})
    return Stream(
        "/feeds/search",
        f"search {words}",
        f"Search for {words}: changes",
        f"Every public act on what the search finds, on the best {MOST_FOLLOWED} hits, newest first.",
        f"{make_home_address()}search?{query}",
        event.c.subject_id.in_([hit.id for hit in hits]),
        query=query,
    )


def list_processes(connection: Connection, acts: list[dict[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """What the public processes of these acts say of themselves."""
    return current.read_contents(connection, {act["process"] for act in acts if act["process"] is not None})
