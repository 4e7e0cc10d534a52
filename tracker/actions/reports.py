"""Recording the reports of a committee."""

from __future__ import annotations

from tracker.actions.support.lookup import get_thing
from tracker.actions.support.records import Data, add_part, check_part
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone
from tracker.store.committees import Committee
from tracker.store.reports import Report


def file_report(unit: Unit, committee: str, data: Data) -> Committee:
    """Record a report of a committee: when it was handed over, announced, presented and published."""
    unit.by.require("record.write")
    body: Committee = get_thing(unit.session, committee, "committee")
    check_part(unit, body, "reports", data)
    if any(one.title == data["title"] for one in body.reports):
        raise AlreadyDone("a report of that title is recorded already")
    add_part(unit, body, body.reports, Report(**data), "report.file")
    return body
