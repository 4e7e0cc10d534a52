"""Deadlines: where a date stands on a day. A day is owed whole, so a thing is in time on the due day itself.

Nothing here is stored and nothing reads a clock: every answer is for a day that is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final, Literal, get_args

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence

#: A date is due soon when this many days are left, or fewer.
SOON_DAYS: Final = 14
State = Literal["on_time", "due_soon", "overdue", "long_overdue", "met_late", "suspended", "waiting"]
MISSED: Final = "missed"
SUSPENDED: Final = "suspended"
#: Outcomes of a date in whose place another stands, and all with which no time runs any more.
REPLACED: Final = frozenset({"extended", "brought_forward"})
CLOSED: Final = REPLACED | {"waived"}
Outcome = Literal["pending", "met", "missed", "extended", "waived", "suspended", "brought_forward"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_ONE_DAY = timedelta(days=1)


def count_slip_days(baseline_due: date, due: date) -> int:
    """Days by which ``due`` lies after the first date that was promised; negative if brought forward."""
    return (due - baseline_due).days


def name_replacement(old_due: date, new_due: date) -> str:
    """The outcome of a date in whose place another stands. `InvalidInput` where both are the same day."""
    if new_due == old_due:
        raise InvalidInput.at(
            "/due_on",
            sentence("is %(old_due)s, the date that it is to replace; give another", old_due=old_due),
        )
    return "extended" if new_due > old_due else "brought_forward"


@dataclass(frozen=True, slots=True)
class Timing:
    """Where a deadline stands on one day, in days. None means: the question does not arise.

    ``days_left`` while it runs; ``days_overdue`` once the due day has passed and the thing is still owed;
    ``days_late`` and ``days_early`` once met. ``turns_on`` is the next day on which a field changes if nobody
    acts; None if none ever does.
    """

    state: State | None
    days_overdue: int = 0
    days_late: int | None = None
    days_early: int | None = None
    days_left: int | None = None
    turns_on: date | None = None

    def to_json(self) -> dict[str, object]:
        """The fields under their names, ``turns_on`` as ISO text."""
        return {**asdict(self), "turns_on": _iso(self.turns_on)}


def find_timing(
    due_on: date | None,
    day: date,
    outcome: str,
    settled_on: date | None,
    *,
    not_before: date | None = None,
    soon_days: int = SOON_DAYS,
    long_days: int = 90,
) -> Timing:
    """Where a deadline with this ``outcome`` stands on ``day`` (a day in the zone of the process).

    Without a ``due_on`` it is ``waiting`` for an event. ``due_soon``: ``soon_days`` or fewer left; ``long_overdue``:
    more than ``long_days`` past; ``suspended``: its clock stands still. What was missed is still owed, so it goes on
    being overdue; what was met after ``day`` was on ``day`` still pending. It was met on ``settled_on``, or on a day
    from ``not_before`` on: then the days by which it came early or late are those that are certain.
    Raises ``InvalidInput`` for an unknown outcome, ``met`` without ``settled_on``, and negative thresholds.
    """
    _check_terms(outcome, soon_days, long_days)
    if outcome in CLOSED:
        return Timing(None)
    if outcome == SUSPENDED:
        return Timing(SUSPENDED)
    if due_on is None:
        met = outcome == "met" and settled_on is not None and (not_before or settled_on) <= day
        return Timing(None if met else "waiting")
    if outcome == "met":
        if settled_on is None:
            raise InvalidInput.at(
                "/settled_on", sentence("a deadline that was met needs the day on which it was met.")
            )
        first = not_before or settled_on
        if first <= day:
            late, early = max(0, (first - due_on).days), max(0, (due_on - settled_on).days)
            return Timing("met_late" if late else "on_time", days_late=late, days_early=early)
    over = (day - due_on).days
    if over > 0:
        state: State = "long_overdue" if over > long_days else "overdue"
        return Timing(state, days_overdue=over, turns_on=_after(day))
    if outcome == "missed":  # given up on before its day: nothing is overdue until that day has passed
        return Timing(None, turns_on=_after(due_on))
    return Timing("due_soon" if -over <= soon_days else "on_time", days_left=-over, turns_on=_after(day))


def _check_terms(outcome: str, soon_days: int, long_days: int) -> None:
    if outcome not in OUTCOMES:
        raise InvalidInput.at(
            "/outcome", sentence("must be one of %(choices)s.", choices=", ".join(OUTCOMES))
        )
    if soon_days < 0 or long_days < 0:
        raise InvalidInput.at(
            "/soon_days" if soon_days < 0 else "/long_days", sentence("must be 0 days or more.")
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the due date where sources contradict each other: the date, who says so, and why."""

    due_on: date
    says: str
    note: str


@dataclass(frozen=True, slots=True)
class ReadingTiming:
    """What follows if ``reading`` is the right one."""

    reading: Reading
    timing: Timing

    def to_json(self) -> dict[str, object]:
        """``{"due_on", "says", "note", "timing": {...}}``."""
        return {**asdict(self.reading), "due_on": _iso(self.reading.due_on), "timing": self.timing.to_json()}


def find_reading_timings(
    readings: Iterable[Reading],
    day: date,
    outcome: str,
    settled_on: date | None,
    *,
    not_before: date | None = None,
    soon_days: int = SOON_DAYS,
    long_days: int = 90,
) -> tuple[ReadingTiming, ...]:
    """``timing`` under each reading, in the order given: none is preferred and none is dropped."""
    under = partial(
        find_timing,
        day=day,
        outcome=outcome,
        settled_on=settled_on,
        not_before=not_before,
        soon_days=soon_days,
        long_days=long_days,
    )
    return tuple(ReadingTiming(reading, under(reading.due_on)) for reading in readings)


def _after(day: date) -> date | None:
    return None if day == date.max else day + _ONE_DAY


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
