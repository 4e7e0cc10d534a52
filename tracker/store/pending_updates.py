"""Queued work: what an act reaches that is too much to be done in its transaction, and how far it has been done.

A row is written by the act, moved on by each chunk, and deleted by the last. It names a thing and a place in the order
of ids, and holds no words, so that a redaction finds nothing here to destroy.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import CheckConstraint, Column, String, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from tracker.domain.pending_updates import KINDS
from tracker.store.base import Base, UtcInstant, quote_list
from tracker.store.database import core_connection

#: ``cursor`` is the id of the last thing that was done; empty before the first.
PENDING: Final = Table(
    "pending_update",
    Base.metadata,
    Column("kind", String(12), primary_key=True),
    Column("thing_id", String(30), primary_key=True),
    Column("cursor", String(30), nullable=False),
    Column("queued_at", UtcInstant(), nullable=False),
    CheckConstraint(f"kind IN ({quote_list(KINDS)})", name="kind"),
)


class PendingUpdate(NamedTuple):
    """Work of one kind on what a thing reaches, with the place up to which it is done."""

    kind: str
    thing: str
    cursor: str
    queued_at: datetime


_ALL: Final = select(PENDING).order_by(PENDING.c.queued_at, PENDING.c.kind, PENDING.c.thing_id)
_OWN: Final = (PENDING.c.kind == bindparam("own_kind")) & (PENDING.c.thing_id == bindparam("own_thing"))
_MOVE: Final = update(PENDING).where(_OWN).values(cursor=bindparam("place"))
_DROP: Final = delete(PENDING).where(_OWN)


def list_pending(session: Session) -> list[PendingUpdate]:
    """All that is queued, oldest first."""
    return [PendingUpdate(*row) for row in core_connection(session).execute(_ALL)]


def has_pending(session: Session) -> bool:
    return core_connection(session).execute(_ALL.limit(1)).first() is not None


def queue_update(session: Session, pending: PendingUpdate) -> None:
    """Queue work. What was queued already of the same begins again here, and keeps its instant."""
    if _execute(session, _MOVE, pending, place=pending.cursor).rowcount == 0:
        row = {
            "kind": pending.kind,
            "thing_id": pending.thing,
            "cursor": pending.cursor,
            "queued_at": pending.queued_at,
        }
        core_connection(session).execute(insert(PENDING), row)


def move_update(session: Session, pending: PendingUpdate, cursor: str) -> None:
    """Write down that this work is done up to this id."""
    _execute(session, _MOVE, pending, place=cursor)


def end_update(session: Session, pending: PendingUpdate) -> None:
    """Nothing of this work is left."""
    _execute(session, _DROP, pending)


def _execute(session: Session, statement: Any, pending: PendingUpdate, **values: str) -> Any:
    asked = {"own_kind": pending.kind, "own_thing": pending.thing, **values}
    return core_connection(session).execute(statement, asked)
