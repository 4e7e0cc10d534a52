"""The hottest reads, straight on the database driver.

Looking a finished document up takes microseconds; the layers that build and map a query take ten to forty times that.
The few statements that answer most requests are compiled once by SQLAlchemy and then run by the driver itself.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Select


@dataclass(frozen=True, slots=True)
class Hot:
    """A statement as the driver of one database runs it: one read by itself, in no transaction of anybody."""

    engine: Engine
    sql: str
    order: tuple[str, ...] | None

    @classmethod
    def compiled(cls, engine: Engine, statement: Select[Any]) -> Hot:
        """``statement`` takes its values by `bindparam`, none of them expanding."""
        compiled: Any = statement.compile(dialect=engine.dialect)
        return cls(engine, str(compiled), tuple(compiled.positiontup) if compiled.positional else None)

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row, None where there is none."""
        parameters = values if self.order is None else tuple(values[name] for name in self.order)
        with closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(self.sql, parameters)
            row: tuple[Any, ...] | None = cursor.fetchone()
            cursor.close()
        return row
