"""Identities at the provider of the operator: linked by their owner, or by the operator at the machine; never made by a
login.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.actions import second_factors
from tracker.actions.passkeys import Challenge
from tracker.actions.second_factors import Shown
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone, NotFound
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import ProviderRefused, UnknownIdentity
from tracker.store import challenges, identities
from tracker.store.identities import Identity, list_identities


@dataclass(frozen=True, slots=True)
class Vouched:
    """For whom a provider vouched, once. ``strong``: with a second factor of its own; without, ``shown`` is ours."""

    identity: str
    strong: bool
    challenge: Challenge
    shown: Shown | None = None


def find_identity(session: Session, issuer: str, subject: str, provider: str) -> Identity:
    """Who is linked with this. `UnknownIdentity` says as whom the ``provider`` knows them."""
    identity = identities.find_identity(session, issuer, subject)
    if identity is None:
        detail = sentence(
            "%(provider)s knows you as %(subject)s, and no account here is linked with that",
            provider=provider,
            subject=repr(subject),
        )
        raise UnknownIdentity(
            sentence(
                "%(detail)s; log in with your password and code, and link it on your account", detail=detail
            )
        )
    return identity


def link_identity(unit: Unit, issuer: str, subject: str, person: str = "") -> Identity:
    """Link an identity with one's own account, or, for the operator, with that of a ``person``."""
    person = person or unit.by.id
    unit.by.require("self.manage" if person == unit.by.id else "people.manage")
    if identities.find_identity(unit.session, issuer, subject) is not None:
        raise AlreadyDone(sentence("this identity is linked with an account already"))
    if any(one.issuer == issuer for one in list_identities(unit.session, person)):
        raise AlreadyDone(sentence("the account is linked with another identity; end that link first"))
    identity = Identity(
        id=unit.new_id("identity"), person_id=person, issuer=issuer, subject=subject, linked_at=unit.now
    )
    unit.session.add(identity)
    unit.audit("identity.link", person)
    unit.session.flush()
    return identity


def unlink_identities(unit: Unit, person: str = "") -> None:
    """End the links of one's own account, or of that of a ``person``. `NotFound` where there is none."""
    person = person or unit.by.id
    unit.by.require("self.manage" if person == unit.by.id else "people.manage")
    if not drop_identities(unit, person):
        raise NotFound(sentence("the account is linked with no identity"))


def drop_identities(unit: Unit, person: str, since: datetime | None = None) -> int:
    """End the links of somebody; those that were made ``since`` a moment, where one is named. How many there were."""
    dropped = [
        one for one in list_identities(unit.session, person) if since is None or one.linked_at >= since
    ]
    for identity in dropped:
        unit.session.delete(identity)
        unit.audit("identity.unlink", person)
    unit.session.flush()
    return len(dropped)


def spend(unit: Unit, person: str, vouched: Vouched) -> None:
    """Make use of it, once. `ProviderRefused` where it was made use of, or the link or the code has ended meanwhile."""
    challenge = vouched.challenge
    if not (
        challenges.spend_challenge(unit.session, challenge.digest, challenge.over_at, unit.now)
        and identities.note_use(unit.session, vouched.identity, unit.now.date())
        and (vouched.shown is None or second_factors.spend(unit, person, vouched.shown))
    ):
        raise ProviderRefused(sentence("this was used already; begin once more"))
