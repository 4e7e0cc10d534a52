"""Recording recommendations."""

from __future__ import annotations

from tracker.actions.support.lookup import find_named, find_named_in_process
from tracker.actions.support.records import (
    Data,
    check_new_subject,
    keep_record,
    make_addressees,
    make_subject,
)
from tracker.actions.support.unit import Unit
from tracker.domain.errors import InvalidInput
from tracker.store.recommendations import Recommendation


def record_recommendation(unit: Unit, data: Data) -> Recommendation:
    unit.by.require("record.write")
    check_new_subject(unit, data, "recommendation")
    process = data["process_id"]
    find_named_in_process(unit.session, process, "/committee", data.get("committee_id"), "committee")
    find_named_in_process(unit.session, process, "/parent", data.get("parent_id"), "recommendation")
    find_named(unit.session, "/issuer", data.get("issuer_id"), "organization")
    if (data.get("committee_id") is None) == (data.get("issuer_id") is None):
        raise InvalidInput.at("/issuer", "name either the issuing organization or the issuing committee")
    fields = dict(data)
    addressees = make_addressees(unit, fields.pop("addressees", ()))
    return keep_record(
        unit, make_subject(unit, Recommendation, "recommendation", {**fields, "addressees": addressees})
    )
