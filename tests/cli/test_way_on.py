"""The way on after a loss, found in `docs/operating.md` alone: back up, act, lose, restore, and do what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Said, Tracker
from tests.cli.test_logs import key, vkey  # noqa: F401  # fixtures

GUIDE = Path(__file__).parents[2] / "docs" / "operating.md"
MIRROR, NEW_KEY = "https://mirror.example/log", "/etc/tracker/log-2.key"


def read_section(title: str) -> list[list[str]]:
    """The commands of a section, in its order."""
    section = GUIDE.read_text("utf-8").split(f"### {title}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^ *(tracker .*)$", section, re.MULTILINE)
    return [shlex.split(line)[1:] for line in lines]


class Place:
    """The tracker that lost an act which its mirror has, and the commands of the guide, said to it."""

    def __init__(self, tracker: Tracker, folder: Path) -> None:
        self.tracker, self.folder = tracker, folder
        self.mirror, self.new_key = folder / "mirror", folder / "log-2.key"
        self.compare, self.succeed, self.audit = read_section("After a restore")

    def say(self, command: list[str]) -> Said:
        mine = {MIRROR: str(self.mirror), NEW_KEY: str(self.new_key)}
        return self.tracker(*(mine.get(word, word) for word in command))

    def verify(self, vkey: str, *options: str) -> Said:  # noqa: F811
        return self.tracker("log", "verify", str(self.mirror), "--vkey", vkey, *options)


@pytest.fixture
def lost(tracker: Tracker, vkey: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:  # noqa: F811
    place = Place(tracker, tmp_path)
    made = tracker("backup", str(tmp_path / "backups")).out.strip()
    tracker("log", "anchor")
    tracker("log", "export", str(place.mirror))
    (tmp_path / "new").mkdir()
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/new/tracker.db")
    assert tracker("restore", made).status == 0
    return place


def test_the_guide_leads_from_a_loss_to_a_log_that_strangers_follow(
    lost: Place,
    vkey: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = str(tmp_path / "seen")
    assert lost.verify(vkey, "--state", seen).status == 0
    assert "the log shrank" in lost.tracker("log", "sign").err
    assert "WRONG    signature: the log shrank" in lost.tracker("check").out
    compared = lost.say(lost.compare)
    assert compared.status == 1
    assert re.search(r"these are not:\n  \d+  \S+Z  internal\.anchor  -\n", compared.out)

    closed = lost.say(lost.succeed)
    assert (closed.status, closed.err) == (0, "")
    assert "tracker.example/log is closed: 9 entries were signed, 1 are lost" in closed.out
    new = closed.out.splitlines()[-1]
    assert lost.tracker("log", "anchor").err.startswith(
        "tracker: the public log is not signed: the key belongs to"
    )
    monkeypatch.setenv("TRACKER_LOG_KEY", str(lost.new_key))
    lost.tracker("log", "sign")
    assert lost.say(lost.audit).status == 0

    lost.tracker("log", "export", str(tmp_path / "again"))
    lost.mirror = tmp_path / "again"
    followed = lost.verify(vkey, "--state", seen)
    assert (followed.status, f"--vkey {new}" in followed.err) == (3, True)
    assert "A disk failed, and the last backup was a day old." in followed.err
    assert lost.verify(new, "--state", seen).status == 0


def test_a_log_is_closed_once(lost: Place) -> None:
    assert lost.say(lost.succeed).status == 0
    again = lost.say(
        ["log", "succeed", "--origin", "x.example/log", "--new-key", NEW_KEY + "3", "--because", "X"]
    )
    assert (again.status, "the key belongs to another database" in again.err) == (1, True)


def test_what_is_no_copy_of_this_log_is_not_compared_with(lost: Place, tmp_path: Path) -> None:
    (lost.mirror / "checkpoint").write_text("nonsense")
    assert "is no copy of tracker.example/log" in lost.say(lost.compare).err
    lost.mirror = tmp_path / "nowhere"
    assert "cannot be read" in lost.say(lost.compare).err


def test_a_whole_log_lacks_nothing(tracker: Tracker, vkey: str, tmp_path: Path) -> None:  # noqa: F811
    tracker("log", "export", str(tmp_path / "mirror"))
    tracker("log", "anchor")
    same = tracker("log", "compare", str(tmp_path / "mirror"))
    assert (same.status, "all of them are here" in same.out) == (0, True)


def test_a_lost_mark_is_put_back_below_nothing_that_a_mirror_has(lost: Place, key: Path) -> None:  # noqa: F811
    Path(f"{key}.mark").unlink()
    bare = lost.tracker("log", "sign", "--new-mark")
    assert (bare.status, "a second history under the same name" in " ".join(bare.err.split())) == (2, True)
    refused = lost.tracker("log", "sign", "--new-mark", "--mirror", str(lost.mirror))
    assert (refused.status, "others hold" in refused.err) == (1, True)


def test_a_mirror_of_another_history_under_the_same_name_stops_everything(
    lost: Place,
    key: Path,  # noqa: F811
) -> None:
    mark = Path(f"{key}.mark").read_bytes()
    Path(f"{key}.mark").unlink()
    lost.tracker("log", "anchor")
    assert lost.tracker("log", "sign", "--new-mark", "--nothing-lost").status == 0  # the fork
    Path(f"{key}.mark").write_bytes(mark)
    said = lost.say(lost.succeed)
    assert (said.status, "was forked before" in said.err) == (1, True)
    assert not lost.new_key.exists()
