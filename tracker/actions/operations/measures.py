"""What an operator watches over months, in numbers: what waits and for how long. No name, no id, no address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tracker.public import log
from tracker.public.replica import Replica, measure_lag
from tracker.public.tables import log as public_log
from tracker.store import audit, custody, jobs, mail
from tracker.store.custody import EvidenceFile
from tracker.store.pending_updates import list_pending
from tracker.store.releases import Release
from tracker.store.work_queue import OpenWork

#: Evidence that waits for its release is published once a day.
_RELEASED_WITHIN: Final = timedelta(days=1)
_SIZE: Final = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with what it means. ``labels`` are codes of lists that are known."""

    name: str
    meaning: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


def list_measures(session: Session, now: datetime, replica: Replica | None = None) -> Iterator[Measure]:
    """Every number, as it stands now."""
    if replica is not None:
        yield from _measure_replica(session, now, replica)
    yield from _measure_log(session)
    yield from _measure_waiting(session, now)
    yield from _measure_jobs(session, now)
    yield from _measure_files(session, now)
    yield from _measure_mail(session)
    size = session.scalar(text(_SIZE[session.get_bind().dialect.name]))
    yield Measure("database_bytes", "Bytes of the database.", float(size or 0))


def _measure_log(session: Session) -> Iterator[Measure]:
    connection = session.connection()
    last, size = log.last_checkpoint(connection), public_log.size(connection)
    yield Measure("log_entries", "Entries of the public log.", size)
    signed = 0 if last is None else last[0].size
    yield Measure("log_unsigned_entries", "Entries of the public log that are not signed.", size - signed)


def _measure_replica(session: Session, now: datetime, replica: Replica) -> Iterator[Measure]:
    lag = measure_lag(session.connection(), replica, now)
    used = float(lag.state == "follows")
    yield Measure("replica_used", "1 if the replica has all that is public, and is read.", used)
    if lag.acts is not None and lag.seconds is not None:
        yield Measure("replica_acts_behind", "Public acts that the replica does not have yet.", lag.acts)
        meaning = "Seconds since the first of them became public."
        yield Measure("replica_seconds_behind", meaning, lag.seconds)


def _measure_waiting(session: Session, now: datetime) -> Iterator[Measure]:
    meaning = "Things in the queue of the desk."
    begun = select(OpenWork.kind, func.count()).where(OpenWork.since <= now).group_by(OpenWork.kind)
    for kind, count in session.execute(begun.order_by(OpenWork.kind)):
        yield Measure("queue_entries", meaning, count, {"kind": kind})
    yield Measure("pending_updates", "Edits whose effects are still carried out.", len(list_pending(session)))
    for name, meaning, before in (
        ("releases_waiting", "Things that wait until they become public.", None),
        ("releases_overdue", "Those that were due more than a day ago.", now - _RELEASED_WITHIN),
    ):
        query = select(func.count()).select_from(Release)
        query = query if before is None else query.where(Release.not_before < before)
        yield Measure(name, meaning, session.scalar(query) or 0)


def _measure_jobs(session: Session, now: datetime) -> Iterator[Measure]:
    for run in jobs.list_jobs(session):
        labels = {"job": run.name}
        good = run.find_state(now) in ("waits", "runs")
        yield Measure("job_good", "1 if a job is neither late, wrong nor failed.", int(good), labels)
        if run.done_at is not None:
            yield Measure(
                "job_age_seconds", "Since a job was last done well.", _age(run.done_at, now), labels
            )
    backup = audit.find_last_of_verb(session, "backup")
    if backup is not None:
        yield Measure("backup_age_seconds", "Since the last backup.", _age(backup, now))


def _measure_files(session: Session, now: datetime) -> Iterator[Measure]:
    there = EvidenceFile.destroyed_at.is_(None)
    count, bytes_, oldest = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(EvidenceFile.size), 0),
            func.min(func.coalesce(EvidenceFile.checked_at, EvidenceFile.added_at)),
        ).where(there)
    ).one()
    yield Measure("files", "Files of evidence.", count)
    yield Measure("files_bytes", "Their bytes.", float(bytes_))
    yield Measure("files_failed", "Those that are not as recorded.", len(custody.list_failed_files(session)))
    if oldest is not None:
        meaning = "Since the file was read that was read longest ago."
        yield Measure("fixity_age_seconds", meaning, _age(oldest, now))


def _measure_mail(session: Session) -> Iterator[Measure]:
    state = mail.read_mail_state(session)
    yield Measure("letters_waiting", "Letters that wait for the mail server.", state.waiting)
    yield Measure("letters_failing", "Those that were refused for half an hour and more.", state.failing)
    yield Measure("letters_given_up", "Those of the last week that were given up.", state.given_up)


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
