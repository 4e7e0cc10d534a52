"""One act of a door: one transaction, acted on once however often it is sent, and what follows its commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from tracker import logging
from tracker.actions import custody
from tracker.actions.support import idempotency
from tracker.actions.support.idempotency import Outcome, RequestKey
from tracker.actions.support.unit import Unit, open_unit
from tracker.domain.errors import Refusal
from tracker.domain.people import Actor
from tracker.domain.service_errors import Busy, DiskFull
from tracker.http.context import Context
from tracker.http.follow_up import AFTER_AN_ACT, follow_commit

T = TypeVar("T")


@dataclass(slots=True)
class Act:
    """An act that is being done. ``outcome`` is what a repetition of its request is told; ``after`` is what the
    database cannot undo, and so waits for the commit."""

    unit: Unit
    outcome: Outcome | None = None
    after: list[Callable[[], None]] = field(default_factory=list)


@contextmanager
def open_act(
    known: Context,
    session: Session,
    by: Actor,
    asked: RequestKey | None = None,
    *,
    whatever_standing: bool = False,
) -> Iterator[Act]:
    """One act in its transaction, which commits when the block ends."""
    # The clock, not the instant at which the head of the request came: its body may have taken long.
    with open_unit(session, by, known.clock, known.entropy, whatever_standing=whatever_standing) as opened:
        act = Act(opened)
        yield act
        idempotency.sweep_requests(opened)
        if asked is not None and act.outcome is not None:
            idempotency.keep_outcome(opened, asked, act.outcome)
    _follow(known, session, act.after)


def act_once(
    known: Context,
    session: Session,
    by: Actor,
    now: datetime,
    asked: RequestKey,
    act: Callable[[], T],
    again: Callable[[Outcome], T],
) -> T:
    """Act, but for a request that was acted on already: then say ``again`` what became of it."""
    before = idempotency.begin_request(session, by, now, known.entropy, asked)
    if before is not None:
        return again(before)
    try:
        return act()
    except Exception as error:
        try:
            idempotency.give_up_request(session, by, now, known.entropy, asked)
        except (Busy, DiskFull):  # the claim runs out by itself, and until then a repetition is refused
            if isinstance(error, Refusal):
                error.wait = int(idempotency.LEASE.total_seconds())
        raise


def list_deletions(known: Context, session: Session, thing: str) -> list[Callable[[], None]]:
    """What deletes, after the commit, the bytes of the files that an act destroyed."""
    return list_forgotten(known, custody.record_destruction(session, thing))


def list_forgotten(known: Context, keys: Iterable[str]) -> list[Callable[[], None]]:
    """What deletes, after the commit, the bytes of these keys."""
    files = known.files
    return [] if files is None else [partial(files.delete, key) for key in keys]


def _follow(known: Context, session: Session, after: list[Callable[[], None]]) -> None:
    """The act is done, whatever fails here: that is for the log and the next sweep."""
    for step in after:
        try:
            step()
        except Exception as error:  # each is tried, and none is answered for
            logging.log_accident(known.log, error)
    if known.follow_up is None:
        follow_commit(known, session, AFTER_AN_ACT)
    else:
        known.follow_up.ask()
