"""Which public acts a feed of changes shows, and what the feed is called: those of a process, of all, of one
organization, of one recommendation, or of what a search finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup
from sqlalchemy import ColumnElement, Connection, exists, select, union_all

from tracker.domain.errors import InvalidInput, NotFound
from tracker.domain.search import parse_terms
from tracker.domain.sent_values import quote_value
from tracker.domain.text import find_fault
from tracker.languages.i18n import Language, get_language
from tracker.languages.texts import pick_text
from tracker.public import current, search
from tracker.public.feeds.process_head import HEAD, Head, Heads, find_process, read_checkpoint
from tracker.public.names import read_names
from tracker.public.page_addresses import choose_language, make_address, make_page_address
from tracker.public.queries import find_document
from tracker.public.tables import change, document, event, head

#: How many of the best hits of a search are followed; and the longest search.
MOST_FOLLOWED: Final = 200
LONGEST_SEARCH: Final = 200


@dataclass(frozen=True, slots=True)
class Stream:
    """``address`` is that of the feed without the ending that says its form, ``query`` what follows on that. ``own`` is
    what its id is made from, ``page`` where it leads to, ``author`` whose the acts are that are of no other
    organization; ``proof`` what holds the feed against the log. All of it is said in ``language``."""

    address: str
    own: str
    language: Language
    title: Markup
    description: Markup
    page: str
    chosen: ColumnElement[bool]
    author: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    proof: Mapping[str, str | None] | None = None


def follow_process(connection: Connection, at: Head, asked: str | None) -> Stream:
    """Every public act on a process. ``asked`` is the language that is asked for; None for the first of the process."""
    content = current.read_contents(connection, [at.process])[at.process]
    language = get_language(asked or choose_language(content["languages"]))
    lead = read_names(connection, [content["lead"]], language=language.code).get(content["lead"], {})
    return Stream(
        f"/feeds/{at.slug}/changes",
        at.process,
        language,
        language.say("%(name)s: changes", name=pick_text(content, "title", language.code).text),
        language.say("Every public act on this process, newest first."),
        make_address(language.code, "process", process=at.slug),
        event.c.process_id == at.process,
        author=lead.get("name"),
        query=_in_language(asked),
        proof={"checkpoint": read_checkpoint(connection, at)},
    )


def _in_language(asked: str | None) -> dict[str, str]:
    return {} if asked is None else {"lang": asked}


def follow_all(asked: str | None) -> Stream:
    """Every public act about a thing."""
    language = get_language(asked or choose_language(()))
    return Stream(
        "/feeds/changes",
        "all",
        language,
        language.say("All processes: changes"),
        language.say("Every public act on all processes and organizations, newest first."),
        make_address(language.code, "home"),
        event.c.subject_id.is_not(None),
        query=_in_language(asked),
    )


def follow_organization(connection: Connection, slug: str, asked: str | None) -> Stream:
    """What an organization says, and what is said of it itself. `NotFound`."""
    query = select(document.c.id).where(document.c.kind == "organization", document.c.slug == slug)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"no organization {quote_value(slug)} is public here")
    hidden = exists().where(document.c.id == change.c.subject_id, document.c.withdrawn.is_not(None))
    own = union_all(
        select(change.c.seq).where(change.c.assessor == row.id, ~hidden),
        select(event.c.seq).where(event.c.subject_id == row.id),
    )
    language = get_language(asked or choose_language(()))
    name = read_names(connection, [row.id], language=language.code)[row.id]["name"]
    return Stream(
        f"/feeds/organizations/{slug}/changes",
        row.id,
        language,
        language.say("%(name)s: verdicts and replies", name=name),
        language.say("What this organization says in public on any process, newest first."),
        make_address(language.code, "organization", slug=slug),
        event.c.seq.in_(own),
        author=name,
        query=_in_language(asked),
    )


def follow_recommendation(connection: Connection, thing: str, now: datetime, asked: str | None) -> Stream:
    """Every public act on a recommendation. `NotFound`, or `Withdrawn` with the reason."""
    find_document(connection, "recommendation", thing, now)
    query = select(document.c.slug, document.c.process_id).where(document.c.id == thing)
    reference, process = connection.execute(query).one()
    contents = current.read_contents(connection, [process, thing])
    content = contents[process]
    language = get_language(asked or choose_language(content["languages"]))
    title = pick_text(contents[thing], "title", language.code).text
    return Stream(
        f"/feeds/recommendations/{thing}/changes",
        thing,
        language,
        language.say("%(name)s: changes", name=title),
        language.say("Every public act on this recommendation, newest first."),
        make_page_address(language.code, thing, reference, content["slug"]),
        event.c.subject_id == thing,
        query=_in_language(asked),
    )


def follow_search(connection: Connection, words: str, asked: str | None) -> Stream:
    """Every public act on the best hits of a search, so that what is found from now on comes first."""
    fault = find_fault(words, lines=False)
    if fault or not 0 < len(words) <= LONGEST_SEARCH:
        bounds = f"must be the words of a search, at most {LONGEST_SEARCH} characters"
        raise InvalidInput.at("q", f"q: {fault}" if fault else f"q {bounds}, not {len(words)}")
    hits = search.find_public(connection, parse_terms(words), [], None, MOST_FOLLOWED)
    language = get_language(asked or choose_language(()))
    return Stream(
        "/feeds/search",
        f"search {words}",
        language,
        language.say("Search for %(words)s: changes", words=words),
        language.say_number(
            "Every public act on what the search finds, on the best %(num)s hit, newest first.",
            "Every public act on what the search finds, on the best %(num)s hits, newest first.",
            MOST_FOLLOWED,
        ),
        f"{make_address(language.code, 'search')}?{urlencode({'q': words})}",
        event.c.subject_id.in_([hit.id for hit in hits]),
        query={"q": words, **_in_language(asked)},
    )


def follow(connection: Connection, kind: str, what: str, now: datetime, asked: str | None) -> Stream:
    """Every public act on a process (by its id or short name), a recommendation or a search. `NotFound`."""
    if kind == "process":
        slug = connection.scalar(
            select(head.c.slug).where(head.c.process_id == find_process(connection, what))
        )
        row = connection.execute(HEAD, {"slug": slug}).one()
        return follow_process(connection, Heads().read(tuple(row), now), asked)
    if kind == "recommendation":
        return follow_recommendation(connection, what, now, asked)
    return follow_search(connection, what, asked)


def list_processes(connection: Connection, acts: list[dict[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """What the public processes of these acts say of themselves."""
    return current.read_contents(connection, {act["process"] for act in acts if act["process"] is not None})
