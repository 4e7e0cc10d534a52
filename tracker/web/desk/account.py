"""One's own account: password, phone, recovery codes, and the sessions in which one is logged in."""

from __future__ import annotations

import re
from typing import Final

from tracker.actions import passwords, second_factors, sessions
from tracker.domain import one_time_codes
from tracker.domain.people import SELF
from tracker.languages.i18n import mark
from tracker.schemas.people import PasswordIn
from tracker.schemas.sessions import Nothing, PhoneIn, SessionEndIn
from tracker.store.second_factors import count_codes
from tracker.web.charts.qr_code import draw_qr_code
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

#: What a secret looks like, as a form gives it back.
SECRET_FORM: Final = re.compile("[A-Z2-7]{16,64}", re.ASCII)
SECRET = Field("secret", mark("The secret"), kind="hidden")
NEW_PASSWORD = Field(
    "password",
    mark("A new password"),
    hint=mark(
        "15 characters or more, whatever you like in them: four words that have nothing to do with each other."
    ),
    autocomplete="new-password",
)
CHANGE = Form(
    PasswordIn,
    Field("current", mark("Your password until now"), autocomplete="current-password"),
    NEW_PASSWORD,
    button=mark("Change the password"),
)
PHONE_CODE = Field(
    "code",
    mark("The code that your phone shows now"),
    hint=mark("Six digits, by which your phone shows that it has the secret."),
    autocomplete="one-time-code",
)
PHONE = Form(PhoneIn, SECRET, PHONE_CODE, button=mark("Use this phone from now on"))
CODES = Form(Nothing, button=mark("Make new recovery codes"))
END = Form(
    SessionEndIn,
    Field(
        "stolen",
        mark("Somebody else opened it"),
        hint=mark(
            "Then all falls that was given in your sessions since it was opened: keys, passkeys, links, roles and"
            " accounts, and proposals that wait. Change your password, too."
        ),
    ),
    button=mark("End this session"),
)


@view("/account", permission=SELF, menu=mark("Your account"))
def show_account(desk: Visit) -> Shown:
    return {
        "title": desk.language.say("Your account"),
        "roles": sorted(desk.by.roles),
        "passkeys": desk.context.settings.passkeys,
        "provider": desk.context.settings.provider,
        "mail": desk.context.settings.mail is not None,
        "codes": count_codes(desk.session, desk.by.id),
        "sessions": sessions.list_sessions(desk.session, desk.by, desk.now),
    }


@view("/account/password", permission="self.manage", template="form")
def show_password(desk: Visit) -> Shown:
    lead = desk.language.say("All your other sessions end when you change it.")
    return {"title": desk.language.say("Change your password"), "lead": lead}


def check_password(desk: Visit, data: Shown) -> None:
    caller = desk.cookies.find_caller(desk.name)
    desk.prepared = passwords.check_password(
        desk.session, desk.by, desk.context.brake, data["password"], data.get("current"), caller, desk.now
    )


@act(show_password, CHANGE, done=mark("Your password is changed."), prepare=check_password, then="/account")
def change_password(desk: Visit, unit: Unit, _data: Shown) -> None:
    passwords.set_password(unit, desk.prepared, desk.own_session.id)


@view("/account/phone", permission="self.manage", template="phone")
def show_phone(desk: Visit) -> Shown:
    return {"title": desk.language.say("Use another phone"), **offer_secret(desk, desk.name)}


def offer_secret(desk: Visit, name: str) -> Shown:
    """A new secret for the phone of somebody, and what shows one: the form that comes back keeps the one it had."""

    def show_secret(secret: str) -> Shown | None:
        if not SECRET_FORM.fullmatch(secret):
            return None
        address = one_time_codes.make_address(secret, name)
        label = desk.language.say("The secret as a QR code for the camera of the phone")
        letters = [secret[first : first + 4] for first in range(0, len(secret), 4)]
        return {"address": address, "picture": draw_qr_code(address, label), "letters": " ".join(letters)}

    return {
        "values": {"secret": second_factors.make_secret(desk.context.entropy)},
        "show_secret": show_secret,
        "codes": None,
    }


@act(show_phone, PHONE, done=mark("Your phone is set."), then="/account", dangerous=True)
def change_phone(desk: Visit, unit: Unit, data: Shown) -> None:
    second_factors.set_second_factor(unit, desk.by.id, data["secret"], desk.context.sealer(), data["code"])


@view("/account/recovery-codes", permission="self.manage", template="codes")
def show_recovery_codes(desk: Visit) -> Shown:
    return {"title": desk.language.say("Recovery codes"), "codes": None}


@act(show_recovery_codes, CODES, done=mark("You have new recovery codes."), dangerous=True)
def make_recovery_codes(desk: Visit, unit: Unit, _data: Shown) -> None:
    codes = second_factors.make_recovery_codes(unit, desk.by.id)
    desk.revealed = {"title": desk.language.say("Recovery codes"), "codes": codes}


@view("/account/sessions/{id}", permission=SELF, template="form", names={"id": ("session",)})
def show_session(desk: Visit, id: str) -> Shown:
    row = sessions.get_session(desk.session, desk.by, id, desk.now)
    return {"title": desk.language.say("End a session"), "lead": row.label}


@act(show_session, END, done=mark("The session has ended."), then="/account", whatever_standing=True)
def end_session(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    sessions.end_session(unit, id, stolen=data["stolen"])
    if id == desk.own_session.id:
        desk.secret = ""
