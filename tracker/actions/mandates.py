"""Recording the versions of a mandate."""

from __future__ import annotations

from tracker.actions.support.lookup import get_thing
from tracker.actions.support.records import Data, add_part, require_order
from tracker.actions.support.unit import Unit
from tracker.store.mandates import Mandate


def adopt_mandate(unit: Unit, committee: str, data: Data) -> Mandate:
    """Add a version of a committee's terms of reference; nothing overwrites the earlier ones."""
    unit.by.require("record.write")
    body = get_thing(unit.session, committee, "committee")
    require_order(data, "in_force_from", "in_force_to")
    number = max((mandate.number for mandate in body.mandates), default=0) + 1
    mandate = Mandate(id=unit.new_id("mandate"), committee_id=body.id, number=number, **data)
    add_part(unit, body, body.mandates, mandate, "mandate.adopt")
    return mandate
