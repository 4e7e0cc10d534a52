"""Recording resources."""

from __future__ import annotations

from typing import Final

from tracker.actions.figures import make_figures
from tracker.actions.support.lookup import find_named_in_process
from tracker.actions.support.records import Data, check_new_subject, keep_record, make_subject, replace_one
from tracker.actions.support.unit import Unit
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.store.resources import Resource

#: Of these a resource names one.
_OWNERS: Final = frozenset({"committee_id", "recommendation_id"})


def record_resource(unit: Unit, data: Data) -> Resource:
    unit.by.require("record.write")
    check_new_subject(unit, data, "resource")
    _check_owner(unit, data["process_id"], data)
    fields = make_figures(unit, data["process_id"], data)
    return keep_record(unit, make_subject(unit, Resource, "resource", fields))


def edit_resource(unit: Unit, row: Resource, changes: Data) -> Data:
    """The attributes that an edit sets."""
    changes = replace_one(changes, "committee_id", "recommendation_id")
    if _OWNERS & changes.keys():
        named = {name: getattr(row, name) for name in _OWNERS}
        _check_owner(unit, row.process_id, {**named, **changes})
    return make_figures(unit, row.process_id, changes)


def _check_owner(unit: Unit, process: str, data: Data) -> None:
    """A resource is of one committee, or of one recommendation."""
    for owner in ("committee", "recommendation"):
        find_named_in_process(unit.viewer, process, f"/{owner}", data.get(f"{owner}_id"), owner)
    if (data.get("committee_id") is None) == (data.get("recommendation_id") is None):
        raise InvalidInput.at(
            "/committee", sentence("name either the committee or the recommendation that needs it")
        )
