"""One public act: who says what of what, why and on what evidence, and which entry of the log it is."""

from __future__ import annotations

import json
from typing import Any

from tracker.domain.ids import kind_of
from tracker.languages.i18n import mark
from tracker.languages.texts import pick_text
from tracker.public import current, event_queries
from tracker.public.names import read_names
from tracker.public.sentences.acts import Act, Names, describe_act, list_mentioned
from tracker.web.public.page import Shown, page
from tracker.web.public.refusals import Missing
from tracker.web.public.visit import Visit


@page("act")
def show_act(visit: Visit, id: str) -> Shown:
    if kind_of(id) != "event":
        raise Missing(mark("There is no public act “%(name)s”."), name=id[:80])
    act = json.loads(event_queries.get_event(visit.connection, id))
    process = current.read_contents(visit.connection, {act["process"]} - {None}).get(act["process"])
    local = visit if process is None else visit.in_country(process["country"])
    names = read_names(visit.connection, list_mentioned([act]), language=visit.language.code)
    described = describe_act(act, names, local.language)
    slug = None if process is None else process["slug"]
    subject = names.get(act["subject"] or "")
    return {
        "visit": local,
        "title": described.title,
        "told": described,
        "act": act,
        "cited": _list_cited(local, slug, act, names),
        "undisclosed": act.get("change", {}).get("rests_on_undisclosed", False),
        "subject": subject and {**subject, "href": local.link_thing(slug, subject)},
        "process": process,
        "process_name": process and pick_text(process, "title", visit.language.code),
        "alternates": [("application/json", "JSON", f"/v1/public/events/{id}")],
    }


def _list_cited(visit: Visit, process: str | None, act: Act, names: Names) -> list[dict[str, Any]]:
    """The evidence that an answer cites, in its order; what is not public has no name."""
    cited = []
    for citation in act.get("change", {}).get("citations", ()):
        item = names.get(citation["evidence"])
        cited.append({**citation, "item": item and {**item, "href": visit.link_thing(process, item)}})
    return cited
