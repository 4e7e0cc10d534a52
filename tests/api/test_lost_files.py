"""What becomes of a SQLite database whose file is moved, replaced, or may not be written any more, while it is served:
nothing is acknowledged that nobody finds again, and work goes on when the file is as it was.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import make_url
from werkzeug.test import Client, TestResponse

from tests.conftest import make_app
from tests.world import World
from tracker.database.outages import is_connection_lost, refusal_for
from tracker.domain.service_errors import DiskFull, Unavailable
from tracker.store.database import db

ENDS = ("", "-wal", "-shm")


@pytest.fixture
def database(sqlite_url: str) -> Path:
    return Path(str(make_url(sqlite_url).database))


@pytest.fixture
def app(sqlite_url: str, clock: Any, entropy: Any) -> Iterator[Flask]:
    """One of its own: its files are taken away."""
    own = make_app(sqlite_url, clock, entropy)
    with own.app_context():
        yield own
        db.session.remove()
        db.engine.dispose()


def record_organization(world: World, client: Client, slug: str) -> TestResponse:
    body = {"slug": slug, "name": slug, "type": "authority"}
    return client.post("/v1/organizations", headers=world.headers("editor"), json=body)


def require_unavailable(answer: TestResponse) -> None:
    assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@contextmanager
def moved_away(database: Path) -> Iterator[None]:
    """As by somebody who makes room, or by a disk that is not mounted."""
    files = [database.with_name(database.name + end) for end in ENDS]
    there = [file for file in files if file.exists()]
    for file in there:
        file.rename(file.with_name(f"away-{file.name}"))
    yield
    for file in there:
        file.with_name(f"away-{file.name}").rename(file)


def test_no_act_goes_into_a_file_that_was_moved_away_and_none_is_made(
    world: World, client: Client, database: Path
) -> None:
    assert record_organization(world, client, "before").status_code == 201
    with moved_away(database):
        require_unavailable(record_organization(world, client, "meanwhile"))
        for path in ("/v1/public/organizations", "/log/checkpoint", "/v1/me"):
            require_unavailable(client.get(path, headers=world.headers("editor")))
        assert not database.exists()
    assert record_organization(world, client, "after").status_code == 201
    found = client.get("/v1/organizations?limit=200", headers=world.headers("editor")).get_json()["items"]
    assert {"before", "meanwhile", "after"} & {one["slug"] for one in found} == {"before", "after"}


def test_no_act_goes_into_a_file_in_whose_place_another_was_put(
    world: World, app: Flask, client: Client, database: Path, tmp_path: Path
) -> None:
    assert record_organization(world, client, "before").status_code == 201
    first = client.get("/v1/me", headers=world.headers("editor"))
    assert first.status_code == 200
    copy = tmp_path / "copy.db"
    with sqlite3.connect(database) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    with moved_away(database):
        shutil.copy(copy, database)
        require_unavailable(record_organization(world, client, "meanwhile"))
        require_unavailable(client.get("/v1/me", headers=world.headers("editor")))
        db.session.remove()
        db.engine.dispose()  # what a start of the server amounts to
        assert client.get("/v1/me", headers=world.headers("editor")).status_code == 200
        db.session.remove()
        db.engine.dispose()
    assert record_organization(world, client, "after").status_code == 201


def test_a_connection_that_could_read_only_is_not_kept_for_writing(
    world: World, client: Client, app: Flask
) -> None:
    read_only = True

    def set_mode(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA query_only = {int(read_only)}")

    event.listen(db.engine, "connect", set_mode)
    db.session.remove()
    db.engine.dispose()
    require_unavailable(record_organization(world, client, "meanwhile"))
    assert client.get("/v1/organizations", headers=world.headers("editor")).status_code == 200
    read_only = False
    assert record_organization(world, client, "after").status_code == 201


def test_a_lock_that_cannot_be_opened_is_no_accident(world: World, client: Client, database: Path) -> None:
    lock = database.with_name(database.name + ".lock.next")
    lock.unlink(missing_ok=True)
    lock.mkdir()  # as good as a file of somebody else, and for root, too
    require_unavailable(record_organization(world, client, "meanwhile"))
    lock.rmdir()
    assert record_organization(world, client, "after").status_code == 201


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (sqlite3.SQLITE_READONLY, Unavailable),
        (sqlite3.SQLITE_READONLY_DBMOVED, Unavailable),
        (sqlite3.SQLITE_PERM, Unavailable),
        (sqlite3.SQLITE_IOERR_FSYNC, Unavailable),
        (sqlite3.SQLITE_IOERR_SHMSIZE, DiskFull),
        (sqlite3.SQLITE_CORRUPT, Unavailable),
        (sqlite3.SQLITE_NOTADB, Unavailable),
        (sqlite3.SQLITE_CANTOPEN, Unavailable),
    ],
)
def test_what_the_file_of_a_database_can_say_is_an_outage(code: int, refusal: type[Exception]) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    assert type(refusal_for(error)) is refusal
    assert is_connection_lost(error) is (refusal is Unavailable)


def test_a_broken_rule_is_no_outage_and_costs_no_connection() -> None:
    error = sqlite3.IntegrityError("x")
    error.sqlite_errorcode = sqlite3.SQLITE_CONSTRAINT_UNIQUE
    assert refusal_for(error) is None
    assert not is_connection_lost(error)
