"""While the database does not answer: what it answered last, for a while, and how old that is.

A page that was right when the database last answered is better than none, as long as readers are told. But what was
redacted meanwhile must not be shown for long by a server that is cut off, so there is an end to it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from tracker.domain.errors import Refusal
from tracker.domain.service_errors import Busy

#: For how long an answer is used after it was given.
LONGEST: Final = timedelta(minutes=15)
#: For how long the database is not asked again: each question that it does not answer holds a thread.
_PAUSE: Final = timedelta(seconds=2)

Answer = TypeVar("Answer")


class Staleness:
    """What one server asks the database before it hands out what it has."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known: dict[str, tuple[Any, datetime]] = {}
        self._failed: tuple[Busy, datetime] | None = None

    def ask(self, about: str, question: Callable[[], Answer]) -> tuple[Answer, int | None]:
        """What the database answers, and None; while it does not, what it answered last, and how many seconds ago.

        Raises its refusal where nothing is known, or for too long.
        """
        now, failed = self._clock(), self._failed
        if failed is None or not timedelta() <= now - failed[1] < _PAUSE:
            if failed is not None:
                self._failed = (
                    failed[0],
                    now,
                )  # others do not wait with this one: it may take the whole time limit
            try:
                answer = question()
            except Busy as refusal:
                self._failed = refusal, now
            except Refusal:
                self._known.pop(about, None)
                raise
            else:
                self._failed, self._known[about] = None, (answer, now)
                return answer, None
        known, when = self._known.get(about, (None, now - 2 * LONGEST))
        if now - when > LONGEST:
            raise self.refusal()
        return known, max(0, int((now - when).total_seconds()))

    def refusal(self) -> Busy:
        """Why the database did not answer last."""
        if self._failed is None:
            return Busy("the database did not answer in time", wait=5)
        since = self._failed[0]
        return type(since)(since.detail, wait=since.wait)


def mark_stale(age: int | None) -> list[tuple[str, str]]:
    """The headers of what is handed out though nobody knows whether it is still right; none where it is fresh.

    RFC 9111, 5.1: ``Age`` is in seconds since it was known to be right; RFC 9211, 2.4: a ``ttl`` below 0 is stale.
    """
    if age is None:
        return []
    return [("Age", str(age)), ("Cache-Status", f"tracker; hit; ttl=-{age}; detail=database-away")]
