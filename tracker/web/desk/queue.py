"""The queue: what waits, one entry a line. Its filter is an address, which can be kept and sent to others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from tracker.actions.support import work_queue_pages
from tracker.domain import ids
from tracker.domain.work_queue import KINDS
from tracker.languages.i18n import mark
from tracker.languages.tasks import write_task
from tracker.schemas.fields import Code, Id, Strict, Text
from tracker.store.processes import Process
from tracker.web.desk.handlings import list_claims
from tracker.web.desk.names import name_things
from tracker.web.desk.saved_filters import describe_filters
from tracker.web.desk.view import VIEWS, Shown, View, Visit, view

#: How many entries a page has.
PAGE: Final = 25


class QueueQuery(Strict):
    """What narrows the queue, and where the page begins."""

    kind = Code(KINDS)
    process = Id("process", sought=True)
    after = Text(2_000)


class NextQuery(Strict):
    """Of what the entry that has waited longest is opened."""

    kind = Code(KINDS)
    process = Id("process", sought=True)


@view("/queue", permission="record.read_own", query=QueueQuery, menu=mark("Queue"))
def show_queue(desk: Visit) -> Shown:
    asked: dict[str, str] = {
        name: str(desk.query[name]) for name in ("kind", "process") if name in desk.query
    }
    rows, last = work_queue_pages.read_page(desk.viewer, desk.now, asked, _read_place(desk), PAGE)
    names = name_things(desk, [row[about] for row in rows for about in ("subject_id", "process_id")])
    claims = list_claims(desk, [row["subject_id"] for row in rows])
    processes = desk.viewer.select(Process).order_by(Process.title)
    return {
        "title": desk.language.say("Queue"),
        "saved": describe_filters(desk),
        "entries": [
            {**describe_entry(desk, one, names), "claims": claims.get(one["subject_id"], [])} for one in rows
        ],
        "kinds": [
            (one["kind"], write_task(one["kind"], one["count"], desk.language).striptags())
            for one in work_queue_pages.count_work(desk.viewer, desk.now, {})
            if one["count"]
        ],
        "processes": [(one.id, one.title) for one in desk.session.scalars(processes)],
        "next_page": None if last is None else desk.link_after((last[0].isoformat(), *last[1:])),
    }


@view("/queue/next", permission="record.read_own", query=NextQuery)
def show_queue_next(desk: Visit) -> Shown:
    """On to the entry that has waited longest, where there is a screen for it; to all that waits, where nothing of that
    kind does."""
    rows, _last = work_queue_pages.read_page(desk.viewer, desk.now, desk.query, None, PAGE)
    opened = (address for one in rows if (address := find_address(desk, one)) is not None)
    left = {**desk.query, **({} if rows else {"kind": None})}
    return {"go_to": next(opened, desk.link("/queue", **left))}


def describe_entry(desk: Visit, entry: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """An entry with the names of what it is about, and where it is opened."""
    return {
        "task": write_task(entry["kind"], 1, desk.language),
        "name": names.get(entry["subject_id"], entry["subject_id"]),
        "process": names.get(entry["process_id"], entry["process_id"]),
        "since": entry["since"],
        "address": find_address(desk, entry),
    }


def find_address(desk: Visit, entry: dict[str, Any]) -> str | None:
    """Where an entry is opened: where something is done about it, else the thing itself; None where there is neither
    for its reader."""
    screen = next((one for one in VIEWS.values() if _opens(desk, one, entry["kind"])), None)
    if screen is None:
        return desk.link(f"/things/{entry['subject_id']}") if desk.by.may("record.read") else None
    named = [entry[name] for name in ("change_id", "proposal_id", "question_id", "subject_id")]
    about = {
        part: next(id for id in named if id is not None and ids.kind_of(id) in kinds)
        for part, kinds in screen.names.items()
    }
    takes = screen.query().fields if screen.query is not None else {}
    known = {"track": entry["track"]}
    if entry["kind"] == "reminder":
        known["addressee"] = entry["assessor_id"]
    return desk.link(
        screen.path.format(**about), **{name: value for name, value in known.items() if name in takes}
    )


def _opens(desk: Visit, screen: View, kind: str) -> bool:
    return kind in screen.opens and desk.by.may(screen.permission)


def _read_place(desk: Visit) -> work_queue_pages.Key | None:
    key = desk.read_place()
    return None if key is None else (datetime.fromisoformat(key[0]), key[1], key[2])
