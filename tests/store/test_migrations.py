"""The history of the database ends where the models are, leads there and back with data, and never stops half-way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, inspect, text

from tests.conftest import Clock
from tests.store.conftest import fill
from tests.world import World
from tracker import migrations
from tracker.store import models
from tracker.store.database import db
from tracker.store.statuses import StatusChange


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table of the record and of the public side has."""
    names = [of for metadata in migrations.METADATA for of in metadata.tables]
    with engine.connect() as connection:
        return {of: connection.execute(text(f"SELECT count(*) FROM {of}")).scalar_one() for of in names}  # noqa: S608  # our own


def shape(engine: Engine) -> dict[str, Any]:
    """Everything that a database says of its tables, the text of every CHECK included."""
    found = inspect(engine)
    return {
        of: {
            "columns": sorted(
                (one["name"], str(one["type"]), one["nullable"], one["default"])
                for one in found.get_columns(of)
            ),
            "checks": sorted((str(one["name"]), one["sqltext"]) for one in found.get_check_constraints(of)),
            "unique": sorted(map(str, found.get_unique_constraints(of))),
            "foreign": sorted(map(str, found.get_foreign_keys(of))),
            "indexes": sorted(map(told, found.get_indexes(of))),
            "primary": found.get_pk_constraint(of),
        }
        for of in tables(engine) - {"alembic_version"}
    }


def told(index: Any) -> str:
    """An index with the text of its condition, which else would show where in memory it lies."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def references_are_held(engine: Engine) -> bool:
    with engine.connect() as connection:
        return (
            engine.dialect.name != "sqlite" or connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        )


def test_head_is_what_the_models_say(stored: Flask):
    assert migrations.differences(db.engine) == []
    assert migrations.current(db.engine) == migrations.head() != ""


def test_a_database_made_by_migrations_is_one_made_from_the_models_to_the_letter(stored: Flask):
    migrated = shape(db.engine)
    migrations.downgrade(db.engine, "base")
    for metadata in migrations.METADATA:
        metadata.create_all(db.engine)
    made = shape(db.engine)

    assert migrated == made
    assert sum(len(one["checks"]) for one in made.values()) > 60


SABOTAGE = (
    "ALTER TABLE committee DROP COLUMN note",
    "ALTER TABLE committee ADD COLUMN mood TEXT",
    "ALTER TABLE public_event DROP COLUMN body",
    "DROP INDEX ix_status_change_line",
    "DROP TABLE public_mention",
    "DROP TABLE citation",
    "CREATE TABLE left_over (id INTEGER PRIMARY KEY)",
)


def test_whatever_differs_from_the_models_is_found_out(stored: Flask):
    found = 0
    for sabotage in SABOTAGE:
        with db.engine.begin() as connection:
            connection.execute(text(sabotage))
        before, found = found, len(migrations.differences(db.engine))
        assert found > before, sabotage


def test_down_to_nothing_and_up_again_works_with_data(
    record: World, clock: Clock, entropy: Callable[[int], bytes]
):
    fill(record)
    db.session.remove()
    assert min(rows(db.engine)[of] for of in models.metadata.tables) >= 1

    migrations.downgrade(db.engine, "base")
    assert tables(db.engine) <= {"alembic_version"}
    assert migrations.current(db.engine) is None

    migrations.upgrade(db.engine)
    assert migrations.differences(db.engine) == []
    assert {table for table, count in rows(db.engine).items() if count} == {"transition"}
    assert references_are_held(db.engine)
    again = fill(World(db.session(), clock, entropy))
    assert again.session.query(StatusChange).count() == 4


def test_an_upgrade_at_head_changes_nothing(record: World):
    db.session.remove()
    before, counted = shape(db.engine), rows(db.engine)
    migrations.upgrade(db.engine)

    assert (shape(db.engine), rows(db.engine)) == (before, counted)


@contextmanager
def power_cut(at: str) -> Iterator[None]:
    """The power goes out when a statement begins like this."""

    def before_cursor_execute(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.strip().startswith(at):
            raise RuntimeError("the power went out")

    event.listen(db.engine, "before_cursor_execute", before_cursor_execute)
    try:
        with pytest.raises(RuntimeError, match="the power went out"):
            yield
    finally:
        event.remove(db.engine, "before_cursor_execute", before_cursor_execute)


def test_an_upgrade_that_fails_half_way_leaves_nothing(stored: Flask):
    migrations.downgrade(db.engine, "base")
    before = tables(db.engine)
    with power_cut("CREATE TABLE mandate"):
        migrations.upgrade(db.engine)

    assert tables(db.engine) == before
    assert migrations.current(db.engine) is None
    assert references_are_held(db.engine)


def test_a_downgrade_that_fails_half_way_leaves_every_row(record: World):
    db.session.remove()
    before, counted = shape(db.engine), rows(db.engine)
    with power_cut("DROP TABLE person"):
        migrations.downgrade(db.engine, "base")

    assert (shape(db.engine), rows(db.engine)) == (before, counted)
    assert migrations.current(db.engine) == migrations.head()
    assert references_are_held(db.engine)


def test_a_migration_that_leaves_a_row_pointing_at_nothing_is_taken_back(app: Flask):
    with app.app_context():
        with db.engine.connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys = OFF")
            driver.execute("INSERT INTO watchdog VALUES ('org_nobody', 'registered', NULL, '2025-01-01')")
            driver.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(RuntimeError, match="a row that points at nothing"):
            migrations.upgrade(db.engine)
        assert references_are_held(db.engine)
