"""The audit of what was signed: the mark beside the key, the name of the log, its checkpoints and its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from tracker.actions.operations.rebuilt_log import RebuiltLog, check_root
from tracker.actions.operations.signing import CannotSign, Keyring
from tracker.actions.operations.succession_audit import is_closed, list_closed_keys
from tracker.database.log_storage import encode_entry
from tracker.public import log
from tracker.public.consistency import report_broken
from tracker.public.log import Act
from tracker.public.tables import checkpoint
from tracker.tlog import keys, note
from tracker.tlog.checkpoint import parse
from tracker.tlog.errors import TlogError
from tracker.tlog.keys import PublicKey


def check_mark(connection: Connection, rebuilt: RebuiltLog, keyring: Keyring | None) -> Iterator[str]:
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
                " mirror, and if nothing is missing, run `tracker log sign --new-mark --mirror …`"
            )
        return
    if rebuilt.size < mark.size:
        yield (
            f"the log has {rebuilt.size} entries, and the mark beside the key says that {mark.size} were signed:"
            ' an older backup was restored, or entries were removed. Sign nothing; see "After a restore" in'
            " docs/operating.md"
        )
        return
    differs = list(check_root(connection, rebuilt, mark, "the mark beside the key"))
    stored = select(checkpoint.c.size).where(checkpoint.c.size == mark.size)
    if not differs and connection.scalar(stored) is None:
        yield f"no checkpoint of {mark.size} is stored, and the mark says it was signed; run `tracker log sign`"
    yield from differs


def check_name(connection: Connection, keyring: Keyring | None) -> Iterator[str]:
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
    elif last is not None and last[0].origin != origin and not is_closed(connection, last[0].origin):
        yield f"the log is called {origin} in the database, and was signed as {last[0].origin}"


def check_checkpoints(connection: Connection, rebuilt: RebuiltLog, keyring: Keyring | None) -> Iterator[str]:
    """Each checkpoint that is not signed by us, or speaks of another log than the one that is there."""
    known = None if keyring is None else list(_check_keys(connection, keyring))
    for row in connection.execute(select(checkpoint).order_by(checkpoint.c.size)):
        yield from report_broken(
            f"the checkpoint of {row.size}", partial(_check_checkpoint, connection, rebuilt, row, known)
        )


def _check_checkpoint(
    connection: Connection, rebuilt: RebuiltLog, row: Any, known: list[PublicKey] | None
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
    yield from check_root(connection, rebuilt, at, f"the checkpoint of {size}")


def _check_keys(connection: Connection, keyring: Keyring) -> Iterator[PublicKey]:
    """Every key of this log and of those before it, those retired included: each rotation stands in the log itself."""
    known = [*(key.public for key in keyring.signers), *list_closed_keys(connection)]
    yield from known
    vkeys = {key.vkey for key in known}
    for act in log.read_events(connection):
        for vkey in _is_rotated(act):
            if vkey not in vkeys:
                vkeys.add(vkey)
                yield keys.parse_vkey(vkey)


def _is_rotated(act: Act) -> list[str]:
    """The keys that an act names; none for one that cannot be read, which is found elsewhere."""
    try:
        event = json.loads(act.body)
        named = (
            (event["vkey"], event.get("beside"), event.get("retired"))
            if event["kind"] == log.ROTATION
            else ()
        )
        for vkey in named:
            if vkey is not None:
                keys.parse_vkey(vkey)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, TlogError):
        return []
    return [vkey for vkey in named if vkey is not None]
