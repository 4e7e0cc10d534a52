"""What letters say. They say *that* something waits, and not *what*: a mailbox is not the record.

An address stands on a line of its own, so that every mail program makes a link of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from tracker.languages.i18n import Language
from tracker.languages.tasks import write_task


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words."""

    subject: str = field(repr=False)
    text: str = field(repr=False)


def write_trial(language: Language, site: str) -> Written:
    """To whom the operator sends a trial."""
    text = language.say(
        "This letter was sent to try out the mail of %(site)s. There is nothing to do.", site=site
    )
    return _write(language, language.say("A trial"), [text])


def write_confirmation(language: Language, link: str) -> Written:
    """To an address that somebody of the desk says is theirs."""
    text = language.say(
        "Somebody of the desk of an accountability tracker gave this address as their own. If it was you, open this"
        " link within a day. You are then asked once more."
    )
    other = language.say("If it was not you, do nothing: no further letter comes.")
    return _write(language, language.say("Confirm your address"), [text, link, other])


def write_entry_link(language: Language, purpose: str, link: str) -> Written:
    """To somebody who is let in by a link: an ``invitation``, or a ``reset``."""
    if purpose == "invitation":
        subject = language.say("An invitation to the desk")
        text = language.say(
            "You are invited to the desk of an accountability tracker. By this link you choose a password and set your"
            " phone. It is good once, for seven days:"
        )
    else:
        subject = language.say("A link to the desk")
        text = language.say(
            "By this link you choose a new password for the desk of an accountability tracker and set another phone. It"
            " is good once, for one day:"
        )
    other = language.say("Give this link to nobody. If you expected none, tell an administrator.")
    return _write(language, subject, [text, link, other])


def write_digest(language: Language, counts: Iterable[tuple[str, int]], desk: str) -> Written:
    """To somebody of the desk: what waits for them, as numbers. ``desk`` is its address."""
    parts: list[Markup | str] = []
    for kind, count in counts:
        parts += (write_task(kind, count, language), f"{desk}/queue?kind={kind}")
    why = language.say("You get this letter because you asked for it. How often it comes, you choose here:")
    return _write(language, language.say("Something waits for you"), [*parts, why, f"{desk}/account/mail"])


def write_following(language: Language, title: Markup | None, link: str) -> Written:
    """To an address that somebody wants to follow what is public: asks whether its owner does. None for a search."""
    what = language.say("what a search finds") if title is None else title
    text = language.say(
        "Somebody asked that this address be told by mail of what is published here: %(title)s", title=what
    )
    how = language.say("If it was you, open this link within a day and press the button:")
    other = language.say("If it was not you, do nothing: no further letter comes.")
    return _write(language, language.say("Do you want to follow this?"), [text, how, link, other])


def write_news(
    language: Language,
    title: Markup,
    items: Iterable[tuple[str, str]],
    more: int,
    page: str,
    since: date,
    where: str,
    end: str,
) -> Written:
    """To a follower: what was published, each act as a sentence with its address; ``more`` is how much is left out.
    ``since`` and ``where`` say why they get it."""
    parts: list[Markup | str] = []
    for sentence, address in items:
        parts += (sentence, address)
    if more:
        parts += (language.say_number("and %(num)s more", "and %(num)s more", more), page)
    why = language.say(
        "You get this letter because you asked for it on %(day)s, here:", day=language.day(since)
    )
    return _write(language, title, [*parts, why, where, language.say("End it here:"), end])


def _write(language: Language, subject: Markup, parts: Iterable[Markup | str]) -> Written:
    """A letter of paragraphs."""
    plain = (language.unmark(part) if isinstance(part, Markup) else part for part in parts)
    return Written(language.unmark(subject), "\n\n".join(plain) + "\n")
