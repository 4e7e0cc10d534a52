"""Sessions of the desk: opened by a password and a code together, or by a passkey; confirmed again before a dangerous
act; ended.

None of it leaves an entry on the audit trail, which would tell the minute at which somebody began to work. A session is
a row that is gone when it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.actions import identities, key_origins, passkeys, passwords, second_factors
from tracker.actions.identities import Vouched
from tracker.actions.passkeys import Signed, Site
from tracker.actions.passwords import Brake
from tracker.actions.second_factors import Shown
from tracker.actions.support.secrets import draw_secret
from tracker.actions.support.unit import Unit, open_unit
from tracker.domain.errors import InvalidInput, NotFound
from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import Busy, DiskFull, UnknownIdentity, WrongPasskey, WrongPassword
from tracker.domain.sessions import IDLE, LONGEST, USE_NOTED_EVERY, is_over
from tracker.sealing.sealer import Sealer
from tracker.store import sessions
from tracker.store.identities import Identity
from tracker.store.people import Person, PersonRow
from tracker.store.sessions import SessionRow


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who said who they are, with what they showed beside their password, or signed in its place."""

    person: Person
    shown: Shown | Signed | Vouched


def check_login(
    session: Session,
    brake: Brake,
    sealer: Sealer,
    name: str,
    password: str,
    code: str,
    caller: str,
    now: datetime,
) -> Login:
    """The person of this name, password and code. `WrongPassword` does not say which of them is wrong, nor whether
    there is somebody of this name; it takes as long either way. `TooManyAttempts` for somebody who guesses."""
    brake.begin(session, name, caller, now)
    person = passwords.find_by_password(session, name, password)
    shown = None if person is None else second_factors.check_code(session, sealer, person.id, code, now)
    if person is None or shown is None:
        raise WrongPassword(sentence("the name, the password and the code do not match"))
    brake.passed(session, name, caller, now)
    return Login(person, shown)


def check_passkey(
    session: Session,
    brake: Brake,
    site: Site,
    purpose: str,
    answer: str,
    find_caller: Callable[[str], str],
    now: datetime,
) -> Login:
    """The person whose passkey signed this; see `passkeys.check_signature`. `TooManyAttempts` for somebody who guesses:
    all answers with unknown passkeys are counted together, which holds nobody up who has a right one."""
    passkey = passkeys.find_passkey(session, answer)
    person = None if passkey is None else session.get_one(Person, passkey.person_id)
    tried = ("passkey", "") if passkey is None or person is None else (passkey.id, find_caller(person.name))
    brake.begin(session, *tried, now)
    if passkey is None or person is None or person.suspended_at is not None:
        raise WrongPasskey(sentence("it is unknown here, or was removed"))
    signed = passkeys.check_signature(passkey, site, purpose, answer, now)
    brake.passed(session, *tried, now)
    return Login(person, signed)


def check_vouched(
    session: Session,
    brake: Brake,
    sealer: Sealer,
    vouched: Vouched,
    code: str,
    find_caller: Callable[[str], str],
    now: datetime,
) -> Login:
    """The person for whom a provider vouched; where it asked for no second factor, whose phone shows this code, too.
    `UnknownIdentity` where the link has ended, `TooManyAttempts` for somebody who guesses the code."""
    identity = session.get(Identity, vouched.identity)
    person = None if identity is None else session.get_one(Person, identity.person_id)
    if identity is None or person is None or person.suspended_at is not None:
        raise UnknownIdentity(sentence("the link of the account with it has ended"))
    if vouched.strong:
        return Login(person, vouched)
    tried = (identity.id, find_caller(person.name))
    brake.begin(session, *tried, now)
    shown = second_factors.check_code(session, sealer, person.id, code, now)
    if shown is None:
        raise InvalidInput.at(
            "/code", sentence("is not the code that the phone shows now, and no recovery code")
        )
    brake.passed(session, *tried, now)
    return Login(person, replace(vouched, shown=shown))


def open_session(unit: Unit, login: Login, label: str | None = None) -> tuple[SessionRow, str]:
    """Open a session; its secret is returned once and kept nowhere."""
    _spend(unit, login)
    sessions.sweep_sessions(unit.session, unit.now - IDLE, unit.now - LONGEST)
    return _add(unit, login.person.id, label, _name_way(login.shown), opened_at=unit.now)


def open_by_link(unit: Unit, person: str) -> str:
    """Open a session for somebody who set a password and a phone by a link."""
    return _add(unit, person, None, "link", opened_at=unit.now)[1]


def confirm_session(unit: Unit, row: SessionRow, login: Login) -> tuple[SessionRow, str]:
    """The same session under a new secret: somebody said again who they are. It lasts no longer for that."""
    if login.person.id != row.person_id or not sessions.end_session(unit.session, row.person_id, row.id):
        raise NotFound(sentence("this session has ended"))
    _spend(unit, login)
    return _add(unit, row.person_id, row.label, row.opened_by, opened_at=row.opened_at)


def find_session(session: Session, secret: str, now: datetime) -> tuple[PersonRow, SessionRow] | None:
    """The session that this secret opens, and whose it is; None where it has ended."""
    opened = sessions.find_session(session, secret)
    if opened is None or is_over(opened[1].opened_at, opened[1].used_at, now):
        return None
    return opened


def note_use(
    session: Session, by: Actor, row: SessionRow, now: datetime, entropy: Callable[[int], bytes]
) -> None:
    """Keep that a session is in use, once in some minutes."""
    if now - row.used_at < USE_NOTED_EVERY:
        return
    with (
        suppress(Busy, DiskFull),  # the next request notes it
        open_unit(session, by, now, entropy, whatever_standing=True) as opened,
    ):
        sessions.note_use(opened.session, row.id, now)


def end_session(unit: Unit, id: str, *, stolen: bool = False) -> None:
    """End a session of one's own; of one that was ``stolen``, with all that was given in one's sessions since it was
    opened."""
    row = get_session(unit.session, unit.by, id, unit.now)
    sessions.end_session(unit.session, unit.by.id, id)
    if stolen:
        key_origins.take_back_from_sessions(unit, unit.by.id, row.opened_at)


def get_session(session: Session, by: Actor, id: str, now: datetime) -> SessionRow:
    """A session of one's own."""
    for row in list_sessions(session, by, now):
        if row.id == id:
            return row
    raise NotFound(sentence("you have no session %(id)s", id=repr(id[:64])))


def list_sessions(session: Session, by: Actor, now: datetime) -> list[SessionRow]:
    """One's own sessions, the oldest first."""
    rows = sessions.list_sessions(session, by.id)
    return [row for row in rows if not is_over(row.opened_at, row.used_at, now)]


def _name_way(shown: Shown | Signed | Vouched) -> str:
    if isinstance(shown, Signed):
        return "passkey"
    if isinstance(shown, Vouched):
        return "provider"
    return "code" if shown.step is not None else "recovery_code"


def _spend(unit: Unit, login: Login) -> None:
    if isinstance(login.shown, Signed):
        passkeys.spend(unit, login.shown)
    elif isinstance(login.shown, Vouched):
        identities.spend(unit, login.person.id, login.shown)
    elif not second_factors.spend(unit, login.person.id, login.shown):
        raise WrongPassword(sentence("this code was used already; wait for the next one"))


def _add(
    unit: Unit, person: str, label: str | None, by: str, *, opened_at: datetime
) -> tuple[SessionRow, str]:
    secret = draw_secret(unit)
    row = SessionRow(unit.new_id("session"), person, label, by, opened_at, unit.now, unit.now)
    sessions.add_session(unit.session, row, secret)
    return row, secret
