"""What falls with a key, and with the sessions of somebody: a thief may have made keys, given roles and proposed things
with them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select

from tracker.actions import proposals, ways_in
from tracker.actions.account_proposals import note_account
from tracker.actions.support.unit import Unit
from tracker.domain.proposals import APPROVED, ENTRY, KEY, PROPOSED, ROLES
from tracker.store import entry_links, mail, mailboxes, people, sessions
from tracker.store.audit import AuditEntry
from tracker.store.people import Key, KeyOrigin, Person
from tracker.store.proposals import Proposal

#: Reasons for which a key is revoked that was in good hands until then.
GOOD_HANDS: Final = frozenset({"replaced", "no_longer_needed"})


def revoke_derived(unit: Unit, key: Key, reason: str | None) -> None:
    """Revoke a key with the keys that its holder made with it; of one that was in other hands all that it gave."""
    key.revoked_at = unit.now
    unit.audit("key.revoke", key.id, **({"reason": reason} if reason else {}))
    proposals.withdraw_proposals(unit, KEY, key.id)
    stolen = reason not in GOOD_HANDS
    if stolen:
        _forget_mailbox(unit, key.person_id, key.created_at)
    for child in people.find_derived_keys(unit.session, key.id):
        if stolen or child.person_id == key.person_id:
            revoke_derived(unit, child, reason)
    if stolen:
        _take_back(unit, Proposal.key_id == key.id, Person.origin_id == key.id)


def take_back_from_sessions(unit: Unit, person: str, since: datetime) -> None:
    """Take back what was given in the sessions of somebody since a moment, because others had them: the same as of a
    key in other hands. A session is gone when it ends; the trail says who made a key or an account, and when."""
    done = select(AuditEntry.target_id).where(AuditEntry.person_id == person, AuditEntry.at >= since)
    made = select(Key).where(
        Key.id.in_(done.where(AuditEntry.verb == "key.issue")),
        Key.id.not_in(select(KeyOrigin.key_id)),
        Key.revoked_at.is_(None),
    )
    for key in unit.session.scalars(made.order_by(Key.id)).unique().all():
        revoke_derived(unit, key, "leaked")
    given = (Proposal.proposed_by == person) & Proposal.key_id.is_(None) & (Proposal.proposed_at >= since)
    added = Person.id.in_(done.where(AuditEntry.verb == "person.add")) & Person.origin_id.is_(None)
    _take_back(unit, given, added)
    _forget_mailbox(unit, person, since)
    ways_in.close_ways_in(unit, person, since)


def _forget_mailbox(unit: Unit, person: str, since: datetime) -> None:
    """Forget where somebody is told of the desk's work, if that was chosen since a moment: it may be a thief's."""
    mailbox = mailboxes.find_mailbox(unit.session, person)
    if mailbox is not None and (mailbox.confirmed_at or mailbox.asked_at) >= since:
        mailboxes.forget_mailbox(unit.session, person)
        mail.drop_letters(unit.session, person, ("confirmation", "digest"))
        unit.audit("mailbox.forget", person)


def _take_back(unit: Unit, given: ColumnElement[bool], added: ColumnElement[bool]) -> None:
    """End what was ``given`` by these proposals, and suspend the accounts that were ``added``."""
    _end_proposals(unit, given)
    _take_back_roles(unit, given)
    _close_links(unit, given)
    _suspend_accounts(unit, added)


def _end_proposals(unit: Unit, given: ColumnElement[bool]) -> None:
    query = select(Proposal).where(given, Proposal.decision == PROPOSED)
    for proposal in unit.session.scalars(query.order_by(Proposal.id)).all():
        proposals.withdraw_proposals(unit, proposal.kind, proposal.target_id)


def _take_back_roles(unit: Unit, given: ColumnElement[bool]) -> None:
    """Take from people what these proposals gave them. Who has no role left is suspended."""
    query = select(Proposal).where(given, Proposal.kind == ROLES, Proposal.decision == APPROVED)
    for proposal in unit.session.scalars(query.order_by(Proposal.id)).all():
        person = unit.session.get_one(Person, proposal.thing_id)
        before = proposal.payload["before"]
        gained = set(proposal.payload.get("roles", ())) - set(before["roles"])
        left = sorted(set(person.roles) - gained)
        if not left or (before["suspended"] and "suspended" in proposal.payload):
            person.suspended_at = person.suspended_at or unit.now
        person.roles = left or person.roles
        if "processes" in proposal.payload and person.processes == proposal.payload["processes"]:
            person.processes = before["processes"]
        person.touch()
        note_account(unit, person)


def _close_links(unit: Unit, given: ColumnElement[bool]) -> None:
    """Close the links that were approved, and suspend whom they let in: who came by one may be a thief."""
    query = select(Proposal.thing_id).where(given, Proposal.kind == ENTRY, Proposal.decision == APPROVED)
    for person in unit.session.scalars(query.order_by(Proposal.id)).all():
        entry_links.drop_links(unit.session, person, unit.now)
    _suspend_accounts(unit, Person.id.in_(query))


def _suspend_accounts(unit: Unit, which: ColumnElement[bool]) -> None:
    query = select(Person).where(which, Person.suspended_at.is_(None))
    for person in unit.session.scalars(query.order_by(Person.id)).all():
        person.suspended_at = unit.now
        person.touch()
        sessions.end_all_sessions(unit.session, person.id)
        ways_in.close_ways_in(unit, person.id)
        unit.audit("person.suspend", person.id)
