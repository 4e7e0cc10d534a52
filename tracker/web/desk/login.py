"""Logging in and out, and saying again who one is before a dangerous act."""

from __future__ import annotations

from flask import Response

from tracker.actions import sessions
from tracker.actions.sessions import Login
from tracker.domain.people import PUBLIC, SELF
from tracker.languages.i18n import mark
from tracker.schemas.sessions import ConfirmIn, ConfirmQuery, LoginIn, LoginQuery, Nothing
from tracker.web.desk.kept_forms import send_kept_form
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

CODE = Field(
    "code",
    mark("The code that your phone shows now"),
    hint=mark("Six digits. Without your phone: one of your recovery codes."),
    autocomplete="one-time-code",
)
PASSWORD = Field("password", mark("Password"), autocomplete="current-password")
LABEL = Field(
    "label", mark("A name for this session"), hint=mark("By which you know it again, as “the office”.")
)
LOGIN = Form(
    LoginIn,
    Field("name", mark("Your name at the desk"), autocomplete="username"),
    PASSWORD,
    CODE,
    LABEL,
    button=mark("Log in"),
)
CONFIRM = Form(ConfirmIn, PASSWORD, CODE, button=mark("It is me: go on"))
LOGOUT = Form(Nothing, button=mark("Log out"))


@view("/login", permission=PUBLIC, query=LoginQuery)
def show_login(desk: Visit) -> Shown:
    kept = "kept_form=" in desk.query.get("next", "")
    lead = desk.language.say(
        "You were logged out before this was sent. What you typed is kept; log in to go on."
    )
    return {"title": desk.language.say("Log in"), "lead": lead if kept else None, "ways": _list_ways(desk)}


def _list_ways(desk: Visit) -> list[tuple[str, str]]:
    """The other ways in: where each begins, and what it is called."""
    settings, say = desk.context.settings, desk.language.say
    ways: list[tuple[str, str]] = []
    if settings.passkeys:
        ways.append((desk.link("/login/passkey", **desk.query), say("Log in with a passkey")))
    if settings.provider is not None:
        words = say("Log in with %(provider)s", provider=settings.provider.name)
        ways.append((desk.link("/login/provider", **desk.query), words))
    return ways


def check_login(desk: Visit, data: Shown) -> None:
    desk.prepared = _check(desk, data["name"], data["password"], data["code"])
    desk.actor, desk.name = desk.prepared.person.actor, desk.prepared.person.name


def _check(desk: Visit, name: str, password: str, code: str) -> Login:
    known, caller = desk.context, desk.cookies.find_caller(name)
    return sessions.check_login(
        desk.session, known.brake, known.sealer(), name, password, code, caller, desk.now
    )


def go_back(desk: Visit, _made: str | None, **_parts: str) -> str:
    """To where somebody wanted to go, which is a page of the desk and no other place."""
    page, _, query = desk.query.get("next", "").partition("?")
    return desk.go_back(page, query) if page.startswith("/desk/") else desk.link("/")


@act(
    show_login,
    LOGIN,
    done=mark("You are logged in."),
    prepare=check_login,
    then=go_back,
    whatever_standing=True,
)
def log_in(desk: Visit, unit: Unit, data: Shown) -> None:
    _row, desk.secret = sessions.open_session(unit, desk.prepared, data.get("label"))


@view("/logout", permission=SELF, template="form")
def show_logout(desk: Visit) -> Shown:
    return {"title": desk.language.say("Log out"), "lead": None}


@act(show_logout, LOGOUT, done=mark("You are logged out."), then="/login", whatever_standing=True)
def log_out(desk: Visit, unit: Unit, _data: Shown) -> None:
    sessions.end_session(unit, desk.own_session.id)
    desk.secret = ""


@view("/confirm", permission=SELF, template="login", query=ConfirmQuery)
def show_confirm(desk: Visit) -> Shown:
    lead = desk.language.say(
        "What you are about to do is hard to undo. Say again who you are; then it goes on."
    )
    passkey = desk.link("/confirm/passkey", **desk.query), desk.language.say("Confirm it with a passkey")
    return {
        "title": desk.language.say("Confirm it is you"),
        "lead": lead,
        "ways": [passkey] if desk.context.settings.passkeys else [],
    }


def check_confirmation(desk: Visit, data: Shown) -> None:
    desk.prepared = _check(desk, desk.name, data["password"], data["code"])


def go_on(desk: Visit, _made: str | None) -> Response:
    return send_kept_form(desk, desk.query["next"], desk.query["kept"])


@act(
    show_confirm,
    CONFIRM,
    done=mark("You said again who you are."),
    prepare=check_confirmation,
    then=go_on,
    whatever_standing=True,
)
def confirm(desk: Visit, unit: Unit, _data: Shown) -> None:
    desk.opened, desk.secret = sessions.confirm_session(unit, desk.own_session, desk.prepared)
