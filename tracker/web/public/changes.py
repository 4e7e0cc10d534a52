"""What changed, in words: who says what of what, what it was before, why, and since when it is public."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import select

from tracker.languages.texts import pick_text
from tracker.public import event_queries
from tracker.public.names import read_names
from tracker.public.sentences.acts import find_verb, list_mentioned
from tracker.public.tables import event
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import Document, find_day, read_process, show_process_parts
from tracker.web.public.refusals import Mistaken
from tracker.web.public.visit import Visit

Act = dict[str, Any]
#: How many acts a page of changes has.
PAGE: Final = 50


@page("changes", "before")
def show_changes(visit: Visit, process: str) -> Shown:
    parent = read_process(visit, process)
    local = visit.in_country(parent["country"])
    acts = _read_acts(visit, parent, _read_before(visit, parent))
    return {
        **show_process_parts(visit, parent),
        "title": local.language.say(
            "What changed: %(name)s", name=pick_text(parent, "title", local.language.code).text
        ),
        "acts": describe_acts(local, parent, [json.loads(body) for _seq, body in acts.items]),
        "older": str(acts.items[-1][0]) if acts.more else None,
    }


def _read_acts(visit: Visit, process: Document, before: int | None) -> event_queries.Page:
    """All acts or, as of a day, the status changes that took effect by then."""
    if visit.as_of is not None:
        until = find_day(visit, process)
        return event_queries.list_status_changes(visit.connection, process["id"], until, before, PAGE)
    own = event.c.process_id == process["id"]
    return event_queries.list_events(visit.connection, own, before, PAGE)


def _read_before(visit: Visit, process: Document) -> int | None:
    """Before which act the page begins; one that is there, so that nobody makes up places."""
    given = visit.query.get("before")
    if given is None:
        return None
    if given.isascii() and given.isdigit() and len(given) <= 15:
        own = select(event.c.seq).where(event.c.seq == int(given), event.c.process_id == process["id"])
        if visit.connection.scalar(own) is not None:
            return int(given)
    raise Mistaken.value("before", given)


def list_latest(visit: Visit, process: Document, most: int) -> list[Act]:
    """The last status changes of a process by the day that is asked for, newest first."""
    day = find_day(visit, process)
    page = event_queries.list_status_changes(visit.connection, process["id"], day, None, most)
    return describe_acts(visit, process, [json.loads(body) for _seq, body in page.items])


def describe_acts(visit: Visit, process: Document, acts: Iterable[Act]) -> list[Act]:
    """Public acts with the names and addresses of what they tell of."""
    listed = list(acts)
    names = read_names(
        visit.connection, list_mentioned(listed), visit.as_of, visit.known_at, visit.language.code
    )
    corrections = event_queries.find_corrections(visit.connection, listed, visit.known_at)
    return [
        {
            **_describe_act(visit, process, act, names),
            "corrected_by": corrections.get(act["id"], {}).get("id"),
        }
        for act in listed
    ]


def _describe_act(visit: Visit, process: Document, act: Act, names: Mapping[str, Any]) -> Act:
    change = act.get("change", {})
    subject = names.get(act.get("subject", ""))
    return {
        **act,
        "name": None if subject is None else subject["name"],
        "href": None if subject is None else visit.link_thing(process["slug"], subject),
        "who": names.get(change.get("assessor") or act.get("assessor") or ""),
        "addressee": names.get(change.get("addressee") or ""),
        "verdict_by": names.get(change.get("verdict_by") or ""),
        "verb": find_verb(act),
    }
