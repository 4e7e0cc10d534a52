"""Sessions of the desk: how long one lasts, for how long somebody has just said who they are, and links that let in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

#: A session ends so long after its last use, and so long after it began, whatever is done with it.
IDLE: Final = timedelta(hours=2)
LONGEST: Final = timedelta(hours=12)
#: Dangerous acts ask again who somebody is when they have not said so for this long.
CONFIRMED: Final = timedelta(minutes=10)
#: How exactly the last use is kept: to write it down more often would keep a trace of somebody's day.
USE_NOTED_EVERY: Final = timedelta(minutes=5)
#: By what a session was opened.
OPENED_BY: Final = ("code", "recovery_code", "link", "passkey", "provider")
#: For what a link lets somebody in, and for how long it is good.
LINKS: Final = {"invitation": timedelta(days=7), "reset": timedelta(hours=24)}
#: The longest label that somebody may give a session.
LABEL: Final = 60


def is_over(opened_at: datetime, used_at: datetime, now: datetime) -> bool:
    """Whether a session has ended by itself."""
    return now - used_at >= IDLE or now - opened_at >= LONGEST


def is_confirmed(confirmed_at: datetime, now: datetime) -> bool:
    """Whether somebody said so lately who they are that a dangerous act may go on."""
    return now - confirmed_at < CONFIRMED
