"""What people typed, without what no tip needs; and why something was not taken, in their own language."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from tracker.domain import text
from tracker.domain.errors import InvalidInput, Refusal, StaleEdit
from tracker.domain.files import FileTooLarge
from tracker.domain.tips import MOST_FILE_BYTES, MOST_FILES, TipBoxFull
from tracker.http.refusals import TooLarge
from tracker.languages.i18n import Language

#: The field that says which form of ours it is, and the one that lets somebody in to a tip.
TOKEN, PASS = ".form", ".pass"
_MEGABYTE: Final = 1_000_000


def clean_text(typed: str) -> str:
    """A text as it is kept: lines end in one way, and characters that show something else than is said are left out.
    Of evidence they would be refused; but nobody who writes in fear is sent back for a character they cannot see."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    if text.find_fault(lines, lines=True) is not None:
        lines = "".join(letter for letter in lines if text.find_fault(letter, lines=True) is None)
    return lines.strip()


def explain(refusal: Refusal, language: Language) -> Markup:
    """Why a form was not taken, and what to do."""
    if isinstance(refusal, TipBoxFull):
        hours = max(1, -(-(refusal.wait or 0) // 3_600))
        return language.say_number(
            "The tip box is full. Come back in an hour; keep what you wrote until then.",
            "The tip box is full. Come back in %(num)s hours; keep what you wrote until then.",
            hours,
        )
    if isinstance(refusal, StaleEdit):
        return language.say("This page lay open too long. Nothing is lost: send it once more.")
    if isinstance(refusal, (FileTooLarge, TooLarge)):
        return language.say(
            "The files are too large: %(most)s megabytes together are taken. Send fewer, or smaller ones.",
            most=language.number(MOST_FILE_BYTES // _MEGABYTE),
        )
    if isinstance(refusal, InvalidInput):
        return language.say(
            "These are too many files: %(most)s are taken with one tip.", most=language.number(MOST_FILES)
        )
    return language.say("Nothing can be kept at this moment. Wait a few minutes, and send it once more.")
