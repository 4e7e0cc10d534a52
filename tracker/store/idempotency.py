"""Requests that are acted on once: under which key, whether they are still being worked on, and what was answered.

Nothing here can be read: of the Idempotency-Key there is a digest, of the request a fingerprint, and the answer is
sealed under a key that only whoever sends the same request again can make (`tracker.actions.support.idempotency`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, String, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.store.base import Base, UtcInstant
from tracker.store.database import core_connection

#: What stands in place of an answer that was destroyed.
GONE: Final = b""
#: ``claim`` is whose the work is: another where a later repetition took it over. ``answer`` is null until it is done;
#: ``thing_id`` is what it is about, so that a redaction finds it.
ONCE: Final = Table(
    "idempotency",
    Base.metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("claim", LargeBinary(16), nullable=False),
    Column("began_at", UtcInstant(), nullable=False, index=True),
    Column("answer", LargeBinary(), nullable=True),
    Column("thing_id", String(30), nullable=True, index=True),
)


_OWN: Final = ONCE.c.digest == bindparam("own")
_MINE: Final = _OWN & (ONCE.c.claim == bindparam("mine"))
_FIND: Final = Prepared(select(ONCE).where(_OWN))
_DROP: Final = Prepared(delete(ONCE).where(_OWN))
_CLAIM: Final = Prepared(insert(ONCE))
_KEEP: Final = Prepared(
    update(ONCE).where(_MINE).values(answer=bindparam("answer"), thing_id=bindparam("thing"))
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
    _CLAIM.run(connection, **row, answer=None, thing_id=None)


def keep_answer(
    session: Session, digest: bytes, claim: bytes, answer: bytes, thing: str | None = None
) -> bool:
    """Whether the answer was kept: only where the work is still whose claim this is."""
    return _KEEP.run(core_connection(session), own=digest, mine=claim, answer=answer, thing=thing) == 1


def forget_request(session: Session, digest: bytes, claim: bytes) -> None:
    _GIVE_UP.run(core_connection(session), own=digest, mine=claim)


def forget_requests_about(session: Session, thing: str) -> None:
    """Empty what was answered about a thing: that something was answered stays, or a repetition would tell that it is
    gone by acting once more. Delete what was answered about many at once, as imports are: it may be one of them."""
    about = (ONCE.c.thing_id == thing) & ONCE.c.answer.is_not(None)
    core_connection(session).execute(update(ONCE).where(about).values(answer=GONE))
    many = ONCE.c.thing_id.is_(None) & ONCE.c.answer.is_not(None)
    core_connection(session).execute(delete(ONCE).where(many))


def sweep_requests(session: Session, before: datetime) -> None:
    """Delete what began before this moment."""
    _SWEEP.run(core_connection(session), before=before)
