"""Accounts, keys and passwords. A key is stored as a digest; who holds the database cannot use it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    bindparam,
    false,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.database.prepared import Prepared
from tracker.domain.people import Actor
from tracker.store.base import Base, Identified, JsonOrNothing, Versioned
from tracker.store.database import core_connection

#: How every key begins, so that secret scanners can find one that leaked.
KEY_PREFIX = "trk_"


class Named:
    """As whom somebody acts, and as whom others are told of them."""

    @property
    def actor(self: Any) -> Actor:
        limits = None if self.processes is None else frozenset(self.processes)
        return Actor(self.id, frozenset(self.roles), self.organization_id, processes=limits)

    @property
    def side(self: Any) -> str:
        """Whom everybody may be told of in their place."""
        return str(self.actor.side)

    @property
    def known_as(self: Any) -> str:
        """Whom the desk is told of: somebody of its own by their id, unless they stay unnamed, or else the side."""
        return str(self.side if self.unnamed or self.organization_id else self.id)


@dataclass(frozen=True)
class PersonRow(Named):
    """Somebody as a plain row."""

    id: str
    name: str
    roles: list[str]
    organization_id: str | None
    unnamed: bool
    processes: list[str] | None


class Person(Named, Identified, Versioned, Base):
    """Somebody with roles. ``organization_id`` is whom they speak for; none means the desk.

    ``processes`` are those that they work on; none means all. ``unnamed``: they asked that nobody be told what they
    did, be it of the desk. ``origin_id`` is the key by which the
    account was made; none means the desk or the command line. An account that has ``ended_at`` is never let in again.
    """

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    roles: Mapped[list[Any]]
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    unnamed: Mapped[bool] = mapped_column(default=False, server_default=false())
    processes: Mapped[list[Any] | None] = mapped_column(JsonOrNothing)
    # No foreign key: a key names its holder, and neither table could be made before the other.
    origin_id: Mapped[str | None] = mapped_column(String(30), index=True)

    __table_args__ = (
        Identified.shaped("person"),
        CheckConstraint("ended_at IS NULL OR suspended_at IS NOT NULL AND unnamed", name="ended"),
    )


class Key(Identified, Base):
    """A key of a person, good until it expires or is revoked.

    ``scope`` are the permissions it is limited to; none means all of its holder's. ``last_used_on`` is a day and
    nothing finer: a key that nobody uses can be found, and no trace of anybody's hours is kept. Before ``active_at`` is
    set it opens nothing: a second admin has not approved it yet.
    """

    __tablename__ = "key"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    active_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    scope: Mapped[list[Any] | None]
    last_used_on: Mapped[date | None]

    origin: Mapped[KeyOrigin | None] = relationship(
        viewonly=True, lazy="joined", primaryjoin="Key.id == foreign(KeyOrigin.key_id)"
    )

    __table_args__ = (Identified.shaped("key"),)

    @property
    def origin_id(self) -> str | None:
        """The key by which this one was issued; none means the desk or the command line."""
        return None if self.origin is None else self.origin.parent_id


class KeyOrigin(Base):
    """By which key another was issued: revoked, the first takes with it what it begot."""

    __tablename__ = "key_origin"

    key_id: Mapped[str] = mapped_column(ForeignKey("key.id"), primary_key=True)
    parent_id: Mapped[str] = mapped_column(ForeignKey("key.id"), index=True)

    __table_args__ = (CheckConstraint("key_id <> parent_id", name="not_itself"),)


class Credential(Base):
    """The password of a person, as an Argon2id hash."""

    __tablename__ = "credential"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("hash LIKE '$argon2id$%'", name="hashed"),)

    def __repr__(self) -> str:
        return f"Credential({self.person_id!r})"


def digest_secret(secret: str) -> bytes:
    """256 random bits need no slow hash: SHA-256 cannot be searched back."""
    return hashlib.sha256(secret.encode()).digest()


PEOPLE: Final[Any] = Person.__table__
_KEYS: Final[Any] = Key.__table__
#: The columns of a `PersonRow`.
NAMED_COLUMNS: Final = tuple(
    PEOPLE.c[name] for name in ("id", "name", "roles", "organization_id", "unnamed", "processes")
)
_ROWS: Final = Prepared(select(*NAMED_COLUMNS).where(PEOPLE.c.id.in_(bindparam("people", expanding=True))))
_HOLDER: Final = Prepared(
    select(
        *NAMED_COLUMNS, _KEYS.c.id.label("key_id"), _KEYS.c.scope, _KEYS.c.last_used_on, _KEYS.c.expires_at
    )
    .join_from(PEOPLE, _KEYS, _KEYS.c.person_id == PEOPLE.c.id)
    .where(_KEYS.c.digest == bindparam("digest"), _KEYS.c.active_at.is_not(None))
    .where(_KEYS.c.revoked_at.is_(None), PEOPLE.c.suspended_at.is_(None))
)


class KeyRow(NamedTuple):
    """A key as a plain row."""

    id: str
    scope: list[str] | None
    last_used_on: date | None
    expires_at: datetime


def read_people(session: Session, people: Collection[str]) -> dict[str, PersonRow]:
    """These people by their ids."""
    return {row.id: PersonRow(*row) for row in _ROWS.rows(core_connection(session), people=people)}


def find_holder(session: Session, secret: str, now: datetime) -> tuple[PersonRow, KeyRow] | None:
    """Whose key this is, or None where it is unknown, not approved yet, expired, revoked, or its holder suspended.

    The look-up is by digest, so its time says nothing about how close a guess came.
    """
    row = _HOLDER.first(core_connection(session), digest=digest_secret(secret))
    if row is None or row.expires_at <= now:
        return None
    return PersonRow(*row[: len(NAMED_COLUMNS)]), KeyRow(*row[len(NAMED_COLUMNS) :])


_USED = (
    update(Key.__table__)  # type: ignore[arg-type]  # a Table it is
    .where(Key.__table__.c.id == bindparam("key"))
    .values(last_used_on=bindparam("day"))
)


def note_key_use(session: Session, key: str, day: date) -> None:
    """Note the day on which a key was last used. Past the mapped rows: see `tracker.actions.keys.note_use`."""
    core_connection(session).execute(_USED, {"key": key, "day": day})


def find_derived_keys(session: Session, key: str) -> list[Key]:
    """The keys that were issued by this one and are not revoked."""
    query = (
        select(Key)
        .join(KeyOrigin, KeyOrigin.key_id == Key.id)
        .where(KeyOrigin.parent_id == key, Key.revoked_at.is_(None))
    )
    return list(session.scalars(query.order_by(Key.id)))


def list_unrevoked_keys(session: Session, person: str) -> list[Key]:
    """The keys of somebody that are not revoked."""
    query = select(Key).where(Key.person_id == person, Key.revoked_at.is_(None))
    return list(session.scalars(query.order_by(Key.id)).unique())


def count_good_keys(session: Session, person: str, now: datetime) -> int:
    """How many keys of somebody are good."""
    good = (Key.person_id == person, Key.revoked_at.is_(None), Key.expires_at > now)
    return session.scalar(select(func.count()).select_from(Key).where(*good)) or 0


def find_person_by_name(session: Session, name: str) -> Person | None:
    return session.scalar(select(Person).where(Person.name == name))
