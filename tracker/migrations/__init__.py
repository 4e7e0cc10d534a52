"""The history of the database's shape, and the three things one does with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from tracker.database import full_text
from tracker.migrations import rules
from tracker.public.tables import metadata as public_metadata
from tracker.store import models
from tracker.store.database import without_time_limit

METADATA = (models.metadata, public_metadata)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring a database to a revision. On SQLite a failed migration leaves it as it was."""
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    _run(engine, lambda config: command.downgrade(config, revision))


def current(engine: Engine) -> str | None:
    """The revision a database is at, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def name_remedy(current: str | None) -> str:
    """What an operator does about a database that is not at head: an older one is upgraded, and one of a version that
    is unknown here was made by a newer tracker."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if current is None or current in known:
        return "run `tracker db upgrade`"
    return "this version does not know it: install the version of the tracker that made it, or a newer one"


def differences(engine: Engine) -> list[object]:
    """What a database at head has that the models do not have, and the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        found: list[object] = compare_metadata(context, list(METADATA))  # type: ignore[arg-type]  # takes several
        return found


def name_differences(engine: Engine) -> list[str]:
    """The same in words."""
    return [_name_difference(one) for one in differences(engine)]


def _name_difference(difference: Any) -> str:
    match difference:
        case ("add_table", table):
            return f"table {table.name}: it was dropped"
        case ("add_column", _schema, table, column):
            return f"column {column.name} of {table}: it was dropped"
    return str(difference)


def rule_differences(engine: Engine) -> list[str]:
    """The triggers and constraints of a database at head that are not those that the migrations make."""
    return rules.differences(engine, _make)


def _make(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def ours(_thing: object, name: str | None, kind: str, *_rest: object) -> bool:
    """Whether Alembic compares this: what a search is answered from is made by hand, and differs by database."""
    return kind != "table" or not full_text.is_index_table(name)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _run(engine: Engine, step: Callable[[Config], None]) -> None:
    with engine.connect() as connection:
        # Rebuilding a table with the foreign keys on would delete the rows that point at it.
        _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                without_time_limit(connection)
                step(_config(connection))
                if _dangling(connection):
                    raise RuntimeError("the migration left a row that points at nothing")
        finally:
            _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _dangling(connection: Connection) -> bool:
    if connection.dialect.name != "sqlite":
        return False
    return connection.execute(text("PRAGMA foreign_key_check")).first() is not None
