"""Passkeys at the desk: one's own are added and removed; with one, somebody logs in or says again who they are."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from tracker.actions import passkeys, sessions
from tracker.actions.passkeys import Site
from tracker.domain.passkeys import LOGIN
from tracker.domain.people import PUBLIC, SELF
from tracker.languages.i18n import mark
from tracker.outgoing.addresses import is_this_machine
from tracker.schemas.passkeys import PasskeyIn, PasskeyLoginIn, PasskeyProofIn
from tracker.schemas.sessions import ConfirmQuery, LoginQuery, Nothing
from tracker.settings import Settings
from tracker.store.passkeys import list_passkeys
from tracker.web.csrf import list_origins
from tracker.web.desk import login
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

_OWN: Final = "self.manage"
ANSWER = Field("answer", mark("The answer of the device"), kind="hidden")
ADD = Form(
    PasskeyIn,
    Field(
        "label",
        mark("A name for this passkey"),
        hint=mark("By which you know the device again, as “the phone”."),
    ),
    ANSWER,
    button=mark("Add a passkey"),
)
LOG_IN = Form(PasskeyLoginIn, login.LABEL, ANSWER, button=mark("Log in with a passkey"))
CONFIRM = Form(PasskeyProofIn, ANSWER, button=mark("It is me: go on"))
REMOVE = Form(Nothing, button=mark("Remove this passkey"))


def has_passkeys(settings: Settings) -> bool:
    """Whether passkeys are offered here."""
    return settings.passkeys


@view("/account/passkeys", permission=_OWN, offered=has_passkeys)
def show_passkeys(desk: Visit) -> Shown:
    return {"title": desk.language.say("Passkeys"), "passkeys": list_passkeys(desk.session, desk.by.id)}


@view("/account/passkeys/new", permission=_OWN, template="passkey", offered=has_passkeys, scripted=True)
def show_new_passkey(desk: Visit) -> Shown:
    known = desk.context
    return {
        "title": desk.language.say("Add a passkey"),
        "lead": desk.language.say(
            "Your device keeps your name at the desk with it. Remove it here when the device is lost."
        ),
        "asked": passkeys.ask_for_passkey(
            desk.session, desk.by, desk.name, _find_site(desk), known.entropy, desk.now
        ),
        "instead": desk.link("/account/passkeys"),
        "instead_words": desk.language.say("Passkeys"),
    }


def check_new_passkey(desk: Visit, data: Shown) -> None:
    desk.prepared = passkeys.check_new_passkey(desk.by, _find_site(desk), data["answer"], desk.now)


@act(
    show_new_passkey,
    ADD,
    done=mark("The passkey is added."),
    prepare=check_new_passkey,
    then="/account/passkeys",
    dangerous=True,
)
def add_passkey(desk: Visit, unit: Unit, data: Shown) -> str:
    return passkeys.add_passkey(unit, desk.prepared, data["label"]).id


@view(
    "/account/passkeys/{id}",
    permission=_OWN,
    template="form",
    names={"id": ("passkey",)},
    offered=has_passkeys,
)
def show_passkey(desk: Visit, id: str) -> Shown:
    passkey = passkeys.get_passkey(desk.session, desk.by, id)
    return {"title": desk.language.say("Remove a passkey"), "lead": passkey.label}


@act(
    show_passkey,
    REMOVE,
    done=mark("The passkey is removed: it lets nobody in. Delete it on the device, too."),
    then="/account/passkeys",
    whatever_standing=True,
)
def remove_passkey(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    passkeys.remove_passkey(unit, id)


@view(
    "/login/passkey",
    permission=PUBLIC,
    template="passkey",
    query=LoginQuery,
    offered=has_passkeys,
    scripted=True,
)
def show_passkey_login(desk: Visit) -> Shown:
    return {
        "title": desk.language.say("Log in with a passkey"),
        "lead": desk.language.say("Your device asks for its PIN, your finger or your face."),
        "asked": _ask_for_signature(desk, LOGIN),
        "instead": desk.link("/login", **desk.query),
        "instead_words": desk.language.say("Log in with your password and code"),
    }


def check_login(desk: Visit, data: Shown) -> None:
    _check(desk, LOGIN, data)
    desk.actor, desk.name = desk.prepared.person.actor, desk.prepared.person.name


@act(
    show_passkey_login,
    LOG_IN,
    done=mark("You are logged in."),
    prepare=check_login,
    then=login.go_back,
    whatever_standing=True,
)
def log_in(desk: Visit, unit: Unit, data: Shown) -> None:
    login.log_in(desk, unit, data)


@view(
    "/confirm/passkey",
    permission=SELF,
    template="passkey",
    query=ConfirmQuery,
    offered=has_passkeys,
    scripted=True,
)
def show_passkey_confirm(desk: Visit) -> Shown:
    return {
        "title": desk.language.say("Confirm it is you"),
        "lead": desk.language.say("Your device asks for its PIN, your finger or your face."),
        "asked": _ask_for_signature(desk, _name_session(desk)),
        "instead": desk.link("/confirm", **desk.query),
        "instead_words": desk.language.say("Confirm it with your password and code"),
    }


def check_confirmation(desk: Visit, data: Shown) -> None:
    _check(desk, _name_session(desk), data)


@act(
    show_passkey_confirm,
    CONFIRM,
    done=mark("You said again who you are."),
    prepare=check_confirmation,
    then=login.go_on,
    whatever_standing=True,
)
def confirm(desk: Visit, unit: Unit, data: Shown) -> None:
    login.confirm(desk, unit, data)


def _check(desk: Visit, purpose: str, data: Shown) -> None:
    find_caller = desk.cookies.find_caller
    desk.prepared = sessions.check_passkey(
        desk.session, desk.context.brake, _find_site(desk), purpose, data["answer"], find_caller, desk.now
    )


def _ask_for_signature(desk: Visit, purpose: str) -> str:
    return passkeys.ask_for_signature(_find_site(desk), purpose, desk.context.entropy, desk.now)


def _name_session(desk: Visit) -> str:
    """For what a challenge is given out in a session: it is good in no other."""
    return f"confirm {desk.own_session.id}"


def _find_site(desk: Visit) -> Site:
    """Where passkeys of this tracker are good. A device keeps none for a number, so a trial is `localhost`."""
    settings = desk.context.settings
    host = urlsplit(settings.base_url).hostname or ""
    origins = tuple(sorted(list_origins(settings.base_url)))
    return Site("localhost" if is_this_machine(host) else host, origins, settings.secret_key)
