"""What falls with a key: a thief may have made keys, given roles and proposed things with it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from tracker.actions import proposals
from tracker.actions.account_proposals import note_account
from tracker.actions.support.unit import Unit
from tracker.domain.proposals import APPROVED, KEY, PROPOSED, ROLES
from tracker.store import people
from tracker.store.people import Key, Person
from tracker.store.proposals import Proposal

#: Reasons for which a key is revoked that was in good hands until then.
GOOD_HANDS: Final = frozenset({"replaced", "no_longer_needed"})


def revoke_derived(unit: Unit, key: Key, reason: str | None) -> None:
    """Revoke a key with the keys that its holder made with it; of one that was in other hands all that it gave."""
    key.revoked_at = unit.now
    unit.audit("key.revoke", key.id, **({"reason": reason} if reason else {}))
    proposals.withdraw_proposals(unit, KEY, key.id)
    stolen = reason not in GOOD_HANDS
    for child in people.find_derived_keys(unit.session, key.id):
        if stolen or child.person_id == key.person_id:
            revoke_derived(unit, child, reason)
    if stolen:
        _end_proposals(unit, key)
        _take_back_roles(unit, key)
        _suspend_accounts(unit, key)


def _end_proposals(unit: Unit, key: Key) -> None:
    query = select(Proposal).where(Proposal.key_id == key.id, Proposal.decision == PROPOSED)
    for one in unit.session.scalars(query.order_by(Proposal.id)).all():
        proposals.withdraw_proposals(unit, one.kind, one.target_id)


def _take_back_roles(unit: Unit, key: Key) -> None:
    """Take from people what a proposal by this key gave them. Who has no role left is suspended."""
    query = select(Proposal).where(
        Proposal.key_id == key.id, Proposal.kind == ROLES, Proposal.decision == APPROVED
    )
    for one in unit.session.scalars(query.order_by(Proposal.id)).all():
        person = unit.session.get_one(Person, one.thing_id)
        before = one.payload["before"]
        given = set(one.payload.get("roles", ())) - set(before["roles"])
        left = sorted(set(person.roles) - given)
        if not left or (before["suspended"] and "suspended" in one.payload):
            person.suspended_at = person.suspended_at or unit.now
        person.roles = left or person.roles
        if "processes" in one.payload and person.processes == one.payload["processes"]:
            person.processes = before["processes"]
        person.touch()
        note_account(unit, person)


def _suspend_accounts(unit: Unit, key: Key) -> None:
    query = select(Person).where(Person.origin_id == key.id, Person.suspended_at.is_(None))
    for person in unit.session.scalars(query.order_by(Person.id)).all():
        person.suspended_at = unit.now
        person.touch()
        unit.audit("person.suspend", person.id)
