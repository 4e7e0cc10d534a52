"""The hottest reads, straight on the database driver.

Looking a finished document up takes microseconds; the layers that build and map a query take ten to forty times that.
The few statements that answer most requests are compiled once by SQLAlchemy and then run by the driver itself, on
connections that are kept between requests: to take one from the pool costs several times the read.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Engine, Select, event

from tracker.database.database_file import FILE, DatabaseFile
from tracker.database.outages import refusal_for
from tracker.database.prepared import Form, Prepared
from tracker.database.write_lock import QUEUE, Queue


class Reads(Protocol):
    """A connection for single reads."""

    def first(self, sql: str, values: Any, /) -> tuple[Any, ...] | None: ...
    def close(self) -> None: ...


class _CursorReads:
    """One of SQLite."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def first(self, sql: str, values: Any) -> tuple[Any, ...] | None:
        cursor = self._connection.cursor()
        cursor.execute(sql, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        cursor.close()
        return row

    def close(self) -> None:
        with suppress(Exception):  # it was lost already
            self._connection.close()


class Connections:
    """Connections of the driver for single reads, each a transaction by itself. As many are open as were ever used at
    once; they are none of the pool's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._free: deque[Reads] = deque()
        self._file: DatabaseFile | None = engine.get_execution_options().get(FILE)
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def first(self, sql: str, parameters: Any) -> tuple[Any, ...] | None:
        """The first row, None where there is none. A connection that was lost while it lay here is replaced once."""
        error_class = self._engine.dialect.loaded_dbapi.Error
        if self._file is not None:
            self._file.require_same()  # those that lie here were looked at when they were opened
        try:
            if self._free:
                with suppress(error_class, IndexError):
                    return self._read(self._free.pop(), sql, parameters)
                self.close()
            return self._read(self._open(), sql, parameters)
        except error_class as error:
            refusal = refusal_for(error)
            if refusal is None:
                raise
            raise refusal from error

    def close(self) -> None:
        """Close those that lie here."""
        with suppress(IndexError):
            while True:
                self._free.pop().close()

    def _read(self, reads: Reads, sql: str, parameters: Any) -> tuple[Any, ...] | None:
        try:
            row = reads.first(sql, parameters)
        except BaseException:
            reads.close()
            raise
        self._free.append(reads)
        return row

    def _open(self) -> Reads:
        pooled = self._engine.raw_connection()
        pooled.detach()
        connection: Any = pooled.dbapi_connection
        if self._engine.dialect.name != "postgresql":
            return _CursorReads(connection)
        from tracker.database.direct_reads import DirectReads  # noqa: PLC0415  # its driver is an extra

        return DirectReads(connection)


@dataclass(frozen=True, slots=True)
class Hot:
    """A statement as the driver of one database runs it: one read by itself, in no transaction of anybody."""

    connections: Connections
    form: Form

    @classmethod
    def compiled(cls, engine: Engine, connections: Connections, statement: Select[Any]) -> Hot:
        """``statement`` takes its values by `bindparam`, none of them expanding."""
        dialect: Any = engine.dialect
        if dialect.name == "postgresql":
            dialect = type(dialect)(paramstyle="numeric_dollar")
        return cls(connections, Prepared(statement).compiled(dialect))

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row, None where there is none."""
        return self.connections.first(self.form.sql, self.form.arrange(values))


class Remembered:
    """A statement whose rows are remembered until somebody writes. Where a database does not tell whether anybody did,
    which only SQLite does, it is asked each time."""

    def __init__(self, engine: Engine, connections: Connections, statement: Select[Any]) -> None:
        self._hot = Hot.compiled(engine, connections, statement)
        queue: Queue | None = engine.get_execution_options().get(QUEUE)
        self._turns = None if queue is None else queue.turns
        self._known: tuple[int, dict[tuple[Any, ...], tuple[Any, ...]]] = (0, {})

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row, None where there is none: that is not remembered, for strangers choose what they ask for."""
        turns = None if self._turns is None else self._turns.read()
        if turns is None:
            return self._hot.first(**values)
        asked, (then, known) = tuple(values.values()), self._known
        if then != turns:
            known = {}
            self._known = turns, known
        row = known.get(asked)
        if row is None:
            row = self._hot.first(**values)
            if row is not None:
                known[asked] = row
        return row
