"""Recording resources and the figures given for them."""

from __future__ import annotations

from tracker.actions.support.lookup import find_named_in_process, get_thing
from tracker.actions.support.records import (
    Data,
    add_part,
    check_new_subject,
    check_part,
    keep_record,
    make_subject,
)
from tracker.actions.support.unit import Unit
from tracker.store.resources import Figure, Resource


def record_resource(unit: Unit, data: Data) -> Resource:
    unit.by.require("record.write")
    check_new_subject(unit, data, "resource")
    find_named_in_process(unit.session, data["process_id"], "/committee", data["committee_id"], "committee")
    fields = dict(data)
    figures = [Figure(**figure) for figure in fields.pop("figures", ())]
    return keep_record(unit, make_subject(unit, Resource, "resource", {**fields, "figures": figures}))


def edit_resource(_unit: Unit, _row: Resource, changes: Data) -> Data:
    """The attributes that an edit sets. Figures take the place of those there were."""
    if "figures" not in changes:
        return changes
    return {**changes, "figures": [Figure(**figure) for figure in changes["figures"]]}


def add_figure(unit: Unit, resource: str, data: Data) -> Resource:
    """Record what somebody says is needed, pledged or delivered on a day."""
    unit.by.require("record.write")
    means: Resource = get_thing(unit.session, resource, "resource")
    check_part(unit, means, "figures", data)
    add_part(unit, means, means.figures, Figure(**data), "figure.add")
    return means
