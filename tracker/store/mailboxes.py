"""Where people of the desk are told that something waits for them, how often: a sealed address, confirmed by a link."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, delete, insert, select, update
from sqlalchemy.orm import Session

from tracker.domain.mail import PERIODS
from tracker.store.base import Base, UtcInstant, check_one_of
from tracker.store.database import core_connection
from tracker.store.people import PEOPLE

#: ``proof``: the digest of the link that confirms the address, ``ending`` of that which ends it; ``asks``: how many
#: links to confirm it went out since ``asked_at``. ``told_at``: when its owner was told last, ``next_at``: when they
#: are told next.
MAILBOXES: Final = Table(
    "mailbox",
    Base.metadata,
    Column("person_id", String(30), ForeignKey("person.id"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("language", String(8), nullable=False),
    Column("period", String(8), nullable=False),
    Column("proof", LargeBinary(32), nullable=True),
    Column("proof_until", UtcInstant(), nullable=True),
    Column("asks", Integer, nullable=False),
    Column("asked_at", UtcInstant(), nullable=False),
    Column("confirmed_at", UtcInstant(), nullable=True),
    Column("told_at", UtcInstant(), nullable=True),
    Column("next_at", UtcInstant(), nullable=True),
    Column("ending", LargeBinary(32), nullable=False, unique=True),
    check_one_of("period", PERIODS),
)
_OWN: Final[Any] = MAILBOXES.c


class Mailbox(NamedTuple):
    """A mailbox as a plain row."""

    person_id: str
    wrapped: bytes
    content: bytes
    language: str
    period: str
    proof: bytes | None
    proof_until: datetime | None
    asks: int
    asked_at: datetime
    confirmed_at: datetime | None
    told_at: datetime | None
    next_at: datetime | None
    ending: bytes


def find_mailbox(session: Session, person: str) -> Mailbox | None:
    return _find(session, _OWN.person_id == person)


def find_mailbox_by_ending(session: Session, ending: bytes) -> Mailbox | None:
    """The one that a link ends, by its digest."""
    return _find(session, _OWN.ending == ending)


def _find(session: Session, condition: Any) -> Mailbox | None:
    row = core_connection(session).execute(select(MAILBOXES).where(condition)).first()
    return None if row is None else Mailbox(*row)


def put_mailbox(session: Session, person: str, **values: Any) -> None:
    """Write all of a mailbox, in the place of the one before."""
    forget_mailbox(session, person)
    core_connection(session).execute(insert(MAILBOXES), {"person_id": person, **values})


def change_mailbox(session: Session, person: str, **values: Any) -> None:
    core_connection(session).execute(update(MAILBOXES).where(_OWN.person_id == person).values(values))


def forget_mailbox(session: Session, person: str) -> None:
    core_connection(session).execute(delete(MAILBOXES).where(_OWN.person_id == person))


def list_due_mailboxes(session: Session, now: datetime) -> list[Mailbox]:
    """The confirmed ones whose owners are to be told what waits, and may still come to the desk."""
    due = select(MAILBOXES).join(PEOPLE, PEOPLE.c.id == _OWN.person_id)
    due = due.where(_OWN.confirmed_at.is_not(None), _OWN.next_at <= now, PEOPLE.c.suspended_at.is_(None))
    return [Mailbox(*row) for row in core_connection(session).execute(due.order_by(_OWN.person_id))]


def list_mailboxes_after(session: Session, after: str, most: int) -> list[Mailbox]:
    """Every mailbox by its owner, a page at a time."""
    query = select(MAILBOXES).where(_OWN.person_id > after).order_by(_OWN.person_id).limit(most)
    return [Mailbox(*row) for row in core_connection(session).execute(query)]
