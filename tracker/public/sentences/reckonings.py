"""How a date was counted, as a sentence in each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from tracker.domain.partial_days import PartialDay
from tracker.domain.reckoning_sentences import Day, Series, Weekday, list_sentences
from tracker.domain.rules import Rule
from tracker.domain.sentences import Month, Part, Sentence
from tracker.languages.i18n import Language, mark, mark_number

#: unit of a rule -> how many of it.
_UNITS: Final = {
    "days": mark_number("%(num)s day", "%(num)s days"),
    "working_days": mark_number("%(num)s working day", "%(num)s working days"),
    "weeks": mark_number("%(num)s week", "%(num)s weeks"),
    "months": mark_number("%(num)s month", "%(num)s months"),
    "years": mark_number("%(num)s year", "%(num)s years"),
}


#: Events that the tracker itself puts into a rule.
KNOWN_EVENTS: Final = (
    mark("the day on which the other date is met"),
    mark("the day on which the other date is due"),
    mark("the answer to the recommendation"),
    mark("publication of the report"),
)


def write_event(event: str, language: Language) -> Markup:
    """What a rule counts from: in the language of a page, or in the words of those who wrote it."""
    return language.say(event) if event in KNOWN_EVENTS else Markup("<bdi>{}</bdi>").format(event)


def describe_reckoning(reckoning: Mapping[str, Any] | None, language: Language) -> Markup | None:
    """How a date was counted; None where it was not counted but given."""
    if reckoning is None or "rule" not in reckoning:
        return None
    return language.join(write_part(one, language) for one in list_sentences(reckoning)) + Markup(".")


def write_part(part: Part, language: Language) -> Markup:
    """A part of a sentence in a language."""
    match part:
        case Day():
            return Markup("{}").format(language.full_day(part.date))
        case Month():
            return Markup("{}").format(language.day(f"{part.year:04}-{part.month:02}"))
        case PartialDay():
            return Markup("{}").format(language.day(str(part)))
        case Weekday():
            return Markup("{}").format(language.weekday(part.number))
        case Rule():
            return write_rule(part, language)
        case Sentence():
            parts = {name: write_part(one, language) for name, one in part.parts.items()}
            if part.plural is None:
                return language.say(part.singular, **parts)
            return language.say_number(part.singular, part.plural, part.number, **parts)
        case Series():
            return language.join(write_part(one, language) for one in part.parts)
        case _:
            return Markup("<bdi>{}</bdi>").format(part)


def write_rule(rule: Rule, language: Language) -> Markup:
    """A rule as people say it: "10 working days before 1 September 2025"."""
    say = language.say
    if rule.period:
        sentence = say("by the end of %(period)s", period=language.day(str(rule.period)))
    elif rule.count:
        sentence = language.say_number(*_UNITS[rule.unit], rule.count)
    else:
        sentence = say("last day of month")
    if rule.count and rule.end_of_month:
        sentence = say("%(term)s, last day of month", term=sentence)
    if rule.relation:
        sentence = _write_start(rule, sentence, language)
    if rule.roll and rule.backward:
        return say("%(term)s, previous working day", term=sentence)
    return say("%(term)s, next working day", term=sentence) if rule.roll else sentence


def _write_start(rule: Rule, term: Markup, language: Language) -> Markup:
    what = write_event(rule.event, language) if rule.anchor is None else language.day(rule.anchor)
    if rule.backward:
        return language.say("%(term)s before %(what)s", term=term, what=what)
    return language.say("%(term)s after %(what)s", term=term, what=what)
