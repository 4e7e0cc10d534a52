"""Reckoning a due date from a rule and a calendar, so that it explains itself.

The convention is that of Regulation (EEC, Euratom) No 1182/71, Article 3: the day of the act is not
counted, so day 1 is the day after; weeks, months and years end on the day of the same name or number, or on
the last day of a month that is too short. Rolling to a working day is never assumed: a rule says it or it does not
happen.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from tracker.domain.calendars import Calendar, name_day
from tracker.domain.errors import InvalidInput
from tracker.domain.reckoning_sentences import join_sentences, list_sentences
from tracker.domain.rules import Rule
from tracker.domain.sentences import sentence

BEYOND = sentence("the due date would lie beyond the year 9999; set a shorter time.")
_ONE_DAY = timedelta(days=1)
#: How many dates a recurring obligation makes at most.
MOST_RECURRING: Final = 100
#: How many days that have changed are named.
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was passed over, and why: ``weekend (Friday)`` or the name of a holiday."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A due date with its reasons. Always ``counted + len(skipped)`` is the number of days from start to due date.

    ``skipped``: for working days, every other day up to the due date; for a rolled date, the days from
    ``rolled_from`` (what the rule gives before rolling; None if nothing moved) to the eve of ``due_on``. Of what is
    counted back, the days on the other side of the due date.
    ``calendar`` is what of the calendar it looked at (`Calendar.cut`); None where it counts every day.
    """

    due_on: date
    start: date
    counted: int
    skipped: tuple[Skipped, ...]
    rolled_from: date | None
    rule: Rule
    calendar: Mapping[str, Any] | None = None

    def sentence(self) -> str:
        """One line of plain English, complete enough to be checked by hand."""
        return join_sentences(list_sentences(self._list_facts()))

    def _list_facts(self) -> dict[str, Any]:
        return {
            "due_on": _iso(self.due_on),
            "start": _iso(self.start),
            "rule": str(self.rule),
            "counted": self.counted,
            "skipped": [{"day": _iso(skip.day), "why": skip.why} for skip in self.skipped],
            "rolled_from": _iso(self.rolled_from),
            "calendar": self.calendar,
        }

    def to_json(self) -> dict[str, object]:
        """All fields, days as ISO text, the rule as its text, and ``sentence``."""
        return {**self._list_facts(), "sentence": self.sentence()}


def compute_due_day(rule: Rule, start: date, calendar: Calendar) -> Reckoning:
    """The date by which ``rule`` falls due when the act that set it, or the event that it waited for, is of ``start``;
    a day that the rule itself names comes first.

    Raises ``InvalidInput`` at ``/rule`` when that lies beyond the year 9999, or before the year 1.
    """
    start = rule.anchor or start
    try:
        reached = _reach(rule, start, calendar)
        due_on = _roll(rule, reached, calendar) if rule.roll else reached
    except (OverflowError, ValueError, InvalidInput):
        raise InvalidInput.at("/rule", BEYOND) from None
    # "30 days" counts weekends too: what it can pass over are only the days that a rolled date moves over.
    working = rule.unit == "working_days"
    step = -_ONE_DAY if rule.backward else _ONE_DAY
    first = start + step if working else reached
    skipped = _passed_over(first, due_on, step, calendar)
    counted = abs((due_on - start).days) - len(skipped)
    seen = calendar.cut(min(first, due_on), max(first, due_on)) if working or rule.roll else None
    return Reckoning(due_on, start, counted, skipped, reached if due_on != reached else None, rule, seen)


def list_recurring(text: str, start: date, until: date, calendar: Calendar) -> list[Rule]:
    """The rules of what is due again and again: "6 months" gives 6, 12, 18 … months, all from ``start``, so that a
    short month shortens no later one; up to and on ``until``, `MOST_RECURRING` at most.

    Raises ``InvalidInput`` at ``/every`` or ``/until``.
    """
    rules: list[Rule] = []
    while True:
        try:
            every = Rule.parse(text)
            rule = replace(every, count=every.count * (len(rules) + 1))
            reckoning = compute_due_day(rule, start, calendar)
        except InvalidInput as refusal:
            raise InvalidInput.at("/until" if rules else "/every", refusal.detail) from None
        if every.relation or not every.count:
            raise InvalidInput.at(
                "/every", sentence('must be a count and a unit, such as "6 months", from set_on on')
            )
        if (reckoning.rolled_from or reckoning.due_on) > until:
            break
        if len(rules) == MOST_RECURRING:
            raise InvalidInput.at(
                "/until", sentence("makes more than %(most)s dates; end it earlier", most=MOST_RECURRING)
            )
        rules.append(rule)
    if not rules:
        raise InvalidInput.at(
            "/until", sentence("ends before the first date, %(due_on)s", due_on=reckoning.due_on)
        )
    return rules


def is_current(reckoning: Mapping[str, Any] | None, calendar: Calendar) -> bool:
    """Whether a reckoning, in the shape of ``to_json``, is the one that this calendar gives too."""
    seen = (reckoning or {}).get("calendar")
    return seen is None or seen == calendar.cut(*_span(seen))


def date_by_event(rule: str, event_on: date, calendar: Calendar) -> tuple[date, str]:
    """The date that a rule gives by the day of its event, and why that is the date now."""
    parsed, day = Rule.parse(rule), name_day(event_on)
    due_on = compute_due_day(parsed, event_on, calendar).due_on
    if parsed.backward:
        return due_on, f"the day that it counts back from is {day}"
    return due_on, f"the event that it starts with happened on {day}"


def reckon_again(
    rule: str, start: date, reckoning: Mapping[str, Any], calendar: Calendar
) -> tuple[date, str]:
    """The date that a calendar gives now, and why that may be another: `_describe_difference`."""
    due_on = compute_due_day(Rule.parse(rule), start, calendar).due_on
    return due_on, _describe_difference(reckoning["calendar"], calendar)


def _describe_difference(seen: Mapping[str, Any], calendar: Calendar) -> str:
    """In which days a calendar differs from what a reckoning looked at. It names days, and repeats no name."""
    own = {name: seen[name] for name in ("weekend", "weekend_changes", "holidays", "worked_days")}
    before = Calendar.from_json({"time_zone": calendar.time_zone, **own})
    first, last = _span(seen)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    other = [day for day in days if before.is_working(day) != calendar.is_working(day)]
    differences = [
        f"{name_day(day)} is {'now' if calendar.is_working(day) else 'no longer'} a working day"
        for day in other[:_NAMED]
    ]
    if len(other) > _NAMED:
        differences.append(f"{_days(len(other) - _NAMED)} more have changed")
    known = set(seen["years_without_holidays"]) - set(calendar.cut(first, last)["years_without_holidays"])
    differences += [f"holidays of {year} are known now" for year in sorted(known)]
    return "; ".join(differences or ["its days are working days as before, for other reasons"])


def _span(seen: Mapping[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(seen["from_on"]), date.fromisoformat(seen["to_on"])


def _reach(rule: Rule, start: date, calendar: Calendar) -> date:
    if rule.period:
        return rule.period.latest
    if rule.unit == "working_days":
        day, step = start, -_ONE_DAY if rule.backward else _ONE_DAY
        for _ in range(rule.count):
            day = _roll(rule, day + step, calendar)
        return day
    count = -rule.count if rule.backward else rule.count
    if rule.unit in ("days", "weeks"):
        return start + timedelta(days=count * (7 if rule.unit == "weeks" else 1))
    months = count * (12 if rule.unit == "years" else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, last if rule.end_of_month else min(start.day, last))


def _roll(rule: Rule, day: date, calendar: Calendar) -> date:
    """The working day next to a day that is none, in the direction in which the rule counts."""
    return calendar.previous_working(day) if rule.backward else calendar.next_working(day)


def _passed_over(first: date, end: date, step: timedelta, calendar: Calendar) -> tuple[Skipped, ...]:
    days = (first + step * number for number in range(abs((end - first).days)))
    return tuple(Skipped(day, why) for day in days if (why := calendar.why_not_working(day)) is not None)


def name_number(number: int, what: str) -> str:
    """``1 day``, ``2 days``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _days(number: int) -> str:
    return name_number(number, "day")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
