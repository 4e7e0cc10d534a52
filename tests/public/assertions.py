"""How tests look at both sides: every row of every table, and a world on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.orm import Session

from tests.conftest import lend_app
from tests.world import World
from tracker.actions.operations import rebuild
from tracker.domain.errors import Refusal
from tracker.public.tables import metadata as public_side
from tracker.store import models
from tracker.store.database import core_connection, db

Dump = dict[str, list[tuple[Any, ...]]]


def dump(session: Session | Connection, *sides: MetaData, in_order: bool = True) -> Dump:
    """Every row of every table, of both sides unless one is named, as the driver gives it; and, where nothing was to be
    written meanwhile, in the order in which it does."""
    connection = session if isinstance(session, Connection) else core_connection(session)
    connection.exec_driver_sql("SELECT 1")  # from here on counts how long a statement may take
    found = {}
    with closing(connection.connection.cursor()) as cursor:
        for side in sides or (models.metadata, public_side):
            for table in side.tables.values():
                columns = ", ".join(f'"{column.name}"' for column in table.columns)
                cursor.execute(f'SELECT {columns} FROM "{table.name}"')  # noqa: S608  # names of our own tables
                rows = cursor.fetchall()
                found[table.name] = sorted(map(tuple, rows), key=repr) if in_order else rows
    return found


def _dump_record(world: World) -> Dump:
    """All but how often somebody tried a password, which is counted because it was refused."""
    found = dump(world.session, in_order=False)
    found.pop("login_try")
    return found


def public(session: Session | Connection) -> Dump:
    return dump(session, public_side)


def unguard(connection: Connection) -> None:
    """Take away what keeps the history: what somebody does first who is in the database with every right."""
    if connection.dialect.name == "sqlite":
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_keeps\\_%' ESCAPE '\\'"
        )
        for name in connection.scalars(text(names)).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(text("DROP FUNCTION tracker_keeps() CASCADE"))


def agrees(world: World) -> bool:
    """Whether the public side is what the record says."""
    with world.act(world.editor) as act:
        return rebuild.check_public_side(act) == []


@contextmanager
def refused(
    world: World, kind: type[Refusal], pointer: str | None = None
) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """What happens inside is refused with this reason, pointing there, and leaves the database as it was."""
    world.session.rollback()
    before = _dump_record(world)
    world.session.rollback()
    with pytest.raises(kind) as caught:
        yield caught
    assert type(caught.value) is kind
    assert caught.value.detail
    if pointer is not None:
        assert [field.pointer for field in caught.value.fields] == [pointer]
    assert _dump_record(world) == before
    world.session.rollback()


@contextmanager
def opened(
    url: str, made: World, clock: Callable[[], datetime], entropy: Callable[[int], bytes]
) -> Iterator[tuple[Flask, World]]:
    """The application and a world on a copy of the database in which that was made."""
    with lend_app(url, clock, entropy) as app, app.app_context():  # type: ignore[arg-type]  # any clock will do
        yield app, made.again(db.session(), clock, entropy)
