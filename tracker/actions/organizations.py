"""Recording organizations."""

from __future__ import annotations

from tracker.actions.support.lookup import require_free_slug
from tracker.actions.support.records import Data, check_relatives, keep_record
from tracker.actions.support.unit import Unit
from tracker.store.organizations import Alias, Organization


def edit_organization(unit: Unit, row: Organization, changes: Data) -> Data:
    """The attributes that an edit sets, checked as those of a new organization."""
    check_relatives(unit, changes, row.id)
    if "aliases" not in changes:
        return changes
    return {**changes, "aliases": [Alias(**alias) for alias in changes["aliases"]]}


def create_organization(unit: Unit, data: Data) -> Organization:
    unit.by.require("record.write")
    require_free_slug(unit.session, Organization, data["slug"])
    check_relatives(unit, data)
    fields = dict(data)
    aliases = [Alias(**alias) for alias in fields.pop("aliases", ())]
    return keep_record(
        unit, Organization(id=unit.new_id("organization"), created_at=unit.now, aliases=aliases, **fields)
    )
