"""The rules by which a date is counted, as people write them: "30 days", "10 working days before 2025-09-01"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal, cast

from tracker.domain.errors import InvalidInput
from tracker.domain.partial_days import PartialDay, parse_day
from tracker.domain.sentences import Sentence, sentence

Unit = Literal["days", "working_days", "weeks", "months", "years"]

# About a century each, so that no sum runs away; ten years of working days, for each day skipped is listed.
LIMITS: dict[Unit, int] = {"days": 36500, "working_days": 2600, "weeks": 5200, "months": 1200, "years": 100}
_UNITS: dict[Unit, Sentence] = {
    "days": sentence("days"),
    "working_days": sentence("working days"),
    "weeks": sentence("weeks"),
    "months": sentence("months"),
    "years": sentence("years"),
}
GRAMMAR = sentence(
    'must be a count and a unit, such as "1 day", "45 working days", "2 weeks", "3 months" or "1 year", '
    'or "last day of month", or "2 months, last day of month"; each may end with ", next working day". It may count '
    'from another day than set_on, or back from one: "10 working days before 2025-09-01", "60 days after publication '
    'of the report"; what is counted back may end with ", previous working day". A month or a year is "by 2026-03" or'
    ' "by 2027".'
)
NO_START = sentence(
    'counts from nothing: name the day, or the event in words, as in "10 working days before 2025-09-01" or'
    ' "10 working days before the hearing", or what the record knows of it in starts_with'
)
#: What a rule counts from, in words, by the kind of the thing that it starts with.
EVENTS: Final = {
    "deadline": "the day on which the other date is met",
    "recommendation": "the answer to the recommendation",
    "report": "publication of the report",
}
#: The same where it counts back from another date.
DUE: Final = "the day on which the other date is due"
#: How many characters the words for an event have at most.
EVENT_LIMIT: Final = 120
_LAST_DAY, _ROLL, _ROLL_BACK = "last day of month", ", next working day", ", previous working day"
_FROM = re.compile(r"(.+?) (before|after|from) (.+)", re.DOTALL)
_NO_START = re.compile(r" (before|after|from)$")
_EVENT = re.compile(r"[^\W\d_](?:[^\n,]*[^\s,])?")
_BY: Final = "by "
_TERM = re.compile(r"([1-9][0-9]{0,8}) (?:calendar (?=day))?(working day|day|week|month|year)(s?)")


@dataclass(frozen=True, slots=True)
class Rule:
    """How long somebody has: ``count`` units, perhaps the end of that month, perhaps a working day.

    ``count`` is 1 to ``LIMITS[unit]``, or 0 with ``end_of_month``, which goes with months only ("last day of
    month" is that of the month of the act). ``roll`` moves a due date that is no working day to the next one
    and leaves a working day where it is (Article 3(4)).

    It counts from the day of the act or, with a ``relation`` ("after", "from", or "before", which counts back, and
    rolls back), from what the relation is to: a day, or an ``event`` in words, which may be still to come.

    With a ``period``, a month or a year, nothing is counted (0 months): it falls due on the last day of the period.
    Raises ``InvalidInput`` at ``/rule``.
    """

    count: int
    unit: Unit
    end_of_month: bool = False
    roll: bool = False
    relation: str = ""
    anchor: date | None = None
    event: str = ""
    period: PartialDay | None = None

    def __post_init__(self) -> None:
        if self.unit not in LIMITS or (self.end_of_month and (self.unit != "months" or self.backward)):
            raise InvalidInput.at("/rule", GRAMMAR)
        least, most = (0 if self.end_of_month or self.period else 1), LIMITS[self.unit]
        if not least <= self.count <= most:
            raise InvalidInput.at(
                "/rule",
                sentence(
                    "must be %(least)s to %(most)s %(unit)s.",
                    least=least,
                    most=most,
                    unit=_UNITS[self.unit],
                ),
            )

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Read exactly what ``str`` writes (lower case, single spaces, no sign, "1 day" but "2 days"), and "calendar
        days" for days."""
        if text.startswith(_BY):
            return cls._parse_period(text)
        if _NO_START.search(text):
            raise InvalidInput.at("/rule", NO_START)
        anchored = _FROM.fullmatch(text)
        rolling = _ROLL_BACK if anchored and anchored[2] == "before" else _ROLL
        whole, roll = text.removesuffix(rolling), text.endswith(rolling)
        body, start = whole, {}
        if anchored is not None:
            body = anchored[1]
            start = {"relation": anchored[2], **_read_start(whole[anchored.start(3) :])}
        if body == _LAST_DAY:
            return cls(0, "months", end_of_month=True, roll=roll, **start)
        term = body.removesuffix(f", {_LAST_DAY}")
        match = _TERM.fullmatch(term)
        if match is None or (match[1] == "1") == bool(match[3]):
            raise InvalidInput.at("/rule", GRAMMAR)
        unit = cast("Unit", match[2].replace(" ", "_") + "s")
        return cls(int(match[1]), unit, end_of_month=term != body, roll=roll, **start)

    @classmethod
    def _parse_period(cls, text: str) -> Rule:
        try:
            period = parse_day(text.removeprefix(_BY).removesuffix(_ROLL))
        except InvalidInput as refusal:
            raise InvalidInput.at(
                "/rule", sentence("after %(by)s: %(detail)s", by=repr(_BY.strip()), detail=refusal.detail)
            ) from None
        if period.day:
            raise InvalidInput.at(
                "/rule", sentence("names a day; give %(period)s as due_on, without a rule", period=period)
            )
        return cls(0, "months", roll=text.endswith(_ROLL), period=period)

    @property
    def backward(self) -> bool:
        return self.relation == "before"

    def __str__(self) -> str:
        if self.period:
            return f"{_BY}{self.period}" + _ROLL * self.roll
        words = self.unit.replace("_", " ")
        term = f"{self.count} {words[:-1] if self.count == 1 else words}"
        parts = [term] * (self.count > 0) + [_LAST_DAY] * self.end_of_month
        start = f" {self.relation} {self.anchor or self.event}" if self.relation else ""
        return ", ".join(parts) + start + (_ROLL_BACK if self.backward else _ROLL) * self.roll


def name_start(text: str, event: str) -> str:
    """A rule that counts from an event: from this one where it names none. ``InvalidInput`` at ``/rule``."""
    if _NO_START.search(text):
        return f"{text} {event}"
    rule = Rule.parse(text)
    return text if rule.relation or rule.period else str(replace(rule, relation="after", event=event))


def _read_start(text: str) -> dict[str, Any]:
    """What a rule counts from: a day or, in words, an event."""
    try:
        anchor = date.fromisoformat(text)
    except ValueError:
        if _EVENT.fullmatch(text) is None or len(text) > EVENT_LIMIT:
            raise InvalidInput.at("/rule", GRAMMAR) from None
        return {"event": text}
    if anchor.isoformat() != text:
        raise InvalidInput.at("/rule", GRAMMAR)
    return {"anchor": anchor}
