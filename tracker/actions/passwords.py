"""Passwords, for the desk: Argon2id hashes, set by an act, checked with a brake that hits only those who guess.

No password, hash or caller is written to a log, the audit or a `repr`; failures are counted for a day, in digests.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.orm import Session

from tracker.actions import ways_in
from tracker.actions.people import find_person
from tracker.actions.support.unit import Unit, open_unit
from tracker.domain import easy_passwords, password_brake
from tracker.domain.errors import InvalidInput, StaleEdit
from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import TooManyAttempts, WrongPassword
from tracker.store import people, sessions
from tracker.store.people import Credential, Person

#: RFC 9106 asks for Argon2id; the cost is OWASP's first choice of small memory, so that a rain of guesses does not
#: eat the memory of the server: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)
#: What is checked where there is nobody or no password, so that the answer takes as long.
_NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$4fhUYt+Zu1qxTLERlm433Q$DAxEUZAc6mR9p3+CQl4YfHvLsJxui5Uz4kGpx9wy7p0"
)
_MOST: Final = 20_000
#: Somebody who tries a password, before it is known who they are.
_SOMEBODY: Final = Actor("somebody", frozenset())


@dataclass(frozen=True, slots=True)
class Brake:
    """Counts wrong passwords for each pair of account and caller, in the database: every process of a server knows.

    The oldest pairs are forgotten when there are too many. A pair is a digest, made with a ``secret`` that the database
    does not hold: the names that somebody mistyped are in no backup.
    """

    secret: str = field(repr=False)
    entropy: Callable[[int], bytes]

    def begin(self, session: Session, name: str, caller: str, now: datetime) -> None:
        """Count a try before it is checked, so that a hundred at once are a hundred. `TooManyAttempts` if too soon."""
        pair = self._digest_pair(name, caller)
        with self._open(session, now) as unit:
            sessions.sweep_tries(unit.session, now - password_brake.FORGOTTEN_AFTER, _MOST)
            failures, last = sessions.find_tries(unit.session, pair) or (0, now)
            left = last + password_brake.count_wait_seconds(failures) - now
            if left.total_seconds() > 0:
                seconds = int(left.total_seconds()) + 1
                raise TooManyAttempts(
                    sentence("wait %(seconds)s seconds before the next try", seconds=seconds), wait=seconds
                )
            sessions.count_try(unit.session, pair, failures + 1, now)

    def passed(self, session: Session, name: str, caller: str, now: datetime) -> None:
        """It was the right one: the count begins at zero again."""
        with self._open(session, now) as unit:
            sessions.forget_tries(unit.session, self._digest_pair(name, caller))

    def _digest_pair(self, name: str, caller: str) -> bytes:
        return hmac.digest(self.secret.encode(), f"tries\0{name}\0{caller}".encode(), hashlib.sha256)

    def _open(self, session: Session, now: datetime) -> AbstractContextManager[Unit]:
        """Counting leaves no audit entry: it is gone in a day, and who tries is not known."""
        return open_unit(session, _SOMEBODY, now, self.entropy, whatever_standing=True)


def verify_password(
    session: Session, brake: Brake, name: str, password: str, caller: str, now: datetime
) -> Actor:
    """The person of this name and password. Writes down nothing but the tries.

    ``caller`` is what the door can tell guessers apart by: a network address, or better a mark left by an earlier
    success, so that a colleague behind the same address is not held up. Raises `WrongPassword`, which does not say
    what is wrong, and `TooManyAttempts`.
    """
    brake.begin(session, name, caller, now)
    person = find_by_password(session, name, password)
    if person is None:
        raise WrongPassword(sentence("the name and the password do not match"))
    brake.passed(session, name, caller, now)
    return person.actor


def find_by_password(session: Session, name: str, password: str) -> Person | None:
    """The person of this name and password, who may log in. It takes as long where there is nobody. Reads only; the
    caller puts a brake before it."""
    person = people.find_person_by_name(session, name)
    kept = session.get(Credential, person.id) if person is not None else None
    fits = _check_length(_NOBODY if kept is None else kept.hash, password)
    allowed = person is not None and kept is not None and person.suspended_at is None
    return person if fits and allowed else None


@dataclass(frozen=True, slots=True)
class Checked:
    """A password that may be set: as its hash, with the hash that it takes the place of."""

    person: str
    before: str | None = field(repr=False)
    hash: str = field(repr=False)


def check_password(
    session: Session, by: Actor, brake: Brake, password: str, current: str | None, caller: str, now: datetime
) -> Checked:
    """Whether one may set this password for oneself. Who has one must know it: a key that leaked is not enough.

    Reads only. Hashing takes as long as it must, and nobody waits to write meanwhile.
    """
    by.require("self.manage")
    person = find_person(session, by.id)
    kept = session.get(Credential, person.id)
    if kept is not None:
        if current is None:
            raise InvalidInput.at("/current", sentence("you have a password; send it along"))
        verify_password(session, brake, person.name, current, caller, now)
    return Checked(person.id, None if kept is None else kept.hash, _hash(person.name, password))


def check_reset(session: Session, by: Actor, name: str, password: str) -> Checked:
    """Whether one may give somebody this password, for the operator at the machine. Reads only."""
    by.require("people.manage")
    person = people.find_person_by_name(session, name)
    if person is None:
        raise InvalidInput.at("/name", sentence("there is nobody called %(name)s", name=repr(name)))
    return check_new_password(session, person, password)


def check_new_password(session: Session, person: Person, password: str) -> Checked:
    """Whether somebody who is known by other means may have this password. Reads only."""
    kept = session.get(Credential, person.id)
    return Checked(person.id, None if kept is None else kept.hash, _hash(person.name, password))


def set_password(unit: Unit, checked: Checked, session: str = "") -> Credential:
    """Set what was checked, and end the sessions of the desk but the one in which it is set. If somebody else sets it,
    other ways in close, too. `StaleEdit` where the password was changed in between."""
    kept = unit.session.get(Credential, checked.person, populate_existing=True)
    if (None if kept is None else kept.hash) != checked.before:
        raise StaleEdit(sentence("the password was changed by somebody else in the meantime"))
    if kept is None:
        kept = Credential(person_id=checked.person)
        unit.session.add(kept)
    kept.hash, kept.changed_at = checked.hash, unit.now
    sessions.end_all_sessions(unit.session, checked.person, session)
    if unit.by.id != checked.person:
        ways_in.close_ways_in(unit, checked.person)
    unit.audit("password.set", checked.person)
    unit.session.flush()
    return kept


def _hash(name: str, password: str) -> str:
    if not password_brake.SHORTEST <= len(password) <= password_brake.LONGEST:
        raise InvalidInput.at(
            "/password",
            sentence(
                "takes %(shortest)s to %(longest)s characters",
                shortest=password_brake.SHORTEST,
                longest=password_brake.LONGEST,
            ),
        )
    if easy_passwords.is_easy(password, name):
        detail = sentence(
            "is too easy to guess: your name, a few of the commonest passwords, a row of keys, or a year"
        )
        raise InvalidInput.at(
            "/password",
            sentence("%(detail)s; take four words that have nothing to do with each other", detail=detail),
        )
    return _HASHER.hash(password)


def _check_length(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except VerifyMismatchError:
        return False
