"""What was answered by somebody who logs in, so that nothing is good twice: challenges of passkeys, and proofs that a
provider knows somebody. As digests, and until they would be over anyway.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Column, LargeBinary, Table, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.store.base import Base, UtcInstant
from tracker.store.database import core_connection

SPENT_CHALLENGES: Final = Table(
    "spent_challenge",
    Base.metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("over_at", UtcInstant(), nullable=False, index=True),
)
_SPENT: Final = Prepared(
    select(SPENT_CHALLENGES.c.digest).where(SPENT_CHALLENGES.c.digest == bindparam("answered"))
)
_SPEND: Final = Prepared(insert(SPENT_CHALLENGES))
_SWEEP: Final = Prepared(delete(SPENT_CHALLENGES).where(SPENT_CHALLENGES.c.over_at <= bindparam("now")))


def spend_challenge(session: Session, digest: bytes, over_at: datetime, now: datetime) -> bool:
    """Whether a challenge was not answered before. From now on it was."""
    connection = core_connection(session)
    _SWEEP.run(connection, now=now)
    if _SPENT.first(connection, answered=digest) is not None:
        return False
    _SPEND.run(connection, digest=digest, over_at=over_at)
    return True
