"""A backup holds all that a restored tracker needs but its keys; what is damaged is refused untouched."""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, text

from tests.actions.tips import SEALER, make_file, open_box, send
from tests.cli.conftest import Tracker
from tests.conftest import postgres_database
from tests.files.conftest import bucket, s3_endpoint  # noqa: F401  # fixtures are asked for by their names
from tests.services import needs_postgres
from tests.world import World
from tracker.actions import custody, tips
from tracker.actions.operations import fixity
from tracker.cli import backups
from tracker.domain.files import StorageUnavailable
from tracker.files.files import Files
from tracker.files.folder import Folder
from tracker.files.opening import open_files
from tracker.store.custody import EvidenceFile

BODIES = (b"one", b"two", b"three")


@pytest.fixture
def files(tracker: Tracker, world: World, sqlite_folder: Path) -> list[EvidenceFile]:
    """Three files of one item, beside the database."""
    return add_files(world, Folder(sqlite_folder / "files", Random(7).randbytes))


def add_files(world: World, store: Files, bodies: tuple[bytes, ...] = BODIES) -> list[EvidenceFile]:
    item, made = world.item(), []
    for body in bodies:
        given = custody.ReceivedFile("evidentiary_copy", store.put([body], 100), None, "text/plain")
        with world.act(world.editor) as act:
            made.append(custody.add_file(act, item, given))
    world.session.rollback()
    return made


def backup(tracker: Tracker, folder: Path, *options: str) -> Path:
    said = tracker("backup", str(folder), *options)
    assert (said.status, said.err) == (0, "")
    return Path(said.out.strip())


def kept(folder: Path) -> list[str]:
    return sorted(path.read_text() for path in (folder / "files").glob("??/*"))


def test_a_tip_is_backed_up_with_its_files_which_are_swept_once_it_is_destroyed(
    tracker: Tracker, world: World, sqlite_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Folder(sqlite_folder / "files", Random(7).randbytes)
    keeper = world.person("keeper", "custodian")
    open_box(world, keeper)
    given = replace(make_file(), stored=store.put([b"a picture"], 100))
    tip = send(world, "one", given)
    world.session.rollback()
    made = backup(tracker, tmp_path / "backups")
    assert kept(made.parent) == ["a picture"]
    next((made.parent / "files").glob("??/*")).write_text("another picture")
    assert "a file is missing or was changed" in tracker("restore", str(made), "--check").err
    later = datetime.now(UTC) + timedelta(days=2)
    assert fixity.sweep_orphans(world.session, store, later) == 0, "a tip holds on to its bytes"
    with world.act(keeper) as act:
        tips.read_tip(act, tip.id, SEALER)
        tips.set_aside(act, tip.id)
    with world.act(world.person("another keeper", "custodian")) as act:
        tips.destroy_tip(act, tip.id)
    assert fixity.sweep_orphans(world.session, store, later) == 1
    assert list(store.held()) == []


def test_a_restored_tracker_is_the_one_that_was_backed_up(
    tracker: Tracker,
    files: list[EvidenceFile],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = backup(tracker, tmp_path / "backups")
    everything = list((tmp_path / "backups").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in everything} == {0o600, 0o700}
    assert not any("key" in path.name or "mark" in path.name for path in everything)
    before = tracker("export").out
    assert tracker("restore", str(made), "--check").out.startswith("whole: the database and 3 files")

    taken = tracker("restore", str(made))
    assert (taken.status, "there is a database already" in taken.err) == (2, True)
    (tmp_path / "new").mkdir()
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/new/tracker.db")
    assert tracker("restore", str(made)).status == 0
    assert tracker("export").out == before
    for command in (("fixity", "check"), ("public", "rebuild", "--check"), ("db", "check")):
        assert tracker(*command).status == 0, command
    assert kept(tmp_path / "new") == sorted(body.decode() for body in BODIES)


def test_files_are_copied_once_and_leave_with_the_last_backup_that_names_them(
    tracker: Tracker, world: World, files: list[EvidenceFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, copied = tmp_path / "backups", []
    real = Folder.keep
    monkeypatch.setattr(Folder, "keep", lambda self, key, *rest: (copied.append(key), real(self, key, *rest)))
    first = backup(tracker, folder)
    assert len(copied) == 3
    shutil.move(first, folder / "20000101T000000Z")  # as if it had been made long ago
    with world.act(world.editor) as act:
        file = act.session.get_one(EvidenceFile, files[0].id)
        file.destroyed_at = act.now
        act.audit("revise", file.evidence_id)
    world.session.rollback()
    second = backup(tracker, folder)
    assert (len(copied), kept(folder)) == (3, ["one", "three", "two"])
    shutil.move(second, folder / "20010101T000000Z")
    backup(tracker, folder, "--keep", "2")
    assert kept(folder) == ["three", "two"]
    assert [path.name for path in folder.glob("2000*")] == []


def test_files_in_a_bucket_come_back_in_another_place(
    tracker: Tracker,
    world: World,
    bucket: str,  # noqa: F811
    s3_endpoint: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACKER_FILES", bucket)
    monkeypatch.setenv("TRACKER_FILES_ENDPOINT", s3_endpoint)
    add_files(world, open_files(bucket, Random(7).randbytes, endpoint=s3_endpoint))
    made = backup(tracker, tmp_path / "backups")
    assert kept(tmp_path / "backups") == sorted(body.decode() for body in BODIES)
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/tracker.db")
    monkeypatch.setenv("TRACKER_FILES", f"{bucket}/restored")
    assert tracker("restore", str(made)).status == 0
    assert tracker("fixity", "check").status == 0
    restored = open_files(f"{bucket}/restored", Random(7).randbytes, endpoint=s3_endpoint)
    assert sorted(file.size for file in restored.held()) == sorted(map(len, BODIES))


def test_what_others_do_while_a_backup_is_made_leaves_it_whole(
    tracker: Tracker,
    world: World,
    files: list[EvidenceFile],
    sqlite_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Others write before the database is copied, and again before its files are."""
    copy = backups.copy_database

    def add(*bodies: bytes) -> None:
        add_files(world, Folder(sqlite_folder / "files", Random(bodies[0]).randbytes), bodies)

    def copy_among_others(url: URL, folder: Path) -> Path:
        add(b"before")
        made = copy(url, folder)
        add(b"after")
        return made

    monkeypatch.setattr(backups, "copy_database", copy_among_others)
    made = backup(tracker, tmp_path / "backups")
    (tmp_path / "new").mkdir()
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/new/tracker.db")
    assert tracker("restore", str(made)).status == 0
    assert tracker("fixity", "check").out.startswith("4 files")
    for command in (("public", "rebuild", "--check"), ("log", "audit"), ("db", "check")):
        assert tracker(*command).status == 0, command


def test_a_file_that_is_lost_ends_no_backup_of_all_the_rest(
    tracker: Tracker,
    files: list[EvidenceFile],
    sqlite_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = sqlite_folder / "files"
    (store / files[0].key[:2] / files[0].key).write_bytes(b"eno")
    (store / files[1].key[:2] / files[1].key).unlink()
    said = tracker("backup", str(tmp_path / "backups"))
    assert (said.status, kept(tmp_path / "backups")) == (1, ["three"])
    assert all(file.sha256 in said.err for file in files[:2])
    assert files[2].sha256 not in said.err
    monkeypatch.setenv("TRACKER_BACKUPS", str(tmp_path / "backups"))
    assert tracker("worker", "--once").status == 0
    made = said.out.strip()
    (tmp_path / "new").mkdir()
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/new/tracker.db")
    for options in (("--check",), ()):
        restored = tracker("restore", made, *options)
        assert (restored.status, "2 were lost before" in restored.out) == (0, True)
    assert kept(tmp_path / "new") == ["three"]
    assert tracker("fixity", "check").status == 1


def test_a_backup_of_a_newer_version_is_refused_and_nothing_is_changed(
    tracker: Tracker, files: list[EvidenceFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup(tracker, tmp_path / "backups")
    manifest = made / "manifest.json"
    manifest.write_text(re.sub('"schema": "[0-9]+"', '"schema": "9999"', manifest.read_text()))
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    said = tracker("restore", str(made))
    assert (said.status, "of schema 9999; this version does not know it" in said.err) == (2, True)
    assert not (tmp_path / "new.db").exists()


def test_a_store_that_does_not_answer_ends_a_backup(
    tracker: Tracker, files: list[EvidenceFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise StorageUnavailable("the disk for files says EIO")

    monkeypatch.setattr(Folder, "open", fail)
    said = tracker("backup", str(tmp_path / "backups"))
    assert (said.status, "the disk for files says EIO" in said.err) == (2, True)
    assert not list((tmp_path / "backups").glob("[0-9]*"))


@pytest.mark.parametrize("what", ["database", "file", "manifest", "another database"])
def test_a_damaged_backup_is_refused_and_nothing_is_changed(
    tracker: Tracker,
    files: list[EvidenceFile],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    made = backup(tracker, tmp_path / "backups")
    if what == "database":
        with (made / "tracker.db").open("r+b") as file:
            file.seek(5000)
            file.write(b"x")
    elif what == "file":
        next((tmp_path / "backups" / "files").glob("??/*")).write_bytes(b"eno")
    elif what == "manifest":
        (made / "manifest.json").write_text("{")
    else:
        manifest = made / "manifest.json"
        manifest.write_text(manifest.read_text().replace("tracker.db", "../tracker.db"))
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    for options in ((), ("--check",)):
        said = tracker("restore", str(made), *options)
        assert (said.status, said.out) == (2, "")
        assert "damaged" in said.err or "no finished backup" in said.err
    assert not (tmp_path / "new.db").exists()


def test_a_restore_that_has_no_place_for_the_files_leaves_no_database(
    tracker: Tracker, files: list[EvidenceFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup(tracker, tmp_path / "backups")
    (tmp_path / "new").mkdir()
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/new/tracker.db")
    with monkeypatch.context() as without:
        without.setattr("tracker.cli.backups.open_store", lambda *_given: None)
        assert "names no place" in tracker("restore", str(made)).err
    assert list((tmp_path / "new").iterdir()) == []
    assert tracker("restore", str(made)).status == 0


@needs_postgres
def test_a_postgresql_database_comes_back_with_its_triggers(
    tracker: Tracker, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", postgres_url)
    assert tracker("people", "add", "amal", "--role", "editor").status == 0
    made = backup(tracker, tmp_path / "backups")
    with postgres_database(postgres_url.rpartition("/")[2].replace("own", "restored")) as new:
        monkeypatch.setenv("TRACKER_DATABASE_URL", new)
        said = tracker("restore", str(made))
        assert (said.status, said.err) == (0, "")
        assert tracker("db", "check").status == 0
        assert "amal" in tracker("people", "list").out
        again = tracker("restore", str(made))
        assert (again.status, "there is a database already" in again.err) == (2, True)
        engine = create_engine(new)
        with engine.connect() as connection:
            triggers = connection.scalar(text("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"))
        engine.dispose()
    assert triggers


@pytest.mark.parametrize(
    "full",
    [OSError(errno.ENOSPC, "No space left on device"), sqlite3.OperationalError("database or disk is full")],
)
def test_a_full_disk_is_one_line_and_is_not_left_fuller(
    tracker: Tracker,
    files: list[EvidenceFile],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    full: Exception,
) -> None:
    def write_some(_url: object, folder: Path) -> Path:
        (folder / "tracker.db").write_bytes(b"half of it")
        raise full

    if isinstance(full, sqlite3.Error):
        full.sqlite_errorcode = sqlite3.SQLITE_FULL
    monkeypatch.setattr(backups, "copy_database", write_some)
    said = tracker("backup", str(tmp_path / "backups"))
    assert (said.status, said.out) == (2, "")
    [line] = said.err.splitlines()
    assert line == f"Error: no backup was written: the disk of {tmp_path / 'backups'} is full"
    assert list((tmp_path / "backups").rglob("*")) == []


def test_a_disk_for_backups_that_is_not_mounted_is_told_from_one_that_is_new(
    tracker: Tracker, world: World, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    backup(tracker, disk / "backups")
    disk.rename(tmp_path / "elsewhere")
    for empty in (
        None,
        disk / "backups",
    ):  # the mount point is that of a folder above, or of the folder itself
        if empty is not None:
            empty.mkdir(parents=True)
        refused = tracker("backup", str(disk / "backups"))
        assert (refused.status, refused.out, "is its disk mounted?" in refused.err) == (2, "", True)
        assert list(disk.rglob("*")) == ([] if empty is None else [empty])
    backup(tracker, tmp_path / "another")
    made = backup(tracker, disk / "backups", "--first")
    shutil.move(made, disk / "backups" / "20000101T000000Z")
    backup(tracker, disk / "backups")


def test_one_backup_at_a_time_is_written_into_a_folder(
    tracker: Tracker, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = backups.copy_database
    second: list[Any] = []

    def copy_beside_another(url: URL, folder: Path) -> Path:
        if not second:
            second.append(None)
            second.append(tracker("backup", str(folder.parent)))
        return copy(url, folder)

    monkeypatch.setattr(backups, "copy_database", copy_beside_another)
    backup(tracker, tmp_path / "backups")
    assert f"another backup is being written into {tmp_path / 'backups'}" in second[1].err


def test_a_clock_that_was_ahead_makes_no_new_backup_the_oldest(
    tracker: Tracker, world: World, tmp_path: Path
) -> None:
    first = backup(tracker, tmp_path / "backups")
    for year in ("2031", "2032"):
        shutil.copytree(first, tmp_path / "backups" / f"{year}0101T000000Z")
    shutil.rmtree(first)
    made = backup(tracker, tmp_path / "backups", "--keep", "2")
    there = sorted(path.name for path in (tmp_path / "backups").glob("[0-9]*"))
    assert there == [made.name, "20320101T000000Z"]


@pytest.mark.parametrize("left", ["tracker.db-wal", "tracker.db-journal"])
def test_what_is_left_of_another_database_is_not_written_into_a_restored_one(
    tracker: Tracker, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    made = backup(tracker, tmp_path / "backups")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / left).write_bytes(b"pages of another database")
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/new/tracker.db")
    refused = tracker("restore", str(made))
    assert (refused.status, f"new/{left} is left of another database" in refused.err) == (2, True)
    assert [path.name for path in (tmp_path / "new").iterdir()] == [left]
    (tmp_path / "new" / left).unlink()
    assert tracker("restore", str(made)).status == 0


def test_a_restore_that_is_killed_leaves_nothing_in_the_place_of_the_database(
    tracker: Tracker, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup(tracker, tmp_path / "backups")
    place = tmp_path / "new" / "tracker.db"
    place.parent.mkdir()
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{place}")
    there: list[Path] = []
    with monkeypatch.context() as dying:
        dying.setattr("os.fsync", lambda _file: there.extend(place.parent.iterdir()))
        dying.setattr("os.link", lambda *_given: (_ for _ in ()).throw(KeyboardInterrupt))
        tracker("restore", str(made))
    assert place not in there, "while it is written it has another name"
    assert list(place.parent.iterdir()) == []
    place.with_name("tracker.db.new").write_bytes(b"half of it")
    assert tracker("restore", str(made)).status == 0
    assert tracker("db", "check").status == 0
