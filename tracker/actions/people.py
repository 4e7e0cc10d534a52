"""Accounts. The operator makes the first admin on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, Text, cast, delete, or_, select
from sqlalchemy.orm import Session

from tracker.actions import account_proposals, key_origins, proposals, ways_in
from tracker.actions.support.editable_things import Versions, require_version
from tracker.actions.support.lookup import find_unfiltered
from tracker.actions.support.unit import Unit
from tracker.domain import audit
from tracker.domain.errors import AlreadyDone, InvalidInput, NotFound, NotPermitted
from tracker.domain.mail import PURPOSES
from tracker.domain.people import LIMITED, MOST_PROCESSES, ROLES, SPEAKING, Actor, check_name
from tracker.domain.proposals import ENTRY
from tracker.domain.proposals import ROLES as ROLES_PROPOSAL
from tracker.domain.publication import PUBLISHED
from tracker.domain.sentences import sentence
from tracker.store import mail, mailboxes, people, sessions
from tracker.store.database import core_connection
from tracker.store.entry_links import ENTRY_LINKS
from tracker.store.handlings import Handling
from tracker.store.identities import Identity
from tracker.store.kept_forms import KEPT_FORMS
from tracker.store.organizations import Organization
from tracker.store.passkeys import Passkey
from tracker.store.people import Credential, Person
from tracker.store.processes import Process
from tracker.store.saved_filters import SavedFilter
from tracker.store.second_factors import RecoveryCode, SecondFactor
from tracker.store.sessions import SESSIONS
from tracker.store.watchdogs import Watchdog

#: The operator at the machine. Acts of the command line stand in the audit under this name.
OPERATOR: Final = Actor(audit.OPERATOR, frozenset({"admin"}))

#: What goes with an account that ends.
_POSSESSIONS: Final[tuple[Any, ...]] = (
    *(SESSIONS, ENTRY_LINKS, KEPT_FORMS),
    *(SecondFactor.__table__, RecoveryCode.__table__, Credential.__table__, Handling.__table__),
    *(SavedFilter.__table__, Passkey.__table__, Identity.__table__),
)


def add_person(
    unit: Unit,
    name: str,
    roles: Iterable[str],
    organization: str | None = None,
    processes: Iterable[str] | None = None,
) -> Person:
    """Add an account. It can do nothing before it has a key, which takes a second admin. ``processes`` are those that
    it works on; None for all."""
    unit.by.require("people.manage")
    wanted = _check_roles(roles, organization)
    limits = _check_processes(unit.session, processes, wanted)
    find_unfiltered(unit.session, "/organization", organization, "organization")
    check_name(name, unit.session.scalars(select(Person.name)))
    person = Person(
        id=unit.new_id("person"),
        name=name,
        roles=wanted,
        organization_id=organization,
        processes=limits,
        created_at=unit.now,
        origin_id=unit.by.key,
    )
    unit.session.add(person)
    unit.audit("person.add", person.id, roles=wanted, **({"processes": limits} if limits else {}))
    unit.session.flush()
    return person


def change_person(unit: Unit, id: str, changes: Mapping[str, Any], expected: Versions) -> Person:
    """Give somebody other ``roles`` or ``processes``, set ``suspended``, or have the account ``ended`` for good. Nobody
    changes their own account.

    What takes something away holds at once. More roles or processes, or an end of a suspension, wait for a second
    admin, unless the operator gives them. For whom somebody speaks never changes: what they said would change its
    speaker. They get another account. ``stolen_since`` goes with a suspension: what was given in their sessions since
    then falls.
    """
    unit.by.require("people.manage")
    person = find_person(unit.session, id)
    require_version(person, expected)
    if person.ended_at is not None:
        raise AlreadyDone(sentence("this account has ended for good; make another one"))
    if person.id == unit.by.id:
        raise NotPermitted(sentence("nobody changes their own account; ask another admin"))
    wanted = dict(changes)
    stolen_since = _check_theft(unit, wanted)
    if wanted.pop("ended", False):
        return _end_account(unit, person)
    if "roles" in wanted:
        wanted["roles"] = _check_roles(wanted["roles"], person.organization_id)
    limits = wanted.get("processes", person.processes)
    limits = _check_processes(unit.session, limits, wanted.get("roles", person.roles))
    if "processes" in wanted:
        wanted["processes"] = limits
    person.touch()
    proposals.withdraw_proposals(unit, ROLES_PROPOSAL, person.id)
    if wanted.get("suspended"):
        _suspend(unit, person, stolen_since)
        del wanted["suspended"]
    if unit.by.id == OPERATOR.id or not account_proposals.widens_roles(person, wanted):
        account_proposals.apply_account_change(unit, person, wanted)
    else:
        before = account_proposals.describe_account(person)
        payload = {**wanted, "before": before}
        unit.session.flush()
        proposals.propose_act(unit, ROLES_PROPOSAL, person.id, person, payload=payload)
    unit.session.flush()
    return person


def _check_theft(unit: Unit, wanted: dict[str, Any]) -> datetime | None:
    """Since when others had the account, taken out of what is wanted; None where nobody had."""
    since: datetime | None = wanted.pop("stolen_since", None)
    if since is not None and not wanted.get("suspended"):
        raise InvalidInput.at("/stolen_since", sentence("goes with suspended: true"))
    if since is not None and since > unit.now:
        raise InvalidInput.at("/stolen_since", sentence("must not lie in the future"))
    return since


def _suspend(unit: Unit, person: Person, stolen_since: datetime | None) -> None:
    person.suspended_at = person.suspended_at or unit.now
    sessions.end_all_sessions(unit.session, person.id)
    ways_in.close_ways_in(unit, person.id)
    _tell_nothing_more(unit, person)
    if stolen_since is not None:
        key_origins.take_back_from_sessions(unit, person.id, stolen_since)


def _tell_nothing_more(unit: Unit, person: Person) -> None:
    """Forget where somebody was told of the desk's work, and what waits to be told."""
    mailboxes.forget_mailbox(unit.session, person.id)
    mail.drop_letters(unit.session, person.id, PURPOSES)


def _end_account(unit: Unit, person: Person) -> Person:
    """End an account for good: nobody ever acts by it again, and nobody is told its name but who reads the audit trail.

    Sessions, password, phone, mailbox, links, keys, letters, claims, filters and kept forms go. What they recorded,
    proposed and decided stays.
    """
    for kind in (ROLES_PROPOSAL, ENTRY):
        proposals.withdraw_proposals(unit, kind, person.id)
    for key in people.list_unrevoked_keys(unit.session, person.id):
        if key.revoked_at is None:  # it may have gone with the key by which it was made
            key_origins.revoke_derived(unit, key, "no_longer_needed")
    for table in _POSSESSIONS:
        core_connection(unit.session).execute(delete(table).where(table.c.person_id == person.id))
    _tell_nothing_more(unit, person)
    person.suspended_at = person.suspended_at or unit.now
    person.ended_at, person.unnamed = unit.now, True
    person.touch()
    unit.audit("person.end", person.id)
    unit.session.flush()
    return person


def set_naming(unit: Unit, *, unnamed: bool) -> Person:
    """Stay unnamed, or be named again, in all that one did and will do: it is looked at whenever somebody reads.

    The account as admins see it keeps its version: nobody learns from there that somebody asked. `AlreadyDone` for
    people of an organization: it stands in their place whatever they ask.
    """
    unit.by.require("self.manage")
    person = find_person(unit.session, unit.by.id)
    if person.organization_id is not None:
        raise AlreadyDone(sentence("people of an organization are never named; it stands in their place"))
    person.unnamed = unnamed
    unit.audit("person.naming", person.id, unnamed=unnamed)
    unit.session.flush()
    return person


def suspend_person(unit: Unit, name: str, stolen_since: datetime | None = None) -> Person:
    """Stop somebody from doing anything, at once. What they did stays. What was given in their sessions since a moment
    falls, if others had them since then."""
    unit.by.require("people.manage")
    person = require_free_person(unit, name)
    if person.suspended_at is not None and stolen_since is None:
        raise AlreadyDone(sentence("%(name)s is suspended already", name=repr(name)))
    since = _check_theft(unit, {"suspended": True, "stolen_since": stolen_since})
    _suspend(unit, person, since)
    person.touch()
    unit.audit("person.suspend", person.id)
    return person


def end_person(unit: Unit, name: str) -> Person:
    """End the account of somebody for good."""
    person = require_free_person(unit, name)
    return change_person(unit, person.id, {"ended": True}, person.version)


def select_accounts() -> Select[Person]:
    """The accounts that have not ended."""
    return select(Person).where(Person.ended_at.is_(None))


def select_colleagues(by: Actor) -> Select[Person]:
    """The people of the desk of whom somebody is told: not who stays unnamed, nor who speaks for an organization, nor
    who works on other processes only."""
    known = select(Person).where(Person.organization_id.is_(None), Person.unnamed.is_(False))
    if by.processes is None:
        return known
    limits = cast(Person.processes, Text)
    shared = (limits.contains(one, autoescape=True) for one in sorted(by.processes))
    return known.where(or_(Person.processes.is_(None), *shared))


def select_represented() -> Select[str, str]:
    """The organizations for which somebody may be said to speak: those that are public, and all watchdogs."""
    watchdogs = select(Watchdog.organization_id)
    known = (Organization.publication == PUBLISHED) | Organization.id.in_(watchdogs)
    return select(Organization.id, Organization.name).where(known).order_by(Organization.name)


def select_processes() -> Select[str, str]:
    """The public processes, by their titles. Who keeps accounts reads no draft; they name one by its id."""
    return select(Process.id, Process.title).where(Process.publication == PUBLISHED).order_by(Process.title)


def find_person(session: Session, id: str, pointer: str | None = None) -> Person:
    """An account by its id; for a member of the input, ``pointer`` says which."""
    person = session.get(Person, id)
    if person is not None:
        return person
    detail = sentence("there is no account %(id)s", id=repr(id[:64]))
    raise NotFound(detail) if pointer is None else InvalidInput.at(pointer, detail)


def _check_roles(roles: Iterable[str], organization: str | None) -> list[str]:
    wanted = sorted(set(roles))
    if not wanted or any(role not in ROLES for role in wanted):
        raise InvalidInput.at("/roles", sentence("must be one or more of %(roles)s", roles=", ".join(ROLES)))
    for role in SPEAKING:
        if role in wanted and organization is None:
            raise InvalidInput.at(
                "/organization", sentence("a %(role)s speaks for an organization; name it", role=role)
            )
    return wanted


def _check_processes(
    session: Session, processes: Iterable[str] | None, roles: Iterable[str]
) -> list[str] | None:
    """The processes that somebody with these roles shall work on, in order; None for all."""
    if processes is None:
        return None
    wanted = sorted(set(processes))
    if not 1 <= len(wanted) <= MOST_PROCESSES:
        raise InvalidInput.at(
            "/processes", sentence("takes 1 to %(most)s processes, or null for all", most=MOST_PROCESSES)
        )
    if beyond := sorted(set(roles) - LIMITED):
        detail = sentence(
            "only %(limited)s are limited to processes, and not %(beyond)s",
            limited=", ".join(sorted(LIMITED)),
            beyond=", ".join(beyond),
        )
        raise InvalidInput.at("/processes", detail)
    for place, process in enumerate(wanted):
        find_unfiltered(session, f"/processes/{place}", process, "process")
    return wanted


def require_free_person(unit: Unit, name: str) -> Person:
    person = people.find_person_by_name(unit.session, name)
    if person is None:
        raise NotFound(sentence("there is nobody called %(name)s", name=repr(name)))
    return person
