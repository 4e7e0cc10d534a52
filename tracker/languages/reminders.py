"""The letter by which an addressee is asked for an answer: drafted from the facts, for a person to change and send.

It gets plainer with each step, and says only what everybody may read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from tracker.languages.i18n import Language, mark

#: The steps of asking, in their order, and what each letter is called.
STEPS: Final[Mapping[str, str]] = {
    "asked": mark("First request"),
    "reminded": mark("Reminder"),
    "reminded_in_public": mark("Reminder that is made public"),
    "silence_recorded": mark("Notice that no answer is on record"),
}
#: What was done last -> in the letter that follows it.
_BEFORE: Final[Mapping[str, str]] = {
    "asked": mark("We asked you for your answer on %(day)s and have none."),
    "reminded": mark("We reminded you on %(day)s and have no answer."),
    "reminded_in_public": mark("We reminded you in public on %(day)s and have no answer."),
    "silence_recorded": mark("We recorded on %(day)s that you did not answer."),
}
#: What a letter asks for.
_ASKS: Final[Mapping[str, str]] = {
    "asked": mark("Please tell us whether you accept it, and what you have done or will do, by when."),
    "reminded": mark("Please answer: whether you accept it, and what you have done or will do, by when."),
    "reminded_in_public": mark(
        "This reminder is public. Please answer: whether you accept it, and what you have done or will do, by when."
    ),
    "silence_recorded": mark(
        "We record that you did not answer. That stays on record, also if you answer later."
    ),
}
#: What comes next, if there is no answer.
_AFTER: Final[Mapping[str, str]] = {
    "reminded": mark("If we have no answer by %(day)s, we will remind you."),
    "reminded_in_public": mark("If we have no answer by %(day)s, we will remind you in public."),
    "silence_recorded": mark("If we have no answer by %(day)s, we will record that you did not answer."),
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a letter is about. ``due_on``: by when an answer is due. ``last``: the step before, and its day.
    ``coming``: the step after, and from which day on. ``page``: where everybody reads it."""

    addressee: str
    process: str
    reference: str
    title: str
    text: str
    issuers: str
    issued_on: str
    lead: str
    page: str
    due_on: date | None = None
    last: tuple[str, date] | None = None
    coming: tuple[str, date] | None = None


def write_reminder(language: Language, step: str, about: Reminder, today: date) -> list[Markup]:
    """The paragraphs of a letter."""
    say, day = language.say, language.day
    return [
        Markup("{}").format(day(today)),
        say("To %(name)s", name=about.addressee),
        say(
            "On %(day)s, %(issuers)s made this recommendation to you, number %(reference)s of %(process)s: %(title)s",
            day=day(about.issued_on),
            issuers=about.issuers,
            reference=about.reference,
            process=about.process,
            title=about.title,
        ),
        say("“%(text)s”", text=about.text),
        *_write_facts(language, step, about, today),
        say(
            "Everybody can read what is on record about it, and your answer stands beside it as soon as it comes:"
        ),
        Markup("{}").format(about.page),
        say("For %(name)s", name=about.lead),
    ]


def _write_facts(language: Language, step: str, about: Reminder, today: date) -> Iterator[Markup]:
    """By when an answer was due, what was done, what is asked, and what follows."""
    say, day = language.say, language.day
    if about.due_on is not None:
        due = (
            mark("Your answer was due by %(day)s.")
            if about.due_on < today
            else mark("Your answer is due by %(day)s.")
        )
        yield say(due, day=day(about.due_on))
    if about.last is not None:
        yield say(_BEFORE[about.last[0]], day=day(about.last[1]))
    yield say(_ASKS[step])
    if about.coming is not None:
        yield say(_AFTER[about.coming[0]], day=day(about.coming[1]))
