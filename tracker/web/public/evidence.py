"""An item of evidence: what it is, who vouches for it, what rests on it, and what is not known of it."""

from __future__ import annotations

import json
from typing import Final

from tracker.languages.texts import list_texts, pick_text
from tracker.public import event_queries
from tracker.web.public.changes import describe_acts
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import read_own, read_process, show_process_parts
from tracker.web.public.verdicts import list_verdicts
from tracker.web.public.visit import Visit

#: How many of the acts that cite an item the page tells.
_CITING: Final = 50
#: Members of which the page says that nobody knows them, where nobody does.
_ASKED: Final = ("publisher", "published_on", "occurred_from", "country", "language", "rights")


@page("evidence")
def show_evidence(visit: Visit, process: str, id: str) -> Shown:
    parent = read_process(visit, process)
    item = read_own(visit, parent, "evidence", id)
    local = visit.in_country(parent["country"])
    citing = event_queries.list_citing(visit.connection, id, None, _CITING, visit.now)
    acts = [json.loads(body) for _seq, body in citing.items]
    until = None if visit.as_of is None else visit.as_of.isoformat()
    acts = [one for one in acts if until is None or one.get("change", {}).get("effective_on", "") <= until]
    parts = show_process_parts(visit, parent)
    return {
        **parts,
        "title": pick_text(item, "title", visit.language.code).text,
        "item": item,
        "name": pick_text(item, "title", visit.language.code),
        "descriptions": list_texts(item, "description") if item["description"] else [],
        "verification": list_verdicts(item, "verification")[0],
        "unknown": [name for name in _ASKED if not item[name]],
        "acts": [{**one, "stance": _find_stance(one, id)} for one in describe_acts(local, parent, acts)],
        "history": item["history"],
        "alternates": [("application/json", "JSON", f"/v1/public/evidence/{id}"), *parts["alternates"][1:]],
    }


def _find_stance(act: dict[str, object], item: str) -> str | None:
    """What the item does for the status that cites it."""
    change = act.get("change")
    citations = change.get("citations", ()) if isinstance(change, dict) else ()
    return next((one["stance"] for one in citations if one["evidence"] == item), None)
