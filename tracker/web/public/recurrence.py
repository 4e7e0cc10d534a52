"""What is asked for again because it was not done when it was asked for first."""

from __future__ import annotations

from typing import Final

from tracker.languages.texts import pick_text
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import read_list, read_process, show_process_parts
from tracker.web.public.verdicts import show_implementation
from tracker.web.public.visit import Visit

#: How many recommendations the page shows.
_MOST: Final = 200


@page("recurrence")
def show_recurrence(visit: Visit, process: str) -> Shown:
    parent = read_process(visit, process)
    listed = read_list(visit, "recommendation", ("recurs", "true"), ("process", parent["id"]), most=_MOST + 1)
    rows = [show_implementation(one, visit.language.code) for one in listed[:_MOST]]
    return {
        **show_process_parts(visit, parent),
        "title": visit.language.say(
            "Asked for again: %(name)s", name=pick_text(parent, "title", visit.language.code).text
        ),
        "rows": sorted(rows, key=lambda row: -row["recurrence"]["undone"]),
        "more": len(listed) > _MOST,
    }
