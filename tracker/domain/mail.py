"""Mail: which address takes one, when a letter is tried again, and how often somebody is told what waits."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence

#: What a letter is about: the confirmation of an address, what waits at the desk, a link to it; and for followers what
#: was published.
LINK: Final = "link"
NEWS: Final = "news"
PURPOSES: Final = ("confirmation", "digest", LINK, NEWS)
#: Why a letter was not taken. ``later``: the server asks to try again; ``recipient``: it knows no such mailbox;
#: ``unsure``: it took all of it and never said so; the rest of its refusals is ``refused``. ``sealed``: none of our
#: keys opens it.
FAULTS: Final = (
    "later",
    "login",
    "recipient",
    "refused",
    "sealed",
    "timeout",
    "tls",
    "unreachable",
    "unsure",
)
#: Those that every other letter meets as well.
OF_SERVER: Final = frozenset({"login", "timeout", "tls", "unreachable"})

#: Until a letter is tried again after it failed for the first, second … time. After the last it is given up.
DELAYS: Final = (
    *(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (2, 6, 12, 24)),
)
#: Failed so often in a row, it is worth a warning: more than half an hour has passed.
WARN: Final = 3
#: How long a letter that was given up is remembered.
REMEMBERED: Final = timedelta(days=7)
#: How often somebody is told that something waits for them.
AT_ONCE: Final = "at_once"
PERIODS: Final = ("off", AT_ONCE, "daily", "weekly")
#: How often it is looked whether something new waits for somebody who is told at once.
_SOON: Final = timedelta(minutes=10)
#: The hour of a day, in UTC, at which a day or a week is told of; a week on Monday.
_HOUR: Final = 5
#: How long a link is good that confirms an address.
PROOF: Final = timedelta(hours=24)
#: The longest address (RFC 5321, 4.5.3.1.3).
ADDRESS: Final = 254
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}",
    re.ASCII,
)


def is_address(given: str) -> bool:
    """Whether it is written as one address."""
    return len(given) <= ADDRESS and _ADDRESS.fullmatch(given) is not None


def check_address(given: str, pointer: str) -> str:
    """An address that a letter can be sent to. `InvalidInput` for what is none; the address is not repeated there."""
    if not is_address(given):
        detail = sentence("must be one address, as name@host.example, in Latin letters without accents")
        raise InvalidInput.at(pointer, detail)
    return given


def find_next_digest(period: str, now: datetime) -> datetime | None:
    """When somebody is told next who is told so often; None for never."""
    if period == "off":
        return None
    if period == AT_ONCE:
        return now + _SOON
    today = now.astimezone(UTC).replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    days = range(0, 9) if period == "daily" else range((-today.weekday()) % 7, 16, 7)
    return next(day for day in (today + timedelta(days=number) for number in days) if day > now)


def find_retry(failures: int, now: datetime) -> datetime | None:
    """When a letter is tried again that failed so often; None where it is given up."""
    return None if failures > len(DELAYS) else now + DELAYS[failures - 1]


def is_final(fault: str, before: str | None) -> bool:
    """Whether a letter is not tried again. Of one whose fate is unknown a second copy is sent, and no third."""
    return fault == "recipient" or (fault == "unsure" and before == "unsure")
