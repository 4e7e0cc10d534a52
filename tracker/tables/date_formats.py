"""Days as people write them. A form is named, never guessed: `01/02/2020` is two days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from tracker.domain.sentences import Sentence, sentence
from tracker.domain.text import strip_word, to_ascii_digits
from tracker.tables.workbook_values import read_serial

#: Days that are numbers, as Excel counts them.
EXCEL: Final = ("excel", "excel-1904")
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_PARTS: Final = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "MONTH": r"(?P<month>[A-Za-z]{3,9})\.?",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
}
_PART: Final = re.compile("|".join(_PARTS))
#: What the shape reads by itself: a day, or as much of it as is known.
_KNOWN: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
#: Fewer digits are a year.
_SERIAL: Final = re.compile(r"[0-9]{5,6}(\.0*)?")
#: A day with the hour at which it begins, as programs write days; and one with another hour.
_MIDNIGHT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00(\.0+)?)?")
_HOUR: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{1,2}:[0-9]{2}.*")
#: A day whose year has two digits, whichever of the three it is.
_TWO_DIGITS: Final = re.compile(r"[0-9]{1,2}[./ -]([0-9]{1,2}|[^\W\d]{3,9}\.?)[./ -][0-9]{2}")
#: The years of our calendar that a day here may have; a day of another one is told as such.
_YEARS: Final = range(1800, 2201)
_YEAR: Final = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_COMMON: Final = (
    *("DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "YYYY/MM/DD", "YYYY.MM.DD"),
    *("DD MONTH YYYY", "MONTH DD, YYYY", "DD-MONTH-YYYY", "MM/YYYY", "MM.YYYY", "MONTH YYYY", "excel"),
)


def check_format(form: str) -> bool:
    """Whether this says how days are written: each part once, the year, and no day without its month."""
    if form in EXCEL:
        return True
    parts = [one if one != "MONTH" else "MM" for one in _PART.findall(form)]
    whole = "YYYY" in parts and len(parts) == len(set(parts)) and ("DD" not in parts or "MM" in parts)
    return whole and not re.search("[A-Za-z]", _PART.sub("", form))


def read_date(cell: str, forms: Sequence[str]) -> tuple[str, Sentence | None]:
    """The day as `2020-12-31`, or as much of it as the form has; and what is wrong with it, with the remedy."""
    text = _cut_midnight(to_ascii_digits(strip_word(cell)))
    readings = _read_all(text, forms)
    if len(readings) == 1:
        day = next(iter(readings))
        return day, _explain(day)
    if readings:
        read = " or ".join(f"{day} ({form})" for day, form in readings.items())
        return cell, sentence("may be %(read)s; name one --date-format", read=read)
    if _KNOWN.fullmatch(text) and ("-" in text or not set(forms) & set(EXCEL)):  # a year, or a number of days
        return text, _explain(text)
    if (reason := _explain(text)) is not None:
        return cell, reason
    likely = _read_all(text, _COMMON)
    if forms and not likely:
        return cell, _require_form(forms)
    if not likely:
        return cell, sentence("must be a date as 2025-03-09, or as a --date-format says, such as DD.MM.YYYY")
    needed = _require_form(forms) if forms else sentence("must be a date as 2025-03-09")
    choices = " or ".join(f"--date-format {_quote(form)} ({day})" for day, form in likely.items())
    return cell, sentence(
        "%(needed)s; if it is written otherwise, say how: %(choices)s", needed=needed, choices=choices
    )


def _require_form(forms: Sequence[str]) -> Sentence:
    return sentence("must be a date as %(forms)s (--date-format), or as 2025-03-09", forms=" or ".join(forms))


def _quote(form: str) -> str:
    return f'"{form}"' if " " in form else form


def _cut_midnight(text: str) -> str:
    """A day without the hour at which each day begins: that says no more than the day."""
    match = _MIDNIGHT.fullmatch(text)
    return text if match is None else match[1]


def _explain(text: str) -> Sentence | None:
    """What is wrong with a day that is written in no form that could be named."""
    if match := _HOUR.fullmatch(text):
        return sentence("must be a date without an hour, as %(day)s", day=match[1])
    if _TWO_DIGITS.fullmatch(text):
        return sentence(
            "has a year of two digits, which may be of any century; write all four, as 2025-03-09"
        )
    years = [int(year) for year in _YEAR.findall(text)]
    if years and not any(year in _YEARS for year in years):
        return sentence(
            "has the year %(year)s, and must lie from %(first)s to %(last)s; a day of another calendar has to be"
            " written as one of the Gregorian, as 2025-03-09",
            year=years[0], first=_YEARS[0], last=_YEARS[-1],
        )  # fmt: skip
    return None


def _read_all(text: str, forms: Iterable[str]) -> dict[str, str]:
    """Each day that one of the forms reads, with the form."""
    readings: dict[str, str] = {}
    for form in forms:
        day = _read_serial(text, form) if form in EXCEL else _read(text, form)
        if day is not None:
            readings.setdefault(day, form)
    return readings


def _read_serial(text: str, form: str) -> str | None:
    if not _SERIAL.fullmatch(text):
        return None
    return read_serial(Decimal(text), "1904" if form == "excel-1904" else "1900")


def _read(text: str, form: str) -> str | None:
    pattern, last = "", 0
    for part in _PART.finditer(form):
        pattern += re.escape(form[last : part.start()]) + _PARTS[part.group()]
        last = part.end()
    if "MM" in form and re.search("YYYYMM|MMDD|DDMM|MMYYYY", form):
        pattern = pattern.replace("{1,2}", "{2}")  # nothing stands between: each has its full length
    match = re.fullmatch(pattern + re.escape(form[last:]), text)
    if match is None:
        return None
    groups = match.groupdict()
    month = _find_month(groups["month"]) if "month" in groups else None
    try:
        day = date(int(groups["year"]), month or 1, int(groups.get("day", 1)))
    except ValueError:
        return None
    return day.isoformat()[: 10 if "day" in groups else 7 if "month" in groups else 4]


def _find_month(word: str) -> int:
    """The number of a month; 13 where there is none."""
    if word.isdecimal():
        return int(word) or 13
    named = [place for place, name in enumerate(_MONTHS, 1) if name.startswith(word.casefold())]
    return named[0] if len(named) == 1 else 13
