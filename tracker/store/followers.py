"""Who asked, without an account, to be told by mail of public acts: a store of its own, without a key into the record.

An address is sealed. Beside it stands a digest, made with a secret that the database does not hold, by which it is
found again. ``place`` is up to which public act somebody was told, as with webhooks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from tracker.domain.following import FOLLOWED, LONGEST
from tracker.store.base import Base, UtcInstant, check_one_of
from tracker.store.database import core_connection

#: ``proof``: the digest of the link that confirms; ``ending``: of that which ends it. ``page``: where it was asked for.
#: ``next_at``: not told again before.
FOLLOWERS: Final = Table(
    "follower",
    Base.metadata,
    Column("id", String(30), primary_key=True),
    Column("address", LargeBinary(32), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("what", String(LONGEST), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("language", String(8), nullable=False),
    Column("page", String(LONGEST * 8), nullable=False),
    Column("proof", LargeBinary(32), nullable=True, unique=True),
    Column("ending", LargeBinary(32), nullable=False, unique=True),
    Column("asked_at", UtcInstant(), nullable=False, index=True),
    Column("confirmed_at", UtcInstant(), nullable=True),
    Column("place", BigInteger(), nullable=False),
    Column("next_at", UtcInstant(), nullable=False),
    UniqueConstraint("address", "kind", "what"),
    check_one_of("kind", FOLLOWED),
)
_OWN: Final[Any] = FOLLOWERS.c


class Follower(NamedTuple):
    """A follower as a plain row."""

    id: str
    address: bytes
    kind: str
    what: str
    wrapped: bytes
    content: bytes
    language: str
    page: str
    proof: bytes | None
    ending: bytes
    asked_at: datetime
    confirmed_at: datetime | None
    place: int
    next_at: datetime


def add_follower(session: Session, **values: Any) -> None:
    core_connection(session).execute(insert(FOLLOWERS), values)


def find_follower(session: Session, **by: Any) -> Follower | None:
    """The follower of whom this holds: an id, a proof, an ending; or an address with what it follows."""
    query = select(FOLLOWERS).where(*(_OWN[name] == value for name, value in by.items()))
    row = core_connection(session).execute(query).first()
    return None if row is None else Follower(*row)


def list_of_address(session: Session, address: bytes) -> list[str]:
    """The ids of all that an address follows, by its digest."""
    query = select(_OWN.id).where(_OWN.address == address).order_by(_OWN.id)
    return list(core_connection(session).scalars(query))


def change_follower(session: Session, id: str, **values: Any) -> None:
    core_connection(session).execute(update(FOLLOWERS).where(_OWN.id == id).values(values))


def forget_follower(session: Session, id: str) -> None:
    core_connection(session).execute(delete(FOLLOWERS).where(_OWN.id == id))


def list_unconfirmed(session: Session, before: datetime) -> list[str]:
    """Those who asked before an instant and never confirmed it."""
    query = select(_OWN.id).where(_OWN.confirmed_at.is_(None), _OWN.asked_at < before)
    return list(core_connection(session).scalars(query))


def count_asked(session: Session, since: datetime, address: bytes | None = None) -> int:
    """How often it was asked for since an instant, for one address or for all."""
    query = select(func.count()).select_from(FOLLOWERS).where(_OWN.asked_at > since)
    query = query if address is None else query.where(_OWN.address == address)
    return core_connection(session).scalar(query) or 0


def list_due_followers(session: Session, last: int, now: datetime, after: str, most: int) -> list[Follower]:
    """The confirmed ones who were not told of the ``last`` public act and may be told now, by their ids."""
    due = (_OWN.confirmed_at.is_not(None), _OWN.place < last, _OWN.next_at <= now, _OWN.id > after)
    query = select(FOLLOWERS).where(*due).order_by(_OWN.id).limit(most)
    return [Follower(*row) for row in core_connection(session).execute(query)]


def list_followers_after(session: Session, after: str, most: int) -> list[Follower]:
    """Every follower by id, a page at a time."""
    query = select(FOLLOWERS).where(_OWN.id > after).order_by(_OWN.id).limit(most)
    return [Follower(*row) for row in core_connection(session).execute(query)]
