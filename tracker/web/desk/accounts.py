"""Accounts: who may come to the desk, with which roles. What gives more to somebody waits for a second admin, and each
screen says so before it is sent.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import select

from tracker.actions import people, proposals
from tracker.domain.people import ROLES
from tracker.domain.proposals import ENTRY, KEY, PROPOSED
from tracker.domain.proposals import ROLES as ROLES_PROPOSAL
from tracker.languages.i18n import mark
from tracker.schemas.fields import Strict, Text
from tracker.schemas.people import AccountPatch
from tracker.schemas.sessions import Nothing
from tracker.store.identities import list_identities
from tracker.store.people import Credential, Key, Person
from tracker.store.proposals import Proposal
from tracker.web.desk.names import name_things
from tracker.web.desk.proposals import KINDS
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.filled_forms import Choice
from tracker.web.forms import Field, Form
from tracker.web.words import WORDS

#: How many accounts a page has, and how many organizations are offered.
PAGE, MOST_OFFERED = 50, 500
ONE: Final = {"id": ("person",)}
RESTS: Final = mark("A second administrator has to approve it, 24 hours later at the earliest.")
ROLES_FIELD: Final = Field("roles", mark("Roles"))
PROCESSES_FIELD: Final = Field(
    "processes",
    mark("Only these processes"),
    hint=mark("For editors, approvers and custodians. Choose none for all processes."),
    kind="checkboxes",
)
GIVING = Form(
    AccountPatch, ROLES_FIELD, PROCESSES_FIELD, button=mark("Change the roles"), edits=True, needs=("roles",)
)
SUSPENDING = Form(
    AccountPatch,
    Field(
        "stolen_since",
        mark("Since when others had it (UTC)"),
        hint=mark(
            "Leave it empty if nobody else used the account. Else give a day and hour, as 2026-11-23T09:00:00Z: what"
            " was given in its sessions since then falls too, keys, links, roles and accounts."
        ),
    ),
    button=mark("Suspend the account"),
)
ENDING = Form(Nothing, button=mark("End the account for good"))
LETTING_IN = Form(Nothing, button=mark("Propose to let them in again"))


class AccountsQuery(Strict):
    """Where the page begins."""

    after = Text(2_000)


@view("/accounts", permission="people.manage", query=AccountsQuery, menu=mark("Accounts"))
def show_accounts(desk: Visit) -> Shown:
    rows = people.select_accounts().order_by(Person.name)
    if (place := desk.read_place()) is not None:
        rows = rows.where(Person.name > place[0])
    accounts = list(desk.session.scalars(rows.limit(PAGE + 1)))
    names = name_things(desk, [one.organization_id for one in accounts])
    return {
        "title": desk.language.say("Accounts"),
        "people": accounts[:PAGE],
        "names": names,
        "waiting": list_waiting(desk, None),
        "next_page": desk.link_after([accounts[PAGE - 1].name]) if len(accounts) > PAGE else None,
    }


@view("/accounts/{id}", permission="people.manage", names=ONE)
def show_person(desk: Visit, id: str) -> Shown:
    person = people.find_person(desk.session, id)
    keys = desk.session.scalars(select(Key).where(Key.person_id == id).order_by(Key.created_at.desc()))
    return {
        "title": person.name,
        "person": person,
        "own": id == desk.by.id,
        "names": name_things(desk, [person.organization_id]),
        "processes": _name_processes(desk, person),
        "keys": list(keys.unique()),
        "waiting": list_waiting(desk, id),
        "logs_in": desk.session.get(Credential, id) is not None,
        "identities": list_identities(desk.session, id),
    }


@view("/accounts/{id}/roles", permission="people.manage", template="form", names=ONE)
def show_roles(desk: Visit, id: str) -> Shown:
    person = people.find_person(desk.session, id)
    taken = desk.language.say("What you take away holds at once. More roles wait:")
    return {
        "title": desk.language.say("Roles of %(name)s", name=person.name),
        "lead": f"{taken} {desk.language.say(RESTS)}",
        "values": {"roles": person.roles, "processes": person.processes},
        "version": person.version,
        "choices": list_choices(desk, person.processes or ()),
    }


@act(
    show_roles,
    GIVING,
    done=mark("It is recorded. What gives them more waits for a second administrator."),
    then="/accounts/{id}",
    dangerous=True,
)
def change_roles(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    wanted = {"roles": data.get("roles", []), "processes": data.get("processes") or None}
    people.change_person(unit, id, wanted, desk.expected)


@view("/accounts/{id}/suspension", permission="people.manage", template="form", names=ONE)
def show_suspension(desk: Visit, id: str) -> Shown:
    person = people.find_person(desk.session, id)
    lead = desk.language.say(
        "It holds at once: their sessions end, and their keys open nothing. What they did stays. To let them in again"
        " takes a second administrator and a day."
    )
    return {
        "title": desk.language.say("Suspend %(name)s", name=person.name),
        "lead": lead,
        "version": person.version,
    }


@act(show_suspension, SUSPENDING, done=mark("The account is suspended."), then="/accounts/{id}")
def suspend_person(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    people.change_person(unit, id, {**data, "suspended": True}, desk.expected)


@view("/accounts/{id}/end", permission="people.manage", template="form", names=ONE)
def show_end(desk: Visit, id: str) -> Shown:
    person = people.find_person(desk.session, id)
    lead = desk.language.say(
        "Nobody takes it back. Their sessions, keys, links, password, phone, claims and kept forms are gone. What they"
        " recorded and decided stays; only the audit trail knows their name."
    )
    return {
        "title": desk.language.say("End the account of %(name)s", name=person.name),
        "lead": lead,
        "version": person.version,
    }


@act(show_end, ENDING, done=mark("The account has ended."), then="/accounts", dangerous=True)
def end_person(desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    people.change_person(unit, id, {"ended": True}, desk.expected)


@view("/accounts/{id}/return", permission="people.manage", template="form", names=ONE)
def show_return(desk: Visit, id: str) -> Shown:
    person = people.find_person(desk.session, id)
    return {
        "title": desk.language.say("Let %(name)s in again", name=person.name),
        "lead": desk.language.say(RESTS),
        "version": person.version,
    }


@act(
    show_return,
    LETTING_IN,
    done=mark("It was proposed. A second administrator decides."),
    then="/accounts/{id}",
    dangerous=True,
)
def let_in(desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    people.change_person(unit, id, {"suspended": False}, desk.expected)


def list_waiting(desk: Visit, person: str | None) -> list[Shown]:
    """What waits for a second admin, for one account or for all: where it is decided, what it is, and from when."""
    rows = proposals.select_visible(desk.viewer).where(
        Proposal.kind.in_((ROLES_PROPOSAL, KEY, ENTRY)), Proposal.decision == PROPOSED
    )
    if person is not None:
        rows = rows.where(Proposal.thing_id == person)
    waiting = desk.session.scalars(rows.order_by(Proposal.proposed_at).limit(PAGE)).all()
    return [
        {
            "address": desk.link(f"/decide/{one.id}"),
            "what": desk.language.say(KINDS[one.kind]),
            "who": people.find_person(desk.session, one.thing_id).name,
            "not_before": one.rests_until,
        }
        for one in waiting
    ]


def _name_processes(desk: Visit, person: Person) -> list[str]:
    own = person.processes or ()
    return [title for id, title in list_choices(desk, own)["processes"] if id in own]


def list_choices(desk: Visit, chosen: Collection[str] = ()) -> dict[str, list[Choice]]:
    """The roles and processes that may be chosen, with those that an account has: a draft by its id."""
    roles = [(role, str(desk.language.say(WORDS["role_words"][role]))) for role in ROLES]
    rows = desk.session.execute(people.select_processes().limit(MOST_OFFERED))
    titles: dict[str, str] = {row.id: row.title for row in rows}
    return {"roles": roles, "processes": [*titles.items(), *((id, id) for id in chosen if id not in titles)]}
