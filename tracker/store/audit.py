"""Who did what, when. Every write has its entry; the session refuses a commit without one (`actions/support/unit.py`).

The trail has a transparency log of its own, the internal one. Nothing of it is read from outside; once a day its
checkpoint is anchored in the public log, so that what was written of custody and of confidential acts cannot be
changed afterwards without being found out.
"""

from __future__ import annotations

import hmac
import json
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Index, LargeBinary, String, Text, bindparam, func, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.database import log_storage
from tracker.database.columns import PLACE
from tracker.database.log_storage import encode_entry
from tracker.database.prepared import Prepared
from tracker.domain.audit import RECORDING
from tracker.store.base import Base
from tracker.store.database import core_connection
from tracker.tlog.commitment import commit

#: How entries are made now. In version 1 the disclosure named the person in clear, so it could be shown to nobody.
VERSION: Final = 2


class AuditEntry(Base):
    """One act. ``detail`` holds codes and ids only, never content: redaction must not have to come here. ``salt`` opens
    the commitment in its entry of the internal log: not by itself, but by what `opener` makes of it.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[str] = mapped_column(String(30))
    verb: Mapped[str] = mapped_column(String(40))
    target_id: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = tuple(
        Index(f"ix_audit_entry_{column}_id", column, "id")
        for column in ("target_id", "person_id", "verb", "at")
    )


class Anchor(Base):
    """What opens an anchor in the public log: which checkpoint of the internal one it covers."""

    __tablename__ = "log_anchor"

    seq: Mapped[int] = mapped_column(PLACE, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    checkpoint: Mapped[str] = mapped_column(Text)


TRAIL: Final = log_storage.open_log("internal_log", Base.metadata)

_AUDIT: Final = AuditEntry.__table__
_LAST: Final = Prepared(
    select(TRAIL.entry.c.idx, TRAIL.entry.c.entry).where(
        TRAIL.entry.c.idx == select(func.max(TRAIL.entry.c.idx)).scalar_subquery()
    )
)
_LAST_OF_VERB: Final = Prepared(
    select(_AUDIT.c.at).where(_AUDIT.c.verb == bindparam("of")).order_by(_AUDIT.c.id.desc()).limit(1)
)
_DETAILS: Final = Prepared(select(_AUDIT.c.detail).where(_AUDIT.c.verb == bindparam("of")))
_LAST_INSTANT: Final = Prepared(select(_AUDIT.c.at).order_by(_AUDIT.c.id.desc()).limit(1))
_AFTER: Final = select(_AUDIT).where(_AUDIT.c.id > bindparam("after")).order_by(_AUDIT.c.id)
_NEW: Final = log_storage.in_batches(_AFTER)


_ENTRY: Final = Prepared(
    insert(_AUDIT)  # type: ignore[arg-type]  # a Table it is
    .inline()
    .values({name: bindparam(name) for name in ("at", "person_id", "verb", "target_id", "detail", "salt")})
)


def add_entry(
    connection: Connection, *, at: datetime, person: str, verb: str, target: str, detail: Any, salt: bytes
) -> None:
    """Write down who did what."""
    _ENTRY.run(connection, at=at, person_id=person, verb=verb, target_id=target, detail=detail, salt=salt)


def extend_log(connection: Connection) -> None:
    """Add what is not in the internal log yet: called by the transaction that wrote it, before it commits."""
    last = _LAST.first(connection)
    size, after = (0, 0) if last is None else (last.idx + 1, int(json.loads(last.entry)["n"]))
    TRAIL.append(connection, size, map(format_entry, log_storage.make_tables(connection, _NEW, after)))


def format_entry(row: Any, version: int = VERSION) -> bytes:
    """The entry of a row of the trail. ``n`` is its number."""
    promised = commit(find_opener(row, version), make_disclosure(row, version))
    return _to_plain({"v": version, "n": row.id, "at": row.at.isoformat(), "commit": promised})


def find_opener(row: Any, version: int = VERSION) -> bytes:
    """The salt of the commitment in the entry of a row. It opens this one, and tells nothing of who acted."""
    return row.salt if version == 1 else _read_salt(row, b"entry")


def make_disclosure(row: Any, version: int = VERSION) -> bytes:
    """What the entry of a row promises: all that the row says, but that who did it is a commitment of its own. So an
    act can be proven to somebody who is not told, and cannot guess, whose it was."""
    by = row.person_id if version == 1 else commit(_read_salt(row, b"by"), row.person_id.encode())
    return _to_plain(
        {"at": row.at.isoformat(), "by": by, "did": row.verb, "to": row.target_id, "with": row.detail}
    )


def _read_salt(row: Any, use: bytes) -> bytes:
    """One salt for each use, none of which leads to another."""
    return hmac.digest(encode_entry(row.salt), use, "sha256")


def list_entries_about(connection: Connection, target: str, verbs: str) -> Iterator[Any]:
    """The rows of the trail about a thing whose verb begins like this, oldest first, a batch at a time."""
    query = _AFTER.where(_AUDIT.c.target_id == target, _AUDIT.c.verb.startswith(verbs, autoescape=True))
    yield from log_storage.make_tables(connection, log_storage.in_batches(query), 0)


def find_last_of_verb(session: Session, verb: str) -> datetime | None:
    """When something was done last, no matter by whom."""
    at: datetime | None = _LAST_OF_VERB.value(core_connection(session), of=verb)
    return at


def list_details(session: Session, verb: str) -> list[dict[str, Any]]:
    """What was noted each time that something was done."""
    return list(_DETAILS.column(core_connection(session), of=verb))


def find_last_instant(connection: Connection) -> datetime | None:
    """When the last act was done; None where there was none yet."""
    at: datetime | None = _LAST_INSTANT.value(connection)
    return at


_RECORDING: Final = Prepared(
    select(_AUDIT.c.person_id)
    .where(_AUDIT.c.target_id == bindparam("target"), or_(*(_AUDIT.c.verb == verb for verb in RECORDING)))
    .order_by(_AUDIT.c.id.desc())
)


def list_authors(session: Session, thing: str) -> list[str]:
    """Who recorded a thing and edited it since: each person once, the last first."""
    return list(dict.fromkeys(_RECORDING.column(core_connection(session), target=thing)))


_REVISED: Final = Prepared(
    select(_AUDIT.c.detail).where(
        _AUDIT.c.target_id == bindparam("target"), _AUDIT.c.verb == "revise", _AUDIT.c.at > bindparam("since")
    )
)


def list_revised(session: Session, thing: str, since: datetime) -> set[str]:
    """The members of a thing that were edited since then."""
    details = _REVISED.column(core_connection(session), target=thing, since=since)
    return {member for detail in details for member in detail.get("members", ())}


def count(session: Session, person: str, verb: str, since: datetime) -> int:
    """How often somebody did something since then."""
    mine = (AuditEntry.person_id == person, AuditEntry.verb == verb, AuditEntry.at > since)
    return session.scalar(select(func.count()).select_from(AuditEntry).where(*mine)) or 0


def list_logged(connection: Connection, number: int) -> tuple[int, bytes]:
    """The entry of a row of the trail, with its index. LookupError where it is not there."""

    def numbered(index: int) -> int:
        [entry] = TRAIL.entries(connection, index, index + 1)
        return int(json.loads(entry)["n"])

    # Numbers grow with the index, and leave places out where an act was undone.
    size = TRAIL.size(connection)
    index = bisect_left(range(size), number, key=numbered)
    entries = TRAIL.entries(connection, index, index + 1)
    if not entries or json.loads(entries[0])["n"] != number:
        raise LookupError(f"row {number} of the trail is not in the internal log")
    return index, entries[0]


def _to_plain(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
