"""What somebody shows beside a password: the secret of their phone, sealed, and codes for when the phone is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.store.base import Base
from tracker.store.database import core_connection
from tracker.store.people import digest_secret


class SecondFactor(Base):
    """The secret from which a phone makes its codes, sealed as the fields of an item are. ``used_step`` is the half
    minute of the newest code that was used: no code is good twice."""

    __tablename__ = "second_factor"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    wrapped: Mapped[bytes]
    content: Mapped[bytes]
    used_step: Mapped[int | None]
    set_at: Mapped[datetime]

    def __repr__(self) -> str:
        return f"SecondFactor({self.person_id!r})"


class RecoveryCode(Base):
    """A code that is good once in place of that of the phone, as its digest. It is random, and needs no slow hash."""

    __tablename__ = "recovery_code"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)


def replace_codes(session: Session, person: str, codes: list[str]) -> None:
    """Put these codes in the place of those that somebody has."""
    connection = core_connection(session)
    connection.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person))
    connection.execute(
        insert(RecoveryCode), [{"digest": digest_secret(code), "person_id": person} for code in codes]
    )


def use_code(session: Session, person: str, code: str) -> bool:
    """Whether somebody has this code. From now on they have it no more."""
    spent = delete(RecoveryCode).where(
        RecoveryCode.digest == digest_secret(code), RecoveryCode.person_id == person
    )
    return core_connection(session).execute(spent).rowcount == 1


def has_code(session: Session, person: str, code: str) -> bool:
    """Whether somebody has this code."""
    query = select(RecoveryCode.digest).where(
        RecoveryCode.digest == digest_secret(code), RecoveryCode.person_id == person
    )
    return core_connection(session).execute(query).first() is not None


def count_codes(session: Session, person: str) -> int:
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == person)
    return core_connection(session).scalar(query) or 0


def note_step(session: Session, person: str, step: int) -> bool:
    """Whether no code of this half minute, or of a later one, was used before."""
    newer = or_(SecondFactor.used_step.is_(None), SecondFactor.used_step < step)
    noted = update(SecondFactor).where(SecondFactor.person_id == person, newer).values(used_step=step)
    return core_connection(session).execute(noted).rowcount == 1
