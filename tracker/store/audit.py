"""Who did what, when. Every write has its entry; the session refuses a commit without one (`actions/unit.py`).

The trail has a transparency log of its own, the internal one. Nothing of it is read from outside; once a day its
checkpoint is anchored in the public log, so that what was written of custody and of confidential acts cannot be
changed afterwards without being found out.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Index, LargeBinary, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker import logbook
from tracker.store.base import Base
from tracker.tlog.commitment import commit


class AuditEntry(Base):
    """One act. ``detail`` holds codes and ids only, never content: redaction must not have to come here. ``salt`` opens
    the commitment in its entry of the internal log.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[str] = mapped_column(String(30))
    verb: Mapped[str] = mapped_column(String(40))
    target_id: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_audit_entry_target_id_id", "target_id", "id"),)


class Anchor(Base):
    """What opens an anchor in the public log: which checkpoint of the internal one it covers."""

    __tablename__ = "log_anchor"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    checkpoint: Mapped[str] = mapped_column(Text)


TRAIL: Final = logbook.log("internal_log", Base.metadata)

_AUDIT: Final = AuditEntry.__table__
_LAST: Final = select(TRAIL.entry.c.idx, TRAIL.entry.c.entry).order_by(TRAIL.entry.c.idx.desc()).limit(1)
_AFTER: Final = select(_AUDIT).where(_AUDIT.c.id > bindparam("after")).order_by(_AUDIT.c.id)


def follow(connection: Connection) -> None:
    """Add what is not in the internal log yet: called by the transaction that wrote it, before it commits."""
    last = connection.execute(_LAST).first()
    size, after = (0, 0) if last is None else (last.idx + 1, int(json.loads(last.entry)["n"]))
    TRAIL.append(connection, size, map(entry, logbook.rows(connection, _AFTER, after)))


def entry(row: Any) -> bytes:
    """The entry of a row of the trail. ``n`` is its number."""
    return _plain(
        {"v": 1, "n": row.id, "at": row.at.isoformat(), "commit": commit(row.salt, disclosure(row))}
    )


def disclosure(row: Any) -> bytes:
    """What the entry of a row promises: all that the row says."""
    return _plain(
        {
            "at": row.at.isoformat(),
            "by": row.person_id,
            "did": row.verb,
            "to": row.target_id,
            "with": row.detail,
        }
    )


def _plain(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
