"""What one admin gives to another account takes a second admin: more roles, the end of a suspension, a key, a link by
which somebody comes to the desk.

The operator, on the command line, gives at once, and is the second person where there is
one admin only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from tracker.actions import proposals
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone, SelfApproval
from tracker.domain.mail import LINK
from tracker.domain.people import GIVING_RESTS
from tracker.domain.proposals import ENTRY
from tracker.domain.proposals import KEY as KEY_PROPOSAL
from tracker.domain.proposals import ROLES as ROLES_PROPOSAL
from tracker.domain.sentences import sentence
from tracker.domain.sessions import LINKS
from tracker.store import entry_links, mail
from tracker.store.people import Key, Person
from tracker.store.proposals import Proposal


def widens_roles(person: Person, wanted: Mapping[str, Any]) -> bool:
    """Whether somebody could do more afterwards."""
    more = set(wanted.get("roles", ())) - set(person.roles)
    let_in = "suspended" in wanted and person.suspended_at is not None
    return bool(more) or let_in or _widens_processes(person, wanted)


def _widens_processes(person: Person, wanted: Mapping[str, Any]) -> bool:
    if "processes" not in wanted or person.processes is None:
        return False
    return wanted["processes"] is None or not set(wanted["processes"]) <= set(person.processes)


def describe_account(person: Person) -> dict[str, Any]:
    """What an account may do, before it is given more."""
    suspended = person.suspended_at is not None
    return {"roles": person.roles, "processes": person.processes, "suspended": suspended}


def apply_account_change(unit: Unit, person: Person, wanted: Mapping[str, Any]) -> None:
    """Make a change of an account that was checked."""
    if "roles" in wanted:
        person.roles = wanted["roles"]
    if "processes" in wanted:
        person.processes = wanted["processes"]
    if "suspended" in wanted:
        person.suspended_at = None
    note_account(unit, person)


def note_account(unit: Unit, person: Person) -> None:
    """Write down what an account may do from now on."""
    account = describe_account(person)
    unit.audit("person.change", person.id, **{name: one for name, one in account.items() if one is not None})


def _judged_on(session: Session, proposal: Proposal) -> dict[str, int]:
    person = session.get_one(Person, proposal.thing_id)
    return {person.id: person.version}


def _check_decider(unit: Unit, proposal: Proposal) -> None:
    """Nobody decides on what they themselves are to get."""
    if proposal.thing_id == unit.by.id:
        raise SelfApproval(sentence("this would give something to yourself; another admin has to decide"))


def _check_holder(unit: Unit, proposal: Proposal) -> None:
    _check_decider(unit, proposal)
    if unit.session.get_one(Person, proposal.thing_id).suspended_at is not None:
        raise AlreadyDone(sentence("whom it is for is suspended; let them in again first"))


def _activate_key(unit: Unit, proposal: Proposal) -> None:
    unit.session.get_one(Key, proposal.target_id).active_at = unit.now


def _drop_key(unit: Unit, proposal: Proposal) -> None:
    key = unit.session.get_one(Key, proposal.target_id)
    key.revoked_at = key.revoked_at or unit.now


def _activate_link(unit: Unit, proposal: Proposal) -> None:
    until = unit.now + LINKS[proposal.payload["purpose"]]
    entry_links.activate_links(unit.session, proposal.target_id, unit.now, until)
    mail.release_letters(unit.session, proposal.target_id, LINK, unit.now)


def _drop_link(unit: Unit, proposal: Proposal) -> None:
    entry_links.drop_links(unit.session, proposal.target_id, unit.now)
    mail.drop_letters(unit.session, proposal.target_id, (LINK,))


def _change_roles(unit: Unit, proposal: Proposal) -> None:
    person = unit.session.get_one(Person, proposal.thing_id)
    wanted = {name: value for name, value in proposal.payload.items() if name != "before"}
    person.touch()
    apply_account_change(unit, person, wanted)


_GIVEN: Final = {
    "proposes": "people.manage",
    "decides": "people.manage",
    "versions": _judged_on,
    "rests": GIVING_RESTS,
    "anyone_retracts": True,
}
proposals.KINDS[ROLES_PROPOSAL] = proposals.Kind(check=_check_decider, apply=_change_roles, **_GIVEN)  # type: ignore[arg-type]
proposals.KINDS[KEY_PROPOSAL] = proposals.Kind(
    check=_check_holder,
    apply=_activate_key,
    end=_drop_key,
    **_GIVEN,  # type: ignore[arg-type]
)
proposals.KINDS[ENTRY] = proposals.Kind(
    check=_check_holder,
    apply=_activate_link,
    end=_drop_link,
    **_GIVEN,  # type: ignore[arg-type]
)
