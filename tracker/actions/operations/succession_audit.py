"""The audit of the logs that were closed: their statements, and what was signed under their names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import Connection, select

from tracker.actions.operations.rebuilt_log import RebuiltLog, check_root
from tracker.public import successions
from tracker.public.consistency import report_broken
from tracker.public.tables import checkpoint, log_name, succession
from tracker.tlog import note
from tracker.tlog.checkpoint import parse
from tracker.tlog.errors import TlogError
from tracker.tlog.keys import PublicKey
from tracker.tlog.succession import Succession


def check_successions(connection: Connection, rebuilt: RebuiltLog) -> Iterator[str]:
    """Each statement that is not signed, or not true of the entries; each name that no statement explains."""
    try:
        statements = successions.list_successions(connection)
    except TlogError as error:
        yield f"a statement that closed a log is not as it was signed: {error}"
        return
    rows = connection.execute(select(succession).order_by(succession.c.number)).all()
    names = [row.origin for row in connection.execute(select(log_name.c.origin))]
    for number, (row, statement) in enumerate(zip(rows, statements, strict=True)):
        whose = f"the statement that closed {statement.signed.origin}"
        if (row.number, row.origin, row.kept) != (number, statement.signed.origin, statement.kept.size):
            yield f"{whose} is filed as another"
        if statement.successor.name not in names:
            yield f"{whose} names a successor that is not here"
        yield from check_root(connection, rebuilt, statement.kept, whose)
        yield from report_broken(whose, partial(_check_silence, connection, statement))
    if names and len(names) != len(statements) + 1:
        yield f"the log has {len(names)} names, and {len(statements)} statements close one"


def _check_silence(connection: Connection, statement: Succession) -> Iterator[str]:
    """Whatever was signed under the name after what was kept: nothing may be."""
    for size, signed in connection.execute(
        select(checkpoint.c.size, checkpoint.c.note).where(checkpoint.c.size > statement.kept.size)
    ):
        if parse(note.parse(signed.encode()).text).origin == statement.signed.origin:
            yield f"{statement.signed.origin} was closed, and its checkpoint of {size} was signed after that"


def list_closed_keys(connection: Connection) -> list[PublicKey]:
    """The keys of the logs that were closed; none where a statement was changed, which is found elsewhere."""
    try:
        return [key for said in successions.list_successions(connection) for key in said.closed]
    except TlogError:
        return []


def is_closed(connection: Connection, origin: str) -> bool:
    """Whether a log of this name was closed here."""
    return connection.scalar(select(succession.c.number).where(succession.c.origin == origin)) is not None
