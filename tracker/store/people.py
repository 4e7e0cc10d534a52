"""Accounts and keys. A key is stored as a digest; who holds the database cannot use it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.people import Actor
from tracker.store.base import Base, Identified

#: How every key begins, so that secret scanners can find one that leaked.
KEY_PREFIX = "trk_"


class Person(Identified, Base):
    """Somebody with roles. ``organization_id`` is whom they speak for; none means the desk."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    roles: Mapped[list[Any]]
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]

    __table_args__ = (Identified.shaped("person"),)

    @property
    def actor(self) -> Actor:
        return Actor(self.id, frozenset(self.roles), self.organization_id)


class Key(Identified, Base):
    """A key of a person, good until it expires or is revoked."""

    __tablename__ = "key"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (Identified.shaped("key"),)


def digest(secret: str) -> bytes:
    """256 random bits need no slow hash: SHA-256 cannot be searched back."""
    return hashlib.sha256(secret.encode()).digest()


def holder(session: Session, secret: str, now: datetime) -> Person | None:
    """Whose key this is, or None where it is unknown, expired, revoked, or its holder suspended.

    The look-up is by digest, so its time says nothing about how close a guess came.
    """
    query = (
        select(Person, Key)
        .join(Key, Key.person_id == Person.id)
        .where(Key.digest == digest(secret), Key.revoked_at.is_(None), Person.suspended_at.is_(None))
    )
    found = session.execute(query).first()
    return found[0] if found is not None and found[1].expires_at > now else None


def by_name(session: Session, name: str) -> Person | None:
    return session.scalar(select(Person).where(Person.name == name))
