"""Letters that wait for the mail server, and what became of those that it never took. To whom one goes and what it says
are sealed; a letter that was taken is gone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Integer, LargeBinary, String, Table, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from tracker.domain.mail import FAULTS, PURPOSES, WARN
from tracker.store.base import Base, UtcInstant, check_one_of
from tracker.store.database import core_connection

#: ``about``: for whom a letter is, so that it goes with them. ``due_at``: null while it is held back until a second
#: person approves it. ``given_up_at``: it is not tried any more.
LETTERS: Final = Table(
    "letter",
    Base.metadata,
    Column("id", String(30), primary_key=True),
    Column("purpose", String(12), nullable=False),
    Column("about", String(30), nullable=True, index=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made_at", UtcInstant(), nullable=False),
    Column("due_at", UtcInstant(), nullable=True, index=True),
    Column("tried_at", UtcInstant(), nullable=True),
    Column("failures", Integer(), nullable=False),
    Column("fault", String(12), nullable=True),
    Column("given_up_at", UtcInstant(), nullable=True),
    check_one_of("purpose", PURPOSES),
    check_one_of("fault", FAULTS),
)
_OWN: Final[Any] = LETTERS.c
_WAITS: Final = _OWN.given_up_at.is_(None)


class LetterRow(NamedTuple):
    """A letter as a plain row."""

    id: str
    purpose: str
    about: str | None
    wrapped: bytes
    content: bytes
    failures: int
    fault: str | None


class MailState(NamedTuple):
    """How many letters wait, how many of them failed so often that somebody has to look, and how many were given up."""

    waiting: int
    failing: int
    given_up: int
    fault: str | None


_ROW: Final = tuple(LETTERS.c[name] for name in LetterRow._fields)


def add_letter(session: Session, **values: Any) -> None:
    core_connection(session).execute(insert(LETTERS), {**values, "failures": 0})


def has_due_letter(session: Session, now: datetime) -> bool:
    query = select(_OWN.id).where(_WAITS, _OWN.due_at <= now).limit(1)
    return core_connection(session).execute(query).first() is not None


def list_due_letters(session: Session, now: datetime, most: int) -> list[LetterRow]:
    """Those that have waited longest first."""
    query = select(*_ROW).where(_WAITS, _OWN.due_at <= now).order_by(_OWN.due_at, _OWN.id).limit(most)
    return [LetterRow(*row) for row in core_connection(session).execute(query)]


def change_letter(session: Session, id: str, **values: Any) -> None:
    core_connection(session).execute(update(LETTERS).where(_OWN.id == id).values(values))


def end_letter(session: Session, id: str) -> None:
    core_connection(session).execute(delete(LETTERS).where(_OWN.id == id))


def waits(session: Session, about: str, purpose: str) -> bool:
    """Whether a letter for somebody waits already."""
    query = select(_OWN.id).where(_WAITS, _OWN.about == about, _OWN.purpose == purpose).limit(1)
    return core_connection(session).execute(query).first() is not None


def release_letters(session: Session, about: str, purpose: str, now: datetime) -> None:
    """Let what was held back for somebody leave."""
    waiting = and_(_OWN.about == about, _OWN.purpose == purpose, _OWN.due_at.is_(None))
    core_connection(session).execute(update(LETTERS).where(waiting).values(due_at=now))


def drop_letters(session: Session, about: str, purposes: Collection[str]) -> None:
    """Delete what waits for somebody."""
    own = and_(_OWN.about == about, _OWN.purpose.in_(purposes))
    core_connection(session).execute(delete(LETTERS).where(own))


def sweep_letters(session: Session, before: datetime) -> None:
    """Forget those that were given up long ago."""
    core_connection(session).execute(delete(LETTERS).where(_OWN.given_up_at < before))


def read_mail_state(session: Session) -> MailState:
    """How mail stands now. ``fault`` is that of the letter that was tried last and not taken."""
    connection = core_connection(session)
    counts = select(
        func.count(_OWN.due_at).filter(_WAITS),
        func.count().filter(_WAITS, _OWN.failures >= WARN),
        func.count(_OWN.given_up_at),
    )
    last = select(_OWN.fault).where(_OWN.fault.is_not(None)).order_by(_OWN.tried_at.desc()).limit(1)
    return MailState(*connection.execute(counts).one(), connection.scalar(last))


def list_letters_after(session: Session, after: str, most: int) -> list[LetterRow]:
    """Every letter by its id, a page at a time."""
    query = select(*_ROW).where(_OWN.id > after).order_by(_OWN.id).limit(most)
    return [LetterRow(*row) for row in core_connection(session).execute(query)]
