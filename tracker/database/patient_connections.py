"""Connections to PostgreSQL that wait no longer than they have patience, whatever the server does, and that keep what
they have prepared.

The server ends a statement that takes too long. If the server itself stands still, or the network loses what it says,
only this side can end the wait. Then the connection is of no use any more, and is closed.

The driver forgets its prepared statements whenever a transaction is rolled back: a table that was made in it may be
made again. Every reader ends with a rollback, so each statement would be planned each time it is run, which takes
longer than to run it. Here tables are only made by migrations, which have a connection of their own.

A database of another encoding than UTF-8 is refused. A server that was set up without a locale makes such ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

#: Seconds that the server has to say by itself that a statement took too long.
_GRACE: Final = 2.0
#: The shortest time, in seconds, that the driver takes for a connection.
_SHORTEST: Final = 2
#: After how many times a statement is prepared; and how many are kept. The server has a plan of some 20 kB for each.
_OFTEN: Final = 2
_KEPT: Final = 250
#: The record holds every script. A database of another encoding cannot, or does not know that it does.
_ENCODING: Final = "UTF8"
_OTHER_ENCODING: Final = (
    "its encoding is {}; make one with `createdb --encoding UTF8 --locale C.UTF-8 --template template0`"
)


def connect_patiently(patience: float) -> Callable[..., Any]:
    """What makes a connection in the place of the driver: a listener of the engine."""
    from psycopg import Connection, NotSupportedError, OperationalError  # noqa: PLC0415  # an extra
    from psycopg._preparing import PrepareManager  # noqa: PLC0415

    longest = patience + _GRACE

    class PatientConnection(Connection[Any]):
        """``patience``: seconds; None while a migration takes as long as it takes."""

        patience: float | None = longest

        def wait(self, *given: Any, **named: Any) -> Any:
            if named.get("timeout") is None:
                named["timeout"] = self.patience
            try:
                return super().wait(*given, **named)
            except OperationalError as error:
                if error.sqlstate is None:  # not the server's word: it says nothing, or is gone
                    self.pgconn.finish()
                raise

    class KeptStatements(PrepareManager):
        prepare_threshold, prepared_max = _OFTEN, _KEPT

        def clear(self) -> bool:
            return False

    def connect(_dialect: Any, _record: Any, arguments: Any, named: dict[str, Any]) -> Any:
        named.setdefault("connect_timeout", max(_SHORTEST, int(patience)))
        made = PatientConnection.connect(*arguments, **named)
        made._prepared = KeptStatements()
        encoding = made.info.parameter_status("server_encoding")
        if encoding != _ENCODING:
            made.close()
            raise NotSupportedError(_OTHER_ENCODING.format(encoding))
        return made

    return connect


def set_patience(connection: Any, patience: float | None) -> None:
    """Let a connection of the driver wait for so long from now on, or for as long as it takes (None): that is for a
    migration, which changes what was prepared, so that nothing is."""
    connection.patience = None if patience is None else patience + _GRACE
    connection.prepare_threshold = None if patience is None else _OFTEN
