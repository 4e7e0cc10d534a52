"""Reads on a connection of PostgreSQL below the cursors of its driver, which take longer than the server does.

A cursor looks at each statement each time: whether it is prepared, how its values go and how its rows come. The few
statements that answer most requests are always the same. Here each is prepared once for each connection, and sent
again with other values. Waiting is the connection's own: it ends when its patience does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from psycopg import Connection
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult


class DirectReads:
    """Single reads on a connection that belongs to nobody else, each a transaction by itself."""

    def __init__(self, connection: Connection[Any]) -> None:
        connection.autocommit = True
        self._connection, self._server = connection, connection.pgconn
        self._types = Transformer(connection)
        self._names: dict[str, bytes] = {}

    def first(self, sql: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """The first row, None where there is none; values go to the places `$1`, `$2` and so on."""
        name = self._names.get(sql) or self._prepare(sql)
        sent = self._types.dump_sequence(values, [PyFormat.TEXT] * len(values))
        send = lambda: self._server.send_query_prepared(name, sent, result_format=Format.BINARY)  # noqa: E731
        result = self._ask(send, ExecStatus.TUPLES_OK)
        if not result.ntuples:
            return None
        self._types.set_pgresult(result)
        row: tuple[Any, ...] = self._types.load_row(0, tuple)
        return row

    def close(self) -> None:
        with suppress(Exception):  # it was lost already
            self._connection.close()

    def _prepare(self, sql: str) -> bytes:
        name = b"read_%d" % len(self._names)
        self._ask(lambda: self._server.send_prepare(name, sql.encode()), ExecStatus.COMMAND_OK)
        self._names[sql] = name
        return name

    def _ask(self, send: Callable[[], None], expected: ExecStatus) -> PGresult:
        send()
        result: PGresult
        [result] = self._connection.wait(execute(self._server))
        if result.status != expected:
            raise error_from_result(result)
        return result
