"""A PostgreSQL database for one test after the other. What the last test did is taken back row by row: to make a
database, and to drop it, takes many times as long, for PostgreSQL writes each of its files to the disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

#: What there is in a database beside rows: each object, and the transaction that changed it last.
_OBJECTS = """
SELECT md5(string_agg(concat_ws(':', kind, id, part, changed), ',' ORDER BY kind, id, part)) FROM (
    SELECT 1 AS kind, oid AS id, 0 AS part, xmin::text AS changed FROM pg_class
    UNION ALL SELECT 2, attrelid, attnum, xmin::text FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL SELECT 3, oid, 0, xmin::text FROM pg_constraint
    UNION ALL SELECT 4, oid, 0, xmin::text FROM pg_trigger
    UNION ALL SELECT 5, oid, 0, xmin::text FROM pg_proc
    UNION ALL SELECT 6, oid, 0, xmin::text FROM pg_namespace
    UNION ALL SELECT 7, oid, 0, xmin::text FROM pg_type
    UNION ALL SELECT 8, oid, 0, xmin::text FROM pg_attrdef
    UNION ALL SELECT 9, setrole, 0, setconfig::text FROM pg_db_role_setting
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
) AS object WHERE id >= 16384 OR kind = 9
"""
_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
)
_SEQUENCES = (
    "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences"
)
_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, slots=True)
class _Content:
    """The rows of each table that has some, and where each sequence stands."""

    rows: dict[str, bytes]
    sequences: list[tuple[str, int, bool]]


class ReusedDatabase:
    """The database ``name`` of a server, as it comes to each test: a copy of the database that the test asks for."""

    def __init__(self, server: str, name: str) -> None:
        self._server, self._name = server, name
        self._objects: str | None = None
        self._contents: dict[str, _Content] = {}

    def copy(self, template: str) -> str:
        """Its address, with what is in the template and nothing else."""
        if self._objects is None or not self._take_back(template):
            with connect_server(self._server) as connection:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)'))
                create_database(connection, self._name, template)
            with self._open() as opened:
                self._objects = _read_objects(opened)
                self._contents.setdefault(template, _read_content(opened))
        return name_database(self._server, self._name)

    def drop(self) -> None:
        with connect_server(self._server) as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)'))

    def _take_back(self, template: str) -> bool:
        """Whether only rows were changed, which are again those of the template."""
        if template not in self._contents:
            return False
        with self._open() as opened:
            opened.execute(_OTHERS)
            if _read_objects(opened) != self._objects:
                return False
            _write_content(opened, self._contents[template])
        return True

    @contextmanager
    def _open(self) -> Iterator[psycopg.Connection[Any]]:
        address = name_database(self._server, self._name).replace("+psycopg", "")
        with psycopg.connect(address) as opened:
            yield opened


@contextmanager
def connect_server(server: str) -> Iterator[Any]:
    """A connection that may make and drop databases."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def create_database(connection: Any, name: str, template: str) -> None:
    """It survives no power cut: nobody waits for the disk."""
    connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))


def name_database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _read_objects(opened: psycopg.Connection[Any]) -> str:
    row = opened.execute(_OBJECTS).fetchone()
    return cast("str", row and row[0])


def _read_content(opened: psycopg.Connection[Any]) -> _Content:
    rows = {}
    for (table,) in opened.execute(_TABLES).fetchall():
        with opened.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
            if whole := b"".join(bytes(part) for part in copy):
                rows[table] = whole
    return _Content(rows, opened.execute(_SEQUENCES).fetchall())


def _write_content(opened: psycopg.Connection[Any], content: _Content) -> None:
    opened.execute("SET session_replication_role = replica")  # no trigger of ours, no foreign key
    tables = [sql.Identifier(table) for (table,) in opened.execute(_TABLES).fetchall()]
    opened.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(table) for table in tables))
    for table, rows in content.rows.items():
        with opened.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
            copy.write(rows)
    for name, value, called in content.sequences:
        opened.execute("SELECT setval(quote_ident(%s)::regclass, %s, %s)", (name, value, called))
