"""Clocks that stop: while a date is suspended nothing is overdue, and it moves by the days that stood still.

A *stay* is a time in which a date is suspended, as JSON: ``from_on``, the first day that stood still; ``resumed_on``,
the first on which the clock ran again; ``days``, how many stood still; ``due_on``, the date from then on; ``sentence``.
Of one that lasts only ``from_on`` is known. The lead's answers on the track `outcome` say when a clock stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, overload

from tracker.domain.calendars import Calendar, name_day
from tracker.domain.deadlines import SUSPENDED
from tracker.domain.errors import InvalidInput
from tracker.domain.reckonings import BEYOND, name_number
from tracker.domain.rules import Rule
from tracker.domain.standing import Change, order_line

Stay = Mapping[str, Any]
_ONE_DAY: Final = timedelta(days=1)


def list_stays(
    answers: Iterable[Change],
    due_on: date | None,
    rule: str | None,
    calendar: Calendar,
    start: date | None = None,
) -> list[dict[str, Any]]:
    """The stays that follow from what the lead said of a date: ``answers`` are of its line, ``due_on`` as it was set;
    None while it waits for an event, and ``start`` the day of that event.

    Raises ``InvalidInput`` where the date would move beyond the year 9999.
    """
    stays = []
    start = None if rule and Rule.parse(rule).backward else start  # what counts back runs from the first
    for first, resumed in _pair_days(answers):
        stay: dict[str, Any] = {"from_on": first.isoformat(), **dict.fromkeys(_ENDED)}
        if resumed is not None:
            ran = first if start is None else max(first, start + _ONE_DAY)  # what waits does not run yet
            if due_on is None or ran >= resumed:
                moved, why = due_on, "the clock had not begun to run"
            else:
                moved, why = _move(due_on, ran, resumed, rule, calendar)
            days = (resumed - first).days
            last = f"until {name_day(resumed - _ONE_DAY)}" if days else "and resumed on the same day"
            stay |= {"resumed_on": resumed.isoformat(), "days": days, "due_on": moved and moved.isoformat()}
            stay["sentence"] = (
                f"Suspended from {name_day(first)} {last}: {name_number(days, 'day')} stood still; {why}."
            )
            due_on = moved
        stays.append(stay)
    return stays


_ENDED: Final = ("resumed_on", "days", "due_on", "sentence")


def _pair_days(answers: Iterable[Change]) -> Iterator[tuple[date, date | None]]:
    """The day on which each stay began, and the day on which another answer ended it. Of a month the first day begins
    it and the last one ends it: no more is held against those who owe than is certain."""
    began: date | None = None
    for change in order_line(answers):
        if change.state == SUSPENDED:
            began = began or change.span.first
        elif began is not None:
            yield began, change.span.last
            began = None
    if began is not None:
        yield began, None


def _move(due_on: date, first: date, resumed: date, rule: str | None, calendar: Calendar) -> tuple[date, str]:
    """Where a date moves when its clock stood still from a day on until another, and why. A date that had passed when
    the clock stopped stays where it was. Of working days as many are left as were; other dates move by all days."""
    if first > due_on:
        return due_on, f"{name_day(due_on)} had passed before, and stays"
    parsed = None if rule is None else Rule.parse(rule)
    try:
        if parsed is not None and parsed.unit == "working_days":
            left = min(_count_working(first, due_on, calendar), parsed.count)
            moved = max(due_on, _pass_working(resumed, left, calendar))
            sentence = f"{name_number(left, 'working day')} left"
        else:
            moved = due_on + (resumed - first)
            sentence = f"{name_number((due_on - first).days + 1, 'day')} left"
            if parsed is not None and parsed.roll:
                moved = calendar.next_working(moved)
                sentence += ", and then to the next working day"
    except (OverflowError, InvalidInput):
        raise InvalidInput.at("/effective_on", BEYOND) from None
    return moved, f"{sentence} when the clock stopped, so {name_day(due_on)} became {name_day(moved)}"


def _count_working(first: date, last: date, calendar: Calendar) -> int:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(map(calendar.is_working, days))


def _pass_working(first: date, number: int, calendar: Calendar) -> date:
    """The last of so many working days, the first of which is not before a day; the eve of it where there is none."""
    day = first - _ONE_DAY
    for _ in range(number):
        day = calendar.next_working(day + _ONE_DAY)
    return day


@overload
def find_due_day(due_on: date, stays: Sequence[Stay], day: date = date.max) -> date: ...
@overload
def find_due_day(due_on: date | None, stays: Sequence[Stay], day: date = date.max) -> date | None: ...
def find_due_day(due_on: date | None, stays: Sequence[Stay], day: date = date.max) -> date | None:
    """The date as it stands on a day: as it was set, moved by the stays that had ended by then."""
    ended = [one["due_on"] for one in stays if one["due_on"] and date.fromisoformat(one["resumed_on"]) <= day]
    return date.fromisoformat(ended[-1]) if ended and due_on else due_on


def find_due_day_when_met(due_on: date, stays: Sequence[Stay], met_on: date | None) -> date:
    """The same where the fact that it waits for came on a day: that ends a stay which nobody has ended yet."""
    reached = find_due_day(due_on, stays)
    if met_on is None or not stays or stays[-1]["resumed_on"] is not None:
        return reached
    first = date.fromisoformat(stays[-1]["from_on"])
    return reached + (met_on - first) if first <= min(met_on, reached) else reached


def describe_stays(stays: Iterable[Stay]) -> list[str]:
    """A sentence for each."""
    return [
        one["sentence"] or f"Suspended from {name_day(date.fromisoformat(one['from_on']))} on."
        for one in stays
    ]


def count_days_granted_late(due_on: date, stays: Sequence[Stay], set_on: date) -> int:
    """Days by which an extension of ``set_on`` came after the old date; 0 up to and on that date, and where the date
    was suspended before it had passed."""
    reached = find_due_day(due_on, stays, set_on)
    for stay in stays:
        first, resumed = date.fromisoformat(stay["from_on"]), stay["resumed_on"]
        stood_still = first <= set_on and (resumed is None or set_on < date.fromisoformat(resumed))
        if stood_still and first <= reached:
            return 0
    return max(0, (set_on - reached).days)
