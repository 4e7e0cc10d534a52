"""Keeping the records: processes, organizations, committees, means and recommendations.

``data`` is what a schema loaded: every member known, of its type and within its bounds. What only the record can
tell (does it exist, is the name free, is it of the same process) is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from tracker.actions import releases
from tracker.actions.publication import publish_revision
from tracker.actions.support import basis_updates, pending_updates
from tracker.actions.support.lookup import (
    Versions,
    find_named,
    get_open_process,
    require_free_reference,
    require_version,
)
from tracker.actions.support.unit import Unit
from tracker.actions.support.visibility import get_editable, handed_in
from tracker.domain import publication
from tracker.domain.calendars import Calendar
from tracker.domain.errors import AlreadyDone, InvalidInput, OwnEvidence, prefix_fields
from tracker.domain.evidence_policy import Policy
from tracker.store.committees import Committee, Member
from tracker.store.evidence import Evidence
from tracker.store.organizations import Alias, Organization
from tracker.store.processes import Process
from tracker.store.recommendations import Addressee, Recommendation
from tracker.store.resources import Resource
from tracker.store.subjects import Subject

Data = Mapping[str, Any]
Row = TypeVar("Row", Process, Organization, Committee, Resource, Recommendation)

_ANALYSES = {"source_analysis", "technical_analysis", "content_analysis"}
#: Members that are rows of their own.
_PARTS = {"addressees", "aliases", "members"}
#: Members on which it depends whether a status has all that its state demands.
_GROUNDS = {"addressees", "evidence_policy", "part_of_id"}


def revise_record(unit: Unit, id: str, kind: str, changes: Data, expected: Versions) -> Any:
    """Edit a record that was read at version ``expected``; only the members given change, null clears one.

    A published record says in public what changed. Raises `StaleEdit` where somebody was faster.
    """
    row = get_editable(unit, id, kind, changes)
    require_version(row, expected)
    require_kept(row)
    fields = dict(changes)
    if isinstance(row, Process):
        require_order({**_days_of(row), **fields}, "happened_from", "happened_to")
        Policy.from_json(fields.get("evidence_policy") or {})
        if "calendar" in fields:
            with prefix_fields("/calendar"):
                Calendar.from_json(fields["calendar"])
    if isinstance(row, Organization):
        check_relatives(unit, fields, row.id)
        if "aliases" in fields:
            fields["aliases"] = [Alias(**alias) for alias in fields["aliases"]]
    if isinstance(row, Committee) and "members" in fields:
        fields["members"] = [Member(**member) for member in fields["members"]]
    if isinstance(row, Evidence) and handed_in(unit.by, row) and _ANALYSES & fields.keys():
        raise OwnEvidence("you or your organization submitted this item; somebody else has to analyse it")
    if isinstance(row, Recommendation) and "addressees" in fields:
        fields["addressees"] = make_addressees(unit, fields["addressees"])
    for name in _PARTS & fields.keys():
        getattr(row, name).clear()
    unit.session.flush()  # the old parts go first, or one that stays would meet itself
    for name, value in fields.items():
        setattr(row, name, value)
    row.touch()
    unit.audit("revise", row.id, members=sorted(fields))
    read_back(unit, row)
    publish_revision(unit, row)
    if isinstance(row, Evidence) and fields.keys() - _ANALYSES:
        releases.end_release(unit, row)  # what was asked for is what was read then
    if _GROUNDS & fields.keys():
        _update_bases(unit, row)
    return row


def _update_bases(unit: Unit, row: Any) -> None:
    """When an edit changes what a state demands, or who is independent of whom, statuses stand on something else."""
    if not isinstance(row, Subject):
        pending_updates.begin_update(unit, "bases", row.id)
    elif row.publication == publication.PUBLISHED:
        basis_updates.update_bases_of(unit, row.id, [row.id])


def _days_of(row: Process) -> dict[str, Any]:
    return {"happened_from": row.happened_from, "happened_to": row.happened_to}


def check_relatives(unit: Unit, data: Data, own: str | None = None) -> None:
    for member in ("part_of_id", "successor_of_id"):
        pointer = f"/{member.removesuffix('_id')}"
        if (
            find_named(unit.session, pointer, data.get(member), "organization") is not None
            and data[member] == own
        ):
            raise InvalidInput.at(pointer, "must be another organization")


def make_addressees(unit: Unit, given: Any) -> list[Addressee]:
    for place, one in enumerate(given):
        pointer = f"/addressees/{place}/organization"
        find_named(unit.session, pointer, one["organization_id"], "organization")
        if any(one["organization_id"] == other["organization_id"] for other in given[:place]):
            raise InvalidInput.at(pointer, "this organization is named twice; name it once")
    return [Addressee(**one) for one in given]


def check_new_subject(unit: Unit, data: Data, kind: str) -> None:
    get_open_process(unit.session, "/process", data["process_id"])
    require_free_reference(unit.session, data["process_id"], kind, data.get("reference"))


def make_subject(unit: Unit, model: type[Row], kind: str, fields: Data) -> Row:
    return model(id=unit.new_id(kind), created_at=unit.now, created_by=unit.by.id, **fields)


def keep_record(unit: Unit, row: Row) -> Row:
    unit.session.add(row)
    unit.audit("create", row.id)
    read_back(unit, row)
    return row


def add_part(unit: Unit, row: Any, parts: list[Any], part: Any, verb: str) -> None:
    """Add a part to a record; the record gets a new version and, when public, says so."""
    require_kept(row)
    parts.append(part)
    row.touch()
    unit.audit(verb, row.id)
    read_back(unit, row)
    publish_revision(unit, row)


def read_back(unit: Unit, row: Any) -> None:
    """From here on the row is what the database holds: parts in their order, amounts with their cents. What is said
    in public of what was merely sent would differ from the record by tomorrow."""
    unit.session.flush()
    unit.session.expire(row)


def require_kept(row: Any) -> None:
    if row.publication == publication.WITHDRAWN:
        raise AlreadyDone("what has been withdrawn is no longer edited")


def require_order(data: Data, first: str, last: str) -> None:
    if data.get(first) is not None and data.get(last) is not None and data[last] < data[first]:
        raise InvalidInput.at(f"/{last}", f"must not lie before {first}")
