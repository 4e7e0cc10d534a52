"""What an answer rests on, since when it may hold, and that an answer is missing, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from tracker.domain.partial_days import name_period
from tracker.languages.i18n import Language

Row = Mapping[str, Any]


def describe_interval(row: Row, track: str, language: Language) -> Markup | None:
    """Between which days something may have become so; None where the day is known."""
    may_be = row["may_be"]
    return may_be and language.say(
        "May have become “%(state)s” between %(first)s and %(last)s.",
        state=language.label(track.partition(".")[0], may_be["state"]),
        first=language.day(may_be["not_before"]),
        last=language.day(may_be["effective_on"]),
    )


def describe_footing(row: Row, language: Language) -> Markup | None:
    """On what kind of evidence an answer rests, when it was verified last, and whether it is about what stands now;
    None where it needs no evidence."""
    if not row["basis"]:
        return None
    pair = Markup("{} {}").format
    sentences = [pair(language.say("Rests on evidence:"), language.label("basis", row["basis"]))]
    if row["verified_on"]:
        sentences.append(pair(language.say("verified on"), language.day(find_verified(row))))
    if row["older_text"]:
        sentences.append(Markup("<strong>{}</strong>").format(language.say("given before this was revised")))
    if row["stale"]:
        sentences.append(Markup("<strong>{}</strong>").format(language.say("not verified for too long")))
    return Markup(" · ").join(sentences)


def find_verified(row: Row) -> str:
    """The day on which an answer was verified last: of a first answer, the month or the year that it names."""
    day: str = row["verified_on"]
    return (row["not_before"] and day == row["since"] and _find_period(row)) or day


def name_since(row: Row, language: Language) -> str:
    """Since when an answer holds: a day, the month or the year that was named, or the days between which it began."""
    first, last = row["not_before"], row["since"]
    if first in (None, last):
        return language.day(last)
    period = _find_period(row)
    return language.day(period) if period else f"{language.day(first)} – {language.day(last)}"


def _find_period(row: Row) -> str | None:
    return name_period(*(date.fromisoformat(row[name]) for name in ("not_before", "since")))


def describe_silence(silent: Row, language: Language) -> Markup:
    """For how long nobody has answered, and when somebody looked last."""
    waited = language.say_number(
        "No answer for %(num)s day, since %(day)s.",
        "No answer for %(num)s days, since %(day)s.",
        silent["days"],
        day=language.day(silent["since"]),
    )
    if not silent["confirmed_on"]:
        return waited
    looked = language.say("Last looked for on %(day)s.", day=language.day(silent["confirmed_on"]))
    return Markup(" ").join((waited, looked))
