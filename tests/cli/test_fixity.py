"""`tracker fixity` and `tracker evidence`: every difference is found; a package is what the tools of courts take."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from contextlib import nullcontext
from pathlib import Path
from random import Random

import bagit
import pytest
from sqlalchemy import select

from tests.cli.conftest import Tracker
from tests.world import World
from tracker.actions import custody
from tracker.actions.operations import fixity
from tracker.actions.people import OPERATOR
from tracker.cli import serve as serving
from tracker.domain.files import StorageUnavailable
from tracker.files.files import Files
from tracker.files.folder import Folder
from tracker.store.custody import CustodyEvent, EvidenceFile
from tracker.store.evidence import Evidence


@pytest.fixture
def store(sqlite_url: str) -> Files:
    """The folder beside the database, as the command finds it."""
    return Folder(Path(sqlite_url.removeprefix("sqlite:///")).parent / "files", Random(7).randbytes)


@pytest.fixture
def files(world: World, store: Files) -> dict[bytes, EvidenceFile]:
    """Three files of one item, by their bytes."""
    item = world.item()
    made = {}
    for body in (b"one", b"two", b"three"):
        given = custody.ReceivedFile("evidentiary_copy", store.put([body], 100), None, "text/plain")
        with world.act(world.editor) as act:
            made[body] = custody.add_file(act, item, given)
    world.session.rollback()
    return made


def path_of(store: Files, file: EvidenceFile) -> Path:
    assert isinstance(store, Folder)
    return store._root / file.key[:2] / file.key


def checks(world: World) -> list[CustodyEvent]:
    world.session.rollback()
    query = select(CustodyEvent).where(CustodyEvent.type == "fixity check").order_by(CustodyEvent.id)
    return list(world.session.scalars(query))


def test_files_that_are_as_they_were_are_good_and_the_check_stands_in_their_custody(
    tracker: Tracker, world: World, files: dict[bytes, EvidenceFile]
) -> None:
    said = tracker("fixity", "check")
    assert (said.status, said.out) == (0, "3 files read, 0 of them not as recorded\n")
    assert [(one.outcome, one.digest_before == one.digest_after) for one in checks(world)] == [
        ("success", True)
    ] * 3


def test_a_changed_a_lost_and_an_unreadable_file_are_each_said_and_alarmed(
    tracker: Tracker,
    world: World,
    store: Files,
    files: dict[bytes, EvidenceFile],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path_of(store, files[b"one"]).write_bytes(b"eno")
    path_of(store, files[b"two"]).unlink()
    real = Folder.digest

    def broken(self: Folder, key: str) -> str:
        if key == files[b"three"].key:
            raise StorageUnavailable("the disk for files says EIO")
        return real(self, key)

    monkeypatch.setattr(Folder, "digest", broken)
    said = tracker("fixity", "check", "--json")
    assert said.status == 1
    found = {one["file"]: one["found"] for one in json.loads(said.out)["wrong"]}
    wanted = {b"one": "different", b"two": "missing", b"three": "unreadable"}
    assert found == {files[body].id: what for body, what in wanted.items()}
    alarms = [json.loads(line) for line in said.err.splitlines() if line.startswith("{")]
    assert {one["file"]: one["level"] for one in alarms} == dict.fromkeys(found, "error")
    assert "WRONG    fixity: 3 files are not as recorded" in tracker("check").out
    events = {one.file_id: one for one in checks(world)}
    assert {one.outcome for one in events.values()} == {"failure"}
    assert events[files[b"one"].id].digest_after == hashlib.sha256(b"eno").hexdigest()
    assert events[files[b"two"].id].digest_after is None


def test_a_check_with_a_limit_goes_on_where_the_last_one_ended(
    tracker: Tracker, world: World, files: dict[bytes, EvidenceFile]
) -> None:
    for _ in range(3):
        assert tracker("fixity", "check", "--limit", "1").status == 0
    assert {one.file_id for one in checks(world)} == {one.id for one in files.values()}


def test_bytes_that_no_record_names_are_swept_when_they_are_old_and_all_others_stay(
    tracker: Tracker, store: Files, files: dict[bytes, EvidenceFile]
) -> None:
    assert isinstance(store, Folder)
    orphan, young = store.put([b"orphan"], 100), store.put([b"young"], 100)
    cut_off = store._root / "incoming" / "cut-off"
    cut_off.write_bytes(b"half")
    old = [path_of(store, one) for one in files.values()]
    for path in (*old, store._root / orphan.key[:2] / orphan.key, cut_off):
        os.utime(path, (0, 0))
    now = 1795424400  # an hour before the clock that stands still
    os.utime(store._root / young.key[:2] / young.key, (now, now))
    said = tracker("fixity", "sweep")
    assert (said.status, said.out) == (0, "2 leftovers thrown away\n")
    assert {one.key for one in store.held()} == {young.key, *(one.key for one in files.values())}


def test_bytes_that_were_destroyed_and_are_still_there_are_swept_at_once(
    tracker: Tracker, world: World, store: Files, files: dict[bytes, EvidenceFile]
) -> None:
    gone = next(iter(files.values()))
    with world.act(world.editor) as act:
        custody.destroy_files(act, act.session.get_one(Evidence, gone.evidence_id))
    kept = {one.key for one in files.values() if one.evidence_id != gone.evidence_id}
    assert tracker("fixity", "sweep").status == 0
    assert {one.key for one in store.held()} == kept


def test_a_file_that_is_destroyed_while_it_is_read_raises_no_alarm(
    world: World, store: Files, files: dict[bytes, EvidenceFile]
) -> None:
    gone = next(iter(files.values()))
    before = len(checks(world))
    with world.act(world.editor) as act:
        custody.destroy_files(act, act.session.get_one(Evidence, gone.evidence_id))
    store.delete(gone.key)
    assert (
        list(fixity.check_files(world.session, OPERATOR, world.clock, world.entropy, store, [gone.id])) == []
    )
    assert len(checks(world)) == before


def test_a_package_is_a_whole_bag_with_the_item_its_files_and_their_custody(
    tracker: Tracker, world: World, files: dict[bytes, EvidenceFile], tmp_path: Path
) -> None:
    item = next(iter(files.values())).evidence_id
    said = tracker("evidence", "package", item, "--for", "court", "-o", str(tmp_path / "out.zip"))
    assert said.status == 0, said.err
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        archive.extractall(tmp_path / "out")
    bag = bagit.Bag(str(tmp_path / "out" / item))
    assert bag.is_valid()
    data = tmp_path / "out" / item / "data"
    assert {path.read_bytes() for path in (data / "files").iterdir()} == set(files)
    line = json.loads((data / "custody.json").read_text())
    assert line[-1]["type"] == "transfer"
    assert json.loads((data / "proofs.json").read_text())["custody"]["head"] == line[-1]["digest"]
    assert json.loads((data / "evidence.json").read_text())["id"] == item
    assert [one["to"] for one in json.loads((data / "verification.json").read_text())] == ["verified"]
    assert not any(one.key in path.read_text() for one in files.values() for path in data.glob("*.json"))


def test_a_package_with_a_file_that_is_not_what_was_recorded_is_not_written(
    tracker: Tracker, store: Files, files: dict[bytes, EvidenceFile], tmp_path: Path
) -> None:
    path_of(store, files[b"two"]).write_bytes(b"owt")
    item = files[b"two"].evidence_id
    said = tracker("evidence", "package", item, "--for", "court", "-o", str(tmp_path / "out.zip"))
    assert said.status == 1
    assert not (tmp_path / "out.zip").exists()


def test_a_store_in_which_no_file_is_starts_no_server_and_leaves_custody_alone(
    tracker: Tracker,
    world: World,
    store: Files,
    files: dict[bytes, EvidenceFile],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when its disk is not mounted. What was sent meanwhile would be hidden when it is back."""
    started: list[object] = []
    monkeypatch.setattr(serving, "bind_port", lambda *_given: nullcontext("the listener"))
    monkeypatch.setattr(serving, "run_server", lambda *given: started.append(given))
    assert isinstance(store, Folder)
    away = store._root.with_name("away")
    store._root.rename(away)
    refused = tracker("serve")
    assert (refused.status, "none of them is where TRACKER_FILES says" in refused.err) == (1, True)
    checked = tracker("check")
    assert (checked.status, "WRONG    files: the record names files" in checked.out) == (1, True)
    assert not store._root.exists()
    assert tracker("worker", "--once").status == 0
    details = {run["name"]: run["detail"] for run in json.loads(tracker("jobs", "--json").out)}
    assert details["fixity"].startswith("the record names files")
    assert (started, checks(world)) == ([], [])
    away.rename(store._root)
    assert tracker("serve").status == 0
    store._root.rename(away)
    assert tracker("fixity", "check").status == 1
    assert tracker("serve").status == 0
    assert len(started) == 2


def test_a_store_that_does_not_answer_is_not_one_that_is_gone(
    tracker: Tracker, files: dict[bytes, EvidenceFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> int:
        raise StorageUnavailable("the disk for files says EIO")

    assert "right    files: can be written" in tracker("check").out
    monkeypatch.setattr(Folder, "size", fail)
    assert "none of them is where" not in tracker("check").out
