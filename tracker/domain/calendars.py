"""The calendar of a process: its time zone, its weekend, its holidays.

Which day is a working day, and when a day begins, is a fact of the place where the promise was made, so
every process carries its own calendar. Nothing here reads a clock: the moment is always an argument.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence

# Our own names: strftime would answer in whatever language the server happens to be set to.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NAME_LIMIT = 200  # characters in the name of a holiday

_ONE_DAY = timedelta(days=1)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MEMBERS: Final = ("time_zone", "weekend", "weekend_changes", "holidays", "worked_days")
#: A first day, and the weekend from then on.
Change = tuple[date, frozenset[int]]


def name_day(day: date) -> str:
    """A day in plain English with its weekday: ``Tuesday 8 April 2025``."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Time zone (an IANA name), weekend (weekday numbers, 0 = Monday) and holidays (day -> name).

    ``changes`` are later weekends, each from a day on; ``worked`` (day -> why) are days of a weekend that were worked.
    Raises ``InvalidInput`` for an unknown zone, a weekend of seven days, a day without a name, two changes on one day,
    and a worked day that is a holiday or lies on no weekend.
    """

    time_zone: str
    weekend: frozenset[int]
    # A mapping has no hash; two calendars that differ in it alone are still unequal.
    holidays: Mapping[date, str] = field(hash=False)
    changes: tuple[Change, ...] = ()
    worked: Mapping[date, str] = field(default_factory=dict, hash=False)
    _starts_of_changes: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_zone(self.time_zone)
        _check_weekend(self.weekend, "/weekend")
        changes = tuple(sorted(self.changes, key=lambda change: change[0]))
        for place, (first, weekend) in enumerate(changes):
            _check_weekend(weekend, f"/weekend_changes/{place}/weekend")
            if place and changes[place - 1][0] == first:
                raise InvalidInput.at(
                    f"/weekend_changes/{place}/from_on", sentence("one weekend begins on a day.")
                )
        _check_names(self.holidays, "/holidays")
        _check_names(self.worked, "/worked_days")
        # A copy behind a read-only view: frozen must also hold for what the caller keeps a handle on.
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))
        object.__setattr__(self, "worked", MappingProxyType(dict(self.worked)))
        object.__setattr__(self, "changes", changes)
        object.__setattr__(self, "_starts_of_changes", tuple(first for first, _weekend in changes))
        for place, day in enumerate(self.worked):
            if day in self.holidays:
                raise InvalidInput.at(
                    f"/worked_days/{place}/on", sentence("is a holiday too; name it in one list.")
                )
            if day.weekday() not in self.weekend_on(day):
                raise InvalidInput.at(
                    f"/worked_days/{place}/on", sentence("lies on no weekend; it is worked anyway.")
                )

    def weekend_on(self, day: date) -> frozenset[int]:
        """The weekend that is kept at that time."""
        place = bisect_right(self._starts_of_changes, day)
        return self.changes[place - 1][1] if place else self.weekend

    def why_not_working(self, day: date) -> str | None:
        """``"weekend (Friday)"``, the name of the holiday, or None on a working day.

        A holiday on a weekend is answered as weekend: that alone already keeps the day from counting.
        """
        if day in self.worked:
            return None
        if day.weekday() in self.weekend_on(day):
            return f"weekend ({WEEKDAYS[day.weekday()]})"
        return self.holidays.get(day)

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is neither weekend nor holiday."""
        return self.why_not_working(day) is None

    def next_working(self, day: date) -> date:
        """The first working day that is not before ``day``: ``day`` itself if it is one.

        Raises ``InvalidInput`` when there is none before the end of the year 9999.
        """
        while not self.is_working(day):
            if day == date.max:
                raise InvalidInput.at(
                    "/day", sentence("no working day is left before the end of the year 9999.")
                )
            day += _ONE_DAY
        return day

    def previous_working(self, day: date) -> date:
        """The last working day that is not after ``day``: ``day`` itself if it is one."""
        while not self.is_working(day):
            if day == date.min:
                raise InvalidInput.at(
                    "/day", sentence("no working day is left after the beginning of the year 1.")
                )
            day -= _ONE_DAY
        return day

    def starts(self, day: date) -> datetime:
        """The instant (aware, UTC) at which ``day`` begins in this zone.

        Where the clocks skip midnight (Damascus, each spring until 2022) the day begins when they land;
        where they repeat it, the first midnight counts. A day that the zone left out altogether (Apia,
        30 December 2011) begins together with the next. Raises ``InvalidInput`` when the instant lies
        outside the years 1 to 9999.
        """
        try:
            return self._starts(day)
        except OverflowError:
            raise InvalidInput.at(
                "/day", sentence("that day does not begin between the years 1 and 9999.")
            ) from None

    def _starts(self, day: date) -> datetime:
        zone = ZoneInfo(self.time_zone)
        midnight = datetime.combine(day, time.min, zone)
        # PEP 495: in a gap, fold=1 applies the offset after the change and so names an *earlier* instant.
        late, early = midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)
        if early >= late:
            return late
        # Midnight does not exist; the clocks jump somewhere in (early, late]. Search it to the second.
        while late - early > timedelta(seconds=1):
            middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
            if middle.astimezone(zone).date() < day:
                early = middle
            else:
                late = middle
        return late

    def today(self, now: datetime) -> date:
        """The day it is in this zone at ``now`` (aware): the last day D with ``starts(D) <= now``.

        A day that has begun never un-begins, even where clocks go back from just after midnight to the
        evening before. Raises ``ValueError`` for a naive ``now``: that is a mistake of the caller.
        """
        if now.tzinfo is None:
            raise ValueError("today() needs an aware moment")
        local = now.astimezone(ZoneInfo(self.time_zone))
        day = local.date()
        if local.fold and day < date.max and self.starts(day + _ONE_DAY) <= now:
            return day + _ONE_DAY
        return day

    def cut(self, first: date, last: date) -> dict[str, Any]:
        """What of the calendar decides on the days from ``first`` to ``last``, as JSON: what a reckoning looked at.

        ``years_without_holidays``: those of the years of which no holiday is known, although some are of other years.
        """
        known = {day.year for day in self.holidays}
        years = range(first.year, last.year + 1) if known else ()
        return {
            "from_on": first.isoformat(),
            "to_on": last.isoformat(),
            "weekend": _name_weekend(self.weekend_on(first)),
            "weekend_changes": _list_changes(change for change in self.changes if first < change[0] <= last),
            "holidays": _list_names(
                {day: self.holidays[day] for day in self.holidays if first <= day <= last}
            ),
            "worked_days": _list_names(
                {day: self.worked[day] for day in self.worked if first <= day <= last}
            ),
            "years_without_holidays": [year for year in years if year not in known],
        }

    def to_json(self) -> dict[str, object]:
        """``{"time_zone": "Asia/Damascus", "weekend": ["friday"], "weekend_changes": [{"from_on": …, "weekend": […]}],
        "holidays": [{"on": …, "name": …}], "worked_days": [{"on": …, "name": …}]}``.

        Weekend days from Monday on, days by date: equal calendars give equal JSON.
        """
        return {
            "time_zone": self.time_zone,
            "weekend": _name_weekend(self.weekend),
            "weekend_changes": _list_changes(self.changes),
            "holidays": _list_names(self.holidays),
            "worked_days": _list_names(self.worked),
        }

    @classmethod
    def from_json(cls, value: object) -> Calendar:
        """The calendar from the shape of ``to_json``; the lists but for ``weekend`` may be left out.

        Raises ``InvalidInput`` whose pointer is relative to the calendar, such as ``/holidays/0/on``.
        """
        if not isinstance(value, Mapping):
            raise InvalidInput.at(
                "", sentence("a calendar is an object with time_zone, weekend and holidays.")
            )
        if extra := sorted(str(key) for key in value if key not in _MEMBERS):
            raise InvalidInput.at(
                f"/{extra[0]}", sentence("a calendar has %(members)s only.", members=", ".join(_MEMBERS))
            )
        zone = value.get("time_zone")
        if not isinstance(zone, str):
            raise InvalidInput.at("/time_zone", sentence("must be text, such as Asia/Damascus."))
        return cls(
            zone,
            _read_weekend(value.get("weekend"), "/weekend"),
            _read_names(value.get("holidays", []), "/holidays"),
            _read_changes(value.get("weekend_changes", [])),
            _read_names(value.get("worked_days", []), "/worked_days"),
        )


def _name_weekend(weekend: frozenset[int]) -> list[str]:
    return [WEEKDAYS[number].lower() for number in sorted(weekend)]


def _list_changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [{"from_on": first.isoformat(), "weekend": _name_weekend(weekend)} for first, weekend in changes]


def _list_names(days: Mapping[date, str]) -> list[dict[str, str]]:
    return [{"on": day.isoformat(), "name": name} for day, name in sorted(days.items())]


def _check_weekend(weekend: frozenset[int], at: str) -> None:
    if not weekend <= frozenset(range(7)):
        raise InvalidInput.at(at, sentence("weekend days are numbers from 0 (Monday) to 6 (Sunday)."))
    if len(weekend) == 7:
        raise InvalidInput.at(at, sentence("at least one day of the week must be a working day."))


def _check_names(days: Mapping[date, str], at: str) -> None:
    for place, name in enumerate(days.values()):
        if not name.strip() or len(name) > NAME_LIMIT:
            detail = sentence("must be a name of 1 to %(most)s characters, not blank.", most=NAME_LIMIT)
            raise InvalidInput.at(f"{at}/{place}/name", detail)


def _check_zone(name: str) -> None:
    # Every IANA name begins with a capital. The folders "right/" (which counts leap seconds) and
    # "localtime" (whatever this one server is set to) open as zones too, and would give other days.
    try:
        known = "A" <= name[:1] <= "Z" and ZoneInfo(name).key == name
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Asia" is a folder
        known = False
    if not known:
        raise InvalidInput.at(
            "/time_zone", sentence("must be an IANA time zone, such as Asia/Damascus or UTC.")
        )


def _read_weekend(value: object, at: str) -> frozenset[int]:
    numbers = {name.lower(): number for number, name in enumerate(WEEKDAYS)}
    if not isinstance(value, list):
        raise InvalidInput.at(at, sentence('must be a list of weekdays, such as ["friday", "saturday"].'))
    for place, name in enumerate(value):
        if not isinstance(name, str) or name not in numbers:
            raise InvalidInput.at(
                f"{at}/{place}", sentence("must be one of %(choices)s.", choices=", ".join(numbers))
            )
    return frozenset(numbers[name] for name in value)


def _read_items(value: object, at: str, day: str, other: str) -> Iterator[tuple[str, date, Any]]:
    """Where each member of a list stands, its day, and what it says of it."""
    if not isinstance(value, list):
        raise InvalidInput.at(
            at, sentence("must be a list of objects with %(day)s and %(other)s.", day=day, other=other)
        )
    for place, item in enumerate(value):
        here = f"{at}/{place}"
        if not isinstance(item, Mapping) or set(item) != {day, other}:
            raise InvalidInput.at(
                here,
                sentence(
                    "must be an object with %(day)s and %(other)s, and nothing else.", day=day, other=other
                ),
            )
        yield here, _read_day(item[day], f"{here}/{day}"), item[other]


def _read_changes(value: object) -> tuple[Change, ...]:
    changes = _read_items(value, "/weekend_changes", "from_on", "weekend")
    return tuple((first, _read_weekend(weekend, f"{here}/weekend")) for here, first, weekend in changes)


def _read_names(value: object, at: str) -> dict[date, str]:
    days: dict[date, str] = {}
    for here, day, name in _read_items(value, at, "on", "name"):
        if day in days:
            raise InvalidInput.at(f"{here}/on", sentence("each day is named once; join two names into one."))
        if not isinstance(name, str):
            raise InvalidInput.at(f"{here}/name", sentence("must be text."))
        days[day] = name
    return days


def _read_day(value: object, at: str) -> date:
    # The pattern first: fromisoformat also takes 20250417 and 2025-W16-4.
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise InvalidInput.at(at, sentence("must be a day that exists, as YYYY-MM-DD."))
