"""Requests that are acted on once: under which key, whether they are still being worked on, and what became of them.

Of the Idempotency-Key there is a digest, of the request a fingerprint, and of the answer its status and the id of what
was made. No word of either is here: a repetition reads the answer again (`tracker.actions.support.idempotency`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.store.base import Base, UtcInstant
from tracker.store.database import core_connection

#: ``claim`` is whose the work is: another where a later repetition took it over. ``status`` is null until it is done;
#: ``made`` is the id of what it made, where the address that it was sent to does not name it.
ONCE: Final = Table(
    "idempotency",
    Base.metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("claim", LargeBinary(16), nullable=False),
    Column("began_at", UtcInstant(), nullable=False, index=True),
    Column("status", SmallInteger(), nullable=True),
    Column("made", String(30), nullable=True),
)


_OWN: Final = ONCE.c.digest == bindparam("own")
_MINE: Final = _OWN & (ONCE.c.claim == bindparam("mine"))
_FIND: Final = Prepared(select(ONCE).where(_OWN))
_DROP: Final = Prepared(delete(ONCE).where(_OWN))
_CLAIM: Final = Prepared(insert(ONCE))
_KEEP: Final = Prepared(
    update(ONCE).where(_MINE).values(status=bindparam("answered"), made=bindparam("made_by_it"))
)
_GIVE_UP: Final = Prepared(delete(ONCE).where(_MINE))
_SWEEP: Final = Prepared(delete(ONCE).where(ONCE.c.began_at <= bindparam("before")))


def find_request(session: Session, digest: bytes) -> Any | None:
    return _FIND.first(core_connection(session), own=digest)


def claim_request(session: Session, digest: bytes, fingerprint: bytes, claim: bytes, now: datetime) -> None:
    """Write down that this is being worked on, in place of what stood there."""
    connection = core_connection(session)
    _DROP.run(connection, own=digest)
    row = {"digest": digest, "fingerprint": fingerprint, "claim": claim, "began_at": now}
    _CLAIM.run(connection, **row, status=None, made=None)


def keep_outcome(session: Session, digest: bytes, claim: bytes, status: int, made: str | None) -> bool:
    """Whether it was kept: only where the work is still whose claim this is."""
    connection = core_connection(session)
    return _KEEP.run(connection, own=digest, mine=claim, answered=status, made_by_it=made) == 1


def forget_request(session: Session, digest: bytes, claim: bytes) -> None:
    _GIVE_UP.run(core_connection(session), own=digest, mine=claim)


def sweep_requests(session: Session, before: datetime) -> None:
    """Delete what began before this moment."""
    _SWEEP.run(core_connection(session), before=before)
