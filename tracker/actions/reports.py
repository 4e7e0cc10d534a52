"""Recording reports. What became of one is said on its track `release` (`tracker.actions.statuses`)."""

from __future__ import annotations

from typing import Final

from tracker.actions.figures import make_figures
from tracker.actions.support import date_owners
from tracker.actions.support.records import (
    Data,
    check_new_subject,
    find_author,
    give_reference,
    keep_record,
    make_subject,
    replace_one,
)
from tracker.actions.support.unit import Unit
from tracker.store.reports import Report

#: Of these a report names one.
_WHOSE: Final = frozenset({"committee_id", "issuer_id"})


def record_report(unit: Unit, data: Data) -> Report:
    unit.by.require("record.write")
    data = give_reference(data)
    check_new_subject(unit, data, "report")
    find_author(unit, data["process_id"], data)
    fields = make_figures(unit, data["process_id"], data)
    return keep_record(unit, make_subject(unit, Report, "report", fields))


def edit_report(unit: Unit, row: Report, changes: Data) -> Data:
    """The attributes that an edit sets. What the report was to meet, if it was another committee's, is open again."""
    changes = replace_one(changes, "committee_id", "issuer_id")
    if _WHOSE & changes.keys():
        find_author(unit, row.process_id, {**{name: getattr(row, name) for name in _WHOSE}, **changes})
        unit.changed("work_queue", date_owners.list_dates_of(unit.session, [row.id]))
    return make_figures(unit, row.process_id, changes)
