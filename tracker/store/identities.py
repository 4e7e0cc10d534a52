"""As whom the identity provider knows the people of the desk."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.database.prepared import Prepared
from tracker.domain.identities import LONGEST_ISSUER, LONGEST_SUBJECT
from tracker.store.base import Base, Identified
from tracker.store.database import core_connection


class Identity(Identified, Base):
    """``issuer`` and ``subject`` together name somebody for good. Of its use the day is kept and nothing finer."""

    __tablename__ = "identity"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[str] = mapped_column(String(LONGEST_ISSUER))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    linked_at: Mapped[datetime]
    last_used_on: Mapped[date | None]

    __table_args__ = (
        Identified.shaped("identity"),
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("person_id", "issuer"),
    )


_OWN: Final[Any] = Identity.__table__.c
_USE: Final = Prepared(
    update(Identity.__table__)  # type: ignore[arg-type]  # a Table it is
    .where(_OWN.id == bindparam("own"))
    .values(last_used_on=bindparam("day"))
)


def find_identity(session: Session, issuer: str, subject: str) -> Identity | None:
    return session.scalar(select(Identity).where(Identity.issuer == issuer, Identity.subject == subject))


def list_identities(session: Session, person: str) -> list[Identity]:
    """As whom providers know somebody."""
    return list(session.scalars(select(Identity).where(Identity.person_id == person).order_by(Identity.id)))


def note_use(session: Session, id: str, day: date) -> bool:
    """Whether the identity is still linked."""
    return _USE.run(core_connection(session), own=id, day=day) == 1
