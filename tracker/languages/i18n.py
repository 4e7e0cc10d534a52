"""The languages of pages and feeds: texts, labels of codes, days, numbers, and how they stand in a sentence.

The English text is the id of a message; ``locale/`` holds the others, as gettext writes them. They are compiled when
they are first asked for, so that nobody can forget to.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Final

from babel import Locale, UnknownLocaleError, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from markupsafe import Markup

from tracker.domain.partial_days import parse_day
from tracker.domain.sent_values import refuse_parameter
from tracker.domain.sentences import Label, Month, Part, Sentence
from tracker.domain.vocabularies.catalogue import VOCABULARIES

#: The languages of the pages, and the locale that each is written in.
LOCALES: Final = {"en": "en_GB", "ar": "ar", "fr": "fr"}
LANGUAGES: Final = tuple(LOCALES)
#: The vocabularies whose labels pages show; those of states stand among them.
SHOWN: Final = (
    *(
        "addressee_role",
        "adequacy_criterion",
        "analysis",
        "basis",
        "body_type",
        "content_warning",
        "deadline_basis",
    ),
    *("deadline_type", "duty_to_publish", "edited", "evidence_type", "figure", "generation", "member_left"),
    *("indicator_type", "organization_type", "recommendation_type", "redaction_reason", "report_type"),
    *("resource_type", "stance", "timing"),
    *("acquired_from", "capture_method", "content_credibility", "precision", "protection", "publication"),
    "source_reliability",
    *(
        "stage",
        "adequacy",
        "release",
        "delivery",
        "outcome",
        "response",
        "reminder",
        "implementation",
        "closure",
        "specificity",
        "priority",
        "procedure",
        "verification",
    ),
)
_TERMS: Final = {(name, term.code): term for name in SHOWN for term in VOCABULARIES[name].terms}
#: What a part of a sentence is kept apart by where there is no markup, in a text from right to left (Unicode UAX 9).
_ISOLATE: Final = ("\u2068", "\u2069")
_SEMICOLONS: Final = {"ar": Markup("؛ ")}
_COMMAS: Final = {"ar": "، "}
_COLONS: Final = {"fr": "\u00a0: "}
_TAG: Final = re.compile(r"<[^>]*>")
#: What a partial day is written as, by its number of parts.
_PATTERNS: Final = {1: "y", 2: "MMMM y"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the pages, with the locale that its days are written in."""

    code: str
    locale: Locale
    texts: NullTranslations

    @property
    def direction(self) -> str:
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"

    @property
    def name(self) -> str:
        """What it calls itself."""
        return str(Locale(self.code).display_name)

    @property
    def comma(self) -> str:
        """What stands between the entries of a list in a line."""
        return _COMMAS.get(self.code, ", ")

    @property
    def colon(self) -> str:
        """What stands between a name and what is said of it."""
        return _COLONS.get(self.code, ": ")

    def in_country(self, country: str | None) -> Language:
        """The same where days are written as in a country: April is نيسان in Syria and أبريل elsewhere."""
        if self.code != "ar" or country is None:
            return self
        return Language(self.code, find_locale(f"ar-{country}") or self.locale, self.texts)

    def say(self, message: str, **parts: object) -> Markup:
        """A sentence with its parts. Each part is isolated: a name in another script moves nothing around it."""
        return _fill(self.texts.gettext(message), parts)

    def say_number(self, singular: str, plural: str, number: int, **parts: object) -> Markup:
        """The same in the form that a number takes; ``%(num)s`` is the number."""
        return _fill(self.texts.ngettext(singular, plural, number), {"num": self.number(number), **parts})

    def tell(self, text: str) -> Markup:
        """What a refusal says. A text that is no `Sentence` is English, and marked so among other words."""
        if isinstance(text, Sentence):
            parts = {name: self._tell_part(part) for name, part in text.parts.items()}
            if text.plural is None:
                return self.say(text.singular, **parts)
            return self.say_number(text.singular, text.plural, text.number, **parts)
        if self.code == "en":
            return Markup("{}").format(text)
        return Markup('<span lang="en" dir="ltr">{}</span>').format(text)

    def _tell_part(self, part: Part) -> object:
        if isinstance(part, Sentence):
            return self.tell(part)
        if isinstance(part, Label) and (part.vocabulary, part.code) in _TERMS:
            return self.label(part.vocabulary, part.code)
        if isinstance(part, Month):
            return self.day(f"{part.year:04}-{part.month:02}")
        return self.day(part) if isinstance(part, date) else part

    def unmark(self, text: Markup) -> str:
        """The same sentence without markup, for a feed, a calendar or the name of a picture. Its parts stay apart."""
        before, after = _ISOLATE if self.direction == "rtl" else ("", "")
        apart = text.replace(Markup("<bdi>"), before).replace(Markup("</bdi>"), after)
        return Markup(_TAG.sub("", apart)).unescape()  # noqa: S704  # it is only read as text

    def label(self, vocabulary: str, code: str) -> str:
        """What a code of one of the `SHOWN` vocabularies is called."""
        term = _TERMS[vocabulary, code]
        english = term.label["en"]
        return term.label.get(self.code) or str(self.texts.pgettext(vocabulary, english))

    def day(self, given: date | str) -> str:
        """A day, a month or a year, in words."""
        if isinstance(given, date):
            return dates.format_date(given, "long", self.locale)
        parts = given.count("-") + 1
        earliest = parse_day(given).earliest
        if parts in _PATTERNS:
            return dates.format_date(earliest, _PATTERNS[parts], self.locale)
        return dates.format_date(earliest, "long", self.locale)

    def full_day(self, given: date) -> str:
        """A day with the name of its weekday."""
        form = "EEEE d MMMM y" if self.code == "en" else "full"  # as the interface writes it
        return dates.format_date(given, form, self.locale)

    def weekday(self, number: int) -> str:
        """A day of the week, 0 is Monday."""
        return str(self.locale.days["format"]["wide"][number])

    def join(self, parts: Iterable[Markup]) -> Markup:
        """Parts of one sentence, one after another."""
        return _SEMICOLONS.get(self.code, Markup("; ")).join(parts)

    def month(self, given: date, *, year: bool = True) -> str:
        """The month of a day, in few letters, with or without its year."""
        return dates.format_date(given, "MMM y" if year else "LLL", self.locale)

    def number(self, value: float | str) -> str:
        return numbers.format_decimal(value, locale=self.locale)

    def language_name(self, tag: str) -> str:
        """What another language is called in this one; its tag where nobody knows."""
        known = find_locale(tag)
        return (known and known.get_language_name(self.locale)) or tag

    def country_name(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))


def mark(message: str) -> str:
    """The id of a text that is said later, in the language of its reader."""
    return message


def mark_number(singular: str, plural: str) -> tuple[str, str]:
    """The same of a text with a number."""
    return singular, plural


def find_locale(tag: str) -> Locale | None:
    """What is known of a language, or of a language in a country; None where nothing is."""
    try:
        return Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None


def _fill(message: str, parts: dict[str, object]) -> Markup:
    isolated = {name: part if isinstance(part, Markup) else isolate(part) for name, part in parts.items()}
    return Markup(message) % isolated  # noqa: S704  # messages are ours; their parts are escaped


def isolate(text: object) -> Markup:
    """A name or a number whose direction does not depend on what stands around it."""
    return Markup("<bdi>{}</bdi>").format(text)


def direction_of(tag: str | None) -> str:
    """In which direction a text of this language is read; ``auto`` where nobody says which language it is."""
    known = None if tag is None else find_locale(tag)
    return "auto" if known is None else str(known.text_direction)


def read_catalogue(code: str) -> bytes:
    """The translations of a language as they are written."""
    return resources.files("tracker.languages").joinpath("locale", f"{code}.po").read_bytes()


def read_code(given: str | None) -> str | None:
    """The language that somebody asks for by its code; None where nobody does. `InvalidInput` for one that has no
    texts."""
    if given is None or given in LOCALES:
        return given
    raise refuse_parameter("lang", given, f"one of {', '.join(LANGUAGES)}")


@lru_cache(maxsize=len(LANGUAGES))
def get_language(code: str) -> Language:
    """A language of the pages."""
    return Language(code, Locale.parse(LOCALES[code]), _load_texts(code))


def _load_texts(code: str) -> NullTranslations:
    if code == "en":
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(read_catalogue(code)), locale=code))
    compiled.seek(0)
    return Translations(compiled)


def choose_language(accepted: str | None) -> str:
    """The language that a reader likes best of those there are (RFC 9110, 12.5.4); English where none is named."""
    best, liked = LANGUAGES[0], 0.0
    for item in (accepted or "").lower().split(",")[:32]:
        tag, _, quality = item.partition(";")
        code = tag.strip().partition("-")[0]
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            continue
        if code in LOCALES and liked < weight <= 1:
            best, liked = code, weight
    return best
