"""People: who one is, accounts, keys, one's own password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tracker.actions import passwords
from tracker.actions import people as actions_people
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors, service_errors
from tracker.domain.people import SELF
from tracker.domain.proposals import ROLES
from tracker.schemas import people
from tracker.store.people import Credential, Key, Person
from tracker.store.proposals import find_waiting_for
from tracker.store.watchdogs import Watchdog


@endpoint(
    "GET",
    "/v1/me",
    permission=SELF,
    tag="people",
    summary="Read who you are and what you may do",
    answer=people.MeOut,
)
def get_me(call: Call) -> Any:
    """Your account, the organization you speak for, and the permissions of the key that you sent. Call it first to
    check a key."""
    person = call.session.get_one(Person, call.by.id)
    organization = person.organization_id
    watchdog = call.session.get(Watchdog, organization) if organization else None
    password = call.session.get(Credential, person.id)
    return {
        "id": person.id,
        "name": person.name,
        "roles": person.roles,
        "permissions": sorted(call.by.permissions),
        "organization": organization,
        "processes": person.processes,
        "standing": watchdog.standing if watchdog else None,
        "key": call.session.get_one(Key, call.by.key),
        "password_changed_at": password.changed_at if password else None,
        "unnamed": person.known_as != person.id,
    }


def _get_naming(call: Call, *_made: str) -> Any:
    return actions_people.find_person(call.session, call.by.id)


def _get_password_day(call: Call) -> Any:
    return {"changed_at": call.session.get_one(Credential, call.by.id).changed_at}


def _get_account(call: Call, id: str) -> Any:
    return dump_account(call, actions_people.find_person(call.session, id))


@endpoint(
    "POST",
    "/v1/me/naming",
    permission="self.manage",
    tag="people",
    summary="Hide your name in what you did and will do, from others at the desk too, or show it again",
    body=people.NamingIn,
    answer=people.NamingOut,
    again=_get_naming,
    refusals=(errors.AlreadyDone,),
)
def set_naming(call: Call) -> Any:
    """People of the desk are named to each other. An unnamed person is shown as `desk`, in old acts too. The audit
    trail still has the id."""
    return actions_people.set_naming(call.unit, unnamed=call.body["unnamed"])


def check_password(call: Call) -> Any:
    # One brake for all keys of an account: a thief of one key could make twenty, and try with each.
    caller = "any key"
    return passwords.check_password(
        call.session,
        call.by,
        call.context.brake,
        call.body["password"],
        call.body.get("current"),
        caller,
        call.now,
    )


@endpoint(
    "POST",
    "/v1/me/password",
    permission="self.manage",
    tag="people",
    summary="Set or change your password",
    body=people.PasswordIn,
    answer=people.PasswordOut,
    again=_get_password_day,
    refusals=(service_errors.WrongPassword, service_errors.TooManyAttempts, errors.StaleEdit),
    prepare=check_password,
)
def set_password(call: Call) -> Any:
    """Send a password that you have as `current`. The server never answers with a password."""
    return {"changed_at": passwords.set_password(call.unit, call.prepared).changed_at}


@endpoint(
    "POST",
    "/v1/accounts",
    permission="people.manage",
    tag="people",
    summary="Add somebody",
    body=people.AccountIn,
    answer=people.AccountOut,
    again=_get_account,
    status=201,
    refusals=(errors.AlreadyDone, errors.WrongKind),
)
def create_account(call: Call) -> Any:
    """The account can do nothing until it has a key, and a second admin approves that key."""
    return dump_account(call, actions_people.add_person(call.unit, **call.body))


@endpoint(
    "GET",
    "/v1/accounts",
    permission="people.manage",
    tag="people",
    summary="List accounts",
    query=PageQuery,
    answer=make_page_schema(people.AccountOut, "AccountPage"),
)
def list_accounts(call: Call) -> Any:
    """Each account with its roles, its organization, and what waits for a second admin."""
    page = read_page(call, actions_people.select_accounts(), Person.id)
    return {**page, "items": dump_accounts(call, page["items"])}


@endpoint(
    "GET",
    "/v1/accounts/{id}",
    permission="people.manage",
    tag="people",
    summary="Read an account",
    answer=people.AccountOut,
    names={"id": "person"},
)
def get_account(call: Call, id: str) -> Any:
    """The account with its roles, its organization, and what waits for a second admin."""
    return _get_account(call, id)


@endpoint(
    "GET",
    "/v1/colleagues",
    permission="people.read",
    tag="people",
    summary="List the people of the desk, by id and name",
    query=PageQuery,
    answer=make_page_schema(people.ColleagueOut, "ColleaguePage"),
)
def list_colleagues(call: Call) -> Any:
    """With this, those who decide know who `proposed_by` is. Who asked to stay unnamed is not there, and neither is who
    speaks for an organization: acts show these as a side."""
    return read_page(call, actions_people.select_colleagues(call.by), Person.id)


@dataclass(frozen=True, slots=True)
class Account:
    """A person as admins see them, with what is proposed for them."""

    person: Person
    proposal: str | None

    @property
    def id(self) -> str:
        return self.person.id

    @property
    def version(self) -> int:
        return self.person.version


def dump_account(call: Call, person: Person) -> Account:
    return dump_accounts(call, [person])[0]


def dump_accounts(call: Call, people: Sequence[Person]) -> list[Account]:
    waiting = find_waiting_for(call.session, ROLES, [one.id for one in people])
    return [Account(one, waiting.get(one.id)) for one in people]


@endpoint(
    "PATCH",
    "/v1/accounts/{id}",
    permission="people.manage",
    tag="people",
    summary="Take roles away or suspend somebody at once; propose more roles, or to let them in again",
    body=people.AccountPatch,
    answer=people.AccountOut,
    refusals=(errors.AlreadyDone, errors.StaleEdit),
    names={"id": "person"},
    versioned=True,
)
def change_account(call: Call, id: str) -> Any:
    """Roles that are taken away, a suspension and the end of an account hold at once. More roles, and the end of a
    suspension, are proposed; a second admin approves them 24 hours later at the earliest. Nobody changes their own
    account."""
    return dump_account(call, actions_people.change_person(call.unit, id, call.body, call.expected or 0))
