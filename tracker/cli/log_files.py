"""The signed log as plain files, laid out as it is served: a mirror, and what survives the server."""

from __future__ import annotations

from itertools import chain
from itertools import count as count_from
from pathlib import Path

from sqlalchemy import Connection

from tracker.public import log, successions
from tracker.public.tables import log as public_log
from tracker.tlog.succession import FOLDER
from tracker.tlog.tiles import bundles_of, tiles_of


def write_log_files(connection: Connection, folder: Path) -> int:
    """Write what the last checkpoint covers; the checkpoint comes last, so that what it speaks of is there.

    Returns how many files were written. What a path holds never changes, so what is there stays; partial tiles too,
    for those who hold an older checkpoint.
    """
    checkpoint, signed = log.last_checkpoint(connection), log.read_served(connection)
    if checkpoint is None or signed is None:
        return 0
    count = 0
    for tile in chain(tiles_of(checkpoint[0].size), bundles_of(checkpoint[0].size)):
        path = folder / tile.path
        if not path.exists():
            _write(path, public_log.content(connection, tile))
            count += 1
    for number in count_from(0):
        statement = successions.read_statement(connection, number)
        if statement is None:
            break
        path = folder / FOLDER / str(number)
        if not path.exists():
            _write(path, statement)
            count += 1
    _write(folder / "checkpoint", signed)
    return count + 1


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_bytes(content)
    new.replace(path)
