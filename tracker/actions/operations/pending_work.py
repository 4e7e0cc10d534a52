"""Carrying out what acts have queued, part by part, each in a transaction of its own.

A server does it after a commit, a worker from time to time, the operator when asked. Of two at once each takes the part
that comes next, for parts are taken under the lock of all writers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from tracker.actions.people import OPERATOR
from tracker.actions.support.pending_updates import continue_update
from tracker.actions.support.unit import Clock, Unit, open_unit
from tracker.database.job_locks import hold_job
from tracker.domain.jobs import WORK
from tracker.store.pending_updates import has_pending


def run_pending_updates(
    session: Session, opened: Callable[[], AbstractContextManager[Unit]], most: int | None = None
) -> int:
    """Do what is queued, at most so many parts (None: all); ``opened`` gives a unit for each. Returns how many."""
    done = 0
    while (most is None or done < most) and has_pending(session):
        session.rollback()  # the look took a view of the database; the unit takes its own
        with opened() as unit:
            if not continue_update(unit):
                break
        done += 1
    session.rollback()
    return done


def run_after_commit(
    session: Session, clock: Clock, entropy: Callable[[int], bytes], most: int | None = None
) -> None:
    """After a commit: do what is queued, by this act or an earlier one; at most so many parts (None: all).

    Where another process does so already it is left to that: each would hold up the other writers for a part of its
    own.
    """
    waits = has_pending(session)
    session.rollback()
    if waits:
        with hold_job(session.get_bind().engine, WORK) as alone:
            if alone:
                run_pending_updates(session, lambda: open_unit(session, OPERATOR, clock, entropy), most)
