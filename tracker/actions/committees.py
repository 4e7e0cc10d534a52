"""Recording committees and their members."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.actions.figures import make_figures
from tracker.actions.mandates import make_mandates
from tracker.actions.support.lookup import find_named, get_for_act
from tracker.actions.support.records import (
    Data,
    add_part,
    check_new_subject,
    check_part,
    keep_record,
    make_subject,
)
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone
from tracker.domain.sentences import sentence
from tracker.store.committees import Committee, Member


def establish_committee(unit: Unit, data: Data) -> Committee:
    unit.by.require("record.write")
    check_new_subject(unit, data, "committee")
    _check_names(unit, data)
    fields = make_figures(unit, data["process_id"], data)
    fields["members"] = [Member(**member) for member in fields.pop("members", ())]
    return keep_record(unit, make_subject(unit, Committee, "committee", fields))


def edit_committee(unit: Unit, row: Committee, changes: Data) -> Data:
    """The attributes that an edit sets, checked as those of a new committee. Lists of parts take the place of those
    there were."""
    _check_names(unit, changes)
    fields = make_figures(unit, row.process_id, changes)
    if "members" in changes:
        fields["members"] = [Member(**one) for one in changes["members"]]
        _require_once(fields["members"])
    if "mandates" in changes:
        fields["mandates"] = make_mandates(unit, row, changes["mandates"])
    return fields


def _check_names(unit: Unit, data: Data) -> None:
    for member in ("appointed_by_id", "reports_to_id"):
        find_named(unit.viewer, f"/{member.removesuffix('_id')}", data.get(member), "organization")


def appoint_member(unit: Unit, committee: str, data: Data) -> Committee:
    unit.by.require("record.write")
    body: Committee = get_for_act(unit.viewer, committee, "committee")
    check_part(unit, body, "members", data)
    _require_once([*body.members, member := Member(**data)])
    add_part(unit, body, body.members, member, "member.appoint")
    return body


def _require_once(members: Sequence[Member]) -> None:
    for place, member in enumerate(members):
        if any((member.name, member.from_on) == (other.name, other.from_on) for other in members[:place]):
            raise AlreadyDone(sentence("%(name)s is recorded already, from the same day", name=member.name))
