"""Links by which somebody is let in once, to choose a password: an invitation, or a new beginning. As digests. Before
``active_at`` is set a link opens nothing: a second admin has not approved it yet.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Column,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.domain.sessions import LINKS
from tracker.store.base import Base, UtcInstant, check_one_of
from tracker.store.database import core_connection
from tracker.store.people import PEOPLE, digest_secret

ENTRY_LINKS: Final = Table(
    "entry_link",
    Base.metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("person_id", String(30), ForeignKey("person.id"), nullable=False, index=True),
    Column("purpose", String(12), nullable=False),
    Column("active_at", UtcInstant()),
    Column("expires_at", UtcInstant(), nullable=False),
    check_one_of("purpose", LINKS),
)


class EntryLink(NamedTuple):
    """A link as a plain row, with the name of whom it lets in."""

    person_id: str
    name: str
    purpose: str
    expires_at: datetime


_OWN: Final[Any] = ENTRY_LINKS.c
_FIND: Final = Prepared(
    select(_OWN.person_id, PEOPLE.c.name, _OWN.purpose, _OWN.expires_at)
    .join_from(ENTRY_LINKS, PEOPLE, PEOPLE.c.id == _OWN.person_id)
    .where(_OWN.digest == bindparam("digest"), PEOPLE.c.suspended_at.is_(None))
    .where(_OWN.active_at.is_not(None))
)
_ADD: Final = Prepared(insert(ENTRY_LINKS))
_ACTIVATE: Final = Prepared(
    update(ENTRY_LINKS)
    .where(_OWN.person_id == bindparam("person"))
    .values(active_at=bindparam("now"), expires_at=bindparam("until"))
)
_DROP: Final = Prepared(
    delete(ENTRY_LINKS).where(or_(_OWN.person_id == bindparam("person"), _OWN.expires_at <= bindparam("now")))
)


def find_link(session: Session, secret: str) -> EntryLink | None:
    """The link with this secret; None where there is none, or whom it lets in is suspended."""
    row = _FIND.first(core_connection(session), digest=digest_secret(secret))
    return None if row is None else EntryLink(*row)


def add_link(
    session: Session, secret: str, person: str, purpose: str, active_at: datetime | None, expires_at: datetime
) -> None:
    row = {"person_id": person, "purpose": purpose, "active_at": active_at, "expires_at": expires_at}
    _ADD.run(core_connection(session), digest=digest_secret(secret), **row)


def activate_links(session: Session, person: str, now: datetime, until: datetime) -> None:
    """Let the link of somebody let them in, from now on and until then."""
    _ACTIVATE.run(core_connection(session), person=person, now=now, until=until)


def drop_links(session: Session, person: str, now: datetime) -> None:
    """Delete the links of somebody, and all that have run out."""
    _DROP.run(core_connection(session), person=person, now=now)
