"""A page of a stream of public acts, each as an entry of a feed, whatever the form of the feed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Connection, and_, select

from tracker.languages.i18n import LANGUAGES, Language
from tracker.public import event_queries
from tracker.public.feeds.streams import Stream
from tracker.public.names import read_names
from tracker.public.page_addresses import make_address
from tracker.public.sentences.acts import Names, describe_act, find_author, list_mentioned, write_text
from tracker.public.tables import event

#: How many acts one page of a feed shows.
PAGE: Final = 50
#: The space of the ids of feeds and entries: they follow from our own ids alone, so a site that moves keeps them.
_SPACE: Final = UUID("6f1f7a3c-52d6-4b0e-9c57-0d1f4f6f2a11")
#: Acts that take away what an earlier act said.
_TAKES_AWAY: Final = ("subject.withdrawn", "record.redacted")
#: When a feed changed that shows nothing yet.
NEVER: Final = "1970-01-01T00:00:00.000000Z"


@dataclass(frozen=True, slots=True)
class Entry:
    """``page`` is a path on our host; ``author`` the name of whose word it is, where it is of an organization.
    ``updated`` is later than ``published`` where it was corrected since, or lost words to a withdrawal or redaction."""

    id: str
    title: str
    text: str
    page: str
    author: str | None
    published: str
    updated: str
    act: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """``following`` is the place before which the next page begins; None on the last one."""

    entries: list[Entry]
    following: int | None

    @property
    def updated(self) -> str:
        return max((entry.updated for entry in self.entries), default=NEVER)


def make_urn(own: str, language: str = LANGUAGES[0]) -> str:
    """An id that names no host. What is said in another language is another text, and has an id of its own: somebody
    who follows both keeps both."""
    return uuid5(_SPACE, own if language == LANGUAGES[0] else f"{own} {language}").urn


def read_entries(connection: Connection, stream: Stream, before: int | None) -> EntryPage:
    """The newest acts of a stream, or the newest before a place."""
    page = event_queries.list_events(connection, stream.chosen, before, PAGE)
    acts = [json.loads(body) for _seq, body in page.items]
    names = read_names(connection, list_mentioned(acts), language=stream.language.code)
    corrections = event_queries.find_corrections(connection, acts)
    updates = _find_updates(connection, acts, corrections)
    entries = [
        _make_entry(act, names, updates[act["id"]], stream.language, corrected=act["id"] in corrections)
        for act in acts
    ]
    return EntryPage(entries, page.items[-1][0] if page.more else None)


def read_news(connection: Connection, stream: Stream, after: int) -> list[tuple[int, Entry]]:
    """The newest acts of a stream after a place, each with its place: as many as a page shows."""
    chosen = and_(stream.chosen, event.c.seq > after)
    page = event_queries.list_events(connection, chosen, None, PAGE)
    acts = [json.loads(body) for _seq, body in page.items]
    names = read_names(connection, list_mentioned(acts), language=stream.language.code)
    corrections = event_queries.find_corrections(connection, acts)
    return [
        (seq, _make_entry(act, names, act["at"], stream.language, corrected=act["id"] in corrections))
        for (seq, _body), act in zip(page.items, acts, strict=True)
    ]


def _make_entry(
    act: Mapping[str, Any], names: Names, updated: str, language: Language, *, corrected: bool
) -> Entry:
    described, author = describe_act(act, names, language), find_author(act)
    first = f"{language.say('It was corrected later.')}\n" if corrected else ""
    return Entry(
        make_urn(act["id"], language.code),
        language.unmark(described.title),
        first + write_text(described, language),
        make_address(language.code, "act", id=act["id"]),
        None if author is None else (names.get(author) or {}).get("name"),
        act["at"],
        updated,
        act,
    )


def _find_updates(
    connection: Connection, acts: list[dict[str, Any]], corrections: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """When each act was corrected, or last lost words: by a withdrawal or redaction of its thing, or by its own."""
    query = (
        select(event.c.subject_id, event.c.at, event.c.body)
        .where(event.c.subject_id.in_({act["subject"] for act in acts}), event.c.kind.in_(_TAKES_AWAY))
        .order_by(event.c.seq)
    )
    times = {act["id"]: corrections.get(act["id"], act)["at"] for act in acts}
    for subject, at, body in connection.execute(query):
        only = json.loads(body).get("event")
        for act in acts:
            if act["subject"] == subject and only in (None, act["id"]):
                times[act["id"]] = max(at, times[act["id"]])
    return times
