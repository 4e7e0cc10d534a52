"""How a date was counted, in sentences and in runs of days, from the shape of `Reckoning.to_json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from tracker.domain.calendars import WEEKDAYS, name_day
from tracker.domain.partial_days import PartialDay
from tracker.domain.rules import Rule
from tracker.domain.sentences import Month, Part, Sentence, sentence, sentence_number


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its weekday."""

    date: date

    def __str__(self) -> str:
        return name_day(self.date)


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, 0 is Monday."""

    number: int

    def __str__(self) -> str:
        return WEEKDAYS[self.number]


@dataclass(frozen=True, slots=True)
class Series:
    """Parts that follow each other."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.parts))


def join_sentences(sentences: Iterable[Sentence]) -> str:
    """One line of plain English of these sentences."""
    return f"{Series(tuple(sentences))}."


def list_sentences(reckoning: Mapping[str, Any]) -> Iterator[Sentence]:
    """How a date was counted, from the shape of ``to_json``."""
    rule, start = Rule.parse(reckoning["rule"]), date.fromisoformat(reckoning["start"])
    due = find_counted_day(reckoning)
    reached = date.fromisoformat(reckoning["rolled_from"]) if reckoning["rolled_from"] else due
    if rule.period:
        yield sentence(
            "Due on %(due)s: it is owed by the end of %(period)s, so its last day is taken",
            due=Day(due), period=_name_period(rule.period),
        )  # fmt: skip
    else:
        yield from _count_days(rule, due, start, reckoning["counted"])
    by_number = rule.unit in ("months", "years") and not rule.end_of_month and not rule.period
    if by_number and reached.day < start.day:
        yield sentence("that month has no day %(day)s, so its last day is taken", day=str(start.day))
    if reckoning["rolled_from"] and rule.backward:
        yield sentence("%(day)s is not a working day, so the date moves back", day=Day(reached))
    elif reckoning["rolled_from"]:
        yield sentence("%(day)s is not a working day, so the date moves on", day=Day(reached))
    if reckoning["skipped"]:
        yield _tell_skipped(reckoning["skipped"])
    if reckoning["calendar"]:
        yield from _tell_calendar(reckoning["calendar"])


def _count_days(rule: Rule, due: date, start: date, days: int) -> Iterator[Sentence]:
    counted: dict[str, Part] = {"due": Day(due), "rule": rule, "start": Day(start)}
    if rule.backward:
        yield sentence('Due on %(due)s: "%(rule)s" back from %(start)s, that day not counted', **counted)
    else:
        yield sentence('Due on %(due)s: "%(rule)s" from %(start)s, that day not counted', **counted)
    yield sentence_number("%(num)s day counted", "%(num)s days counted", days)


def _name_period(period: PartialDay) -> Part:
    return Month(period.year, period.month) if period.month else period


def find_counted_day(reckoning: Mapping[str, Any]) -> date:
    """The date as it was counted, from the shape of ``to_json``, whatever moved it since."""
    days = reckoning["counted"] + len(reckoning["skipped"])
    backward = Rule.parse(reckoning["rule"]).backward
    return date.fromisoformat(reckoning["start"]) + timedelta(days=-days if backward else days)


@dataclass(frozen=True, slots=True)
class Run:
    """Days that follow each other and are counted alike: as ``numbers``, the first and the last, or not, and why."""

    first: date
    last: date
    numbers: tuple[int, int] | None
    why: Part | None


def list_runs(reckoning: Mapping[str, Any]) -> Iterator[Run]:
    """The days of a count in their order, from the shape of ``to_json``: which were counted, and which were not."""
    start, due = date.fromisoformat(reckoning["start"]), find_counted_day(reckoning)
    step = timedelta(days=1 if due >= start else -1)
    skipped = {date.fromisoformat(one["day"]): one["why"] for one in reckoning["skipped"]}
    days = (start + step * number for number in range(1, abs((due - start).days) + 1))
    counted = 0
    for reason, run in groupby(days, lambda day: _find_reason(skipped[day], day) if day in skipped else None):
        first, *_more = listed = list(run)
        if reason is None:
            yield Run(first, listed[-1], (counted + 1, counted + len(listed)), None)
            counted += len(listed)
        else:
            yield Run(first, listed[-1], None, reason)


def _tell_skipped(skipped: Sequence[Mapping[str, str]]) -> Sentence:
    """How many days were passed over, and for which reasons."""
    reasons = Counter(one["why"] for one in skipped)
    first = {one["why"]: date.fromisoformat(one["day"]) for one in reversed(skipped)}
    listed = Series(
        tuple(
            sentence_number(
                "%(why)s: %(num)s day", "%(why)s: %(num)s days", number, why=_find_reason(why, first[why])
            )
            for why, number in reasons.items()
        )
    )
    return sentence_number(
        "%(num)s day passed over (%(why)s)", "%(num)s days passed over (%(why)s)", len(skipped), why=listed
    )


def _find_reason(why: str, day: date) -> Part:
    """Why a day does not count: it is of the weekend, or a holiday of this name."""
    if why == f"weekend ({WEEKDAYS[day.weekday()]})":
        return sentence("weekend (%(weekday)s)", weekday=Weekday(day.weekday()))
    return why


def _tell_calendar(seen: Mapping[str, Any]) -> Iterator[Sentence]:
    weekends: list[Part] = [_name_weekend(seen["weekend"])]
    weekends += [
        sentence(
            "from %(day)s %(weekend)s",
            day=Day(date.fromisoformat(one["from_on"])), weekend=_name_weekend(one["weekend"]),
        )
        for one in seen["weekend_changes"]
    ]  # fmt: skip
    yield sentence("calendar: weekend %(days)s", days=weekends[0] if len(weekends) == 1 else _join(weekends))
    for worked in seen["worked_days"]:
        day = Day(date.fromisoformat(worked["on"]))
        yield sentence("%(day)s is worked (%(why)s)", day=day, why=worked["name"])
    for year in seen["years_without_holidays"]:
        yield sentence("no holidays of %(year)s are known", year=str(year))


def _join(parts: Sequence[Part]) -> Part:
    """A list whose parts follow each other."""
    return parts[0] if len(parts) == 1 else sentence("%(one)s, %(more)s", one=parts[0], more=_join(parts[1:]))


def _name_weekend(days: Sequence[str]) -> Part:
    numbers = [Weekday(WEEKDAYS.index(name.title())) for name in days]
    if not numbers:
        return sentence("none")
    if len(numbers) == 1:
        return numbers[0]
    return sentence("%(days)s and %(last)s", days=_join(numbers[:-1]), last=numbers[-1])
