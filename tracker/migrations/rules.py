"""The rules that a database holds by itself, compared with those that the migrations make: triggers, constraints, and
the moves between states.

Somebody who is in the database drops a trigger first, and then changes what it kept. The expected rules are not
written down a second time: the migrations make them in an empty place that is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import StaticPool

from tracker.database import full_text

_CHECKS: Final = (
    "SELECT CAST(CAST(conrelid AS regclass) AS text), conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE contype = 'c' AND connamespace = CAST(:schema AS regnamespace)"
)
#: Kind and name -> definition, in the words of the database.
Rules: TypeAlias = Mapping[tuple[str, str], str]
#: Makes everything in a database that is empty.
Make: TypeAlias = Callable[[Connection], None]

_TRANSITIONS: Final = (
    "SELECT act || ' of ' || subject_kind || ' on ' || track || ' from ' || from_state || ' to ' || to_state"
    " FROM transition"
)
_SCHEMA: Final = "tracker_expected"
_TRIGGERS: Final = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT t.tgname || ' on ' || c.relname,"
        " CAST(t.tgenabled AS text) || ' ' || pg_get_triggerdef(t.oid, true) || ' ' || p.prosrc"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
    ),
}


def differences(engine: Engine, make: Make) -> list[str]:
    """Each trigger, constraint and transition that is missing, was changed, or is one too many."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql" and not _may_make_schema(connection):
            return ["triggers and constraints were not compared: this role may not create a schema"]
        there = _rules(connection)
    return list(_compared(there, _expected(engine, make)))


def _compared(there: Rules, expected: tuple[Rules, ...]) -> Iterator[str]:
    for kind, name in sorted(there.keys() | expected[0].keys()):
        found = there.get((kind, name))
        right = {rules[kind, name] for rules in expected if (kind, name) in rules}
        if found is None:
            yield f"{kind} {name}: it was dropped"
        elif not right:
            yield f"{kind} {name}: no migration makes it"
        elif found not in right:
            yield f"{kind} {name}: it was changed"


def _expected(engine: Engine, make: Make) -> tuple[Rules, ...]:
    """The rules as the migrations make them; and as they are written in a database that came back from a dump, for
    PostgreSQL does not write a condition that it reads from itself in the same words."""
    if engine.dialect.name == "sqlite":
        empty = create_engine("sqlite://", poolclass=StaticPool)
        try:
            with empty.connect() as connection, connection.begin():
                make(connection)
                return (_rules(connection),)
        finally:
            empty.dispose()
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text(f"CREATE SCHEMA {_SCHEMA}"))
        connection.execute(text(f"SET LOCAL search_path = {_SCHEMA}"))
        make(connection)
        made = _rules(connection)
        for table, name, definition in connection.execute(text(_CHECKS), {"schema": _SCHEMA}).all():
            again = f'ALTER TABLE {table} DROP CONSTRAINT "{name}", ADD CONSTRAINT "{name}" {definition}'
            connection.exec_driver_sql(again.replace("%", "%%"))
        restored = _rules(connection)
        transaction.rollback()
        return made, restored


def _may_make_schema(connection: Connection) -> bool:
    asked = text("SELECT has_database_privilege(current_database(), 'CREATE')")
    return bool(connection.scalar(asked))


def _rules(connection: Connection) -> Rules:
    found = {
        ("trigger", name): " ".join(definition.split())
        for name, definition in connection.execute(text(_TRIGGERS[connection.dialect.name]))
    }
    found |= {("transition", name): name for name in connection.scalars(text(_TRANSITIONS))}
    looked = inspect(connection)
    for table in looked.get_table_names():
        if not full_text.is_index_table(table):
            for kind, rows in _constraints(looked, table):
                for row in rows:
                    found[kind, f"{row['name']} of {table}"] = _plain(row)
    return found


def _constraints(looked: Any, table: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield "check", looked.get_check_constraints(table)
    yield "unique constraint", looked.get_unique_constraints(table)
    yield "foreign key", looked.get_foreign_keys(table)
    key = looked.get_pk_constraint(table)
    yield "primary key", [key] if key["constrained_columns"] else []


def _plain(row: Mapping[str, Any]) -> str:
    """A constraint without the schema it lies in."""
    return repr(
        sorted((name, value) for name, value in row.items() if name not in {"referred_schema", "comment"})
    )
