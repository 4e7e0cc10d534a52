"""What waits at the desk, as sentences that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from tracker.languages.i18n import Language, mark_number

#: kind of entry -> what somebody has to do about one, and about so many.
TASKS: Final[Mapping[str, tuple[str, str]]] = {
    "proposal": mark_number("Decide a proposed status", "Decide %(num)s proposed statuses"),
    "returned": mark_number("Mend a proposal that came back", "Mend %(num)s proposals that came back"),
    "review": mark_number("Review an item of evidence", "Review %(num)s items of evidence"),
    "basis": mark_number(
        "Look again at a status that lost what it stood on",
        "Look again at %(num)s statuses that lost what they stood on",
    ),
    "overdue": mark_number(
        "Say what came of a date that has passed", "Say what came of %(num)s dates that have passed"
    ),
    "lowering": mark_number(
        "Decide whether an item may be seen by more people",
        "Decide whether %(num)s items may be seen by more people",
    ),
    "redaction": mark_number("Decide a redaction", "Decide %(num)s redactions"),
    "public_copy": mark_number(
        "Look at a copy that shall be public", "Look at %(num)s copies that shall be public"
    ),
    "revision": mark_number(
        "Decide a correction of what is public", "Decide %(num)s corrections of what is public"
    ),
    "publication": mark_number(
        "Decide whether a draft becomes public", "Decide whether %(num)s drafts become public"
    ),
    "consent": mark_number(
        "Decide a consent that shall allow more", "Decide %(num)s consents that shall allow more"
    ),
    "question": mark_number("Answer a question", "Answer %(num)s questions"),
    "reckoning": mark_number(
        "Check a date that the calendar counts otherwise now",
        "Check %(num)s dates that the calendar counts otherwise now",
    ),
    "parts": mark_number(
        "Look at a recommendation that is over while a part of it is not",
        "Look at %(num)s recommendations that are over while a part of them is not",
    ),
    "reminder": mark_number(
        "Take the next step with an addressee who has not answered",
        "Take the next step with %(num)s addressees who have not answered",
    ),
}


def write_task(kind: str, number: int, language: Language) -> Markup:
    """What somebody has to do about so many entries of a kind."""
    singular, many = TASKS[kind]
    return language.say_number(singular, many, number)
