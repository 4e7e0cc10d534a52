"""Keys, by which programs use the interface: issued and shown once, and revoked. One for somebody else waits for a
second admin.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from tracker.actions import keys as actions_keys
from tracker.actions import people
from tracker.domain.people import PERMISSIONS, Actor, list_permissions
from tracker.languages.i18n import mark
from tracker.schemas.people import KeyIn, RevocationIn
from tracker.store.people import Key
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.filled_forms import Choice
from tracker.web.forms import Field, Form
from tracker.web.words import WORDS

_SCOPE: Final = Field(
    "scope",
    mark("Only for"),
    hint=mark(
        "What a program needs and nothing else. Choose nothing, and it may do all that its holder may."
    ),
)
ISSUING = Form(
    KeyIn,
    Field("days", mark("For how many days"), hint=mark("A year, where you leave it out.")),
    _SCOPE,
    button=mark("Issue the key"),
)
REVOKING = Form(RevocationIn, Field("reason", mark("Why")), button=mark("Revoke the key"))


@view("/account/keys", permission="keys.manage")
def show_own_keys(desk: Visit) -> Shown:
    rows = select(Key).where(Key.person_id == desk.by.id).order_by(Key.created_at.desc())
    return {"title": desk.language.say("Your keys"), "keys": list(desk.session.scalars(rows).unique())}


@view("/account/keys/new", permission="keys.manage", template="key")
def show_own_key(desk: Visit) -> Shown:
    return {
        "title": desk.language.say("A key for yourself"),
        "lead": desk.language.say("A program that sends it acts in your name. It lasts a year at most."),
        "secret": None,
        "choices": {"scope": _list_scope(desk.by)},
    }


@act(show_own_key, ISSUING, done=mark("The key is made."), dangerous=True)
def issue_own_key(desk: Visit, unit: Unit, data: Shown) -> None:
    _reveal_key(
        desk, actions_keys.grant_key(unit, None, data.get("days"), data.get("scope")), "/account/keys"
    )


@view("/accounts/{id}/key", permission="people.manage", template="key", names={"id": ("person",)})
def show_key(desk: Visit, id: str) -> Shown:
    person = people.find_person(desk.session, id)
    lead = desk.language.say(
        "A program that sends it acts in their name. It opens nothing until a second administrator has approved it, 24"
        " hours later at the earliest."
    )
    return {
        "title": desk.language.say("A key for %(name)s", name=person.name),
        "lead": lead,
        "secret": None,
        "choices": {"scope": _list_scope(person.actor)},
    }


@act(show_key, ISSUING, done=mark("The key is made."), dangerous=True)
def issue_key(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    _reveal_key(
        desk, actions_keys.grant_key(unit, id, data.get("days"), data.get("scope")), f"/accounts/{id}"
    )


@view("/keys/{id}", permission="keys.manage", template="revocation", names={"id": ("key",)})
def show_revocation(desk: Visit, id: str) -> Shown:
    key = actions_keys.find_key(desk.session, desk.by, id)
    return {
        "title": desk.language.say("Revoke a key"),
        "key": key,
        "holder": people.find_person(desk.session, key.person_id).name,
        "choices": {
            "reason": [(code, str(desk.language.say(word))) for code, word in WORDS["revoked_words"].items()]
        },
    }


def go_to_holder(desk: Visit, _made: str | None, id: str) -> str:
    """Back to where the key is listed."""
    holder = actions_keys.find_key(desk.session, desk.by, id).person_id
    page = "/account/keys" if holder == desk.by.id else f"/accounts/{holder}"
    return desk.link(page, done="revocation")


@act(show_revocation, REVOKING, done=mark("The key is revoked."), then=go_to_holder, whatever_standing=True)
def revoke_key(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    actions_keys.revoke_key(unit, id, data["reason"])


def _reveal_key(desk: Visit, issued: tuple[Any, str], back: str) -> None:
    key, secret = issued
    desk.revealed = {
        "title": desk.language.say("The key"),
        "lead": desk.language.say("It is shown this once and kept nowhere: copy it now."),
        "secret": secret,
        "key": key,
        "back": desk.link(back),
    }


def _list_scope(holder: Actor) -> list[Choice]:
    """The permissions to which a key of somebody may be limited, in the words of the interface."""
    return [(one, f"{one}: {PERMISSIONS[one]}") for one in sorted(list_permissions(holder.roles))]
