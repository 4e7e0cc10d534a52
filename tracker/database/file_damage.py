"""What is damaged in the file of a SQLite database, found by reading all of it.

Nothing else finds it: SQLite notices a broken page when somebody reads it, and copies it into each backup, until no
good backup is left. PostgreSQL reads each row when it is backed up.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import Engine


def find_damage(engine: Engine) -> list[str]:
    """What is damaged in the file of an engine, table by table. Takes as long as it takes to read the file."""
    if engine.dialect.name != "sqlite":
        return []
    with closing(engine.raw_connection()) as connection:
        return list_damage(connection.driver_connection)


def list_damage(database: Any) -> list[str]:
    """The same of a connection of the driver."""
    fault = _find_fault(database)
    if fault is None:
        return []
    try:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name"
        tables = [name for (name,) in database.execute(query)]
    except sqlite3.DatabaseError:
        tables = []
    faults = ((name, _find_fault(database, f"'{name}'")) for name in tables)
    named = [f"the file of the database is damaged, table {name}: {why}" for name, why in faults if why]
    return named or [f"the file of the database is damaged: {fault}"]


def _find_fault(database: Any, what: str = "1") -> str | None:
    """The first thing that SQLite finds wrong in a table and its indexes, or in the whole file; None where all is
    right."""
    try:
        (message,) = database.execute(f"PRAGMA integrity_check({what})").fetchone()
    except sqlite3.DatabaseError as error:
        message = str(error)
    return None if message == "ok" else str(message).splitlines()[-1]
