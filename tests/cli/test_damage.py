"""A damaged file of a database is found, named table by table, and goes into no backup."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Tracker
from tests.world import World
from tracker.database.file_damage import list_damage

PAGE = 4096


@pytest.fixture
def database(tracker: Tracker, world: World, sqlite_folder: Path) -> Path:
    """The file of a database that nobody has open, with all that was written in it."""
    world.session.rollback()
    world.session.get_bind().engine.dispose()
    [path] = sqlite_folder.glob("*.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return path


def break_page(path: Path, name: str) -> None:
    """Overwrite the page with which a table or an index begins."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(query, (name,)).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(os.urandom(64))


@pytest.mark.parametrize("name", ["report", "ix_recommendation_parent_id"])
def test_a_damaged_page_is_named_by_each_check(tracker: Tracker, database: Path, name: str) -> None:
    break_page(database, name)
    named = f"damaged, table {'report' if name == 'report' else 'recommendation'}: "
    assert "WRONG    database: the file of the database is " + named in tracker("check").out
    checked = tracker("db", "check")
    assert (checked.status, named in checked.err) == (1, True)
    audited = tracker("log", "audit")
    assert (audited.status, named in audited.out, "Traceback" in audited.err) == (1, True, False)


def test_a_damaged_database_goes_into_no_backup_and_pushes_out_none(
    tracker: Tracker, database: Path, tmp_path: Path
) -> None:
    assert tracker("backup", str(tmp_path / "backups")).status == 0
    [good] = (tmp_path / "backups").glob("[0-9]*")
    break_page(database, "ix_recommendation_parent_id")
    refused = tracker("backup", str(tmp_path / "backups"), "--keep", "1")
    assert (refused.status, "damaged, table recommendation" in refused.err) == (2, True)
    assert list((tmp_path / "backups").glob("[0-9]*")) == [good]
    assert not (tmp_path / "backups" / ".unfinished").exists()


def test_a_file_that_lost_its_list_of_tables_is_damaged_as_a_whole(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        assert list_damage(connection) == []
    with database.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 40)
    with closing(sqlite3.connect(database)) as connection:
        [fault] = list_damage(connection)
    assert fault.startswith("the file of the database is damaged: ")
