"""From nothing to a tracker that can be served, by one command; another says what is right and what is not."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Tracker
from tests.world import World
from tracker.cli import installation
from tracker.settings import NAMES


@pytest.fixture
def alone(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """`tracker` without a setting; what a command sets is taken back."""
    for name in (*NAMES, "TRACKER_SETTINGS"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return tracker


def states(tracker: Tracker, *options: str) -> dict[str, str]:
    said = tracker(*options, "check", "--json")
    found = {one["name"]: one["state"] for one in json.loads(said.out)}
    assert said.status == int("wrong" in found.values())
    return found


def test_one_command_makes_all_that_a_tracker_needs_for_its_owner_alone(
    alone: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "new" / "tracker"
    with monkeypatch.context() as cut_off:
        cut_off.setattr(installation, "write_private", lambda *_given: pytest.exit("power cut"))
        with pytest.raises(pytest.exit.Exception):
            alone("init", str(folder), "--base-url", "https://tracker.example")
    said = alone("init", str(folder), "--base-url", "https://tracker.example")  # goes on where it was
    assert (said.status, said.err) == (0, "")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert set(modes) >= {"settings", "sealing.keys", "log.key", "log.key.mark", "tracker.db"}
    assert (set(modes.values()), stat.S_IMODE(folder.stat().st_mode)) == ({0o600}, 0o700)
    assert "tracker.example/log+" in said.out
    assert "https://tracker.example/en/desk/entry?link=" in said.out
    again = alone("init", str(folder))
    assert again.status == 2
    assert "there is a tracker in" in again.err

    found = states(alone, "--settings", f"{folder}/settings")
    assert [found[name] for name in ("database", "signature", "files", "sealing", "address")] == ["right"] * 5
    assert (found["publish"], found["redact"]) == ("not_yet", "not_yet")
    assert "admin" in alone("--settings", f"{folder}/settings", "people", "list").out
    other = alone("init", str(tmp_path / "other"), "--database-url", f"sqlite:///{folder}/tracker.db")
    assert (other.status, "holds a tracker already" in other.err) == (2, True)


def test_a_key_of_the_log_that_its_database_does_not_know_is_told_of_and_kept(
    alone: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be left of a call that was cut off before the database knew it, or be that of another log."""
    key, aside = tmp_path / "new" / "log.key", tmp_path / "aside"
    with monkeypatch.context() as cut_off:
        cut_off.setattr(installation.signing, "anchor_internal_log", lambda _unit: pytest.exit("power cut"))
        with pytest.raises(pytest.exit.Exception):
            alone("init", str(tmp_path / "new"))
    again = alone("init", str(tmp_path / "new"))
    assert (again.status, f"{key} is the key of another log, or was made when" in again.err) == (2, True)
    key.rename(aside)
    assert alone("init", str(tmp_path / "new")).status == 0
    assert aside.exists()


def test_settings_may_be_named_before_they_are_made(
    alone: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tracker"
    monkeypatch.setenv("TRACKER_SETTINGS", f"{folder}/settings")
    before = alone("check")
    assert (before.status, before.err) == (2, f"tracker: the settings cannot be read: {folder}/settings\n")
    assert alone("init", str(folder)).status == 0
    assert states(alone)["database"] == "right"


def test_what_is_wrong_is_named(
    tracker: Tracker, sqlite_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TRACKER_FILES", f"file://{tmp_path}/file/below")
    monkeypatch.setenv("TRACKER_LOG_KEY", str(tmp_path / "none"))
    monkeypatch.setenv("TRACKER_SEALING_KEYS", str(tmp_path / "none"))
    monkeypatch.setenv("TRACKER_BASE_URL", "http://tracker.example")
    found = states(tracker)
    assert {name for name, state in found.items() if state == "wrong"} == {
        *("signature", "files", "sealing", "address"),
    }
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    assert states(tracker)["database"] == "wrong"


def test_acts_that_take_several_people_are_possible_once_they_are_there(
    tracker: Tracker, world: World
) -> None:
    together = ("publish", "approve a status", "verify evidence of a watchdog", "lower protection")
    world.session.rollback()
    found = states(tracker)
    assert [found[act] for act in together] == ["right"] * 4
    assert tracker("people", "add", "first", "--role", "custodian").status == 0
    assert states(tracker)["redact"] == "not_yet"  # one custodian cannot do it alone
    assert tracker("people", "add", "second", "--role", "custodian").status == 0
    assert states(tracker)["redact"] == "right"
    for one in json.loads(tracker("people", "list", "--json").out):
        if "approver" in one["roles"]:
            assert tracker("people", "suspend", one["name"]).status == 0
    found = states(tracker)
    assert [found[act] for act in together] == ["not_yet", "not_yet", "not_yet", "right"]


def test_what_a_command_sets_for_what_it_starts_is_gone_after_it(
    alone: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "one"
    alone("init", str(folder))
    monkeypatch.setenv("TRACKER_LOG_LEVEL", "error")
    before = dict(os.environ)
    alone("--settings", f"{folder}/settings", "check")
    alone("--settings", f"{folder}/settings", "people", "nonsense")
    assert dict(os.environ) == before
