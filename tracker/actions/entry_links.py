"""Invitations, and links for a new beginning: with one, somebody chooses a password and sets a phone, once.

They are printed and handed over, or sent by mail where there is a mail server. One that the operator makes on the
command line is good at once. One that an admin makes lets nobody in before a second admin has approved it, a day later
at the earliest: who is let in could else do at once what roles and keys do only then. A letter with it leaves then too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.actions import passwords, proposals, second_factors, sessions, ways_in
from tracker.actions.passwords import Checked
from tracker.actions.people import OPERATOR, find_person
from tracker.actions.support.letters import Addressed, queue_letter
from tracker.actions.support.secrets import draw_secret
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone, NotFound
from tracker.domain.mail import LINK as LETTER
from tracker.domain.mail import check_address
from tracker.domain.people import GIVING_RESTS, Actor
from tracker.domain.proposals import ENTRY
from tracker.domain.sentences import sentence
from tracker.domain.sessions import LINKS
from tracker.languages.letters import write_entry_link
from tracker.sealing.sealer import Sealer
from tracker.store import entry_links, mail
from tracker.store.entry_links import EntryLink


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who came by a link, with the password that they chose, as its hash."""

    by: Actor
    name: str
    password: Checked = field(repr=False)


@dataclass(frozen=True, slots=True)
class Carrier:
    """By which letter a link travels, beside being shown: to an address, with a ``page`` that it is put behind."""

    addressed: Addressed
    sealer: Sealer
    page: str


def make_link(unit: Unit, person: str, purpose: str, carrier: Carrier | None = None) -> str:
    """A link of this purpose for somebody, in the place of those they have. It is shown once. A letter with it leaves
    when the link is good."""
    unit.by.require("people.manage")
    invited = find_person(unit.session, person)
    if invited.suspended_at is not None:
        raise AlreadyDone(sentence("they are suspended; let them in again first"))
    secret = draw_secret(unit)
    proposals.withdraw_proposals(unit, ENTRY, person)
    entry_links.drop_links(unit.session, person, unit.now)
    mail.drop_letters(unit.session, person, (LETTER,))
    waits = unit.by.id != OPERATOR.id
    active_at, until = None if waits else unit.now, unit.now + LINKS[purpose] + (GIVING_RESTS * waits)
    entry_links.add_link(unit.session, secret, person, purpose, active_at, until)
    unit.audit("entry_link.make", person, purpose=purpose)
    unit.session.flush()
    if waits:
        given = {"purpose": purpose, "roles": invited.roles}
        proposals.propose_act(unit, ENTRY, person, invited, payload=given)
    if carrier is not None:
        check_address(carrier.addressed.to, "/mail")
        written = write_entry_link(carrier.addressed.language, purpose, f"{carrier.page}?link={secret}")
        queue_letter(unit, carrier.sealer, LETTER, person, carrier.addressed, written, waits=waits)
    return secret


def find_link(session: Session, secret: str, now: datetime) -> EntryLink:
    """Whom a link lets in. `NotFound` for one that was used, has run out, or never was."""
    entry = entry_links.find_link(session, secret)
    if entry is None or entry.expires_at <= now:
        raise NotFound(sentence("this link was used already, or has run out; ask for a new one"))
    return entry


def check_entry(session: Session, secret: str, password: str, now: datetime) -> Entry:
    """Whether somebody may begin by this link with this password. Reads only; hashing takes as long as it must."""
    link = find_link(session, secret, now)
    person = find_person(session, link.person_id)
    return Entry(person.actor, person.name, passwords.check_new_password(session, person, password))


def enter(
    unit: Unit, secret: str, entry: Entry, phone: str, code: str, sealer: Sealer
) -> tuple[str, list[str]]:
    """Set the password and the phone of the person who came by a link, and open their session: its secret, and the
    recovery codes, which are shown once. No other way in that they had is open any more."""
    find_link(unit.session, secret, unit.now)  # somebody may have been faster
    entry_links.drop_links(unit.session, entry.by.id, unit.now)
    passwords.set_password(unit, entry.password)
    ways_in.close_ways_in(unit, entry.by.id)
    second_factors.set_second_factor(unit, entry.by.id, phone, sealer, code)
    codes = second_factors.make_recovery_codes(unit, entry.by.id)
    return sessions.open_by_link(unit, entry.by.id), codes
