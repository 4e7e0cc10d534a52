"""Keys: issued and granted, revoked, used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from tracker.actions import key_origins, proposals
from tracker.actions.people import OPERATOR, find_person, require_free_person
from tracker.actions.support.secrets import draw_secret
from tracker.actions.support.unit import Unit, open_unit
from tracker.domain.errors import AlreadyDone, InvalidInput, NotFound, NotPermitted
from tracker.domain.people import SELF, Actor, list_permissions
from tracker.domain.proposals import KEY as KEY_PROPOSAL
from tracker.domain.sentences import sentence
from tracker.store import people
from tracker.store.people import Key, KeyOrigin, Person

KEY_DAYS: Final = 365
#: The most days of one.
LONGEST: Final = 3650
#: How many good keys somebody may give to themselves.
MOST_KEYS: Final = 20


def issue_key(
    unit: Unit, name: str, days: int = KEY_DAYS, scope: Iterable[str] | None = None
) -> tuple[Key, str]:
    """A key for a person, good for some days. The secret is returned once and kept nowhere."""
    unit.by.require("people.manage")
    person = require_free_person(unit, name)
    return _make_key(
        unit,
        person,
        "/name",
        unit.now + _check_span(days),
        _check_scope(scope, list_permissions(person.roles)),
    )


def grant_key(
    unit: Unit, account: str | None, days: int | None = None, scope: Iterable[str] | None = None
) -> tuple[Key, str]:
    """The same for an account by its id; for oneself where none is given.

    A key for somebody else, which only an admin gives, opens nothing before a second admin has approved it. A key for
    oneself is good at once; it can do no more and lasts no longer than the key that asks: a key that leaks could else
    make itself whole and everlasting. One that is asked for in a session of the desk lasts a year at most. Nor are
    there more than `MOST_KEYS`: each has a rate of its own.
    """
    unit.by.require("keys.manage")
    if account not in (None, unit.by.id):
        unit.by.require("people.manage")
        person = find_person(unit.session, account or "", "/account")
        until = unit.now + _check_span(KEY_DAYS if days is None else days)
        return _make_key(unit, person, "/account", until, _check_scope(scope, list_permissions(person.roles)))
    if people.count_good_keys(unit.session, unit.by.id, unit.now) >= MOST_KEYS:
        raise NotPermitted(
            sentence("you have %(most)s keys that are good; revoke one, or ask an admin", most=MOST_KEYS)
        )
    last = unit.now + timedelta(days=KEY_DAYS)
    if unit.by.key is not None:
        last = unit.session.get_one(Key, unit.by.key).expires_at
    until = last if days is None else unit.now + _check_span(days)
    if until > last:
        raise InvalidInput.at(
            "/days",
            sentence("the key would outlive the one that asks, %(last)s", last=format(last, "%Y-%m-%d")),
        )
    limits = unit.by.scope if scope is None else scope
    return _make_key(
        unit, find_person(unit.session, unit.by.id), "", until, _check_scope(limits, unit.by.permissions)
    )


def revoke_key(unit: Unit, id: str, reason: str | None = None) -> Key:
    """Revoke a key at once: one's own, or anybody's for who manages people. A limited key revokes itself.

    The keys that its holder made with it go with it. Of a key that was ``lost`` or ``leaked``, or of which no reason is
    said, all goes that was ever given with it (`tracker.actions.key_origins`). ``reason`` is a code.
    """
    unit.by.require(SELF)
    if id != unit.by.key:
        unit.by.require("keys.manage")
    key = find_key(unit.session, unit.by, id)
    if key.revoked_at is not None:
        raise AlreadyDone(sentence("this key is revoked already"))
    key_origins.revoke_derived(unit, key, reason)
    unit.session.flush()
    return key


def note_use(session: Session, by: Actor, day: datetime, entropy: Callable[[int], bytes], key: str) -> None:
    """Keep the day on which a key was used, once a day.

    This one write leaves no audit entry, which would tell the minute at which somebody began to work.
    """
    with open_unit(session, by, day, entropy, whatever_standing=True) as opened:
        people.note_key_use(opened.session, key, day.date())


def find_key(session: Session, by: Actor, id: str) -> Key:
    """A key that somebody may see: their own, or any for who manages people."""
    key = session.get(Key, id)
    if key is None or not (by.may("people.manage") or key.person_id == by.id):
        raise NotFound(sentence("there is no key %(id)s", id=repr(id[:64])))
    return key


def _make_key(
    unit: Unit, person: Person, pointer: str, until: datetime, scope: list[str] | None
) -> tuple[Key, str]:
    if person.suspended_at is not None:
        raise InvalidInput.at(pointer, sentence("%(name)s is suspended", name=repr(person.name)))
    letters = draw_secret(unit)
    secret = people.KEY_PREFIX + letters
    key = Key(
        id=unit.new_id("key"),
        person_id=person.id,
        digest=people.digest_secret(secret),
        created_at=unit.now,
        active_at=unit.now,
        expires_at=until,
        **({"scope": scope} if scope is not None else {}),
    )
    unit.session.add(key)
    unit.audit("key.issue", key.id, person=person.id)
    unit.session.flush()
    if unit.by.key is not None:
        unit.session.add(KeyOrigin(key_id=key.id, parent_id=unit.by.key))
    if unit.by.id not in (OPERATOR.id, person.id):
        key.active_at = None
        given = {"scope": scope, "expires_on": f"{until:%Y-%m-%d}", "roles": person.roles}
        proposals.propose_act(unit, KEY_PROPOSAL, key.id, person, payload=given)
    unit.session.flush()
    return key, secret


def _check_span(days: int) -> timedelta:
    if not 1 <= days <= LONGEST:
        raise InvalidInput.at("/days", sentence("must be 1 to 3650"))
    return timedelta(days=days)


def _check_scope(wanted: Iterable[str] | None, permissions: frozenset[str]) -> list[str] | None:
    if wanted is None:
        return None
    scope = sorted(set(wanted))
    if not scope:
        raise InvalidInput.at("/scope", sentence("name a permission; leave it out for all of them"))
    beyond = [permission for permission in scope if permission not in permissions]
    if beyond:
        raise InvalidInput.at(
            "/scope", sentence("%(beyond)s is more than there is to give", beyond=", ".join(beyond))
        )
    return scope
