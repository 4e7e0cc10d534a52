"""Passkeys of the people of the desk: public keys, with which nobody logs in. The device keeps the other half."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, bindparam, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.database.prepared import Prepared
from tracker.domain.passkeys import LABEL, LONGEST_ID
from tracker.store.base import Base, Identified
from tracker.store.database import core_connection


class Passkey(Identified, Base):
    """``sign_count`` is the number that the device said last: it grows, or is always 0. Of its use the day is kept and
    nothing finer."""

    __tablename__ = "passkey"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary(LONGEST_ID), unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(LABEL))
    added_at: Mapped[datetime]
    last_used_on: Mapped[date | None]

    __table_args__ = (Identified.shaped("passkey"),)


_OWN: Final[Any] = Passkey.__table__.c
_USE: Final = Prepared(
    update(Passkey.__table__)  # type: ignore[arg-type]  # a Table it is
    .where(_OWN.id == bindparam("own"))
    .where(or_(_OWN.sign_count < bindparam("number"), _OWN.sign_count == 0))
    .values(sign_count=bindparam("number"), last_used_on=bindparam("day"))
)


def find_passkey(session: Session, credential: bytes) -> Passkey | None:
    """The passkey that a device calls by this id."""
    return session.scalar(select(Passkey).where(Passkey.credential == credential))


def list_passkeys(session: Session, person: str) -> list[Passkey]:
    """The passkeys of somebody, the oldest first."""
    query = select(Passkey).where(Passkey.person_id == person)
    return list(session.scalars(query.order_by(Passkey.added_at, Passkey.id)))


def count_passkeys(session: Session, person: str) -> int:
    query = select(func.count()).select_from(Passkey).where(Passkey.person_id == person)
    return session.scalar(query) or 0


def note_use(session: Session, id: str, number: int, day: date) -> bool:
    """Whether the passkey is still there, and its device has counted on since it was used last."""
    return _USE.run(core_connection(session), own=id, number=number, day=day) == 1
