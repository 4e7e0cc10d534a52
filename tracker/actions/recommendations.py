"""Recording recommendations."""

from __future__ import annotations

from typing import Any

from tracker.actions.figures import make_figures
from tracker.actions.support.circles import require_no_circle
from tracker.actions.support.lookup import find_named, find_named_in_process
from tracker.actions.support.records import (
    Data,
    check_new_subject,
    find_author,
    give_reference,
    keep_record,
    make_addressees,
    make_subject,
    replace_one,
)
from tracker.actions.support.unit import Unit
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.store.recommendations import Recommendation, list_wholes


def edit_recommendation(unit: Unit, row: Recommendation, changes: Data) -> Data:
    """The attributes that an edit sets, checked as those of a new recommendation."""
    changes = make_figures(unit, row.process_id, _split_issuers(changes))
    changes = replace_one(changes, "committee_id", "issuer_id")
    if changes.get("committee_id") is not None:
        changes = {"co_issuers": [], **changes}
    names = {name: getattr(row, name) for name in ("committee_id", "issuer_id", "co_issuers", "report_id")}
    _check_names(unit, row.process_id, {**names, **changes})
    _require_no_circle(unit, row, changes)
    if "parent_id" in changes:  # that of which it was a part
        unit.changed("work_queue", list_wholes(unit.session, row.id))
    if "addressees" not in changes:
        return changes
    return {**changes, "addressees": make_addressees(unit, changes["addressees"])}


def _split_issuers(data: Data) -> dict[str, Any]:
    """The first of those who issued it, and the others. An edit that names one issuer names all of them."""
    fields = dict(data)
    if "issuers" in fields:
        every = fields.pop("issuers")
        if fields.get("issuer_id") not in (None, *every[:1]):
            raise InvalidInput.at("/issuer", sentence("is the first of issuers; leave one of the two out"))
        if len(set(every)) < len(every):
            raise InvalidInput.at("/issuers", sentence("names an organization twice; name it once"))
        fields |= {"issuer_id": every[0] if every else fields.get("issuer_id"), "co_issuers": every[1:]}
    elif "issuer_id" in fields:
        fields["co_issuers"] = []
    return fields


def _require_no_circle(unit: Unit, row: Recommendation, changes: Data) -> None:
    """Refuse a parent that is the recommendation itself or a part of it, and that it repeats one that repeats it."""

    def find(recommendation: str) -> Recommendation:
        return unit.session.get_one(Recommendation, recommendation)

    require_no_circle(
        row.id,
        "/parent",
        filter(None, [changes.get("parent_id")]),
        lambda one: filter(None, [find(one).parent_id]),
        sentence("must not be this recommendation, or a part of it"),
    )
    require_no_circle(
        row.id,
        "/repeats",
        changes.get("repeats") or (),
        lambda one: find(one).repeats,
        sentence("must be other recommendations, and none that repeats this one"),
    )


def _check_names(unit: Unit, process: str, data: Data) -> None:
    find_author(unit, process, data)
    find_named_in_process(unit.viewer, process, "/parent", data.get("parent_id"), "recommendation")
    report = find_named_in_process(unit.viewer, process, "/report", data.get("report_id"), "report")
    committee = data.get("committee_id")
    if None not in (report, committee) and report.committee_id not in (None, committee):
        raise InvalidInput.at("/report", sentence("is a report of another committee"))
    for place, repeated in enumerate(data.get("co_issuers") or (), 1):
        find_named(unit.viewer, f"/issuers/{place}", repeated, "organization")
    for place, repeated in enumerate(data.get("repeats") or ()):
        find_named_in_process(unit.viewer, process, f"/repeats/{place}", repeated, "recommendation")


def record_recommendation(unit: Unit, data: Data) -> Recommendation:
    unit.by.require("record.write")
    data = give_reference(data)
    check_new_subject(unit, data, "recommendation")
    fields = make_figures(unit, data["process_id"], _split_issuers(data))
    _check_names(unit, data["process_id"], fields)
    addressees = make_addressees(unit, fields.pop("addressees", ()))
    return keep_record(
        unit, make_subject(unit, Recommendation, "recommendation", {**fields, "addressees": addressees})
    )
