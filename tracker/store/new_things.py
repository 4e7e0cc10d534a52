"""Writing a new thing with its parts, by statements that are compiled once.

The session sorts and compares everything that it holds to write one row, which costs several times the row itself. A
thing that nobody has seen yet depends on nothing in the session.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, insert, inspect
from sqlalchemy.orm import Mapper, Session, make_transient_to_detached

from tracker.database.prepared import Prepared
from tracker.store.database import core_connection

#: For each column the attribute of a mapped object, its own name, and what it is where nothing was said.
Columns = tuple[tuple[str, str, Any], ...]


def write_new(session: Session, row: Any) -> None:
    """Record a thing that was just made, with the parts in its lists. From then on it is one of the session, and each
    of its members is read from the database when it is asked for."""
    connection = core_connection(session)
    mapper: Mapper[Any] = inspect(row).mapper
    for table in mapper.tables:
        statement, columns = _prepare(mapper, table)
        statement.run(connection, **_read_values(row, columns))
    for parts in mapper.relationships:
        if parts.uselist and (made := row.__dict__.get(parts.key)):
            [(_id, owner)] = parts.local_remote_pairs or ()
            statement, columns = _prepare(parts.mapper, parts.mapper.local_table)
            statement.run_all(
                connection, [{**_read_values(one, columns), str(owner.key): row.id} for one in made]
            )
    make_transient_to_detached(row)
    session.add(row)
    session.expire(row)


@cache
def _prepare(mapper: Mapper[Any], table: Table) -> tuple[Prepared, Columns]:
    """The statement that adds a row to a table, and what it takes of the mapped object. A number that the database
    gives is left out."""
    given = [column for column in table.c if column is not table.autoincrement_column]
    columns = tuple(
        (
            mapper.get_property_by_column(column).key,
            str(column.key),
            None if column.default is None else column.default.arg,  # type: ignore[attr-defined]  # all of ours have
        )
        for column in given
    )
    return Prepared(
        insert(table).inline().values({str(column.key): bindparam(str(column.key)) for column in given})
    ), columns


def _read_values(row: Any, columns: Columns) -> dict[str, Any]:
    values = row.__dict__
    return {
        column: values[name] if name in values else default(None) if callable(default) else default
        for name, column, default in columns
    }
