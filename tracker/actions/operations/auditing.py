"""The audit of both logs: everything rebuilt from the entries and held against all that follows from them.

It looks for what somebody may have done who is in the database and knows it well. Each finding names what was found,
in plain words; none means that entries, hashes, signatures, public acts, the trail and its anchors agree. Whether
the acts say what the record says is asked by `tracker.actions.operations.rebuild`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from tracker.actions.operations.rebuilt_log import RebuiltLog, check_root
from tracker.actions.operations.signature_audit import check_checkpoints, check_mark, check_name
from tracker.actions.operations.signing import Keyring
from tracker.actions.operations.succession_audit import check_successions
from tracker.database.log_storage import encode_entry
from tracker.public import consistency, log
from tracker.public.consistency import report_broken
from tracker.public.log import Act
from tracker.public.tables import log as public_log
from tracker.store import audit
from tracker.store.audit import TRAIL, Anchor, AuditEntry
from tracker.tlog.checkpoint import parse
from tracker.tlog.commitment import opens


def audit_logs(session: Session, keyring: Keyring | None) -> list[str]:
    """What does not agree; empty when all does. Without a keyring, signatures are not checked. Nothing is written.

    What is broken so that it cannot be read is a finding like any other; all the rest is still looked at.
    """
    connection = session.connection()
    rebuilt, trail = RebuiltLog(public_log, "the public log"), RebuiltLog(TRAIL, "the internal log")
    return [
        finding
        for what, find in (
            ("the public log", lambda: rebuilt.check(connection)),
            ("the mark beside the key", lambda: check_mark(connection, rebuilt, keyring)),
            ("the name of the log", lambda: check_name(connection, keyring)),
            ("the logs that were closed", lambda: check_successions(connection, rebuilt)),
            ("the public acts", lambda: _check_events(connection)),
            ("the redactions", lambda: consistency.find_unnamed(connection)),
            ("the checkpoints", lambda: check_checkpoints(connection, rebuilt, keyring)),
            ("the internal log", lambda: trail.check(connection)),
            ("the audit trail", lambda: _check_trail(connection)),
            ("the anchors", lambda: _check_anchors(connection, trail)),
        )
        for finding in report_broken(what, find)
    ]


def _check_events(connection: Connection) -> Iterator[str]:
    """Each entry that is not that of the public act in its place, each act or entry that stands alone."""
    last: dict[str, int] = {}
    latest = ""
    for act, logged in zip_longest(log.read_events(connection), public_log.all(connection)):
        if act is None:
            yield f"entry {logged[0]} of the public log: there is no public act of which it speaks"
        elif logged is None:
            yield f"public act {act.seq}: it is not in the log"
        else:
            subject, at = _read_text(logged[1], "subject"), _read_text(logged[1], "at") or latest
            if at < latest:
                yield f"entry {logged[0]} of the public log: it is of {at}, and the one before it of {latest}"
            latest = at
            yield from report_broken(
                f"public act {act.seq}",
                partial(_check_event, connection, act, logged, last.get(subject or "")),
            )
            if subject is not None:
                last[subject] = logged[0] + 1


def _read_text(entry: bytes, name: str) -> str | None:
    """What an entry says under a name, whatever has become of its act; None where it says nothing, or is no entry."""
    try:
        text = json.loads(entry)[name]
    except (ValueError, LookupError, TypeError):
        return None
    return text if isinstance(text, str) else None


def _check_event(
    connection: Connection, act: Act, logged: tuple[int, bytes], before: int | None
) -> Iterator[str]:
    index, entry = logged
    event = json.loads(act.body)
    if act.seq != index + 1:
        yield f"{event['id']}: its place is {act.seq - 1}, and entry {index} of the log stands there"
    elif act.salt is None and event["kind"] != log.ANCHOR:
        yield from _is_withheld(event, entry)
    elif log.find_entry(act, before, lambda change: log.place(connection, change)) != entry:
        yield f"{event['id']}: what the public act says is not what entry {index} of the log holds"


def _is_withheld(event: dict[str, Any], entry: bytes) -> Iterator[str]:
    """An act whose text was redacted still is of the kind, the time and the subject that its entry says."""
    logged = json.loads(entry)
    if any(event.get(name) != logged.get(name) for name in ("kind", "at", "subject")):
        yield f"{event['id']}: what is left of the redacted act is not what its entry in the log says"


def _check_trail(connection: Connection) -> Iterator[str]:
    """Each row of the audit trail that its entry in the internal log does not promise, each that stands alone."""
    query = select(AuditEntry.__table__).order_by(AuditEntry.__table__.c.id)
    for row, logged in zip_longest(connection.execute(query), TRAIL.all(connection)):
        if row is None:
            yield f"entry {logged[0]} of the internal log: there is no row of the trail of which it speaks"
        elif logged is None:
            yield f"row {row.id} of the trail is not in the internal log"
        else:
            yield from report_broken(f"row {row.id} of the trail", partial(_row, row, logged))


def _row(row: Any, logged: tuple[int, bytes]) -> Iterator[str]:
    versions = (audit.VERSION, 1)
    if row.salt is None or logged[1] not in (audit.format_entry(row, version) for version in versions):
        yield f"row {row.id} of the trail is not what entry {logged[0]} of the internal log promises"


def _check_anchors(connection: Connection, trail: RebuiltLog) -> Iterator[str]:
    """Each anchor in the public log that does not cover the internal one."""
    anchors = {row.seq: row for row in connection.execute(select(Anchor.__table__))}
    for act in log.read_events(connection):
        # One that cannot be read is found among the public acts; its anchor is then one that nothing speaks of.
        yield from report_broken(
            f"public act {act.seq}", partial(_act_anchor, connection, trail, act, anchors)
        )
    yield from (f"anchor {seq}: there is no public act of which it speaks" for seq in sorted(anchors))


def _act_anchor(
    connection: Connection, trail: RebuiltLog, act: Act, anchors: dict[int, Any]
) -> Iterator[str]:
    event = json.loads(act.body)
    if event["kind"] == log.ANCHOR:
        yield from _check_anchor(connection, trail, event, anchors.pop(act.seq, None))


def _check_anchor(
    connection: Connection, trail: RebuiltLog, event: dict[str, Any], row: Any
) -> Iterator[str]:
    if row is None or not opens(event["commit"], encode_entry(row.salt), encode_entry(row.checkpoint)):
        yield f"{event['id']}: nothing that is kept opens this anchor"
        return
    yield from check_root(
        connection, trail, parse(encode_entry(row.checkpoint).decode()), f"the internal log at {event['id']}"
    )
