"""Running the scheduled jobs: each when it is due, once, and never twice at the same time.

What says when a job is due and how it ended is a row, and what says that it runs is a lock of the database, which falls
with its holder. A process that is killed in the middle of a job has done a part of it; the next run does the rest,
`RETRY` later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import Clock, open_unit
from tracker.database.job_locks import hold_job
from tracker.domain.errors import Refusal
from tracker.domain.jobs import DETAIL, Run, Schedule
from tracker.store import jobs


class JobFailed(Exception):
    """A job broke off, and why, in words for the operator."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run has to say: counts and codes, for the operator. Not ``good``: somebody has to look."""

    detail: str
    good: bool = True


@dataclass(frozen=True, slots=True)
class Runner:
    """A process that runs jobs: with which clock and randomness, and whom it tells of an accident."""

    session: Session
    clock: Clock
    entropy: Callable[[int], bytes]
    tell: Callable[[Exception], None]

    def enter_jobs(self, schedules: dict[str, Schedule], names: Collection[str]) -> None:
        """Enter jobs that no worker has known yet, and leave out those whose ``names`` no version has any more. A daily
        one waits for its time of day."""
        with open_unit(self.session, OPERATOR, self.clock, self.entropy) as unit:
            known = {run.name for run in jobs.list_jobs(unit.session)}
            for name in known - set(names):
                jobs.forget_job(unit.session, name)
            for name, schedule in schedules.items():
                if name not in known:
                    due = unit.now if schedule.at is None else schedule.find_next(unit.now)
                    jobs.add_job(unit.session, Run(name, due))

    def run_job(
        self, name: str, schedule: Schedule, work: Callable[[], Report], *, early: bool = False
    ) -> Run | None:
        """Run a job if it is due, or ``early``, and nobody else runs it. Returns how it stands then; None where it was
        not run."""
        engine = self.session.get_bind().engine
        self.session.rollback()
        with hold_job(engine, name) as locked:
            if not locked or not self._begin(name, schedule, early=early):
                return None
            outcome, report = self._try(work)
            self.session.rollback()
            return self._end(name, schedule, outcome, report)

    def _begin(self, name: str, schedule: Schedule, *, early: bool) -> bool:
        with open_unit(self.session, OPERATOR, self.clock, self.entropy) as unit:
            now, run = self.clock(), jobs.find_job(unit.session, name)
            if run is None or not (early or schedule.is_due(run.due_at, now)):
                return False
            jobs.change_job(unit.session, name, began_at=now, ended_at=None, due_at=schedule.find_retry(now))
        return True

    def _try(self, work: Callable[[], Report]) -> tuple[str, str]:
        try:
            report = work()
        except (Refusal, JobFailed) as error:
            return "failed", str(error)
        except Exception as error:  # whatever it is, the other jobs go on
            self.tell(error)
            return "failed", f"{type(error).__name__}: see the server log"
        return "done" if report.good else "wrong", report.detail

    def _end(self, name: str, schedule: Schedule, outcome: str, detail: str) -> Run | None:
        with open_unit(self.session, OPERATOR, self.clock, self.entropy) as unit:
            now = self.clock()
            values = {"ended_at": now, "outcome": outcome, "detail": detail[:DETAIL]}
            if outcome == "done":
                values["done_at"] = now
            if outcome != "failed":  # else it is tried again when `_begin` said
                values["due_at"] = schedule.find_next(now)
            jobs.change_job(unit.session, name, **values)
            return jobs.find_job(unit.session, name)
