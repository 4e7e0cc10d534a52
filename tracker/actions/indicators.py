"""Recording indicators: what is counted over time."""

from __future__ import annotations

from typing import Any

from tracker.actions.figures import make_figures
from tracker.actions.support.lookup import find_named, find_named_in_process
from tracker.actions.support.records import Data, check_new_subject, keep_record, make_subject
from tracker.actions.support.unit import Unit
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.store.indicators import Indicator


def record_indicator(unit: Unit, data: Data) -> Indicator:
    unit.by.require("record.write")
    check_new_subject(unit, data, "indicator")
    fields = _check(unit, data["process_id"], data["type"], data)
    return keep_record(unit, make_subject(unit, Indicator, "indicator", fields))


def edit_indicator(unit: Unit, row: Indicator, changes: Data) -> Data:
    """The attributes that an edit sets, checked as those of a new indicator. Its figures are of stages of what it
    counts, so they change with that."""
    type = changes.get("type", row.type)
    if type != row.type and row.figures and "figures" not in changes:
        raise InvalidInput.at(
            "/type",
            sentence("its figures are of stages of %(type)s; send `figures` with it", type=repr(row.type)),
        )
    return _check(unit, row.process_id, type, changes)


def _check(unit: Unit, process: str, type: str, data: Data) -> dict[str, Any]:
    """What is recorded, with its names found and its figures made."""
    for member in ("concerns", "body"):
        find_named(unit.viewer, f"/{member}", data.get(f"{member}_id"), "organization")
    for place, recommendation in enumerate(data.get("recommendations") or ()):
        find_named_in_process(
            unit.viewer, process, f"/recommendations/{place}", recommendation, "recommendation"
        )
    return make_figures(unit, process, data, type)
