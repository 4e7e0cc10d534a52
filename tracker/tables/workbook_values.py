"""What a cell of a workbook shows: Excel keeps days as numbers, and tells by the format of a cell which are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from tracker.domain.text import read_digits

#: The formats that have a number and no code: days, and plain digits.
_DAYS: Final = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_MONTH: Final = 17
_DIGITS: Final = {1: "0", 2: "0.00", 9: "0%", 10: "0.00%"}
#: Of the code of a format: what is said in it that is no part of a number or a day.
_SAID: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
#: Excel takes no longer code; each cell of its style is looked at by all of it.
_LONGEST: Final = 255
#: How many letters a whole day has.
_WHOLE: Final = 10
_PLAIN: Final = re.compile(r"(0+)(?:\.(0+))?")
_SECONDS: Final = 86_400


class Styles:
    """By the style of a cell, the code of its format. ``epoch`` is the year from which the workbook counts days."""

    def __init__(self, epoch: str) -> None:
        self.epoch = epoch
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._inside = False

    def begin(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "numFmt" and (number := read_digits(given.get("numFmtId", ""))) is not None:
            self._codes[number] = given.get("formatCode", "")[:_LONGEST]
        elif tag == "cellXfs":
            self._inside = True
        elif tag == "xf" and self._inside:
            self._formats.append(read_digits(given.get("numFmtId", "")) or 0)

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._inside = False

    def find_code(self, style: str | None) -> tuple[int, str]:
        """Of cells of a style how many letters of a day they show: 10 of a day, 7 of a month, 4 of a year, 0 of what is
        none; and then the code by which they show numbers."""
        place = read_digits(style or "") or 0
        number = self._formats[place] if place < len(self._formats) else 0
        code = _SAID.sub("", self._codes.get(number, "")).split(";")[0].lower()
        if number == _MONTH:
            return 7, ""
        if number in _DAYS:
            return 10, ""
        if re.search(r"[dy]|mmm", code):
            return (10 if "d" in code or "y" not in code else 7 if "m" in code else 4), ""
        return 0, code or _DIGITS.get(number, "")


def to_text(kind: str, text: str, style: str | None, styles: Styles) -> tuple[str, str | None]:
    """What a cell of this kind shows, and what is wrong with it."""
    if kind == "b":
        return ("true" if text == "1" else "false"), None
    if kind == "d":
        return text.removesuffix("T00:00:00"), None
    if kind != "n":
        return text, None
    try:
        number = Decimal(text)
        letters, code = styles.find_code(style)
        if not letters:
            return _show_number(text, number, code), None
        day = read_serial(number, styles.epoch)
    except (InvalidOperation, OverflowError, ValueError):
        return "", f"{text[:40]!r} is no number"
    if day is None:
        return "", f"{text[:40]} is shown as a day, and is none"
    return (day if letters == _WHOLE else day[:letters]), None  # a day may have its hour


def _show_number(written: str, number: Decimal, code: str) -> str:
    """A number as people see it: 1.10 is kept as 1.1 and shown with both digits; 0.1 is kept with 17; 25% as 0.25."""
    short = Decimal(repr(float(written)))
    if code.endswith("%"):
        return f"{(short * 100).normalize():f}%"
    text = f"{short.quantize(Decimal(1)) if short == short.to_integral_value() else short:f}"
    plain = _PLAIN.fullmatch(code)
    if plain is None or number.is_signed():
        return text
    places = len(plain[2] or "")
    shown = f"{short:.{places}f}".zfill(len(plain[1]) + (places + 1 if places else 0))
    return shown if Decimal(shown) == short else text


def read_serial(number: Decimal, epoch: str = "1900") -> str | None:
    """The day, and the hour where there is one, that Excel writes as so many days. None where there is no such day:
    Excel takes 1900 for a leap year, and has a day 60 that never was."""
    whole = int(number)
    seconds = round((number - whole) * _SECONDS)
    if epoch == "1904":
        first = date(1904, 1, 1)
    elif whole > 60:
        first = date(1899, 12, 30)
    else:
        first = date(1899, 12, 31)
        if whole in (0, 60):
            return None
    if not 0 <= whole <= 2_958_465:
        return None
    moment = datetime(first.year, first.month, first.day) + timedelta(days=whole, seconds=seconds)  # noqa: DTZ001  # a spreadsheet knows no zone
    return moment.isoformat() if seconds else moment.date().isoformat()
