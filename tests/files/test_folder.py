"""A folder keeps what it acknowledged through a power cut, opens to nobody, and keeps no half file on a full disk."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker.domain.files import FileMissing, StorageFull, StorageUnavailable
from tracker.files import folder as module
from tracker.files.folder import Folder

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def folder(root: Path, entropy: Callable[[int], bytes]) -> Folder:
    return Folder(root, entropy)


def everything(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_it_is_on_the_disk_before_its_name_is_and_the_name_before_the_answer(
    folder: Folder, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, link = os.fsync, os.link

    def watched_fsync(handle: int) -> None:
        done.append(f"fsync {os.readlink(f'/proc/self/fd/{handle}')}")
        fsync(handle)

    def watched_link(source: Path, target: Path) -> None:
        done.append(f"link {target}")
        link(source, target)

    monkeypatch.setattr(module.os, "fsync", watched_fsync)
    monkeypatch.setattr(module.os, "link", watched_link)
    key = folder.put([b"evidence"], 100).key
    here = root / key[:2]
    assert done == [f"fsync {root}/incoming/{key}", f"link {here}/{key}", f"fsync {here}", f"fsync {root}"]


@pytest.mark.parametrize("another", [False, True])
def test_nothing_is_kept_or_destroyed_while_the_folder_is_gone(
    folder: Folder, root: Path, *, another: bool
) -> None:
    """Its disk is not mounted: there is no folder, or the empty one in whose place it is mounted."""
    key = folder.put([b"evidence"], 100).key
    away = root.with_name("away")
    root.rename(away)
    if another:
        root.mkdir(mode=0o700)
    for use in (
        lambda: folder.put([b"more"], 100),
        lambda: folder.open(key),
        lambda: folder.delete(key),
    ):
        with pytest.raises(StorageUnavailable):
            use()
    assert not root.exists() or everything(root) == []
    if another:
        root.rmdir()
    away.rename(root)
    assert b"".join(folder.open(key)) == b"evidence"
    folder.delete(key)
    assert everything(root) == []


def test_only_the_account_of_the_tracker_can_look(folder: Folder, root: Path) -> None:
    key = folder.put([b"evidence"], 100).key
    assert (root / key[:2] / key).stat().st_mode & 0o777 == 0o600
    assert root.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in root.rglob("*") if path.is_dir()} == {0o700}


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["write", "fsync", "link"])
def test_a_full_disk_is_a_refusal_and_nothing_is_kept(
    folder: Folder, root: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: int
) -> None:
    def full(*_given: object) -> None:
        raise OSError(error, "a path that nobody shall see")

    monkeypatch.setattr(module.os, step, full)
    with pytest.raises(StorageFull) as refused:
        folder.put([b"evidence"], 100)
    assert "path" not in refused.value.detail
    assert everything(root) == []


def test_a_name_that_cannot_be_made_safe_is_taken_back(
    folder: Folder, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync, calls = os.fsync, iter(range(9))

    def fails_for_the_directory(handle: int) -> None:
        if next(calls) == 1:
            raise OSError(errno.EIO, "input/output error")
        fsync(handle)

    monkeypatch.setattr(module.os, "fsync", fails_for_the_directory)
    with pytest.raises(StorageUnavailable, match="EIO"):
        folder.put([b"evidence"], 100)
    assert everything(root) == []


_FILL_IT = """
import os, sys
from pathlib import Path
from tracker.domain.files import StorageFull
from tracker.files.folder import Folder
folder = Folder(Path(sys.argv[1]), os.urandom)
kept = folder.put([b"x" * 1_000_000], 1 << 30)
try:
    folder.put((b"x" * 100_000 for _ in range(1_000)), 1 << 30)
except StorageFull:
    assert [one.key for one in folder.held()] == [kept.key]
    assert folder.put([b"x" * 1_000_000], 1 << 30).sha256 == kept.sha256
    print("full")
"""


def test_a_disk_that_is_really_full_refuses_and_has_its_room_back(tmp_path: Path) -> None:
    """On a file system of four megabytes, in a namespace of its own; where none may be made, the tests above stand."""
    mount = f'mount -t tmpfs -o size=4m none "{tmp_path}" && exec "{sys.executable}" -c "$CODE" "{tmp_path}/files"'
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", mount]
    environment = {**os.environ, "CODE": _FILL_IT, "PYTHONPATH": str(HOUSE)}
    try:
        probe = subprocess.run(
            [*command[:3], "sh", "-c", mount.partition("&&")[0]], capture_output=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("there is no unshare here")
    if probe.returncode:
        pytest.skip("no file system may be mounted here")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("full\n", "")


_KEEP_ON_PUTTING = """
import os, sys
from pathlib import Path
from tracker.files.folder import Folder
folder = Folder(Path(sys.argv[1]), os.urandom)
while True:
    stored = folder.put((b"x" * 10_000 for _ in range(20)), 1 << 30)
    print(stored.key, flush=True)
"""


def test_what_was_acknowledged_before_a_kill_is_there_and_nothing_is_half_there(root: Path) -> None:
    command = [sys.executable, "-c", _KEEP_ON_PUTTING, str(root)]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline().strip() for _ in range(20)]
        child.kill()
        said += child.stdout.read().split()
    folder = Folder(root, os.urandom)
    assert set(said) <= {one.key for one in folder.held()}
    assert {one.size for one in folder.held()} == {200_000}


def test_what_an_upload_that_was_cut_off_left_is_swept_when_it_is_old(folder: Folder, root: Path) -> None:
    kept = folder.put([b"evidence"], 100).key
    for name, age in (("old", 48), ("young", 1)):
        left = root / "incoming" / name
        left.write_bytes(b"half of it")
        then = (datetime.now(UTC) - timedelta(hours=age)).timestamp()
        os.utime(left, (then, then))
    assert [one.key for one in folder.held()] == [kept]
    assert folder.sweep_unfinished(datetime.now(UTC) - timedelta(hours=24)) == 1
    assert [path.name for path in (root / "incoming").iterdir()] == ["young"]


def test_what_is_not_ours_in_the_folder_is_not_listed_and_not_followed(folder: Folder, root: Path) -> None:
    key = folder.put([b"evidence"], 100).key
    (root / key[:2] / "notes.txt").write_text("left by somebody")
    other = "b" * 32
    (root / "bb").mkdir(exist_ok=True)
    (root / "bb" / other).symlink_to("/etc/passwd")
    with pytest.raises(FileMissing):
        folder.open(other)
    assert key in {one.key for one in folder.held()}
    assert "notes.txt" not in {one.key for one in folder.held()}


def test_a_file_that_lost_its_end_is_read_as_it_is_so_that_its_digest_gives_it_away(
    folder: Folder, root: Path
) -> None:
    stored = folder.put([b"evidence" * 100], 1_000)
    reading = folder.open(stored.key)
    os.truncate(root / stored.key[:2] / stored.key, 10)
    assert b"".join(reading) == b"evidenceev"
    assert folder.digest(stored.key) != stored.sha256


def test_a_disk_that_fails_to_read_is_no_missing_file(
    folder: Folder, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = folder.put([b"evidence"], 100).key

    def broken(*_given: object) -> Iterator[bytes]:
        raise OSError(errno.EIO, str(root))

    monkeypatch.setattr(Path, "lstat", broken)
    with pytest.raises(StorageUnavailable, match=r"^the disk for files says EIO$"):
        folder.size(key)
