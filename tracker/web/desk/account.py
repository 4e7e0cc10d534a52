"""Logging in and out."""

from __future__ import annotations

from tracker.actions import sessions
from tracker.domain.people import PUBLIC, SELF
from tracker.schemas.sessions import LoginIn, LoginQuery, Nothing
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form
from tracker.web.mistakes import mark

LOGIN = Form(
    LoginIn,
    Field("name", mark("Your name at the desk"), autocomplete="username"),
    Field("password", mark("Password"), autocomplete="current-password"),
    Field(
        "code",
        mark("The code that your phone shows now"),
        hint=mark("Six digits. Without your phone: one of your recovery codes."),
        autocomplete="one-time-code",
    ),
    button=mark("Log in"),
)
LOGOUT = Form(Nothing, button=mark("Log out"))


@view("/login", permission=PUBLIC, template="form", query=LoginQuery)
def show_login(desk: Visit) -> Shown:
    kept = "draft=" in desk.query.get("next", "")
    said = desk.language.say(
        "You were logged out before this was sent. What you typed is kept; log in to go on."
    )
    return {"title": desk.language.say("Log in"), "lead": said if kept else None}


def check_login(desk: Visit, data: Shown) -> None:
    desk.prepared = sessions.check_login(
        desk.session,
        desk.context.brake,
        desk.context.sealer(),
        **data,
        caller=desk.cookies.find_caller(data["name"]),
        now=desk.now,
    )
    desk.actor, desk.name = desk.prepared.person.actor, desk.prepared.person.name


def go_on(desk: Visit, _made: str | None) -> str:
    """Back to where somebody wanted to go, which is a page of the desk and no other place."""
    page, _, query = desk.query.get("next", "").partition("?")
    return desk.go_back(page, query) if page.startswith("/desk/") else desk.link("/")


@act(
    show_login,
    LOGIN,
    done=mark("You are logged in."),
    prepare=check_login,
    then=go_on,
    whatever_standing=True,
)
def log_in(desk: Visit, unit: Unit, _data: Shown) -> None:
    _row, desk.secret = sessions.open_session(unit, desk.prepared)


@view("/logout", permission=SELF, template="form")
def show_logout(desk: Visit) -> Shown:
    return {"title": desk.language.say("Log out"), "lead": None}


@act(
    show_logout,
    LOGOUT,
    done=mark("You are logged out."),
    then=lambda desk, _made: desk.link("/login", done="logout"),
    whatever_standing=True,
)
def log_out(desk: Visit, unit: Unit, _data: Shown) -> None:
    sessions.end_session(unit, desk.own_session.id)
    desk.secret = ""
