"""Submitting evidence: a described item, confidential unless its submitter says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select

from tracker.actions import publication
from tracker.actions.standings import read_standing
from tracker.actions.support import second_person
from tracker.actions.support.editable_things import (
    ANALYSES,
    Versions,
    get_own_draft,
    require_free_reference,
    require_version,
)
from tracker.actions.support.lookup import (
    find_named,
    find_named_in_process,
    find_unfiltered,
    get_open_process,
    require_speaking_for,
)
from tracker.actions.support.records import require_other_languages
from tracker.actions.support.unit import Unit
from tracker.actions.support.visibility import filter_known_evidence
from tracker.domain.errors import InvalidInput, NotPermitted, OwnEvidence
from tracker.domain.plausible_days import require_plausible_days
from tracker.domain.protection import SEALED
from tracker.domain.publication import PUBLISHED
from tracker.domain.sentences import sentence
from tracker.domain.sources import normalize_addresses
from tracker.store.custody import list_same_bytes
from tracker.store.evidence import Evidence, list_addresses, list_derived, list_family
from tracker.store.people import Person
from tracker.store.statuses import Citation, StatusChange
from tracker.store.viewer import Viewer
from tracker.store.watchdogs import Watchdog

Data = Mapping[str, Any]

#: How many items that show the same a review names, of each kind.
MOST_SAME: Final = 100


def edit_evidence(unit: Unit, item: Evidence, changes: Data) -> Data:
    """The attributes that an edit sets, checked as those of a new item."""
    if second_person.handed_in(unit.by, item) and ANALYSES & changes.keys():
        raise OwnEvidence(
            sentence("you or your organization submitted this item; somebody else has to analyse it")
        )
    find_named(unit.viewer, "/publisher", changes.get("publisher_id"), "organization")
    _find_original(unit, item.process_id, changes, item.id)
    if "reference" in changes and not unit.by.is_desk:
        raise InvalidInput.at("/reference", sentence("is given by the desk; leave it out"))
    return changes


def submit_evidence(unit: Unit, data: Mapping[str, Any]) -> Evidence:
    """Record an item. A watchdog submits for itself; the desk for the lead, or for whom it names."""
    return record_item(unit, check_submittable(unit, data))


def record_item(unit: Unit, fields: Mapping[str, Any]) -> Evidence:
    """Record an item that was checked."""
    item = Evidence(id=unit.new_id("evidence"), created_at=unit.now, created_by=unit.by.id, **fields)
    unit.session.add(item)
    unit.audit("evidence.submit", item.id)
    unit.session.flush()
    return item


def check_submittable(unit: Unit, data: Mapping[str, Any]) -> dict[str, Any]:
    """The same data with its submitter named, where it may be recorded as things stand; nothing is written."""
    unit.by.require("evidence.submit")
    return check_item(unit, data)


def check_item(unit: Unit, data: Mapping[str, Any]) -> dict[str, Any]:
    """The same of those who may hand in this one, whatever else they may do."""
    require_speaking_for(unit, "/watchdog", data.get("watchdog_id"))
    process = get_open_process(unit.viewer, data["process_id"])
    if data.get("reference") is not None and not unit.by.is_desk:
        # "That reference is taken" would tell of an item that is nobody else's business.
        raise InvalidInput.at("/reference", sentence("is given by the desk; leave it out"))
    if data.get("reference") is not None and data.get("protection") == SEALED:
        raise InvalidInput.at(
            "/reference", sentence("would tell, when it is taken, that there is something; leave it out")
        )
    require_free_reference(unit.session, process.id, "evidence", data.get("reference"))
    find_named(unit.viewer, "/publisher", data.get("publisher_id"), "organization")
    _find_original(unit, process.id, data)
    fields = dict(data)
    # Who leads a process is not the desk: what the desk submits in its own name belongs to no organization.
    fields["owner_id"] = fields.get("watchdog_id") or unit.by.organization
    fields["watchdog_id"] = _find_submitter(
        unit, fields.get("watchdog_id") or unit.by.organization or process.lead_id
    )
    require_plausible_days("evidence", fields, process.days.today(unit.now))
    require_other_languages(fields)
    return fields


def _find_original(unit: Unit, process: str, data: Data, item: str | None = None) -> None:
    """Refuse an original of another process, one that is sealed, and one that is derived from the ``item`` itself."""
    original = find_named_in_process(
        unit.viewer, process, "/derived_from", data.get("derived_from_id"), "evidence"
    )
    if original is None:
        return
    if original.protection == SEALED:
        raise InvalidInput.at("/derived_from", sentence("would tell of a sealed item; leave it out"))
    if item is not None and original.id in list_derived(unit.session, item):
        raise InvalidInput.at(
            "/derived_from", sentence("must not be this item, or one that is derived from it")
        )


def retract_evidence(unit: Unit, id: str, reason: str, expected: Versions = None) -> Evidence:
    """Take back a draft that one submitted. What rests on it says so at once."""
    item = get_own_draft(unit, id)
    require_version(item, expected)
    publication.require_no_redaction(reason)
    unit.audit("evidence.retract", item.id)
    publication.retire_thing(unit, item, reason)
    unit.session.flush()
    return item


def select_uses(viewer: Viewer, item: Evidence) -> Select[StatusChange]:
    """The status changes that cite an item. The desk finds all that it reads; its submitter finds the
    approved ones on public subjects, and the verdicts of their own organization."""
    query = select(StatusChange).where(StatusChange.citations.any(Citation.evidence_id == item.id))
    if viewer.by.is_desk:
        return viewer.narrow(query, StatusChange)
    public = StatusChange.number.is_not(None) & StatusChange.subject.has(publication=PUBLISHED)
    own = viewer.narrow(select(StatusChange.id), StatusChange)
    return query.where(public | StatusChange.id.in_(own))


def describe_use(change: StatusChange, item: Evidence) -> dict[str, Any]:
    """A status change as a use of an item that it cites."""
    [cited] = [one for one in change.citations if one.evidence_id == item.id]
    members = ("id", "subject_id", "track", "to_state", "assessor_id", "effective_on", "decision")
    return {
        **{name: getattr(change, name) for name in members},
        "stance": cited.stance,
        "locator": cited.locator,
    }


def read_review(viewer: Viewer, item: Evidence, now: datetime) -> dict[str, Any]:
    """What the desk found when it reviewed an item: ``{"evidence", "recorded_by", "state", "since"}``. The desk is
    told, too, which other items show the same; those who submit never learn of each other."""
    unsealed = viewer.by.may("evidence.unseal")
    [answers] = read_standing(viewer.session, item.id, now, None, unsealed=unsealed)["answers"]
    lead = answers["lead"]
    review = {
        "evidence": item.id,
        "recorded_by": find_recorder(viewer, item),
        "state": lead["state"],
        "since": lead["since"],
    }
    return review | _list_same(viewer, item) if viewer.by.is_desk else review


def find_recorder(viewer: Viewer, item: Evidence) -> str:
    """The side that recorded an item: an organization, or the desk, which may do so in the name of one."""
    return viewer.session.get_one(Person, item.created_by).actor.side


def _list_same(viewer: Viewer, item: Evidence) -> dict[str, list[str]]:
    own = normalize_addresses((item.source_url, item.archived_url))
    lying = list_addresses(viewer.session, item.process_id) if own else []
    alike = {
        "same_bytes_as": list_same_bytes(viewer.session, item.id),
        "same_address_as": [id for id, url in lying if id != item.id and own & normalize_addresses((url,))],
        "same_original_as": [id for id in list_family(viewer.session, item.id) if id != item.id],
    }
    return {name: sorted(filter_known_evidence(viewer, items))[:MOST_SAME] for name, items in alike.items()}


def _find_submitter(unit: Unit, organization: str) -> str:
    find_unfiltered(
        unit.session, "/watchdog", organization, "organization"
    )  # a watchdog may not be public yet
    if unit.by.organization not in (None, organization) and not unit.by.may("record.write"):
        raise NotPermitted(sentence("you submit for your own organization only"))
    watchdog = unit.session.get(Watchdog, organization)
    if watchdog is not None and watchdog.standing != "registered":
        raise NotPermitted(
            sentence(
                "the standing of this watchdog is %(standing)s; it submits nothing new",
                standing=watchdog.standing,
            )
        )
    return organization
