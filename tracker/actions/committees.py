"""Recording committees and their members."""

from __future__ import annotations

from tracker.actions.support.lookup import find_named, get_thing
from tracker.actions.support.records import (
    Data,
    add_part,
    check_new_subject,
    keep_record,
    make_subject,
    require_order,
)
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone
from tracker.store.committees import Committee, Member


def establish_committee(unit: Unit, data: Data) -> Committee:
    unit.by.require("record.write")
    check_new_subject(unit, data, "committee")
    for member in ("appointed_by_id", "reports_to_id"):
        find_named(unit.session, f"/{member.removesuffix('_id')}", data.get(member), "organization")
    fields = dict(data)
    members = [Member(**member) for member in fields.pop("members", ())]
    return keep_record(unit, make_subject(unit, Committee, "committee", {**fields, "members": members}))


def appoint_member(unit: Unit, committee: str, data: Data) -> Committee:
    unit.by.require("record.write")
    body: Committee = get_thing(unit.session, committee, "committee")
    require_order(data, "from_on", "to_on")
    if any((one.name, one.from_on) == (data["name"], data.get("from_on")) for one in body.members):
        raise AlreadyDone(f"{data['name']} is recorded already, from the same day")
    add_part(unit, body, body.members, Member(**data), "member.appoint")
    return body
