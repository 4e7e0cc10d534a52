"""Deadlines: date arithmetic that explains itself.

The convention is that of Regulation (EEC, Euratom) No 1182/71, Article 3: the day of the act is not
counted, so day 1 is the day after; weeks, months and years end on the day of the same name or number, or on
the last day of a month that is too short; a day is owed whole, so a thing is in time on the due day itself.
Rolling to a working day is never assumed: a rule says it or it does not happen.

Nothing here is stored and nothing reads a clock: every answer is for a day that is given.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final, Literal, cast, get_args

from tracker.domain.calendars import Calendar, name_day
from tracker.domain.errors import InvalidInput

Unit = Literal["days", "working_days", "weeks", "months", "years"]
#: A date is due soon when this many days are left, or fewer.
SOON_DAYS: Final = 14
State = Literal["on_time", "due_soon", "overdue", "long_overdue", "met_late"]
MISSED: Final = "missed"
Outcome = Literal["pending", "met", "missed", "extended", "waived"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

# About a century each, so that no sum runs away; ten years of working days, for each day skipped is listed.
LIMITS: dict[Unit, int] = {"days": 36500, "working_days": 2600, "weeks": 5200, "months": 1200, "years": 100}
GRAMMAR = (
    'must be a count and a unit, such as "1 day", "45 working days", "2 weeks", "3 months" or "1 year", '
    'or "last day of month", or "2 months, last day of month"; each may end with ", next working day".'
)
_BEYOND = "the due date would lie beyond the year 9999; set a shorter time."
_LAST_DAY, _ROLL = "last day of month", ", next working day"
_TERM = re.compile(r"([1-9][0-9]{0,8}) (working day|day|week|month|year)(s?)")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """How long somebody has: ``count`` units, perhaps the end of that month, perhaps a working day.

    ``count`` is 1 to ``LIMITS[unit]``, or 0 with ``end_of_month``, which goes with months only ("last day of
    month" is that of the month of the act). ``roll`` moves a due date that is no working day to the next one
    and leaves a working day where it is (Article 3(4)). Raises ``InvalidInput`` at ``/rule``.
    """

    count: int
    unit: Unit
    end_of_month: bool = False
    roll: bool = False

    def __post_init__(self) -> None:
        if self.unit not in LIMITS or (self.end_of_month and self.unit != "months"):
            raise InvalidInput.at("/rule", GRAMMAR)
        least, most = (0 if self.end_of_month else 1), LIMITS[self.unit]
        if not least <= self.count <= most:
            raise InvalidInput.at("/rule", f"must be {least} to {most} {self.unit.replace('_', ' ')}.")

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Read exactly what ``str`` writes (lower case, single spaces, no sign, "1 day" but "2 days")."""
        body, roll = text.removesuffix(_ROLL), text.endswith(_ROLL)
        if body == _LAST_DAY:
            return cls(0, "months", end_of_month=True, roll=roll)
        term = body.removesuffix(f", {_LAST_DAY}")
        found = _TERM.fullmatch(term)
        if found is None or (found[1] == "1") == bool(found[3]):
            raise InvalidInput.at("/rule", GRAMMAR)
        unit = cast("Unit", found[2].replace(" ", "_") + "s")
        return cls(int(found[1]), unit, end_of_month=term != body, roll=roll)

    def __str__(self) -> str:
        words = self.unit.replace("_", " ")
        term = f"{self.count} {words[:-1] if self.count == 1 else words}"
        parts = [term] * (self.count > 0) + [_LAST_DAY] * self.end_of_month
        return ", ".join(parts) + _ROLL * self.roll


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was passed over, and why: ``weekend (Friday)`` or the name of a holiday."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A due date with its reasons. Always ``counted + len(skipped) == (due_on - start).days``.

    ``skipped``: for working days, every other day up to the due date; for a rolled date, the days from
    ``rolled_from`` (what the rule gives before rolling; None if nothing moved) to the eve of ``due_on``.
    """

    due_on: date
    start: date
    counted: int
    skipped: tuple[Skipped, ...]
    rolled_from: date | None
    rule: Rule

    def sentence(self) -> str:
        """One line of plain English, complete enough to be checked by hand."""
        reached = self.rolled_from or self.due_on
        parts = [
            f'Due on {name_day(self.due_on)}: "{self.rule}" from {name_day(self.start)}, that day not counted',
            f"{_days(self.counted)} counted",
        ]
        by_number = self.rule.unit in ("months", "years") and not self.rule.end_of_month
        if by_number and reached.day < self.start.day:
            parts.append(f"that month has no day {self.start.day}, so its last day is taken")
        if self.rolled_from:
            parts.append(f"{name_day(self.rolled_from)} is not a working day, so the date moves on")
        if self.skipped:
            reasons = Counter(skip.why for skip in self.skipped).items()
            listed = "; ".join(f"{why}: {_days(number)}" for why, number in reasons)
            parts.append(f"{_days(len(self.skipped))} passed over ({listed})")
        return "; ".join(parts) + "."

    def to_json(self) -> dict[str, object]:
        """All fields, days as ISO text, the rule as its text, and ``sentence``."""
        return {
            "due_on": _iso(self.due_on),
            "start": _iso(self.start),
            "rule": str(self.rule),
            "counted": self.counted,
            "skipped": [{"day": _iso(skip.day), "why": skip.why} for skip in self.skipped],
            "rolled_from": _iso(self.rolled_from),
            "sentence": self.sentence(),
        }


def compute_due_day(rule: Rule, start: date, calendar: Calendar) -> Reckoning:
    """The date by which ``rule`` falls due when the act that set it is of ``start``.

    Raises ``InvalidInput`` at ``/rule`` when that lies beyond the year 9999.
    """
    try:
        reached = _reach(rule, start, calendar)
        due_on = calendar.next_working(reached) if rule.roll else reached
    except (OverflowError, ValueError, InvalidInput):
        raise InvalidInput.at("/rule", _BEYOND) from None
    # "30 days" counts weekends too: what it can pass over are only the days that a rolled date moves over.
    skipped = _passed_over(start + _ONE_DAY if rule.unit == "working_days" else reached, due_on, calendar)
    counted = (due_on - start).days - len(skipped)
    return Reckoning(due_on, start, counted, skipped, reached if due_on > reached else None, rule)


def _reach(rule: Rule, start: date, calendar: Calendar) -> date:
    if rule.unit == "working_days":
        day = start
        for _ in range(rule.count):
            day = calendar.next_working(day + _ONE_DAY)
        return day
    if rule.unit in ("days", "weeks"):
        return start + timedelta(days=rule.count * (7 if rule.unit == "weeks" else 1))
    months = rule.count * (12 if rule.unit == "years" else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, last if rule.end_of_month else min(start.day, last))


def _passed_over(first: date, end: date, calendar: Calendar) -> tuple[Skipped, ...]:
    days = (first + timedelta(days=number) for number in range((end - first).days))
    return tuple(Skipped(day, why) for day in days if (why := calendar.why_not_working(day)) is not None)


def read_next_working_day(due_on: date, calendar: Calendar) -> date:
    """The first working day *after* ``due_on``: a reading that those who owe something may claim.

    Unlike ``Rule.roll`` it moves a working day too: the committee on the Syrian coast, whose time ended on
    Thursday 10 July 2025, handed over on Sunday 13 July and called that the first working day after.
    Raises ``InvalidInput`` when there is none before the end of the year 9999.
    """
    if due_on == date.max:
        raise InvalidInput.at("/due_on", _BEYOND)
    return calendar.next_working(due_on + _ONE_DAY)


def count_slip_days(baseline_due: date, due: date) -> int:
    """Days by which ``due`` lies after the first date that was promised; negative if brought forward."""
    return (due - baseline_due).days


def count_days_granted_late(old_due: date, set_on: date) -> int:
    """Days by which an extension of ``set_on`` came after the old date; 0 up to and on that date."""
    return max(0, (set_on - old_due).days)


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
    due_on: date,
    day: date,
    outcome: str,
    settled_on: date | None,
    *,
    soon_days: int = SOON_DAYS,
    long_days: int = 90,
) -> Timing:
    """Where a deadline with this ``outcome`` stands on ``day`` (a day in the zone of the process).

    ``due_soon``: ``soon_days`` or fewer left; ``long_overdue``: more than ``long_days`` past. What was missed
    is still owed, so it goes on being overdue; what was met after ``day`` was on ``day`` still pending.
    Raises ``InvalidInput`` for an unknown outcome, ``met`` without ``settled_on``, and negative thresholds.
    """
    if outcome not in OUTCOMES:
        raise InvalidInput.at("/outcome", f"must be one of {', '.join(OUTCOMES)}.")
    if soon_days < 0 or long_days < 0:
        raise InvalidInput.at("/soon_days" if soon_days < 0 else "/long_days", "must be 0 days or more.")
    if outcome in ("extended", "waived"):
        return Timing(None)
    if outcome == "met":
        if settled_on is None:
            raise InvalidInput.at("/settled_on", "a deadline that was met needs the day on which it was met.")
        if settled_on <= day:
            late = (settled_on - due_on).days
            state: State = "met_late" if late > 0 else "on_time"
            return Timing(state, days_late=max(0, late), days_early=max(0, -late))
    over = (day - due_on).days
    if over > 0:
        state = "long_overdue" if over > long_days else "overdue"
        return Timing(state, days_overdue=over, turns_on=_after(day))
    if outcome == "missed":  # given up on before its day: nothing is overdue until that day has passed
        return Timing(None, turns_on=_after(due_on))
    return Timing("due_soon" if -over <= soon_days else "on_time", days_left=-over, turns_on=_after(day))


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
    soon_days: int = SOON_DAYS,
    long_days: int = 90,
) -> tuple[ReadingTiming, ...]:
    """``timing`` under each reading, in the order given: none is preferred and none is dropped."""
    under = partial(
        find_timing, day=day, outcome=outcome, settled_on=settled_on, soon_days=soon_days, long_days=long_days
    )
    return tuple(ReadingTiming(reading, under(reading.due_on)) for reading in readings)


def _after(day: date) -> date | None:
    return None if day == date.max else day + _ONE_DAY


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
