"""Jobs that come round by themselves: when each is due, and how its last run ended. They hold counts, and no words of
the record; and they leave no entry on the audit trail, which says what people did."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, String, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from tracker.domain.jobs import DETAIL, NAME, OUTCOMES, Run
from tracker.store.base import Base, UtcInstant, check_one_of
from tracker.store.database import core_connection

JOBS: Final = Table(
    "job",
    Base.metadata,
    Column("name", String(NAME), primary_key=True),
    Column("due_at", UtcInstant(), nullable=False),
    Column("began_at", UtcInstant(), nullable=True),
    Column("ended_at", UtcInstant(), nullable=True),
    Column("outcome", String(6), nullable=True),
    Column("detail", String(DETAIL), nullable=True),
    Column("done_at", UtcInstant(), nullable=True),
    check_one_of("outcome", OUTCOMES),
)
_ALL: Final = select(JOBS).order_by(JOBS.c.name)
_OWN: Final = JOBS.c.name == bindparam("own")


def list_jobs(session: Session) -> list[Run]:
    """Every job that a worker has known, by name."""
    return [Run(**row._mapping) for row in core_connection(session).execute(_ALL)]


def find_job(session: Session, name: str) -> Run | None:
    row = core_connection(session).execute(_ALL.where(_OWN), {"own": name}).first()
    return None if row is None else Run(**row._mapping)


def add_job(session: Session, run: Run) -> None:
    core_connection(session).execute(insert(JOBS), {"name": run.name, "due_at": run.due_at})


def change_job(session: Session, name: str, **values: Any) -> None:
    """Write down that a run began, or how it ended."""
    core_connection(session).execute(update(JOBS).where(_OWN).values(values), {"own": name})


def forget_job(session: Session, name: str) -> None:
    core_connection(session).execute(delete(JOBS).where(_OWN), {"own": name})
