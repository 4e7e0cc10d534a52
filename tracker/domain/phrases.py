"""Phrases: parts of sentences that are said in any language. English is their own; others translate their words.

A reckoning explains itself in phrases, so the interface, which speaks English, and a page in Arabic say the same.
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from tracker.domain.calendars import WEEKDAYS, name_day
from tracker.domain.partial_days import PartialDay
from tracker.domain.rules import Rule


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, 0 is Monday."""

    number: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """``one`` has the names of its ``parts`` in it, as ``%(day)s``; ``many`` is the same for more than one, where it
    depends on a ``number``, which is ``%(num)s``."""

    one: str
    many: str | None = None
    number: int = 0
    parts: Mapping[str, Part] = field(default_factory=dict)


#: What stands in a phrase: a day, a month or a year, a day of the week, a rule, a text as it is, a phrase, or a list of
#: these.
Part: TypeAlias = "date | PartialDay | Weekday | Rule | str | Phrase | tuple[Part, ...]"


def phrase(words: str, **parts: Part) -> Phrase:
    """A phrase with its parts."""
    return Phrase(words, parts=parts)


def phrase_number(singular: str, plural: str, number: int, **parts: Part) -> Phrase:
    """A phrase in the form that a number takes."""
    return Phrase(singular, plural, number, parts)


def write_english(part: Part) -> str:
    """A phrase in plain English."""
    match part:
        case date():
            return name_day(part)
        case PartialDay():
            return f"{month_name[part.month]} {part.year}" if part.month else str(part)
        case Weekday():
            return WEEKDAYS[part.number]
        case str() | Rule():
            return str(part)
        case Phrase():
            words = part.one if part.many is None or part.number == 1 else part.many
            return words % {
                "num": part.number,
                **{name: write_english(one) for name, one in part.parts.items()},
            }
        case _:
            return "; ".join(write_english(one) for one in part)


def join_english(phrases: Iterable[Phrase]) -> str:
    """One sentence of these phrases."""
    return "; ".join(write_english(one) for one in phrases) + "."
