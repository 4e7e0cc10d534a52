"""Recording processes."""

from __future__ import annotations

from tracker.actions.support.lookup import find_named, require_free_slug
from tracker.actions.support.records import Data, keep_record, require_order
from tracker.actions.support.unit import Unit
from tracker.domain.calendars import Calendar
from tracker.domain.errors import prefix_fields
from tracker.domain.evidence_policy import Policy
from tracker.store.processes import Process


def create_process(unit: Unit, data: Data) -> Process:
    unit.by.require("record.write")
    require_free_slug(unit.session, Process, data["slug"])
    find_named(unit.session, "/lead", data["lead_id"], "organization")
    with prefix_fields("/calendar"):
        Calendar.from_json(data["calendar"])
    Policy.from_json(data.get("evidence_policy") or {})
    require_order(data, "happened_from", "happened_to")
    return keep_record(unit, Process(id=unit.new_id("process"), created_at=unit.now, **data))
