"""What desk and watchdog ask each other about an item of evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.database.prepared import Prepared
from tracker.store.base import Base, Identified
from tracker.store.database import core_connection
from tracker.store.evidence import Evidence


class Question(Identified, Base):
    """One question and its answer. It is asked by the organization that submitted the item, or else by the desk; the
    other side answers it. Those who asked may take it back until then.
    """

    __tablename__ = "evidence_question"

    evidence_id: Mapped[str] = mapped_column(String(30), ForeignKey("evidence.id"))
    by_owner: Mapped[bool]
    text: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    retracted_at: Mapped[datetime | None]

    item: Mapped[Evidence] = relationship()

    __table_args__ = (
        Identified.shaped("question"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered"),
        CheckConstraint("answered_at IS NULL OR retracted_at IS NULL", name="ended_once"),
        Index("ix_evidence_question_evidence_id", "evidence_id", "asked_at", "id"),
    )


_TABLE: Any = Question.__table__
_WAITING = Prepared(
    select(_TABLE.c.id, _TABLE.c.by_owner, _TABLE.c.asked_at, _TABLE.c.asked_by).where(
        _TABLE.c.evidence_id == bindparam("item"),
        _TABLE.c.answered_at.is_(None),
        _TABLE.c.retracted_at.is_(None),
    )
)


def list_waiting_questions(session: Session, evidence: str) -> list[Any]:
    """The questions about an item that nobody has answered or taken back, as plain rows."""
    return _WAITING.rows(core_connection(session), item=evidence)


def count_waiting_questions(session: Session, evidence: str, *, by_owner: bool) -> int:
    """How many of them one side asked."""
    query = select(func.count()).where(
        Question.evidence_id == evidence,
        Question.by_owner == by_owner,
        Question.answered_at.is_(None),
        Question.retracted_at.is_(None),
    )
    return session.scalar(query) or 0


def list_newest(session: Session, evidence: str, most: int) -> list[Question]:
    """What was asked about an item, newest first."""
    rows = select(Question).where(Question.evidence_id == evidence).order_by(Question.asked_at.desc())
    return list(session.scalars(rows.limit(most)))
