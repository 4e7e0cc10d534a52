"""The drafts, oldest first: which is ready to be published, and what the others lack."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import tuple_

from tracker.actions import drafts
from tracker.actions.support.unit import open_view
from tracker.schemas.fields import Id, Strict, Text
from tracker.store.subjects import Subject
from tracker.web.desk.member_words import MANY
from tracker.web.desk.names import name_row, name_things
from tracker.web.desk.record_names import list_open_processes
from tracker.web.desk.view import Shown, Visit, view

#: How many drafts a page has: each is tried.
PAGE: Final = 25


class DraftsQuery(Strict):
    """Of which process the drafts are, and where the page begins."""

    process = Id("process", sought=True)
    after = Text(2_000)


@view("/drafts", permission="record.read", query=DraftsQuery)
def show_drafts(desk: Visit) -> Shown:
    rows = _read_page(desk)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    with open_view(desk.session, desk.by, desk.now, desk.context.entropy) as unit:
        described = drafts.describe_drafts(unit, rows)
    named = {id for one in described for id in (one["process_id"], *one["missing"])}
    names = name_things(desk, named)
    return {
        "title": desk.language.say("What is recorded and not public yet"),
        "processes": list_open_processes(desk),
        "drafts": [_describe(desk, row, one, names) for row, one in zip(rows, described, strict=True)],
        "next_page": desk.link_after((rows[-1].created_at.isoformat(), rows[-1].id)) if more else None,
    }


def _read_page(desk: Visit) -> list[Subject]:
    """The drafts of a page, and one more where there are more."""
    key, place = (Subject.created_at, Subject.id), desk.read_place()
    query = drafts.select_drafts(desk.viewer).order_by(*key).limit(PAGE + 1)
    if "process" in desk.query:
        query = query.where(Subject.process_id == desk.query["process"])
    if place is not None:
        query = query.where(tuple_(*key) > (datetime.fromisoformat(place[0]), place[1]))
    return list(desk.session.scalars(query).unique())


def _describe(desk: Visit, row: Subject, draft: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    proposal = draft["proposal_id"]
    return {
        "address": desk.link(f"/things/{row.id}"),
        "name": name_row(row),
        "kind": desk.language.say(MANY[row.kind]),
        "process": names.get(row.process_id),
        "ready": draft["ready"],
        "because": draft["detail"],
        "missing": [(desk.link(f"/things/{one}"), names[one]) for one in draft["missing"] if one in names],
        "proposal": None if proposal is None else desk.link(f"/decide/{proposal}"),
        "propose": desk.link(f"/things/{row.id}/publication") if desk.by.may("record.write") else None,
    }
