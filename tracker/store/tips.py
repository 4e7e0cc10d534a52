"""Tips of people without an account, the boxes that take them, and what is said about one afterwards.

A sender writes these rows by plain statements: they leave no entry on the audit trail, which would keep for good when
somebody came. Of the sender there is nothing here; of their phrase there is a digest, and of a time the hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.tips import FEWEST_DAYS, MOST_DAYS, STATES
from tracker.store.base import Base, Identified, check_one_of
from tracker.store.database import core_connection
from tracker.store.kept_forms import KEPT_FORMS


class TipBox(Base):
    """The tip box of a process, once it was opened. ``words`` say in each language what the desk tells the people
    who come. It takes tips while ``closed_at`` is empty."""

    __tablename__ = "tip_box"

    process_id: Mapped[str] = mapped_column(String(30), ForeignKey("process.id"), primary_key=True)
    words: Mapped[list[Any]]
    kept_days: Mapped[int]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint(f"kept_days BETWEEN {FEWEST_DAYS} AND {MOST_DAYS}", name="kept_days"),)


class Tip(Identified, Base):
    """A tip. What it says is sealed, and its key is gone once it was taken back. ``came_at`` is the hour.
    ``unread``: it says something that nobody of the desk has read."""

    __tablename__ = "tip"

    process_id: Mapped[str] = mapped_column(String(30), ForeignKey("process.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(8))
    came_at: Mapped[datetime]
    kept_until: Mapped[datetime] = mapped_column(index=True)
    unread: Mapped[bool]
    wrapped: Mapped[bytes]
    content: Mapped[bytes]
    set_aside_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    evidence_id: Mapped[str | None] = mapped_column(String(30), ForeignKey("evidence.id"), index=True)

    __table_args__ = (
        Identified.shaped("tip"),
        check_one_of("state", STATES),
        CheckConstraint("state <> 'used' OR evidence_id IS NOT NULL", name="used"),
        CheckConstraint("(state = 'not_used') = (set_aside_by IS NOT NULL)", name="set_aside"),
        Index("ix_tip_process_id", "process_id", "came_at", "id"),
    )


class TipMessage(Base):
    """What was said about a tip after it came, by its sender or by the desk; sealed. ``number`` counts from 1.
    ``once`` is a digest of the form by which a sender said it."""

    __tablename__ = "tip_message"

    tip_id: Mapped[str] = mapped_column(String(30), ForeignKey("tip.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by_desk: Mapped[bool]
    came_at: Mapped[datetime]
    once: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    wrapped: Mapped[bytes]
    content: Mapped[bytes]


class TipFile(Identified, Base):
    """A file that came with a tip or behind it. ``key`` is where its bytes lie; its name is sealed."""

    __tablename__ = "tip_file"

    tip_id: Mapped[str] = mapped_column(String(30), ForeignKey("tip.id"), index=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    declared_type: Mapped[str | None] = mapped_column(String(127))
    detected_type: Mapped[str] = mapped_column(String(127))
    name_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_box: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Identified.shaped("file"),
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("(name_key IS NULL) = (name_box IS NULL)", name="name"),
    )


_TIPS: Final[Any] = Tip.__table__
_MESSAGES: Final[Any] = TipMessage.__table__
_FILES: Final[Any] = TipFile.__table__


def find_by_digest(session: Session, digest: bytes, now: datetime) -> Tip | None:
    """The tip that has this phrase; None where there is none, or none any more."""
    query = select(Tip).where(Tip.digest == digest, Tip.kept_until > now)
    tip: Tip | None = session.scalars(query.execution_options(populate_existing=True)).first()
    return tip


def has_message(session: Session, once: bytes) -> bool:
    """Whether this form was sent already."""
    query = select(_MESSAGES.c.number).where(_MESSAGES.c.once == once)
    return core_connection(session).execute(query).first() is not None


def list_messages(session: Session, tip: str) -> list[TipMessage]:
    query = select(TipMessage).where(TipMessage.tip_id == tip).order_by(TipMessage.number)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def list_files(session: Session, tip: str) -> list[TipFile]:
    query = select(TipFile).where(TipFile.tip_id == tip).order_by(TipFile.id)
    return list(session.scalars(query))


def count_messages(session: Session, tip: str) -> int:
    query = select(func.count()).select_from(_MESSAGES).where(_MESSAGES.c.tip_id == tip)
    return core_connection(session).scalar(query) or 0


def count_since(session: Session, process: str, since: datetime) -> tuple[int, int]:
    """How many tips came since an hour, and how much was added to any, in a process."""
    connection = core_connection(session)
    own = _TIPS.c.process_id == process
    tips = select(func.count()).select_from(_TIPS).where(own, _TIPS.c.came_at >= since)
    added = select(func.count()).select_from(_MESSAGES.join(_TIPS, _TIPS.c.id == _MESSAGES.c.tip_id))
    recent = added.where(own, ~_MESSAGES.c.by_desk, _MESSAGES.c.came_at >= since)
    return connection.scalar(tips) or 0, connection.scalar(recent) or 0


def measure_held(session: Session, process: str) -> tuple[int, int]:
    """How many tips a process holds, and how many bytes of files with them."""
    connection = core_connection(session)
    own = _TIPS.c.process_id == process
    size = select(func.sum(_FILES.c.size)).select_from(_FILES.join(_TIPS, _TIPS.c.id == _FILES.c.tip_id))
    number = select(func.count()).select_from(_TIPS).where(own)
    return connection.scalar(number) or 0, int(connection.scalar(size.where(own)) or 0)


def add_tip(session: Session, row: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> None:
    core_connection(session).execute(insert(Tip), [row])
    add_files(session, files)


def add_files(session: Session, files: Sequence[Mapping[str, Any]]) -> None:
    if files:
        core_connection(session).execute(insert(TipFile), files)


def add_message(session: Session, row: Mapping[str, Any]) -> None:
    core_connection(session).execute(insert(TipMessage), [row])


def note_added(session: Session, tip: str, kept_until: datetime) -> None:
    """That a sender said something more."""
    changed = update(_TIPS).where(_TIPS.c.id == tip).values(unread=True, kept_until=kept_until)
    core_connection(session).execute(changed)


def empty_tip(session: Session, tip: str, digest: bytes, kept_until: datetime) -> None:
    """Destroy what a tip says, and let no phrase find it; what became of it stays."""
    _drop_parts(session, [tip])
    emptied = {"wrapped": b"", "content": b"", "digest": digest, "state": "taken_back", "unread": True}
    changed = update(_TIPS).where(_TIPS.c.id == tip).values(**emptied, kept_until=kept_until)
    core_connection(session).execute(changed)


def drop_tips(session: Session, tips: Sequence[str]) -> None:
    """Delete tips with all that belongs to them. Their bytes are the caller's to delete."""
    _drop_parts(session, tips)
    core_connection(session).execute(delete(Tip).where(_TIPS.c.id.in_(tips)))


def _drop_parts(session: Session, tips: Sequence[str]) -> None:
    for column in (_MESSAGES.c.tip_id, _FILES.c.tip_id, KEPT_FORMS.c.thing_id):
        core_connection(session).execute(delete(column.table).where(column.in_(tips)))


def list_ended(session: Session, now: datetime, most: int) -> list[str]:
    """Tips that are kept no longer, those first that ended first."""
    query = select(_TIPS.c.id).where(_TIPS.c.kept_until <= now).order_by(_TIPS.c.kept_until).limit(most)
    return list(core_connection(session).scalars(query))


def list_taken_over(session: Session, item: str) -> list[str]:
    """The tips of which an item of evidence was made."""
    return list(core_connection(session).scalars(select(_TIPS.c.id).where(_TIPS.c.evidence_id == item)))


def list_keys(session: Session, tips: Sequence[str]) -> list[str]:
    """Where the bytes of these tips lie."""
    return list(core_connection(session).scalars(select(_FILES.c.key).where(_FILES.c.tip_id.in_(tips))))


def has_place(session: Session, key: str) -> bool:
    """Whether a file of a tip holds on to these bytes."""
    return (
        core_connection(session).execute(select(_FILES.c.id).where(_FILES.c.key == key)).first() is not None
    )


def select_bytes() -> Select[Any]:
    """Key, size and digest of the bytes of every file that came with a tip."""
    return select(_FILES.c.key, _FILES.c.size, _FILES.c.sha256)
