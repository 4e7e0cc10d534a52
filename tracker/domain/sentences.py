"""Sentences that people read in their language: the English text, which also knows its words and the parts in them.

A `Sentence` is a `str`: whatever takes a text takes it, and the interface says it in English. A page asks for its words
and says them in the language of its reader (`tracker.languages.i18n.Language.tell`). A text that is made of one with
``f"{…}"``, or that is cut off, is a plain text again: a page shows it in English, and marked so.
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year, which English names."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{month_name[self.month]} {self.year}"


@dataclass(frozen=True, slots=True)
class Label:
    """A code of a vocabulary, which pages show by its label."""

    vocabulary: str
    code: str

    def __str__(self) -> str:
        return self.code


#: What stands in a sentence: a sentence, a day, a month, a label, or anything else as it is written.
Part: TypeAlias = object


class Sentence(str):
    """``singular`` has the names of its ``parts`` in it, as ``%(day)s``; ``plural`` is the same for more than one,
    where it depends on a ``number``, which is ``%(num)s``."""

    __slots__ = ("number", "parts", "plural", "singular")

    singular: str
    plural: str | None
    number: int
    parts: Mapping[str, Part]

    def __new__(cls, singular: str, plural: str | None, number: int, parts: Mapping[str, Part]) -> Sentence:
        words = singular if plural is None or number == 1 else plural
        made = super().__new__(cls, words % {"num": number, **parts})
        made.singular, made.plural, made.number, made.parts = singular, plural, number, parts
        return made

    def __getnewargs__(self) -> Any:  # what a copy is made of
        return self.singular, self.plural, self.number, self.parts

    def format(self, *_more: object, **_parts: object) -> Sentence:
        """The same: marshmallow fills in what it says of a fault, and a sentence has its parts."""
        return self


def sentence(words: str, **parts: Part) -> Sentence:
    """A sentence with its parts."""
    return Sentence(words, None, 0, parts)


def join_choices(choices: Sequence[Part]) -> Part:
    """Any of these."""
    first, *more = choices
    return sentence("%(one)s or %(more)s", one=first, more=join_choices(more)) if more else first


def sentence_number(singular: str, plural: str, number: int, **parts: Part) -> Sentence:
    """A sentence in the form that a number takes."""
    return Sentence(singular, plural, number, parts)
