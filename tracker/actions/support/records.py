"""Keeping the records: processes, organizations, committees, reports, means and recommendations.

``data`` is what a schema loaded: every member known, of its type and within its bounds. What only the record can
tell (does it exist, is the name free, is it of the same process) is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar, cast

from tracker.actions.support.editable_things import require_free_reference, require_free_slug
from tracker.actions.support.lookup import find_named, find_named_in_process, get_open_process
from tracker.actions.support.unit import Unit
from tracker.domain import ids, publication, text
from tracker.domain.errors import AlreadyDone, InvalidInput
from tracker.domain.names import require_former
from tracker.domain.plausible_days import HAPPENED, IN_ORDER, require_plausible_days
from tracker.domain.sentences import sentence
from tracker.schemas.kinds import SHAPES
from tracker.schemas.list_fields import Several
from tracker.store.committees import Committee
from tracker.store.indicators import Indicator
from tracker.store.new_things import write_new
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.recommendations import Addressee, Recommendation
from tracker.store.reports import Report
from tracker.store.resources import Resource

Data = Mapping[str, Any]
Row = TypeVar("Row", Process, Organization, Committee, Report, Resource, Recommendation, Indicator)


def check_edit(unit: Unit, row: Any, kind: str, changes: Data) -> None:
    """What holds of an edit of any kind: the days of the thing can be, and its short name is free."""
    require_plausible_days(kind, {**_days_of(row, kind), **changes}, find_today(unit, row))
    require_former(changes.get("former_names", ()), find_today(unit, row))
    require_other_languages(changes, row)
    if changes.get("reference", getattr(row, "reference", None)) != getattr(row, "reference", None):
        require_free_reference(unit.session, row.process_id, kind, changes["reference"])
    if "slug" in changes and changes["slug"] != row.slug:
        if row.publication != publication.DRAFT:
            raise InvalidInput.at("/slug", sentence("stays what it is: addresses of what is public carry it"))
        require_free_slug(unit.session, type(row), changes["slug"])


def require_other_languages(data: Data, row: Any = None) -> None:
    """Refuse a translation into the language that a thing is written in: a process in the first that it names."""
    members = {
        name: data.get(name, getattr(row, name, None)) for name in ("language", "languages", "translations")
    }
    own = members["language"] or next(iter(members["languages"] or ()), None)
    for place, translation in enumerate(members["translations"] or ()):
        if translation["language"] == own:
            pointer = f"/translations/{place}/language"
            raise InvalidInput.at(
                pointer, sentence("is the language of the original, which is no translation")
            )


def _days_of(row: Any, kind: str) -> dict[str, Any]:
    names = {*HAPPENED.get(kind, ()), *(name for pair in IN_ORDER.get(kind, ()) for name in pair)}
    return {name: getattr(row, name) for name in names}


def find_today(unit: Unit, row: Any) -> date:
    """The day where the process of a thing is; an organization is in none."""
    process = row if isinstance(row, Process) else getattr(row, "process", None)
    return unit.now.date() if process is None else process.days.today(unit.now)


def check_relatives(unit: Unit, data: Data, own: str | None = None) -> None:
    predecessors = data.get("successor_of") or ()
    named = [("/part_of", data.get("part_of_id"))]
    named += [(f"/successor_of/{place}", one) for place, one in enumerate(predecessors)]
    coalitions = data.get("member_of") or ()
    named += [
        (f"/member_of/{place}/organization", one["organization_id"]) for place, one in enumerate(coalitions)
    ]
    for pointer, relative in named:
        if find_named(unit.viewer, pointer, relative, "organization") is not None and relative == own:
            raise InvalidInput.at(pointer, sentence("must be another organization"))
    if len(set(predecessors)) < len(predecessors):
        raise InvalidInput.at("/successor_of", sentence("names an organization twice; name it once"))


def make_addressees(unit: Unit, given: Any) -> list[Addressee]:
    for place, addressee in enumerate(given):
        pointer = f"/addressees/{place}/organization"
        find_named(unit.viewer, pointer, addressee["organization_id"], "organization")
        if any(addressee["organization_id"] == other["organization_id"] for other in given[:place]):
            raise InvalidInput.at(pointer, sentence("this organization is named twice; name it once"))
    return [Addressee(**one) for one in given]


def find_author(unit: Unit, process: str, data: Data) -> None:
    """Who wrote or issued something: either a committee of the process or an organization."""
    find_named_in_process(unit.viewer, process, "/committee", data.get("committee_id"), "committee")
    find_named(unit.viewer, "/issuer", data.get("issuer_id"), "organization")
    if (data.get("committee_id") is None) == (data.get("issuer_id") is None):
        raise InvalidInput.at(
            "/issuer", sentence("name either the issuing organization or the issuing committee")
        )


def replace_one(changes: Data, *members: str) -> dict[str, Any]:
    """An edit of members of which a thing has one: an edit that names one clears the others."""
    named = [name for name in members if changes.get(name) is not None]
    return {**dict.fromkeys(members if named else ()), **changes}


def give_reference(data: Data) -> Data:
    """The same, with the reference that is made from the printed number where none is given."""
    if data.get("reference") is not None:
        return data
    made = text.make_reference(data.get("printed_number") or "")
    if made is None:
        raise InvalidInput.at(
            "/reference", sentence("is required, or a `printed_number` from which it can be made")
        )
    return {**data, "reference": made}


def check_new_subject(unit: Unit, data: Data, kind: str) -> None:
    process = get_open_process(unit.viewer, data["process_id"])
    today = process.days.today(unit.now)
    require_plausible_days(kind, data, today)
    require_former(data.get("former_names", ()), today)
    require_other_languages(data)
    require_free_reference(unit.session, data["process_id"], kind, data.get("reference"))


def make_subject(unit: Unit, model: type[Row], kind: str, fields: Data) -> Row:
    return model(id=unit.new_id(kind), created_at=unit.now, created_by=unit.by.id, **fields)


def keep_record(unit: Unit, row: Row) -> Row:
    unit.wrote(row)
    unit.audit("create", row.id)
    write_new(unit.session, row)
    return row


def check_part(unit: Unit, row: Any, kind: str, data: Data) -> None:
    """Refuse a part of a record, of this kind, where its days cannot be, or where there are as many as are kept."""
    require_plausible_days(kind, data, find_today(unit, row))
    require_room(row, kind)


def require_room(row: Any, kind: str, more: int = 1) -> None:
    """Refuse parts of this kind beyond the most that an edit of the whole could give."""
    parts = SHAPES[ids.kind_of(row.id) or ""].edited._declared_fields[kind]
    most, there = cast("Several", parts).most, len(getattr(row, kind))
    if there + more > most:
        raise InvalidInput(
            sentence(
                "takes at most %(most)s entries, and there are %(there)s; more belong into another record",
                most=most,
                there=there,
            )
        )


def add_part(unit: Unit, row: Any, parts: list[Any], part: Any, verb: str) -> None:
    """Add a part to a draft, which gets a new version. `AlreadyDone` where it is public: what is added there one person
    proposes and another approves (`tracker.actions.parts`)."""
    require_kept(row)
    if row.publication == publication.PUBLISHED:
        raise AlreadyDone(
            sentence("it is public: propose what is to be added, and another person decides on it")
        )
    parts.append(part)
    row.touch()
    unit.audit(verb, row.id)
    read_back(unit, row)


def read_back(unit: Unit, row: Any) -> None:
    """From here on the row is what the database holds: parts in their order, amounts with their cents. What is said
    in public of what was merely sent would differ from the record by tomorrow."""
    unit.session.flush()
    unit.session.expire(row)


def require_kept(row: Any) -> None:
    if row.publication == publication.WITHDRAWN:
        raise AlreadyDone(sentence("what has been withdrawn is no longer edited"))
