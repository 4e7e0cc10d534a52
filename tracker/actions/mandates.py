"""Recording the versions of a mandate."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.actions.support.lookup import get_for_act
from tracker.actions.support.records import Data, add_part, check_part
from tracker.actions.support.unit import Unit
from tracker.store.committees import Committee
from tracker.store.mandates import Mandate


def make_mandates(unit: Unit, body: Committee, given: Sequence[Data]) -> list[Mandate]:
    """All versions of a mandate in place of those there were. Each keeps the id of its place."""
    known = [mandate.id for mandate in body.mandates]
    new = (unit.new_id("mandate") for _ in given[len(known) :])
    return [
        Mandate(id=id, number=number, **data)
        for number, (id, data) in enumerate(zip([*known, *new], given, strict=False), 1)
    ]


def adopt_mandate(unit: Unit, committee: str, data: Data) -> Mandate:
    """Add a version of a committee's terms of reference; nothing overwrites the earlier ones."""
    unit.by.require("record.write")
    body = get_for_act(unit.viewer, committee, "committee")
    check_part(unit, body, "mandates", data)
    number = max((mandate.number for mandate in body.mandates), default=0) + 1
    mandate = Mandate(id=unit.new_id("mandate"), committee_id=body.id, number=number, **data)
    add_part(unit, body, body.mandates, mandate, "mandate.adopt")
    return mandate
