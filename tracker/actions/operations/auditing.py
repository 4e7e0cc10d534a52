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

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from tracker.actions.operations.signing import CannotSign, Keyring
from tracker.database.log_storage import Log, encode_entry
from tracker.public import consistency, log
from tracker.public.consistency import report_broken
from tracker.public.log import Act
from tracker.public.tables import checkpoint
from tracker.public.tables import log as public_log
from tracker.store import audit
from tracker.store.audit import TRAIL, Anchor, AuditEntry
from tracker.tlog import keys, note, tree
from tracker.tlog.checkpoint import Checkpoint, parse
from tracker.tlog.commitment import opens
from tracker.tlog.errors import TlogError
from tracker.tlog.keys import PublicKey

#: How many entries are rebuilt between two looks at what is stored.
_BATCH = 1024


def audit_logs(session: Session, keyring: Keyring | None) -> list[str]:
    """What does not agree; empty when all does. Without a keyring, signatures are not checked. Nothing is written.

    What is broken so that it cannot be read is a finding like any other; all the rest is still looked at.
    """
    connection = session.connection()
    rebuilt, trail = _Rebuilt(public_log, "the public log"), _Rebuilt(TRAIL, "the internal log")
    return [
        finding
        for what, find in (
            ("the public log", lambda: rebuilt.check(connection)),
            ("the mark beside the key", lambda: _check_mark(connection, rebuilt, keyring)),
            ("the name of the log", lambda: _check_name(connection, keyring)),
            ("the public acts", lambda: _check_events(connection)),
            ("the redactions", lambda: consistency.find_unnamed(connection)),
            ("the checkpoints", lambda: _check_checkpoints(connection, rebuilt, keyring)),
            ("the internal log", lambda: trail.check(connection)),
            ("the audit trail", lambda: _check_trail(connection)),
            ("the anchors", lambda: _check_anchors(connection, trail)),
        )
        for finding in report_broken(what, find)
    ]


class _Rebuilt:
    """A log made anew from its entries. Only the hashes at the growing edge are kept, whatever its size."""

    def __init__(self, of: Log, name: str) -> None:
        self._log, self.name = of, name
        self.size = 0
        self._edge: dict[int, tuple[int, bytes]] = {}

    def check(self, connection: Connection) -> Iterator[str]:
        """Each entry out of order, each stored hash that does not follow from the entries."""
        made: dict[tuple[int, int], bytes] = {}
        for index, entry in self._log.all(connection):
            if index != self.size:
                yield f"{self.name}: entry {self.size} is missing"
                return
            # The hashes of the edge are read until all of the new ones are made.
            for level, n, found in list(tree.append(self.size, tree.leaf_hash(entry), self._read)):
                self._edge[level] = (n, found)
                made[level, n] = found
            self.size += 1
            if len(made) >= 2 * _BATCH:
                yield from self._differing(connection, made)
                made.clear()
        yield from self._differing(connection, made)
        right = sum(self.size >> level for level in range(self.size.bit_length()))
        stored = connection.scalar(select(func.count()).select_from(self._log.hash))
        if stored != right:
            yield f"{self.name}: {stored} hashes are stored, and {right} follow from its {self.size} entries"

    def _differing(self, connection: Connection, made: dict[tuple[int, int], bytes]) -> Iterator[str]:
        column = self._log.hash.c
        for level in sorted({level for level, _n in made}):
            wanted = {n: found for (at, n), found in made.items() if at == level}
            query = select(column.n, column.hash).where(
                column.level == level, column.n >= min(wanted), column.n <= max(wanted)
            )
            stored = {n: encode_entry(found) for n, found in connection.execute(query)}
            for n in sorted(n for n in wanted if stored.get(n) != wanted[n]):
                first, last = n << level, ((n + 1) << level) - 1
                yield f"{self.name}: the stored hash over entries {first} to {last} does not follow from them"

    def _read(self, level: int, n: int) -> bytes:
        """The hash beside the one that is made: the last that was complete at its level."""
        at, found = self._edge[level]
        assert at == n  # noqa: S101  # else the tree was not made in order
        return found

    def root(self, connection: Connection, size: int) -> bytes:
        """From the stored hashes, each of which was held against the entries."""
        return self._log.root(connection, size)


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
        found = json.loads(entry)[name]
    except (ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) else None


def _check_event(
    connection: Connection, act: Act, logged: tuple[int, bytes], before: int | None
) -> Iterator[str]:
    index, entry = logged
    said = json.loads(act.body)
    if act.seq != index + 1:
        yield f"{said['id']}: its place is {act.seq - 1}, and entry {index} of the log stands there"
    elif act.salt is None and said["kind"] != log.ANCHOR:
        yield from _is_withheld(said, entry)
    elif log.find_entry(act, before, lambda change: log.place(connection, change)) != entry:
        yield f"{said['id']}: what the public act says is not what entry {index} of the log holds"


def _is_withheld(said: dict[str, Any], entry: bytes) -> Iterator[str]:
    """An act whose text was redacted still is of the kind, the time and the subject that its entry says."""
    logged = json.loads(entry)
    if any(said.get(name) != logged.get(name) for name in ("kind", "at", "subject")):
        yield f"{said['id']}: what is left of the redacted act is not what its entry in the log says"


def _check_mark(connection: Connection, rebuilt: _Rebuilt, keyring: Keyring | None) -> Iterator[str]:
    """Whether the log begins with what was signed last, whatever the database says; and what to do if not."""
    if keyring is None:
        return
    try:
        mark = keyring.read_mark()
    except CannotSign as error:
        yield str(error)
        return
    if mark is None:
        if log.last_checkpoint(connection) is not None:
            yield (
                "the mark beside the key is gone, and without it an older backup looks whole: compare the log with a"
                " mirror, and if nothing is missing, run `tracker log sign --new-mark`"
            )
        return
    if rebuilt.size < mark.size:
        yield (
            f"the log has {rebuilt.size} entries, and the mark beside the key says that {mark.size} were signed:"
            ' an older backup was restored, or entries were removed. Sign nothing; see "After a restore" in'
            " docs/operating.md"
        )
        return
    differs = list(_check_root(connection, rebuilt, mark, "the mark beside the key"))
    stored = select(checkpoint.c.size).where(checkpoint.c.size == mark.size)
    if not differs and connection.scalar(stored) is None:
        yield f"no checkpoint of {mark.size} is stored, and the mark says it was signed; run `tracker log sign`"
    yield from differs


def _check_name(connection: Connection, keyring: Keyring | None) -> Iterator[str]:
    """A log that was signed has a name, and it is that of its key and of its checkpoints."""
    named, last = log.read_log_name(connection), log.last_checkpoint(connection)
    if named is None:
        if last is not None or keyring is not None:
            yield "the log was named and signed, and its name is gone from the database"
        return
    database, origin = named
    if keyring is not None and named != (keyring.database, keyring.origin):
        yield (
            f"the log is called {origin} in the database {database}, and its key signs {keyring.origin} for"
            f" {keyring.database}: one of them was changed"
        )
    elif last is not None and last[0].origin != origin:
        yield f"the log is called {origin} in the database, and was signed as {last[0].origin}"


def _check_checkpoints(connection: Connection, rebuilt: _Rebuilt, keyring: Keyring | None) -> Iterator[str]:
    """Each checkpoint that is not signed by us, or speaks of another log than the one that is there."""
    known = None if keyring is None else list(_check_keys(connection, keyring))
    for row in connection.execute(select(checkpoint).order_by(checkpoint.c.size)):
        yield from report_broken(
            f"the checkpoint of {row.size}", partial(_check_checkpoint, connection, rebuilt, row, known)
        )


def _check_checkpoint(
    connection: Connection,
    rebuilt: _Rebuilt,
    row: Any,
    known: list[PublicKey] | None,
) -> Iterator[str]:
    size, root, stored = row.size, encode_entry(row.root), encode_entry(row.note)
    try:
        at = parse(note.parse(stored).text)
        if known is not None:
            note.open_note(stored, known)
    except TlogError as error:
        yield f"the checkpoint of {size}: {error}"
        return
    if (at.size, at.root) != (size, root):
        yield f"the checkpoint of {size}: its note speaks of another log"
        return
    yield from _check_root(connection, rebuilt, at, f"the checkpoint of {size}")


def _check_root(connection: Connection, rebuilt: _Rebuilt, at: Checkpoint, whose: str) -> Iterator[str]:
    if at.size > rebuilt.size:
        yield f"{whose}: {at.size} entries were signed, and {rebuilt.size} are there"
        return
    try:
        root = rebuilt.root(connection, at.size)
    except LookupError as error:
        yield f"{whose}: {error}"
        return
    if root != at.root:
        yield f"{whose}: what was signed does not follow from the entries that are there"


def _check_keys(connection: Connection, keyring: Keyring) -> Iterator[PublicKey]:
    """Every key of this log, those retired included: each rotation stands in the log itself."""
    yield from (key.public for key in keyring.signers)
    found = {key.public.vkey for key in keyring.signers}
    for act in log.read_events(connection):
        for vkey in _is_rotated(act):
            if vkey not in found:
                found.add(vkey)
                yield keys.parse_vkey(vkey)


def _is_rotated(act: Act) -> list[str]:
    """The keys that an act names; none for one that cannot be read, which is found elsewhere."""
    try:
        said = json.loads(act.body)
        named = (
            (said["vkey"], said.get("beside"), said.get("retired")) if said["kind"] == log.ROTATION else ()
        )
        for vkey in named:
            if vkey is not None:
                keys.parse_vkey(vkey)
    except (ValueError, LookupError, TypeError, AttributeError, TlogError):
        return []
    return [vkey for vkey in named if vkey is not None]


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


def _check_anchors(connection: Connection, trail: _Rebuilt) -> Iterator[str]:
    """Each anchor in the public log that does not cover the internal one."""
    anchors = {row.seq: row for row in connection.execute(select(Anchor.__table__))}
    for act in log.read_events(connection):
        # One that cannot be read is found among the public acts; its anchor is then one that nothing speaks of.
        yield from report_broken(
            f"public act {act.seq}", partial(_act_anchor, connection, trail, act, anchors)
        )
    yield from (f"anchor {seq}: there is no public act of which it speaks" for seq in sorted(anchors))


def _act_anchor(connection: Connection, trail: _Rebuilt, act: Act, anchors: dict[int, Any]) -> Iterator[str]:
    said = json.loads(act.body)
    if said["kind"] == log.ANCHOR:
        yield from _check_anchor(connection, trail, said, anchors.pop(act.seq, None))


def _check_anchor(connection: Connection, trail: _Rebuilt, said: dict[str, Any], row: Any) -> Iterator[str]:
    if row is None or not opens(said["commit"], encode_entry(row.salt), encode_entry(row.checkpoint)):
        yield f"{said['id']}: nothing that is kept opens this anchor"
        return
    yield from _check_root(
        connection, trail, parse(encode_entry(row.checkpoint).decode()), f"the internal log at {said['id']}"
    )
