"""The end of a log that lost what it had signed, and the log that goes on: said in a statement that both sign.

Two histories under one name are a fork, which everybody who holds both can prove. So the old name is closed for ever,
and what is left is signed under another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from tracker.actions.operations.signing import (
    CannotSign,
    Keyring,
    make_key,
    publish_log_event,
    require_own,
    require_signed,
)
from tracker.actions.support.unit import Unit
from tracker.database.file_modes import write_private
from tracker.public import log, successions
from tracker.public.tables import log as public_log
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.errors import TlogError
from tracker.tlog.succession import Succession, sign_succession
from tracker.tlog.tree import EMPTY_ROOT


def close_log(
    unit: Unit, keyring: Keyring, origin: str, path: Path, because: str, seen: Sequence[Checkpoint] = ()
) -> tuple[Keyring, Succession]:
    """Close the log of a keyring, which lost entries that it had signed, and begin its successor under ``origin``, with
    a key in a new file. ``seen`` are what mirrors have of it, each verified by its key.

    Raises `CannotSign` where nothing is lost, where nobody says how far the log was signed, or the file is there.
    """
    connection = unit.connection
    require_own(connection, keyring)
    if path.exists():
        raise CannotSign(f"there is a file already, and a key belongs to one log: {path}")
    signed, kept = _find_signed(connection, keyring, seen), _find_kept(connection, keyring)
    if _is_there(connection, signed):
        raise CannotSign("nothing that was signed is lost; run `tracker log sign`")
    key = make_key(unit, origin)
    try:
        statement = Succession(
            tuple(one.public for one in keyring.signers), signed, kept, key.public, " ".join(because.split())
        )
    except TlogError as error:
        raise CannotSign(f"the log is not closed: {error}") from None
    sizes = {"signed": signed.size, "kept": kept.size}
    publish_log_event(unit, log.SUCCESSION, {"closed": keyring.origin, "vkey": key.public.vkey, **sizes})
    made = Keyring(path, unit.entropy(16).hex(), (key,))
    successions.keep_statement(connection, statement, sign_succession(statement, keyring.signers, key))
    log.name_log(connection, made.database, origin)
    unit.audit("log.succeed", "public_log", key=key.public.id.hex(), **sizes)
    made.write()
    write_private(made.mark, replace(kept, origin=origin).text)
    return made, statement


def _find_signed(connection: Connection, keyring: Keyring, seen: Sequence[Checkpoint]) -> Checkpoint:
    """The last that was signed under this name, as far as anybody says."""
    last, mark = log.last_checkpoint(connection), keyring.read_mark()
    if mark is None and not seen:
        raise CannotSign(
            "the mark beside the key is missing, so nothing here says how far the log was signed; name a copy of the"
            " log that readers or mirrors have, with --mirror"
        )
    own = [] if last is None or last[0].origin != keyring.origin else [last[0]]
    checkpoints = [*own, *seen, *([] if mark is None else [mark])]
    most = max(checkpoints, key=lambda one: one.size)
    if other := next((one for one in checkpoints if one.size == most.size and one.root != most.root), None):
        raise CannotSign(
            f"two roots were signed for {other.size} entries: this log was forked before. Say so in public; no"
            " statement can close it"
        )
    return most


def _find_kept(connection: Connection, keyring: Keyring) -> Checkpoint:
    """The beginning of what was signed that is there: the last checkpoint that this database knows of."""
    last = log.last_checkpoint(connection)
    if last is None:
        return Checkpoint(keyring.origin, 0, EMPTY_ROOT)
    require_signed(connection, keyring, last[1])
    if not _is_there(connection, last[0]):
        raise CannotSign("the database has other entries than it says were signed; run `tracker log audit`")
    return replace(last[0], origin=keyring.origin)


def _is_there(connection: Connection, at: Checkpoint) -> bool:
    if public_log.size(connection) < at.size:
        return False
    try:
        return public_log.root(connection, at.size) == at.root
    except LookupError:
        return False
