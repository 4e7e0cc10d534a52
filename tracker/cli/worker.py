"""``tracker worker``: the scheduled jobs are run, by one process or by many beside each other."""

from __future__ import annotations

import os
import secrets
import signal
from threading import Event, Thread
from time import monotonic
from typing import Final

import click
from flask import Flask
from structlog.typing import FilteringBoundLogger

from tracker import logging
from tracker.actions.operations.jobs import JobFailed, Report, Runner
from tracker.actions.operations.signing import CannotSign
from tracker.app import open_record, utc_now
from tracker.cli.application_context import ApplicationContext, open_application
from tracker.cli.jobs import JOBS, Job
from tracker.database.outages import refusal_for
from tracker.domain.errors import Refusal
from tracker.settings import Settings
from tracker.store import jobs
from tracker.store.database import db

#: Seconds between two looks at what is due; after a look that failed; and for which a job may go on after the stop.
_PAUSE: Final = 1.0
_AWAY: Final = 5.0
#: Seconds after which a job is begun again that the database or its disk refused: a full disk is not filled by the log.
_REFUSED: Final = 10.0
_GRACE: Final = 10.0
#: What runs beside a server lets requests go first.
_NICENESS: Final = 5


class Worker:
    """Runs each job in a thread of its own: a long one keeps no other waiting."""

    def __init__(self, settings: Settings) -> None:
        self._app: Flask = open_record(settings)
        self._settings = settings
        self._log: FilteringBoundLogger = logging.make_logger(settings.log_level)
        self._jobs: dict[str, Job] = {name: job for name, job in JOBS.items() if job.needs(settings)}
        self._threads: dict[str, Thread] = {}
        self._entered = False
        self._stopped = Event()

    def run(self, stopped: Event) -> None:
        """Until it is stopped, whatever fails meanwhile."""
        self._stopped, pause = stopped, 0.0
        while not stopped.wait(pause):
            try:
                self._look()
                pause = _PAUSE
            except Exception as error:  # the database is away: the next look may find it
                self._tell_failure(error)
                pause = _AWAY
        until = monotonic() + _GRACE
        for thread in self._threads.values():
            thread.join(max(0.0, until - monotonic()))

    def run_once(self) -> None:
        """What is due now, and wait for it."""
        self._stopped.set()  # what is refused is not begun again
        self._look()
        for thread in self._threads.values():
            thread.join()

    def _look(self) -> None:
        with self._app.app_context():
            if not self._entered:
                schedules = {name: job.schedule for name, job in self._jobs.items()}
                self._make_runner().enter_jobs(schedules, JOBS)
                self._entered = True
            self._start_due()

    def _start_due(self) -> None:
        at = self._make_context()
        for run in jobs.list_jobs(at.session):
            job, before = self._jobs.get(run.name), self._threads.get(run.name)
            if job is None or (before is not None and before.is_alive()):
                continue
            due = job.schedule.is_due(run.due_at, at.now)
            if due or job.wakes(at):
                given = (run.name, job, not due)
                self._threads[run.name] = Thread(target=self._run_job, args=given, daemon=True)
                self._threads[run.name].start()

    def _run_job(self, name: str, job: Job, early: bool) -> None:
        began = monotonic()
        try:
            with self._app.app_context():
                at = self._make_context()
                runner = self._make_runner()
                run = runner.run_job(name, job.schedule, lambda: _do_work(job, at), early=early)
        except Exception as error:  # it could not be written down how it began or ended
            self._tell_failure(error, job=name)
            self._stopped.wait(_REFUSED)
            return
        if run is not None:
            tell = self._log.debug if run.outcome == "done" else self._log.error
            took = round((monotonic() - began) * 1000)
            tell("job", job=name, outcome=run.outcome, detail=run.detail, duration_ms=took)

    def _tell_failure(self, error: Exception, **known: str) -> None:
        """What is refused for a while comes again and again, and no trace of it says more than its name."""
        refusal = error if isinstance(error, Refusal) else refusal_for(error)
        if refusal is None:
            logging.log_accident(self._log, error, **known)
        else:
            self._log.error("job", outcome="refused", detail=f"{refusal.title}: {refusal.detail}", **known)

    def _make_context(self) -> ApplicationContext:
        return ApplicationContext(self._app, db.engine, db.session(), utc_now(), self._settings, signs=False)

    def _make_runner(self) -> Runner:
        return Runner(
            db.session(), utc_now, secrets.token_bytes, lambda error: logging.log_accident(self._log, error)
        )


def _do_work(job: Job, at: ApplicationContext) -> Report:
    try:
        return job.work(at)
    except click.ClickException as error:
        raise JobFailed(error.message) from None
    except CannotSign as error:
        raise JobFailed(str(error)) from None


@click.command()
@click.option("--once", is_flag=True, help="Do what is due, and end.")
def worker(once: bool) -> None:
    """Run the scheduled jobs: sign, publish what waited, check files, back up. No timer is needed.

    `tracker serve` runs one beside it, unless TRACKER_WORKER is `apart`. Several do no harm: each job is run by one of
    them at a time. `tracker jobs` says how each went.

    \b
    Example:   tracker worker
    """
    settings = Settings.from_environment()
    with open_application(settings):
        pass  # what is wrong with the database is said before anything runs
    if once:
        Worker(settings).run_once()
    else:
        run_until_stopped(settings)


def run_until_stopped(settings: Settings) -> None:
    """Run jobs until this process is told to end. A job that is still busy then is undone or goes on next time."""
    stopped = Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_given: stopped.set())
    Worker(settings).run(stopped)


def run_child() -> None:
    """A worker beside a server."""
    os.nice(_NICENESS)
    run_until_stopped(Settings.from_environment())
