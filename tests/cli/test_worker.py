"""Nobody writes a timer: the worker does what comes round, and an operator sees how each job went."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest

from tests.cli.conftest import Tracker
from tests.cli.witnesses import WITNESS_KEY, Witness, listening
from tests.conftest import Clock
from tests.world import World
from tracker.actions import custody
from tracker.actions.operations.jobs import Runner
from tracker.cli import jobs as of_jobs
from tracker.cli import worker as of_worker
from tracker.cli.worker import Worker, run_until_stopped
from tracker.domain.service_errors import DiskFull
from tracker.files.files import Stored
from tracker.files.folder import Folder
from tracker.settings import Settings
from tracker.tlog import note
from tracker.tlog.keys import parse_vkey


@pytest.fixture
def hours(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that the worker reads."""
    for module in (of_jobs, of_worker):
        monkeypatch.setattr(module, "utc_now", clock)
    monkeypatch.setattr("tracker.cli.application_context.utc_now", clock)
    monkeypatch.setattr("tracker.cli.backups.utc_now", clock)
    return clock


@pytest.fixture
def full(tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Settings with which every job has what it needs. Returns the folder of the backups."""
    key = tmp_path / "log.key"
    made = tracker("log", "init", "--origin", "t.example/log", "--key", str(key))
    monkeypatch.setenv("TRACKER_LOG_KEY", str(key))
    assert tracker("sealing", "new-key", str(tmp_path / "sealing.keys")).status == 0
    monkeypatch.setenv("TRACKER_SEALING_KEYS", str(tmp_path / "sealing.keys"))
    monkeypatch.setenv("TRACKER_BACKUPS", str(tmp_path / "backups"))
    monkeypatch.setenv("TRACKER_MAIL_SERVER", "plain://127.0.0.1:9")
    monkeypatch.setenv("TRACKER_MAIL_FROM", "tracker@t.example")
    with listening(Witness(parse_vkey(made.out.strip()))) as url:
        monkeypatch.setenv("TRACKER_WITNESSES", f"{url} {WITNESS_KEY.public.vkey}")
        yield tmp_path / "backups"


def listed(tracker: Tracker) -> dict[str, dict[str, str]]:
    return {run["name"]: run for run in json.loads(tracker("jobs", "--json").out)}


def states(tracker: Tracker) -> dict[str, str]:
    return {one["name"]: one["state"] for one in json.loads(tracker("check", "--json").out)}


def test_all_that_comes_round_in_a_day_is_done_and_seen(
    tracker: Tracker, made: World, full: Path, hours: Clock
) -> None:
    assert "no worker has run yet" in tracker("jobs").out
    assert {states(tracker)[name] for name in ("jobs", "backup")} == {"not_yet"}
    assert "backup: there is none yet: the worker writes one each night" in tracker("check").out
    assert tracker("worker", "--once").status == 0
    assert {name for name, run in listed(tracker).items() if run["outcome"]} == {
        *("work", "sign", "witnesses", "webhooks", "mail", "refresh", "fixity"),
    }
    hours.move(days=1)
    said = tracker("worker", "--once")
    assert said.err == ""
    found = listed(tracker)
    assert {name: run["outcome"] for name, run in found.items()} == dict.fromkeys(of_jobs.JOBS, "done"), found
    assert [path.name for path in full.glob("2*")] == ["20261124T090000Z"]
    assert {states(tracker)[name] for name in ("jobs", "backup")} == {"right"}
    assert "backup   waits  last 2026-11-24 09:00  due 2026-11-25 01:00" in tracker("jobs").out

    again = Worker(Settings.from_environment())
    hours.move(minutes=30)
    again.run_once()  # nothing of the night is due
    assert {name for name, run in listed(tracker).items() if "09:30" in run["ended_at"]} == {
        *("work", "sign", "witnesses", "webhooks", "mail", "refresh", "fixity"),
    }
    hours.move(days=1, hours=3)
    said = tracker("jobs")
    assert (said.status, "late" in said.out) == (1, True)
    assert {states(tracker)[name] for name in ("jobs", "backup")} == {"wrong"}


def test_a_day_is_anchored_once_whoever_did_it(
    tracker: Tracker, made: World, full: Path, hours: Clock
) -> None:
    tracker("worker", "--once")
    hours.move(days=1)
    assert tracker("log", "anchor").status == 0
    tracker("worker", "--once")
    assert listed(tracker)["anchor"]["detail"] == "anchored today already"


def test_witnesses_cosign_what_was_signed_and_one_that_does_not_is_named(
    tracker: Tracker, made: World, full: Path, hours: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker("worker", "--once")
    tracker("log", "export", str(tmp_path / "log"))
    signed = note.parse((tmp_path / "log" / "checkpoint").read_bytes())
    assert WITNESS_KEY.public.name in {line.name for line in signed.signatures}
    monkeypatch.setenv("TRACKER_WITNESSES", f"http://127.0.0.1:9 {WITNESS_KEY.public.vkey}")
    tracker("log", "anchor")
    hours.move(minutes=1)
    tracker("worker", "--once")
    assert listed(tracker)["witnesses"]["state"] == "wrong"
    assert listed(tracker)["witnesses"]["detail"].startswith(
        "witness.example/w1 did not sign: it cannot be asked"
    )


def test_what_a_job_finds_is_for_the_operator_and_the_rest_goes_on(
    tracker: Tracker,
    world: World,
    hours: Clock,
    sqlite_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    item = world.item()
    with world.act(world.editor) as act:
        lost = custody.ReceivedFile("evidentiary_copy", Stored("0" * 32, 1, "0" * 64), None, "text/plain")
        custody.add_file(act, item, lost)
        there = Folder(sqlite_folder / "files", os.urandom).put([b"there"], 5)
        custody.add_file(act, item, custody.ReceivedFile("evidentiary_copy", there, None, "text/plain"))
    world.session.rollback()
    (tmp_path / "a file").touch()
    monkeypatch.setenv("TRACKER_BACKUPS", str(tmp_path / "a file" / "below"))
    said = tracker("worker", "--once")
    assert {json.loads(line)["event"] for line in said.err.splitlines()} == {"job", "fixity"}
    hours.move(minutes=15)
    assert tracker("worker", "--once").status == 0
    assert listed(tracker)["fixity"]["detail"] == "0 files read, 0 wait; 1 files are not as recorded"
    hours.move(days=1, minutes=1)
    monkeypatch.setattr(of_jobs, "monotonic", iter((0.0, 61.0)).__next__)
    said = tracker("worker", "--once")
    found = listed(tracker)
    assert (found["fixity"]["outcome"], found["fixity"]["state"]) == ("wrong", "wrong")
    assert (found["backup"]["outcome"], found["refresh"]["outcome"]) == ("failed", "done")
    assert found["anchor"]["detail"].startswith("the log has no name yet")
    lines = [json.loads(line) for line in said.err.splitlines()]
    assert {line["event"] for line in lines} == {"job", "fixity"}
    assert found["backup"]["detail"].startswith("no backup can be put into")
    assert tracker("jobs").status == 1


def test_a_worker_goes_on_while_the_database_is_away_and_ends_when_it_is_told_to(
    tracker: Tracker, hours: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks: list[None] = []

    def look(self: Worker) -> None:
        looks.append(None)
        if len(looks) == 1:
            raise OSError("away")
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(Worker, "_look", look)
    monkeypatch.setattr(of_worker, "_AWAY", 0.0)
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        run_until_stopped(Settings.from_environment())
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    assert len(looks) == 2
    assert '"accident"' in capsys.readouterr().err


def test_a_full_disk_is_told_in_a_line_for_each_job_and_the_log_does_not_fill_it_further(
    tracker: Tracker, hours: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    worker, stopped, begun = Worker(Settings.from_environment()), Event(), []
    worker.run_once()
    hours.move(days=1)

    def refuse(_self: Runner, name: str, *_given: object, **_more: object) -> None:
        begun.append(name)
        raise DiskFull("the operators have to make room")

    monkeypatch.setattr(Runner, "run_job", refuse)
    monkeypatch.setattr(of_worker, "_PAUSE", 0.01)
    capsys.readouterr()
    thread = Thread(target=worker.run, args=(stopped,))
    thread.start()
    sleep(1)
    stopped.set()
    thread.join()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert sorted(begun) == sorted(set(begun)) == sorted(line["job"] for line in lines)
    assert {line["outcome"] for line in lines} == {"refused"}
    assert not any("where" in line for line in lines)
