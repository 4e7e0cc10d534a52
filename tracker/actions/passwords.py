"""Passwords, for the desk: Argon2id hashes, set by an act, checked with a brake that hits only whoever guesses.

No password, hash or caller is written to a log, the audit or a `repr`; failures are counted in memory and kept nowhere.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.orm import Session

from tracker.actions.people import find_person
from tracker.actions.support.unit import Unit
from tracker.domain import password_brake
from tracker.domain.errors import InvalidInput, StaleEdit, TooManyAttempts, WrongPassword
from tracker.domain.people import Actor
from tracker.store import people
from tracker.store.people import Credential

#: RFC 9106 asks for Argon2id; the cost is OWASP's first choice of small memory, so that a rain of guesses does not
#: eat the memory of the server: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)
#: What is checked where there is nobody or no password, so that the answer takes as long.
_NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$4fhUYt+Zu1qxTLERlm433Q$DAxEUZAc6mR9p3+CQl4YfHvLsJxui5Uz4kGpx9wy7p0"
)
_MOST: Final = 20_000


@dataclass(slots=True)
class Brake:
    """Counts wrong passwords for each pair of account and caller, in the memory of one server.

    The oldest pair is forgotten when there are too many. Keys are digests, so that a memory dump names nobody.
    """

    _failed: OrderedDict[bytes, tuple[int, datetime]] = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def begin(self, name: str, caller: str, now: datetime) -> None:
        """Count a try before it is checked, so that a hundred at once are a hundred. `TooManyAttempts` if too soon."""
        with self._lock:
            failures, last = self._failed.get(_check_pair(name, caller), (0, now))
            if now - last > password_brake.FORGOTTEN_AFTER:
                failures = 0
            left = last + password_brake.count_wait_seconds(failures) - now
            if left.total_seconds() > 0:
                seconds = int(left.total_seconds()) + 1
                raise TooManyAttempts(f"wait {seconds} seconds before the next try", wait=seconds)
            self._failed[_check_pair(name, caller)] = (failures + 1, now)
            self._failed.move_to_end(_check_pair(name, caller))
            if len(self._failed) > _MOST:
                self._failed.popitem(last=False)

    def passed(self, name: str, caller: str) -> None:
        """It was the right one: the count begins anew."""
        with self._lock:
            self._failed.pop(_check_pair(name, caller), None)


def _check_pair(name: str, caller: str) -> bytes:
    return hashlib.sha256(f"{name}\0{caller}".encode()).digest()


def verify_password(
    session: Session, brake: Brake, name: str, password: str, caller: str, now: datetime
) -> Actor:
    """Whoever has this name and password. Reads only.

    ``caller`` is what the door can tell guessers apart by: a network address, or better a mark left by an earlier
    success, so that a colleague behind the same address is not held up. Raises `WrongPassword`, which does not say
    what is wrong, and `TooManyAttempts`.
    """
    brake.begin(name, caller, now)
    person = people.find_person_by_name(session, name)
    kept = session.get(Credential, person.id) if person is not None else None
    fits = _check_length(_NOBODY if kept is None else kept.hash, password)
    if person is None or kept is None or not fits or person.suspended_at is not None:
        raise WrongPassword("the name and the password do not go together")
    brake.passed(name, caller)
    return person.actor


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
            raise InvalidInput.at("/current", "you have a password; send it along")
        verify_password(session, brake, person.name, current, caller, now)
    return Checked(person.id, None if kept is None else kept.hash, _hash(person.name, password))


def check_reset(session: Session, by: Actor, name: str, password: str) -> Checked:
    """Whether one may give somebody this password, for whoever sits at the machine. Reads only."""
    by.require("people.manage")
    person = people.find_person_by_name(session, name)
    if person is None:
        raise InvalidInput.at("/name", f"there is nobody called {name!r}")
    kept = session.get(Credential, person.id)
    return Checked(person.id, None if kept is None else kept.hash, _hash(person.name, password))


def set_password(unit: Unit, checked: Checked) -> Credential:
    """Set what was checked. `StaleEdit` where the password was changed in between."""
    kept = unit.session.get(Credential, checked.person, populate_existing=True)
    if (None if kept is None else kept.hash) != checked.before:
        raise StaleEdit("the password was changed by somebody else in the meantime")
    if kept is None:
        kept = Credential(person_id=checked.person)
        unit.session.add(kept)
    kept.hash, kept.changed_at = checked.hash, unit.now
    unit.audit("password.set", checked.person)
    unit.session.flush()
    return kept


def _hash(name: str, password: str) -> str:
    if not password_brake.SHORTEST <= len(password) <= password_brake.LONGEST:
        raise InvalidInput.at(
            "/password", f"takes {password_brake.SHORTEST} to {password_brake.LONGEST} characters"
        )
    if len(set(password)) < 5 or name.casefold() in password.casefold():
        raise InvalidInput.at("/password", "is too easy to guess: no name of yours, no run of one character")
    return _HASHER.hash(password)


def _check_length(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except VerifyMismatchError:
        return False
