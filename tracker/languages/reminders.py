"""The letter by which an addressee is asked for an answer: drafted from the facts, for a person to change and send.

It gets plainer with each step, and says only what everybody may read.
"""

from __future__ import annotations

from collections.abc import Mapping
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
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a letter is about. ``asked_on``: the last day on which an answer was looked for in vain. ``due_on``: by
    when it was due. ``page``: where everybody reads it."""

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
    asked_on: date | None = None


def choose_step(times: int) -> str:
    """The next step for somebody who was found not to have answered so often."""
    return [*STEPS][min(times, len(STEPS) - 1)]


def write_reminder(language: Language, step: str, about: Reminder, today: date) -> list[Markup]:
    """The paragraphs of a letter."""
    say, day = language.say, language.day
    said = [
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
    ]
    if about.due_on is not None:
        said.append(say("Your answer was due by %(day)s.", day=day(about.due_on)))
    if step == "asked":
        said.append(say("Please tell us whether you accept it, and what you have done or will do, by when."))
    elif about.asked_on is not None:
        said.append(say("We looked for your answer on %(day)s and found none.", day=day(about.asked_on)))
    if step == "reminded":
        said.append(say("Please answer: whether you accept it, and what you have done or will do, by when."))
    if step == "reminded_in_public":
        said.append(
            say(
                "This reminder is public. If you do not answer, your silence is recorded and stays on record."
            )
        )
    return [
        *said,
        say(
            "Everybody can read what is on record about it, and your answer stands beside it as soon as it comes:"
        ),
        Markup("{}").format(about.page),
        say("For %(name)s", name=about.lead),
    ]
