"""The statements that closed a log of this database: kept for ever, and served as they were signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, insert, select

from tracker.public.tables import succession
from tracker.tlog.succession import Succession, open_succession

_ALL: Final = select(succession.c.statement).order_by(succession.c.number)


def list_successions(connection: Connection) -> Sequence[Succession]:
    """Each statement, oldest first. Raises `TlogError` where one was changed."""
    return [open_succession(statement.encode()) for statement in connection.scalars(_ALL)]


def read_statement(connection: Connection, number: int) -> bytes | None:
    """The note of one, with its signatures; the oldest is 0."""
    statement = connection.scalar(select(succession.c.statement).where(succession.c.number == number))
    return None if statement is None else str(statement).encode()


def keep_statement(connection: Connection, statement: Succession, signed: bytes) -> None:
    """Keep one: its log is closed, and signs nothing more."""
    number = connection.scalar(select(func.count()).select_from(succession))
    row = {"number": number, "origin": statement.signed.origin, "kept": statement.kept.size}
    connection.execute(insert(succession).values(**row, statement=signed.decode()))
