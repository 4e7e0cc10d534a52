"""How a date was counted, in phrases and in runs of days, from the shape of `Reckoning.to_json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from tracker.domain.calendars import WEEKDAYS
from tracker.domain.phrases import Part, Phrase, Weekday, phrase, phrase_number
from tracker.domain.rules import Rule


def list_phrases(reckoning: Mapping[str, Any]) -> Iterator[Phrase]:
    """How a date was counted, in phrases, from the shape of ``to_json``."""
    rule, start = Rule.parse(reckoning["rule"]), date.fromisoformat(reckoning["start"])
    due = find_counted_day(reckoning)
    reached = date.fromisoformat(reckoning["rolled_from"]) if reckoning["rolled_from"] else due
    if rule.period:
        yield phrase(
            "Due on %(due)s: it is owed by the end of %(period)s, so its last day is taken",
            due=due, period=rule.period,
        )  # fmt: skip
    else:
        yield from _phrase_count(rule, due, start, reckoning["counted"])
    by_number = rule.unit in ("months", "years") and not rule.end_of_month and not rule.period
    if by_number and reached.day < start.day:
        yield phrase("that month has no day %(day)s, so its last day is taken", day=str(start.day))
    if reckoning["rolled_from"] and rule.backward:
        yield phrase("%(day)s is not a working day, so the date moves back", day=reached)
    elif reckoning["rolled_from"]:
        yield phrase("%(day)s is not a working day, so the date moves on", day=reached)
    if reckoning["skipped"]:
        yield _phrase_skipped(reckoning["skipped"])
    if reckoning["calendar"]:
        yield from _phrase_calendar(reckoning["calendar"])


def _phrase_count(rule: Rule, due: date, start: date, days: int) -> Iterator[Phrase]:
    counted: dict[str, Part] = {"due": due, "rule": rule, "start": start}
    if rule.backward:
        yield phrase('Due on %(due)s: "%(rule)s" back from %(start)s, that day not counted', **counted)
    else:
        yield phrase('Due on %(due)s: "%(rule)s" from %(start)s, that day not counted', **counted)
    yield phrase_number("%(num)s day counted", "%(num)s days counted", days)


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
    for reason, run in groupby(
        days, lambda day: phrase_reason(skipped[day], day) if day in skipped else None
    ):
        first, *_more = listed = list(run)
        if reason is None:
            yield Run(first, listed[-1], (counted + 1, counted + len(listed)), None)
            counted += len(listed)
        else:
            yield Run(first, listed[-1], None, reason)


def _phrase_skipped(skipped: Sequence[Mapping[str, str]]) -> Phrase:
    """How many days were passed over, and for which reasons."""
    reasons = Counter(one["why"] for one in skipped)
    first = {one["why"]: date.fromisoformat(one["day"]) for one in reversed(skipped)}
    listed = tuple(
        phrase_number(
            "%(why)s: %(num)s day", "%(why)s: %(num)s days", number, why=phrase_reason(why, first[why])
        )
        for why, number in reasons.items()
    )
    return phrase_number(
        "%(num)s day passed over (%(why)s)", "%(num)s days passed over (%(why)s)", len(skipped), why=listed
    )


def phrase_reason(why: str, day: date) -> Part:
    """Why a day does not count: it is of the weekend, or a holiday of this name."""
    if why == f"weekend ({WEEKDAYS[day.weekday()]})":
        return phrase("weekend (%(weekday)s)", weekday=Weekday(day.weekday()))
    return why


def _phrase_calendar(seen: Mapping[str, Any]) -> Iterator[Phrase]:
    weekends: list[Part] = [_phrase_weekend(seen["weekend"])]
    weekends += [
        phrase(
            "from %(day)s %(weekend)s",
            day=date.fromisoformat(one["from_on"]), weekend=_phrase_weekend(one["weekend"]),
        )
        for one in seen["weekend_changes"]
    ]  # fmt: skip
    yield phrase("calendar: weekend %(days)s", days=weekends[0] if len(weekends) == 1 else _join(weekends))
    for worked in seen["worked_days"]:
        day = date.fromisoformat(worked["on"])
        yield phrase("%(day)s is worked (%(why)s)", day=day, why=worked["name"])
    for year in seen["years_without_holidays"]:
        yield phrase("no holidays of %(year)s are known", year=str(year))


def _join(parts: Sequence[Part]) -> Part:
    """A list whose parts follow each other."""
    return parts[0] if len(parts) == 1 else phrase("%(one)s, %(more)s", one=parts[0], more=_join(parts[1:]))


def _phrase_weekend(days: Sequence[str]) -> Part:
    numbers = [Weekday(WEEKDAYS.index(name.title())) for name in days]
    if not numbers:
        return phrase("none")
    if len(numbers) == 1:
        return numbers[0]
    return phrase("%(days)s and %(last)s", days=_join(numbers[:-1]), last=numbers[-1])
