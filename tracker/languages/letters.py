"""What letters say. They say *that* something waits, and not *what*: a mailbox is not the record.

An address stands on a line of its own, so that every mail program makes a link of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from markupsafe import Markup

from tracker.languages.i18n import Language


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words."""

    subject: str = field(repr=False)
    text: str = field(repr=False)


def write_trial(language: Language, site: str) -> Written:
    """To whom the operator sends a trial."""
    said = language.say(
        "This letter was sent to try out the mail of %(site)s. There is nothing to do.", site=site
    )
    return _write(language, language.say("A trial"), [said])


def _write(language: Language, subject: Markup, parts: Iterable[Markup | str]) -> Written:
    """A letter of paragraphs."""
    said = (language.unmark(part) if isinstance(part, Markup) else part for part in parts)
    return Written(language.unmark(subject), "\n\n".join(said) + "\n")
