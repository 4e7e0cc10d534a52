"""Days as sources give them: a year (``2011``), a month (``2025-03``) or a day (``2025-03-09``), kept as given.

The form is that of EDTF, level 0 (ISO 8601-2). Nothing is made more certain than it was said. What has to be decided
asks for the ``earliest`` or the ``latest`` day that is meant:

- lists sort by the earliest, and as of a day a thing is there from its earliest on;
- it lies in the future where its earliest does;
- one comes before another where its latest lies before the earliest of the other;
- nothing is overdue, and nobody silent, before the latest has passed.

As text a year stands before its months, and a month before its days: sorted so, texts are in the order of their
earliest days.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import Month, Sentence, sentence

#: After all days.
FOREVER: Final = "forever"
#: How one is written; what is no day of the calendar matches too.
PATTERN: Final = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_FORM: Final = sentence("must be a year, a month or a day, as 2011, 2025-03 or 2025-03-09")
#: What is shown of a value that cannot be: digits and what stands between them, which tells on nobody.
_SHOWN: Final = re.compile(r"[0-9./ -]{1,12}", re.ASCII)
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A year, with its month and the day of the month where they are known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        month = self.month or _MONTHS
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)


#: A day that is known for certain, or as far as somebody said.
AnyDay = date | PartialDay


@lru_cache(maxsize=4096)  # a document names the same few days again and again
def parse_day(text: str) -> PartialDay:
    """A day as it is written. `InvalidInput` names what cannot be, and what would be right."""
    if not re.fullmatch(PATTERN, text, re.ASCII):
        raise InvalidInput(show_given(_FORM, text))
    year, month, day = (int(part) for part in [*text.split("-"), "0", "0"][:3])
    if year < date.min.year:
        raise InvalidInput(sentence("there is no year %(year)s", year=text[:4]))
    if len(text) > len("2025") and not 1 <= month <= _MONTHS:
        raise InvalidInput(sentence("there is no %(given)s: months go from 01 to 12", given=text))
    if len(text) > len("2025-03") and not 1 <= day <= monthrange(year, month)[1]:
        last = monthrange(year, month)[1]
        raise InvalidInput(
            sentence(
                "there is no such day as %(given)s: %(month)s has %(days)s days",
                given=text, month=Month(year, month), days=last,
            )
        )  # fmt: skip
    return PartialDay(year, month or None, day or None)


def show_given(needed: Sentence, text: str) -> Sentence:
    """What is needed, and what was given in place of a day, for its refusal; not where it may be words."""
    return (
        sentence("%(needed)s, not %(given)s", needed=needed, given=text) if _SHOWN.fullmatch(text) else needed
    )


def find_earliest(day: AnyDay) -> date:
    return day.earliest if isinstance(day, PartialDay) else day


def find_latest(day: AnyDay) -> date:
    return day.latest if isinstance(day, PartialDay) else day


def name_period(first: date, last: date) -> str | None:
    """The day, the month or the year that lies between two days, as one writes it; None where it is none of these."""
    whole = (
        PartialDay(last.year, last.month, last.day),
        PartialDay(last.year, last.month),
        PartialDay(last.year),
    )
    return next((str(one) for one in whole if (one.earliest, one.latest) == (first, last)), None)


def lies_before(day: AnyDay, other: AnyDay) -> bool:
    """Whether one certainly came first: two that may be of the same day are in order either way."""
    return find_latest(day) < find_earliest(other)
