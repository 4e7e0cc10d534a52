"""Each job is run when it is due, once, and never twice at the same time; what breaks off is run again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.conftest import Clock
from tracker.actions.operations.jobs import JobFailed, Report, Runner
from tracker.database.job_locks import hold_job
from tracker.domain.jobs import RETRY, Schedule
from tracker.domain.service_errors import Unavailable
from tracker.store import jobs
from tracker.store.database import db

HOURLY, NIGHTLY = Schedule(timedelta(hours=1)), Schedule(at=time(3))


@pytest.fixture
def told() -> list[Exception]:
    return []


@pytest.fixture
def runner(session: Session, clock: Clock, entropy: Callable[[int], bytes], told: list[Exception]) -> Runner:
    return make_runner(session, clock, entropy, told)


@pytest.fixture
def stored_runner(
    stored: Flask, clock: Clock, entropy: Callable[[int], bytes], told: list[Exception]
) -> Runner:
    """The same on either database."""
    return make_runner(db.session(), clock, entropy, told)


def make_runner(
    session: Session, clock: Clock, entropy: Callable[[int], bytes], told: list[Exception]
) -> Runner:
    made = Runner(session, clock, entropy, told.append)
    made.enter_jobs({"hourly": HOURLY, "nightly": NIGHTLY}, ("hourly", "nightly"))
    return made


def test_a_job_runs_when_it_is_due_and_says_how_it_went(runner: Runner, clock: Clock) -> None:
    run = runner.run_job("hourly", HOURLY, lambda: Report("3 things"))
    assert run is not None
    assert (run.outcome, run.detail, run.done_at) == ("done", "3 things", clock.now)
    assert run.due_at == clock.now + HOURLY.every
    unasked = pytest.fail
    assert runner.run_job("hourly", HOURLY, lambda: unasked("it is not due")) is None
    assert runner.run_job("nightly", NIGHTLY, lambda: unasked("it waits for its time of day")) is None
    assert runner.run_job("unknown", HOURLY, lambda: unasked("nobody entered it")) is None
    clock.move(days=1)
    wrong = runner.run_job("nightly", NIGHTLY, lambda: Report("2 faults", good=False))
    assert wrong is not None
    assert (wrong.outcome, wrong.done_at, wrong.due_at) == ("wrong", None, NIGHTLY.find_next(clock.now))


@pytest.mark.parametrize(
    ("error", "detail", "accidents"),
    [
        (Unavailable("the database does not answer"), "the database does not answer", 0),
        (JobFailed("pg_dump is not installed"), "pg_dump is not installed", 0),
        (KeyError("a secret"), "KeyError: see the server log", 1),
    ],
)
def test_a_job_that_breaks_off_is_tried_again_soon_and_tells_no_secret(
    runner: Runner, clock: Clock, told: list[Exception], error: Exception, detail: str, accidents: int
) -> None:
    def fail() -> Report:
        raise error

    clock.move(days=1)
    run = runner.run_job("nightly", NIGHTLY, fail)
    assert run is not None
    assert (run.outcome, run.detail, run.due_at) == ("failed", detail, clock.now + RETRY)
    assert len(told) == accidents


def test_a_job_that_was_killed_with_its_process_is_run_again(runner: Runner, clock: Clock) -> None:
    with pytest.raises(SystemExit):
        runner.run_job("hourly", HOURLY, sys.exit)
    [run, _nightly] = jobs.list_jobs(runner.session)
    assert (run.find_state(clock.now), run.due_at) == ("runs", clock.now + RETRY)
    clock.move(minutes=10)
    again = runner.run_job("hourly", HOURLY, lambda: Report("done"))
    assert again is not None
    assert again.outcome == "done"


def test_what_no_version_knows_any_more_is_forgotten_and_the_rest_stays(runner: Runner, clock: Clock) -> None:
    runner.run_job("hourly", HOURLY, lambda: Report("kept"))
    runner.enter_jobs({"hourly": HOURLY}, ("hourly", "of another server"))
    assert [(run.name, run.detail) for run in jobs.list_jobs(runner.session)] == [("hourly", "kept")]


def test_a_second_worker_does_not_run_what_runs(
    stored_runner: Runner, database_url: str, clock: Clock
) -> None:
    def work() -> Report:
        with hold_job(other, "hourly") as held, hold_job(other, "nightly") as another:
            return Report(f"{held} {another}")

    other = create_engine(database_url)
    run = stored_runner.run_job("hourly", HOURLY, work)
    with hold_job(other, "hourly") as held:
        clock.move(hours=1)
        assert stored_runner.run_job("hourly", HOURLY, lambda: pytest.fail("it runs elsewhere")) is None
    other.dispose()
    assert run is not None
    assert (run.detail, held) == ("False True", True)


_HOLDER = """
import sys
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from tracker.database.job_locks import hold_job
with hold_job(create_engine(sys.argv[1]), "hourly") as held:
    print(held, flush=True)
    sys.stdin.read()
"""


def test_a_lock_falls_with_the_process_that_held_it(stored_runner: Runner, database_url: str) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", _HOLDER, database_url], **pipes) as holder:  # type: ignore[call-overload]
        assert holder.stdout.readline() == b"True\n"
        assert stored_runner.run_job("hourly", HOURLY, lambda: pytest.fail("it runs elsewhere")) is None
        holder.kill()
        holder.wait()
    for _try in range(1000):  # PostgreSQL notices that a connection broke a moment after it did
        if (run := stored_runner.run_job("hourly", HOURLY, lambda: Report("done"))) is not None:
            break
    assert run is not None
    assert run.outcome == "done"


def test_a_database_in_memory_has_one_process() -> None:
    with hold_job(create_engine("sqlite://"), "hourly") as held:
        assert held
