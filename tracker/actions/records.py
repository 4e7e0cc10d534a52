"""Keeping the records: processes, organizations, committees, means and recommendations.

``data`` is what a schema loaded: every member known, of its type and within its bounds. What only the record can
tell (does it exist, is the name free, is it of the same process) is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from tracker.actions import bases, publishing, waiting
from tracker.actions.find import free_reference, free_slug, named, open_process, thing, unchanged, within
from tracker.actions.own import editable
from tracker.actions.unit import Unit
from tracker.domain import publication
from tracker.domain.calendars import Calendar
from tracker.domain.errors import AlreadyDone, InvalidInput, OwnEvidence, prefix_fields
from tracker.domain.evidence_policy import Policy
from tracker.store.committees import Committee, Member
from tracker.store.evidence import Evidence
from tracker.store.mandates import Mandate
from tracker.store.organizations import Alias, Organization
from tracker.store.processes import Process
from tracker.store.recommendations import Addressee, Recommendation
from tracker.store.reports import Report
from tracker.store.resources import Figure, Resource
from tracker.store.watchdogs import Watchdog

Data = Mapping[str, Any]
Row = TypeVar("Row", Process, Organization, Committee, Resource, Recommendation)

_ANALYSES = {"source_analysis", "technical_analysis", "content_analysis"}
#: Members that are rows of their own.
_PARTS = {"addressees", "aliases", "members"}
#: Members on which it depends whether a status has all that its state demands.
_GROUNDS = {"addressees", "evidence_policy", "part_of_id"}


def create_process(unit: Unit, data: Data) -> Process:
    unit.by.require("record.write")
    free_slug(unit.session, Process, data["slug"])
    named(unit.session, "/lead", data["lead_id"], "organization")
    with prefix_fields("/calendar"):
        Calendar.from_json(data["calendar"])
    Policy.from_json(data.get("evidence_policy") or {})
    _in_order(data, "happened_from", "happened_to")
    return _keep(unit, Process(id=unit.new_id("process"), created_at=unit.now, **data))


def create_organization(unit: Unit, data: Data) -> Organization:
    unit.by.require("record.write")
    free_slug(unit.session, Organization, data["slug"])
    _relatives(unit, data)
    fields = dict(data)
    aliases = [Alias(**alias) for alias in fields.pop("aliases", ())]
    return _keep(
        unit, Organization(id=unit.new_id("organization"), created_at=unit.now, aliases=aliases, **fields)
    )


def register_watchdog(unit: Unit, organization: str, data: Data) -> Watchdog:
    """Give an organization the standing to submit evidence and to hold verdicts."""
    unit.by.require("record.write")
    thing(unit.session, organization, "organization")
    if unit.session.get(Watchdog, organization) is not None:
        raise AlreadyDone("this organization is a watchdog already")
    watchdog = Watchdog(organization_id=organization, **data)
    unit.session.add(watchdog)
    unit.audit("watchdog.register", organization)
    return watchdog


def establish_committee(unit: Unit, data: Data) -> Committee:
    unit.by.require("record.write")
    _new_subject(unit, data, "committee")
    for member in ("appointed_by_id", "reports_to_id"):
        named(unit.session, f"/{member.removesuffix('_id')}", data.get(member), "organization")
    fields = dict(data)
    members = [Member(**member) for member in fields.pop("members", ())]
    return _keep(unit, _subject(unit, Committee, "committee", {**fields, "members": members}))


def adopt_mandate(unit: Unit, committee: str, data: Data) -> Mandate:
    """Add a version of a committee's terms of reference; nothing overwrites the earlier ones."""
    unit.by.require("record.write")
    body = thing(unit.session, committee, "committee")
    _in_order(data, "in_force_from", "in_force_to")
    number = max((mandate.number for mandate in body.mandates), default=0) + 1
    mandate = Mandate(id=unit.new_id("mandate"), committee_id=body.id, number=number, **data)
    _add_to(unit, body, body.mandates, mandate, "mandate.adopt")
    return mandate


def appoint_member(unit: Unit, committee: str, data: Data) -> Committee:
    unit.by.require("record.write")
    body: Committee = thing(unit.session, committee, "committee")
    _in_order(data, "from_on", "to_on")
    if any((one.name, one.from_on) == (data["name"], data.get("from_on")) for one in body.members):
        raise AlreadyDone(f"{data['name']} is recorded already, from the same day")
    _add_to(unit, body, body.members, Member(**data), "member.appoint")
    return body


def file_report(unit: Unit, committee: str, data: Data) -> Committee:
    """Record a report of a committee: when it was handed over, announced, presented and published."""
    unit.by.require("record.write")
    body: Committee = thing(unit.session, committee, "committee")
    if any(one.title == data["title"] for one in body.reports):
        raise AlreadyDone("a report of that title is recorded already")
    _add_to(unit, body, body.reports, Report(**data), "report.file")
    return body


def record_resource(unit: Unit, data: Data) -> Resource:
    unit.by.require("record.write")
    _new_subject(unit, data, "resource")
    within(unit.session, data["process_id"], "/committee", data["committee_id"], "committee")
    fields = dict(data)
    figures = [Figure(**figure) for figure in fields.pop("figures", ())]
    return _keep(unit, _subject(unit, Resource, "resource", {**fields, "figures": figures}))


def add_figure(unit: Unit, resource: str, data: Data) -> Resource:
    """Record what somebody says is needed, pledged or delivered on a day."""
    unit.by.require("record.write")
    means: Resource = thing(unit.session, resource, "resource")
    _add_to(unit, means, means.figures, Figure(**data), "figure.add")
    return means


def record_recommendation(unit: Unit, data: Data) -> Recommendation:
    unit.by.require("record.write")
    _new_subject(unit, data, "recommendation")
    process = data["process_id"]
    within(unit.session, process, "/committee", data.get("committee_id"), "committee")
    within(unit.session, process, "/parent", data.get("parent_id"), "recommendation")
    named(unit.session, "/issuer", data.get("issuer_id"), "organization")
    if (data.get("committee_id") is None) == (data.get("issuer_id") is None):
        raise InvalidInput.at("/issuer", "name either the issuing organization or the issuing committee")
    fields = dict(data)
    addressees = _addressees(unit, fields.pop("addressees", ()))
    return _keep(unit, _subject(unit, Recommendation, "recommendation", {**fields, "addressees": addressees}))


def revise(unit: Unit, id: str, kind: str, changes: Data, expected: int) -> Any:
    """Edit a record that was read at version ``expected``; only the members given change, null clears one.

    A published record says in public what changed. Raises `StaleEdit` where somebody was faster.
    """
    row = editable(unit, id, kind, changes)
    unchanged(row, expected)
    _still_kept(row)
    fields = dict(changes)
    if isinstance(row, Process):
        _in_order({**_days(row), **fields}, "happened_from", "happened_to")
        Policy.from_json(fields.get("evidence_policy") or {})
        if "calendar" in fields:
            with prefix_fields("/calendar"):
                Calendar.from_json(fields["calendar"])
    if isinstance(row, Organization):
        _relatives(unit, fields, row.id)
        if "aliases" in fields:
            fields["aliases"] = [Alias(**alias) for alias in fields["aliases"]]
    if isinstance(row, Committee) and "members" in fields:
        fields["members"] = [Member(**member) for member in fields["members"]]
    if isinstance(row, Evidence) and row.created_by == unit.by.id and _ANALYSES & fields.keys():
        raise OwnEvidence("you submitted this item yourself; somebody else has to analyse it")
    if isinstance(row, Recommendation) and "addressees" in fields:
        fields["addressees"] = _addressees(unit, fields["addressees"])
    for name in _PARTS & fields.keys():
        getattr(row, name).clear()
    unit.session.flush()  # the old parts go first, or one that stays would meet itself
    for name, value in fields.items():
        setattr(row, name, value)
    row.touch()
    unit.audit("revise", row.id, members=sorted(fields))
    _read_back(unit, row)
    publishing.revised(unit, row)
    if isinstance(row, Evidence) and fields.keys() - _ANALYSES:
        waiting.end(unit, row)  # what was asked for is what was read then
    if _GROUNDS & fields.keys():
        bases.demands_moved(unit, row)
    return row


def _days(row: Process) -> dict[str, Any]:
    return {"happened_from": row.happened_from, "happened_to": row.happened_to}


def _relatives(unit: Unit, data: Data, own: str | None = None) -> None:
    for member in ("part_of_id", "successor_of_id"):
        pointer = f"/{member.removesuffix('_id')}"
        if named(unit.session, pointer, data.get(member), "organization") is not None and data[member] == own:
            raise InvalidInput.at(pointer, "must be another organization")


def _addressees(unit: Unit, given: Any) -> list[Addressee]:
    for place, one in enumerate(given):
        pointer = f"/addressees/{place}/organization"
        named(unit.session, pointer, one["organization_id"], "organization")
        if any(one["organization_id"] == other["organization_id"] for other in given[:place]):
            raise InvalidInput.at(pointer, "this organization is named twice; name it once")
    return [Addressee(**one) for one in given]


def _new_subject(unit: Unit, data: Data, kind: str) -> None:
    open_process(unit.session, "/process", data["process_id"])
    free_reference(unit.session, data["process_id"], kind, data.get("reference"))


def _subject(unit: Unit, model: type[Row], kind: str, fields: Data) -> Row:
    return model(id=unit.new_id(kind), created_at=unit.now, created_by=unit.by.id, **fields)


def _keep(unit: Unit, row: Row) -> Row:
    unit.session.add(row)
    unit.audit("create", row.id)
    _read_back(unit, row)
    return row


def _add_to(unit: Unit, row: Any, parts: list[Any], part: Any, verb: str) -> None:
    """Add a part to a record; the record gets a new version and, when public, says so."""
    _still_kept(row)
    parts.append(part)
    row.touch()
    unit.audit(verb, row.id)
    _read_back(unit, row)
    publishing.revised(unit, row)


def _read_back(unit: Unit, row: Any) -> None:
    """From here on the row is what the database holds: parts in their order, amounts with their cents. What is said
    in public of what was merely sent would differ from the record by tomorrow."""
    unit.session.flush()
    unit.session.expire(row)


def _still_kept(row: Any) -> None:
    if row.publication == publication.WITHDRAWN:
        raise AlreadyDone("what has been withdrawn is no longer edited")


def _in_order(data: Data, first: str, last: str) -> None:
    if data.get(first) is not None and data.get(last) is not None and data[last] < data[first]:
        raise InvalidInput.at(f"/{last}", f"must not lie before {first}")
