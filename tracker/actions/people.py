"""Accounts and keys. The first admin is made on the command line, by whoever holds the machine."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from tracker.actions.find import named
from tracker.actions.unit import Unit
from tracker.domain.errors import AlreadyDone, InvalidInput, NotFound
from tracker.domain.people import ROLES, Actor
from tracker.store import people
from tracker.store.people import Key, Person

#: Whoever sits at the machine. Acts of the command line stand in the audit under this name.
OPERATOR: Final = Actor("operator", frozenset({"admin"}))

KEY_DAYS: Final = 365
_KEY_BYTES: Final = 32


def add_person(unit: Unit, name: str, roles: Iterable[str], organization: str | None = None) -> Person:
    unit.by.require("people.manage")
    wanted = sorted(set(roles))
    unknown = [role for role in wanted if role not in ROLES]
    if unknown or not wanted:
        raise InvalidInput.at("/roles", f"must be one or more of {', '.join(ROLES)}")
    if "watchdog" in wanted and organization is None:
        raise InvalidInput.at("/organization", "a watchdog speaks for an organization; name it")
    named(unit.session, "/organization", organization, "organization")
    if people.by_name(unit.session, name) is not None:
        raise AlreadyDone(f"there is somebody called {name!r} already")
    person = Person(
        id=unit.new_id("person"), name=name, roles=wanted, organization_id=organization, created_at=unit.now
    )
    unit.session.add(person)
    unit.audit("person.add", person.id, roles=wanted)
    unit.session.flush()
    return person


def suspend_person(unit: Unit, name: str) -> Person:
    """Stop somebody from doing anything, at once. What they did stays."""
    unit.by.require("people.manage")
    person = _person(unit, name)
    if person.suspended_at is not None:
        raise AlreadyDone(f"{name!r} is suspended already")
    person.suspended_at = unit.now
    unit.audit("person.suspend", person.id)
    return person


def issue_key(unit: Unit, name: str, days: int = KEY_DAYS) -> tuple[Key, str]:
    """A key for a person, good for some days. The secret is returned once and kept nowhere."""
    unit.by.require("people.manage")
    person = _person(unit, name)
    if person.suspended_at is not None:
        raise InvalidInput.at("/name", f"{name!r} is suspended")
    if not 1 <= days <= 3650:
        raise InvalidInput.at("/days", "must be 1 to 3650")
    letters = base64.urlsafe_b64encode(unit.entropy(_KEY_BYTES)).rstrip(b"=").decode()
    secret = people.KEY_PREFIX + letters
    key = Key(
        id=unit.new_id("key"),
        person_id=person.id,
        digest=people.digest(secret),
        created_at=unit.now,
        expires_at=unit.now + timedelta(days=days),
    )
    unit.session.add(key)
    unit.audit("key.issue", key.id, person=person.id)
    unit.session.flush()
    return key, secret


def revoke_key(unit: Unit, id: str) -> Key:
    unit.by.require("people.manage")
    key = unit.session.get(Key, id)
    if key is None:
        raise NotFound(f"there is no key {id[:64]!r}")
    if key.revoked_at is not None:
        raise AlreadyDone("this key is revoked already")
    key.revoked_at = unit.now
    unit.audit("key.revoke", key.id)
    return key


def _person(unit: Unit, name: str) -> Person:
    person = people.by_name(unit.session, name)
    if person is None:
        raise NotFound(f"there is nobody called {name!r}")
    return person
