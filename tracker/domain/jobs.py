"""Jobs that come round by themselves: when each is due, and how its last run stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal

#: ``done``: it ran to its end. ``wrong``: it did, and found what somebody has to look at. ``failed``: it broke off.
OUTCOMES: Final = ("done", "wrong", "failed")
#: The job that carries out what acts have queued. A server does so, too, but not at the same time.
WORK: Final = "work"
#: The longest name of a job, and what is kept of the words about its last run.
NAME, DETAIL = 16, 300
#: A run that broke off, with its process or without it, is tried again after so long.
RETRY: Final = timedelta(minutes=10)
#: Due for so long and not begun: no worker runs.
LATE: Final = timedelta(minutes=30)
#: A run that has not ended after so long has ended with its process.
LONGEST: Final = timedelta(hours=6)
#: How far the clocks of two workers may be apart. An instant further ahead was written by a clock that was set back.
_APART: Final = timedelta(hours=1)

State = Literal["waits", "runs", "late", "wrong", "failed"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """``every`` so long; or, where ``at`` is given, at this time of each day, in UTC."""

    every: timedelta = timedelta(days=1)
    at: time | None = None

    def find_next(self, now: datetime) -> datetime:
        """When a job that ends now is due again."""
        if self.at is None:
            return now + self.every
        today = datetime.combine(now.astimezone(UTC), self.at, UTC)
        return today if today > now else today + self.every

    def find_retry(self, now: datetime) -> datetime:
        """When a job that begins now is due again, if it does not come to its end."""
        return now + min(self.every, RETRY)

    def is_due(self, due_at: datetime, now: datetime) -> bool:
        return due_at <= now or due_at - _APART > self.find_next(now)


@dataclass(frozen=True, slots=True)
class Run:
    """A job as it is kept. ``done_at``: when it ran to its end last."""

    name: str
    due_at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    detail: str | None = None
    done_at: datetime | None = None

    def find_state(self, now: datetime) -> State:
        """What an operator has to know of it."""
        if self.began_at is not None and self.ended_at is None and now - self.began_at < LONGEST:
            return "runs"
        if now - self.due_at > LATE:
            return "late"
        if self.outcome == "wrong":
            return "wrong"
        return "failed" if self.outcome == "failed" else "waits"
