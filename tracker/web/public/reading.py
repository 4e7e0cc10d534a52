"""What pages read of the public side: a process by its short name, a thing by its own, lists that are bounded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from tracker.database.index_entries import Order
from tracker.database.list_index import NATURAL, Search
from tracker.domain.calendars import Calendar
from tracker.domain.errors import Withdrawn
from tracker.domain.ids import kind_of
from tracker.languages.i18n import mark
from tracker.languages.texts import pick_text
from tracker.public import lists, queries
from tracker.public.current_scores import read_scoreboard
from tracker.public.feeds.process_head import HEAD
from tracker.public.names import translate_names
from tracker.web.public.refusals import Missing
from tracker.web.public.visit import Visit

Document = dict[str, Any]
#: The most things of a kind that one page shows of a process; the page says how many there are.
MOST: Final = 100
#: How many things of a process pages fold to tell what was known of them at a moment.
MOST_KNOWN: Final = 500
#: How many pages of a list are read for one page.
_PAGES: Final = 10


def read_process(visit: Visit, slug: str) -> Document:
    """A public process; ``act`` is the place of the last act in it. `Missing`, or `Withdrawn` with the reason."""
    row = visit.connection.execute(HEAD, {"slug": slug}).first()
    if row is None:
        raise Missing(mark("No process “%(slug)s” is public here."), slug=slug[:80])
    if row.withdrawn is not None:
        raise Withdrawn(row.withdrawn)
    return {**read_document(visit, "process", row.process_id), "act": row.seq}


def read_document(visit: Visit, kind: str, thing: str) -> Document:
    """A public thing as of the day that is asked for."""
    if visit.as_of is None and visit.known_at is None:
        past = queries.find_document(visit.connection, kind, thing, visit.now)
    else:
        then = visit.as_of, visit.known_at
        past = queries.find_past_document(visit.connection, kind, thing, visit.now, *then)
    [document] = parse_documents(visit, [past.body])
    return document


def parse_documents(visit: Visit, items: Iterable[bytes]) -> list[Document]:
    """Documents as a page shows them: what they name is called as it is in the language of the page."""
    documents: list[Document] = [json.loads(item) for item in items]
    translate_names(visit.connection, documents, visit.language.code, visit.known_at)
    return documents


def read_named(visit: Visit, process: Document, kind: str, reference: str) -> Document:
    """A thing of a process by its short name."""
    thing = queries.find_by_reference(visit.connection, process["id"], kind, reference)
    if thing is None:
        raise Missing(mark("“%(name)s” names nothing that is public in this process."), name=reference[:80])
    return read_document(visit, kind, thing)


def read_own(visit: Visit, process: Document, kind: str, thing: str) -> Document:
    """A thing of a process by its id. `Missing` where it is none of this kind in this process."""
    if kind_of(thing) == kind:
        document = read_document(visit, kind, thing)
        if document["process"]["id"] == process["id"]:
            return document
    raise Missing(mark("“%(name)s” names nothing that is public in this process."), name=thing[:80])


def read_list(
    visit: Visit, kind: str, *filed: tuple[str, str], most: int = MOST, order: Order = NATURAL
) -> list[Document]:
    """The first public things of a kind that are filed under all of this, in this order. Of another time a page of a
    list may end before it is full; then the next ones are read, a few at most."""
    sought, documents = Search(kind, filed, order=order), list[Document]()
    for _page in range(_PAGES):
        page = lists.list_documents(
            visit.connection, sought, most - len(documents), visit.now, visit.as_of, visit.known_at
        )
        documents += parse_documents(visit, page.items)
        if page.last is None or len(documents) >= most:
            break
        sought = replace(sought, after=page.last)
    return documents


def read_numbers(visit: Visit, process: Document) -> dict[str, Any]:
    """The scoreboard of a process."""
    then = visit.as_of, visit.known_at
    numbers = read_scoreboard(visit.connection, process["id"], visit.now, *then, most=MOST_KNOWN)
    translate_names(visit.connection, numbers, visit.language.code, visit.known_at)
    return numbers


def find_day(visit: Visit, process: Document) -> str:
    """The day that the page tells of, in the time zone of the process."""
    today = Calendar.from_json(process["calendar"]).today(visit.now)
    return (visit.as_of or today).isoformat()


def show_process_parts(visit: Visit, process: Document) -> dict[str, Any]:
    """What every page of a process shows: its name, the day it tells of, and days as its country writes them."""
    return {
        "visit": visit.in_country(process["country"]),
        "process": process,
        "process_name": pick_text(process, "title", visit.language.code),
        "day_told": find_day(visit, process),
        "alternates": list_alternates(visit, process),
    }


def list_alternates(visit: Visit, process: Document) -> list[tuple[str, str, str]]:
    """What machines read of a process: media type, name, address."""
    feed = f"/feeds/{process['slug']}"
    by_mail = list_mail(visit, "process", process["slug"])
    return [("application/json", "JSON", f"{feed}/status.json"), *list_feeds(visit, feed), *by_mail]


def list_mail(visit: Visit, kind: str, what: str) -> list[tuple[str, str, str]]:
    """Where somebody says that they want to follow by mail, where that can be done."""
    if not visit.mail:
        return []
    address = f"/{visit.language.code}/follow?{urlencode({kind: what})}"
    return [("", str(visit.language.say("mail")), address)]


def list_feeds(visit: Visit, under: str) -> list[tuple[str, str, str]]:
    """The change feeds below an address, in both forms and in the language of the page."""
    return [
        ("application/atom+xml", "Atom", f"{under}/changes.atom?lang={visit.language.code}"),
        ("application/feed+json", "JSON Feed", f"{under}/changes.json?lang={visit.language.code}"),
    ]
