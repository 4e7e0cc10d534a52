"""Recording organizations."""

from __future__ import annotations

from tracker.actions.support import pending_updates
from tracker.actions.support.circles import require_no_circle
from tracker.actions.support.editable_things import require_free_slug
from tracker.actions.support.records import Data, check_relatives, keep_record
from tracker.actions.support.unit import Unit
from tracker.domain.names import require_former
from tracker.domain.plausible_days import require_plausible_days
from tracker.domain.sentences import sentence
from tracker.store.organizations import Alias, CoalitionMembership, Organization, Predecessor


def edit_organization(unit: Unit, row: Organization, changes: Data) -> Data:
    """The attributes that an edit sets, checked as those of a new organization."""
    check_relatives(unit, changes, row.id)
    _require_no_circle(unit, row, changes)
    return _make_parts(changes)


def _require_no_circle(unit: Unit, row: Organization, changes: Data) -> None:
    """Refuse a relative of an organization whose relative it is itself in the same way."""

    def find(organization: str) -> Organization:
        return unit.session.get_one(Organization, organization)

    if whole := changes.get("part_of_id"):
        require_no_circle(
            row.id,
            "/part_of",
            [whole],
            lambda one: filter(None, [find(one).part_of_id]),
            sentence("is a part of it itself"),
        )
    require_no_circle(
        row.id,
        "/successor_of",
        changes.get("successor_of") or (),
        lambda one: [before.predecessor_id for before in find(one).predecessors],
        sentence("names one that took its place itself"),
    )
    require_no_circle(
        row.id,
        "/member_of",
        [one["organization_id"] for one in changes.get("member_of") or ()],
        lambda one: [joined.organization_id for joined in find(one).member_of],
        sentence("names one that is a member of it itself"),
    )


def create_organization(unit: Unit, data: Data) -> Organization:
    unit.by.require("record.write")
    require_free_slug(unit.session, Organization, data["slug"])
    check_relatives(unit, data)
    require_former(data.get("former_names", ()), unit.now.date())
    require_plausible_days("organization", data, unit.now.date())
    made = Organization(id=unit.new_id("organization"), created_at=unit.now, **_make_parts(data))
    keep_record(unit, made)
    if made.predecessors or made.member_of:  # they count as one from now on
        pending_updates.begin_update(unit, "bases", made.id)
    return made


def _make_parts(data: Data) -> Data:
    """The same with rows of their own for what is kept in such."""
    fields = dict(data)
    if "aliases" in fields:
        fields["aliases"] = [Alias(**alias) for alias in fields["aliases"]]
    if "successor_of" in fields:
        fields["predecessors"] = [Predecessor(predecessor_id=one) for one in fields.pop("successor_of")]
    if "member_of" in fields:
        fields["member_of"] = [CoalitionMembership(**one) for one in fields["member_of"]]
    return fields
