"""A letter, and how it is written down for a mail server: plain text, no picture, nothing that tells who read it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

#: Seven bits: every server on the way takes them.
_POLICY: Final = SMTP.clone(cte_type="7bit", utf8=False)
_MARK: Final = (
    "\u200f"  # a line that begins with a number or a Latin name is read from right to left all the same
)
_BREAKS: Final = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """``id`` names it for receivers, who so know a second copy; ``unsubscribe`` is the address at which its reader ends
    such letters by one POST (RFC 8058)."""

    id: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    language: str = "en"
    right_to_left: bool = False
    unsubscribe: str | None = field(default=None, repr=False)


def write_letter(letter: Letter, sender: str, now: datetime) -> bytes:
    """The bytes of a letter. What would break out of a header is a space in it."""
    message = EmailMessage(_POLICY)
    message["From"] = sender
    message["To"] = _flatten(letter.to)
    message["Subject"] = _flatten(letter.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{_flatten(letter.id)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{_flatten(letter.unsubscribe)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_mark_lines(letter.text) if letter.right_to_left else letter.text)
    message["Content-Language"] = _flatten(letter.language)
    return message.as_bytes()


def _flatten(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()


def _mark_lines(text: str) -> str:
    """The same with lines that are read from right to left; an address stands alone on its line, as it is."""
    lines = text.split("\n")
    return "\n".join(f"{_MARK}{line}" if line and "://" not in line else line for line in lines)
