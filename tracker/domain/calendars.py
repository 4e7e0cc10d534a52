"""The calendar of a process: its time zone, its weekend, its holidays.

Which day is a working day, and when a day begins, is a fact of the place where the promise was made, so
every process carries its own calendar. Nothing here reads a clock: the moment is always an argument.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.domain.errors import InvalidInput

# Our own names: strftime would answer in whatever language the server happens to be set to.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NAME_LIMIT = 200  # characters in the name of a holiday

_ONE_DAY = timedelta(days=1)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def name_day(day: date) -> str:
    """A day in plain English with its weekday: ``Tuesday 8 April 2025``."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Time zone (an IANA name), weekend (weekday numbers, 0 = Monday) and holidays (day -> name).

    Raises ``InvalidInput`` for an unknown zone, a weekend of seven days and a holiday without a name.
    """

    time_zone: str
    weekend: frozenset[int]
    # A mapping has no hash; two calendars that differ in it alone are still unequal.
    holidays: Mapping[date, str] = field(hash=False)

    def __post_init__(self) -> None:
        _check_zone(self.time_zone)
        if not self.weekend <= frozenset(range(7)):
            raise InvalidInput.at("/weekend", "weekend days are numbers from 0 (Monday) to 6 (Sunday).")
        if len(self.weekend) == 7:
            raise InvalidInput.at("/weekend", "at least one day of the week must be a working day.")
        for place, name in enumerate(self.holidays.values()):
            if not name.strip() or len(name) > NAME_LIMIT:
                detail = f"must be a name of 1 to {NAME_LIMIT} characters, not blank."
                raise InvalidInput.at(f"/holidays/{place}/name", detail)
        # A copy behind a read-only view: frozen must also hold for what the caller keeps a handle on.
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))

    def why_not_working(self, day: date) -> str | None:
        """``"weekend (Friday)"``, the name of the holiday, or None on a working day.

        A holiday on a weekend is answered as weekend: that alone already keeps the day from counting.
        """
        if day.weekday() in self.weekend:
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
                raise InvalidInput.at("/day", "no working day is left before the end of the year 9999.")
            day += _ONE_DAY
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
            raise InvalidInput.at("/day", "that day does not begin between the years 1 and 9999.") from None

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

    def to_json(self) -> dict[str, object]:
        """``{"time_zone": "Asia/Damascus", "weekend": ["friday"], "holidays": [{"on": …, "name": …}]}``.

        Weekend days from Monday on, holidays by date: equal calendars give equal JSON.
        """
        return {
            "time_zone": self.time_zone,
            "weekend": [WEEKDAYS[number].lower() for number in sorted(self.weekend)],
            "holidays": [
                {"on": day.isoformat(), "name": name} for day, name in sorted(self.holidays.items())
            ],
        }

    @classmethod
    def from_json(cls, value: object) -> Calendar:
        """The calendar from the shape of ``to_json``; ``holidays`` may be left out.

        Raises ``InvalidInput`` whose pointer is relative to the calendar, such as ``/holidays/0/on``.
        """
        if not isinstance(value, Mapping):
            raise InvalidInput.at("", "a calendar is an object with time_zone, weekend and holidays.")
        if extra := sorted(str(key) for key in value if key not in ("time_zone", "weekend", "holidays")):
            raise InvalidInput.at(f"/{extra[0]}", "a calendar has time_zone, weekend and holidays only.")
        zone = value.get("time_zone")
        if not isinstance(zone, str):
            raise InvalidInput.at("/time_zone", "must be text, such as Asia/Damascus.")
        return cls(zone, _read_weekend(value.get("weekend")), _read_holidays(value.get("holidays", [])))


def _check_zone(name: str) -> None:
    # Every IANA name begins with a capital. The folders "right/" (which counts leap seconds) and
    # "localtime" (whatever this one server is set to) open as zones too, and would give other days.
    try:
        known = "A" <= name[:1] <= "Z" and ZoneInfo(name).key == name
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Asia" is a folder
        known = False
    if not known:
        raise InvalidInput.at("/time_zone", "must be an IANA time zone, such as Asia/Damascus or UTC.")


def _read_weekend(value: object) -> frozenset[int]:
    numbers = {name.lower(): number for number, name in enumerate(WEEKDAYS)}
    if not isinstance(value, list):
        raise InvalidInput.at("/weekend", 'must be a list of weekdays, such as ["friday", "saturday"].')
    for place, name in enumerate(value):
        if not isinstance(name, str) or name not in numbers:
            raise InvalidInput.at(f"/weekend/{place}", f"must be one of {', '.join(numbers)}.")
    return frozenset(numbers[name] for name in value)


def _read_holidays(value: object) -> dict[date, str]:
    if not isinstance(value, list):
        raise InvalidInput.at("/holidays", "must be a list of objects with on and name.")
    holidays: dict[date, str] = {}
    for place, item in enumerate(value):
        at = f"/holidays/{place}"
        if not isinstance(item, Mapping) or set(item) != {"on", "name"}:
            raise InvalidInput.at(at, "must be an object with on and name, and nothing else.")
        day = _read_day(item["on"], f"{at}/on")
        if day in holidays:
            raise InvalidInput.at(f"{at}/on", "each day is named once; join two names into one.")
        name = item["name"]
        if not isinstance(name, str):
            raise InvalidInput.at(f"{at}/name", "must be text.")
        holidays[day] = name
    return holidays


def _read_day(value: object, at: str) -> date:
    # The pattern first: fromisoformat also takes 20250417 and 2025-W16-4.
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise InvalidInput.at(at, "must be a day that exists, as YYYY-MM-DD.")
