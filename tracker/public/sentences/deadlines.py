"""How a date stands, in words: by how much it moved, and by how much it was kept or missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from tracker.languages.i18n import Language
from tracker.public.sentences.reckonings import describe_reckoning

Document = Mapping[str, Any]


def has_come(deadline: Document) -> bool:
    """Whether what was owed came, so that it came early or late."""
    return deadline["timing"]["days_late"] is not None


def find_day_it_came(deadline: Document) -> date | None:
    """The day on which what was owed came, the first one where several are possible; None where it has not come."""
    day = deadline["met_not_before"] or deadline["met_on"]
    return date.fromisoformat(day) if has_come(deadline) and day else None


def _describe_coming(deadline: Document, language: Language) -> Markup:
    late, day = deadline["timing"]["days_late"], language.day(deadline["met_on"])
    if deadline["met_not_before"] is not None:
        return _describe_coming_between(deadline, late, language)
    if late:
        return language.say_number(
            "Came on %(day)s, %(num)s day late", "Came on %(day)s, %(num)s days late", late, day=day
        )
    return language.say("Came on %(day)s, in time", day=day)


def _describe_coming_between(deadline: Document, late: int, language: Language) -> Markup:
    days = {name: language.day(deadline[member]) for name, member in _BETWEEN}
    if late:
        return language.say_number(
            "Came between %(first)s and %(last)s, at least %(num)s day late",
            "Came between %(first)s and %(last)s, at least %(num)s days late",
            late, **days,
        )  # fmt: skip
    if deadline["met_on"] <= deadline["due_on"]:
        return language.say("Came between %(first)s and %(last)s, in time", **days)
    return language.say("Came between %(first)s and %(last)s, perhaps in time", **days)


#: The days between which something came, as a sentence names them.
_BETWEEN: Final = (("first", "met_not_before"), ("last", "met_on"))


def describe_timing(deadline: Document, language: Language) -> Markup:
    """How a date stands, in words."""
    timing = deadline["timing"]
    if has_come(deadline):
        return _describe_coming(deadline, language)
    if timing["days_overdue"]:
        return language.say_number("%(num)s day overdue", "%(num)s days overdue", timing["days_overdue"])
    if timing["days_left"] is not None:
        return language.say_number("Due in %(num)s day", "Due in %(num)s days", timing["days_left"])
    state = next(one["lead"]["state"] for one in deadline["standing"] if one["track"] == "outcome")
    if timing["state"] is not None:
        return Markup("{}").format(language.label("timing", timing["state"]))
    return Markup("{}").format(language.label("outcome", state))


def are_read_otherwise(deadline: Document) -> bool:
    """Whether a source gives another date than the one that is told."""
    return any(one["due_on"] != deadline["due_on"] for one in deadline["readings"])


def describe_reading(deadline: Document, reading: Mapping[str, Any], language: Language) -> Markup:
    """How a date stands by another day that a source gives for it."""
    return describe_timing({**deadline, "due_on": reading["due_on"], "timing": reading["timing"]}, language)


def describe_slip(deadline: Document, language: Language) -> Markup | None:
    """By how much a date moved since it was first set; None where it did not."""
    slip = deadline["slip_days"]
    if not slip:
        return None
    if slip > 0:
        return language.say_number(
            "%(num)s day later than first set", "%(num)s days later than first set", slip
        )
    return language.say_number(
        "%(num)s day earlier than first set", "%(num)s days earlier than first set", -slip
    )


def describe_grant(chain: Sequence[Document], language: Language) -> Markup | None:
    """That an extension came when the old date had passed; None where none did."""
    late = max(int(one["granted_days_late"] or 0) for one in chain)
    if late < 1:
        return None
    return language.say_number(
        "The later date was set %(num)s day after the old one had passed.",
        "The later date was set %(num)s days after the old one had passed.",
        late,
    )


def describe_stays(deadline: Document, language: Language) -> Iterator[Markup]:
    """When the clock of a date stood still, and where that left it."""
    for stay in deadline["stays"]:
        first = language.day(stay["from_on"])
        if stay["resumed_on"] is None:
            yield language.say("Suspended since %(first)s.", first=first)
        elif stay["due_on"] is None:
            yield language.say(
                "Suspended on %(first)s until %(day)s.", first=first, day=language.day(stay["resumed_on"])
            )
        else:
            yield language.say_number(
                "Suspended on %(first)s for %(num)s day; due on %(due)s from then on.",
                "Suspended on %(first)s for %(num)s days; due on %(due)s from then on.",
                stay["days"], first=first, due=language.day(stay["due_on"]),
            )  # fmt: skip


def explain_date(deadline: Document, language: Language) -> list[Markup]:
    """How a date was counted and what moved it, sentence by sentence."""
    counted = describe_reckoning(deadline["reckoning"], language)
    moved = list(describe_stays(deadline, language))
    if deadline["calendar_changed"]:
        moved.append(language.say("Since then the calendar of the process has changed in these days."))
    return [*([] if counted is None else [counted]), *moved]
