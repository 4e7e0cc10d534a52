"""What is wrong with the place where a tracker runs is said at the start: one line, an exit status, no traceback.

Nobody else may read what it keeps there: each file is made for its owner alone, and one that is not is refused.
"""

from __future__ import annotations

import errno
import gc
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cli.conftest import Said, Tracker
from tests.postgres import connect_server, name_database
from tests.services import POSTGRES, needs_postgres
from tracker.actions.operations import readiness
from tracker.app import serving as serve_application
from tracker.cli import serve as serving
from tracker.cli.server_process import spare_collector
from tracker.database.file_modes import NoDatabase


@pytest.fixture(autouse=True)
def _nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "bind_port", lambda *_given: nullcontext("the listener"))
    monkeypatch.setattr(serving, "run_server", lambda *_given: pytest.fail("a server was started"))


@pytest.fixture
def _open_umask() -> Iterator[None]:
    """A process that would give everybody every right."""
    before = os.umask(0)
    yield
    os.umask(before)


def refused(said: Said, status: int, *words: str) -> bool:
    assert (said.status, said.out, said.err.count("\n")) == (status, "", 1)
    assert [word for word in words if word not in said.err] == []
    return True


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ---------------------------------------------------------------- files for the owner alone


@pytest.mark.usefixtures("_open_umask")
def test_every_file_of_a_database_is_for_its_owner_alone_whatever_the_umask(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{folder / 'tracker.db'}")
    assert tracker("db", "upgrade").status == 0
    reader = sqlite3.connect(folder / "tracker.db")  # while it looks, the files beside the database stay
    reader.execute("SELECT count(*) FROM person").fetchone()
    assert tracker("people", "add", "amal", "--role", "editor").status == 0
    seen = {file.name: mode(file) for file in folder.iterdir()}
    reader.close()
    beside = ("", "-wal", "-shm", ".lock", ".lock.next")
    assert set(seen) == {f"tracker.db{one}" for one in beside}
    assert set(seen.values()) == {0o600}
    assert tracker("export", "-o", str(folder / "record")).status == 0
    assert tracker("log", "init", "--origin", "t.example/log", "--key", str(folder / "log.key")).status == 0
    assert tracker("sealing", "new-key", str(folder / "sealing.keys")).status == 0
    for name in ("record", "log.key", "log.key.mark", "sealing.keys"):
        assert mode(folder / name) == 0o600, name


@pytest.mark.parametrize("name", ["tracker.db", "tracker.db.lock", "tracker.db-wal"])
@pytest.mark.parametrize("loose", [0o640, 0o604, 0o620])
def test_a_database_that_others_may_open_is_refused_with_the_command_that_mends_it(
    tracker: Tracker, sqlite_url: str, sqlite_folder: Path, name: str, loose: int
) -> None:
    file = sqlite_folder / name
    file.touch()
    file.chmod(loose)
    for command in (("serve",), ("people", "list"), ("db", "upgrade")):
        assert refused(tracker(*command), 2, f"chmod 600 {file}")
    file.chmod(0o600)
    assert tracker("people", "list").status == 0


def test_a_relative_path_is_seen_from_the_current_folder(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", "sqlite:///own.db")
    assert tracker("db", "upgrade").status == 0
    assert (tmp_path / "own.db").stat().st_size > 0


# ---------------------------------------------------------------- what is missing or cannot be reached


@pytest.mark.parametrize("name", ["TRACKER_SEALING_KEYS", "TRACKER_LOG_KEY"])
@pytest.mark.parametrize("fault", ["missing", "loose", "no key"])
def test_a_key_file_that_cannot_be_used_stops_the_server_from_starting(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, fault: str
) -> None:
    keys = tmp_path / "keys"
    if fault != "missing":
        keys.write_text("nothing\n", "ascii")
        keys.chmod(0o644 if fault == "loose" else 0o600)
    monkeypatch.setenv(name, str(keys))
    assert refused(tracker("serve"), 1, "tracker: ")


@pytest.mark.parametrize(
    ("extra", "url"),
    [("postgres", "postgresql://127.0.0.1/tracker"), ("postgres", "postgresql+psycopg://127.0.0.1/tracker")],
)
def test_a_driver_that_is_not_installed_is_named(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, extra: str, url: str
) -> None:
    monkeypatch.setattr("tracker.settings.find_spec", lambda _name: None)
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    for command in (("serve",), ("db", "upgrade")):
        assert refused(tracker(*command), 2, f"install the extra `{extra}`")


@pytest.mark.parametrize("command", [("serve",), ("db", "upgrade"), ("db", "check"), ("people", "list")])
@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://nobody@127.0.0.1:9/tracker?connect_timeout=2",
        "sqlite:////no/such/folder/tracker.db",
    ],
)
def test_a_database_that_cannot_be_reached_is_said_in_one_line(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, url: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    assert refused(tracker(*command), 1, "the database that TRACKER_DATABASE_URL names cannot be used")


def test_looking_at_a_database_that_is_not_there_makes_none(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missing = tmp_path / "elsewhere" / "tracker.db"
    missing.parent.mkdir()
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{missing}")
    for command in ("db check", "people list", "work run", "public rebuild --check", "serve"):
        assert refused(tracker(*command.split()), 2, f"no database at {missing}", "tracker db upgrade")
    told = tracker("check")
    assert (told.status, f"database: there is no database at {missing}" in told.out) == (1, True)
    with pytest.raises(NoDatabase, match="no database at"):  # what another WSGI server imports
        serve_application()
    assert list(missing.parent.iterdir()) == []


@needs_postgres
def test_a_database_of_a_wrong_name_is_said_in_one_line(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"{(POSTGRES or '').rpartition('/')[0]}/no_such_database")
    for command in (("serve",), ("db", "upgrade")):
        assert refused(tracker(*command), 1, "no_such_database")


@needs_postgres
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_script_is_refused_with_the_command_that_makes_one(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, encoding: str, tmp_path: Path
) -> None:
    name = f"encoding_{os.getpid()}"
    making = f"ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
    with connect_server(POSTGRES or "") as server:
        server.execute(text(f"CREATE DATABASE {name} {making}"))
        try:
            url = name_database(POSTGRES or "", name)
            monkeypatch.setenv("TRACKER_DATABASE_URL", url)
            new = ("init", str(tmp_path / "new"), "--database-url", url)
            for command in (("serve",), ("db", "upgrade"), new):
                assert refused(
                    tracker(*command), 1, f"its encoding is {encoding}", "createdb --encoding UTF8"
                )
        finally:
            server.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def test_a_disk_that_is_nearly_full_is_said_to_the_operator(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "right    disk: " in tracker("check").out
    monkeypatch.setattr(readiness, "ROOM", 1 << 60)
    told = tracker("check")
    assert (told.status, "WRONG    disk: " in told.out) == (1, True)


def test_a_file_that_is_no_database_is_said_in_one_line_and_its_mode_is_left_alone(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(b"something else " * 100)
    other.chmod(0o644)
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{other}")
    assert refused(tracker("db", "upgrade"), 2, f"this is no SQLite database: {other}")


def test_a_database_that_cannot_be_written_is_said_with_its_path_and_what_to_look_at(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "tracker.db"
    path.touch(0o600)
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{path}")

    def refuse(asked: str | Path, *_given: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(asked))

    monkeypatch.setattr("tracker.database.file_modes.os.open", refuse)
    for command in ("serve", "check"):
        said = tracker(command)
        assert refused(
            said, 2, f"cannot be written: {path}: Read-only file system", "see that its disk is mounted"
        )


def test_a_port_that_is_no_number_is_said_in_one_line(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", "postgresql://127.0.0.1:port/tracker")
    assert refused(tracker("db", "upgrade"), 2, "TRACKER_DATABASE_URL")


def test_a_worker_looks_for_cycles_less_often_and_not_among_what_stays() -> None:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        spare_collector()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] > 700
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_a_file_of_sealing_keys_that_is_not_ours_is_told_with_the_key_that_it_lacks(
    tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, other = tmp_path / "ours.keys", tmp_path / "other.keys"
    name = tracker("sealing", "new-key", str(ours)).out.split()[1].rstrip(":")
    monkeypatch.setenv("TRACKER_SEALING_KEYS", str(ours))
    assert tracker("people", "add", "amal", "--role", "editor").status == 0
    assert tracker("people", "second-factor", "amal").status == 0
    assert "WRONG    sealed: " not in tracker("check").out
    assert tracker("sealing", "new-key", str(other)).status == 0
    monkeypatch.setenv("TRACKER_SEALING_KEYS", str(other))
    told = tracker("check")
    assert (told.status, f"WRONG    sealed: what was sealed with {name} cannot be opened" in told.out) == (
        1,
        True,
    )
    other.chmod(0o644)
    assert "WRONG    sealed: " not in tracker("check").out
