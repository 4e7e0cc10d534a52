"""Recording reports. What became of one is said on its track `release` (`tracker.actions.statuses`)."""

from __future__ import annotations

from tracker.actions.figures import make_figures
from tracker.actions.support.records import (
    Data,
    check_new_subject,
    find_author,
    keep_record,
    make_subject,
)
from tracker.actions.support.unit import Unit
from tracker.store.reports import Report


def record_report(unit: Unit, data: Data) -> Report:
    unit.by.require("record.write")
    check_new_subject(unit, data, "report")
    find_author(unit, data["process_id"], data)
    fields = make_figures(unit, data["process_id"], data)
    return keep_record(unit, make_subject(unit, Report, "report", fields))


def edit_report(unit: Unit, row: Report, changes: Data) -> Data:
    """The attributes that an edit sets. Whose report it is stays."""
    return make_figures(unit, row.process_id, changes)
