"""The queue: what waits for whoever asks, oldest first, each with the screen on which it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.actions.support import work_queue_pages
from tracker.domain.people import SELF
from tracker.domain.work_queue import KINDS
from tracker.schemas.fields import Code, Id, Strict
from tracker.web.desk.home import write_age, write_task
from tracker.web.desk.names import name_things
from tracker.web.desk.view import Shown, Visit, view

#: How much of the queue one page shows: what is done makes room.
MOST_SHOWN = 50


class QueueQuery(Strict):
    """What of the queue is shown."""

    kind = Code(KINDS)
    process = Id("process", sought=True)


@view("/queue", permission=SELF, template="queue", query=QueueQuery)
def show_queue(desk: Visit) -> Shown:
    asked = {name: value for name, value in desk.query.items() if name in ("kind", "process")}
    waiting, more = work_queue_pages.read_page(desk.viewer, desk.now, asked, None, MOST_SHOWN)
    names = name_things(desk, [id for one in waiting for id in (one["subject_id"], one["process_id"])])
    counted = work_queue_pages.count_work(desk.viewer, desk.now, {**asked, "kind": asked["kind"]} if "kind" in asked else asked)
    return {
        "title": desk.language.say("What waits for you"),
        "kinds": [
            {
                "sentence": write_task(one["kind"], one["count"], desk.language),
                "href": desk.link_here(kind=one["kind"]),
            }
            for one in counted
            if one["count"]
        ],
        "entries": [_describe_entry(desk, one, names) for one in waiting],
        "more": more is not None,
    }


def _describe_entry(desk: Visit, entry: Mapping[str, Any], names: Mapping[str, str]) -> Shown:
    return {
        "name": names.get(entry["subject_id"], entry["subject_id"]),
        "process": names.get(entry["process_id"] or ""),
        "track": entry["track"],
        "state": entry["state"],
        "due_on": entry["due_on"],
        "age": write_age((desk.now - entry["since"]).days, desk.language),
        "href": find_screen(desk, entry),
    }


def find_screen(desk: Visit, entry: Mapping[str, Any]) -> str | None:
    """Where an entry of the queue is done."""
    decided = entry["change_id"] or entry["proposal_id"]
    if decided is not None and entry["kind"] != "basis":
        return desk.link(f"/decide/{decided}")
    if entry["kind"] == "question" or not desk.by.may("record.write"):
        return None
    track = "verification" if entry["kind"] == "review" else entry["track"]
    return desk.link(f"/subjects/{entry['subject_id']}/propose", track=track)
