"""Tips: what somebody without an account hands in, what becomes of it, and how much of it there may be.

Bounds are counted for a process and never for a sender: who sends is not known, and no trace tells one from another.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tracker.domain.errors import AlreadyDone, InvalidInput, Refusal, SelfApproval
from tracker.domain.sentences import sentence

#: state -> what it says to the person who sent the tip.
RECEIVED, LOOKED_AT, USED, NOT_USED, TAKEN_BACK = STATES = (
    *("received", "looked_at", "used", "not_used", "taken_back"),
)
#: What a tip says; each may be left out but the first.
FIELDS: Final = ("happened", "when", "where", "harm")
LONG, SHORT = 20_000, 500
#: How many days a tip is kept after the last that happened to it, unless the box says otherwise.
KEPT_DAYS: Final = 90
FEWEST_DAYS, MOST_DAYS = 7, 365
#: How long one that is not used is kept, for somebody who sees that and wants to add something.
ASIDE_DAYS: Final = 30
#: How much a process takes in an hour, and how much it holds.
MOST_AN_HOUR: Final = 30
MOST_ADDED_AN_HOUR: Final = 300
MOST_HELD: Final = 1_000
MOST_BYTES: Final = 10_000_000_000
#: How much one tip has.
MOST_FILES: Final = 10
MOST_FILE_BYTES: Final = 500_000_000
MOST_MESSAGES: Final = 100
_HOUR: Final = timedelta(hours=1)


class TipBoxFull(Refusal):
    code = "tip-box-full"
    title = "The tip box is full at present"
    remedy = "Come back at the time that is named. What you wrote stands in the form again."


def find_hour(now: datetime) -> datetime:
    """The hour in which something came: no tip says more of when it was sent."""
    return now.replace(minute=0, second=0, microsecond=0)


def find_end(now: datetime, days: int) -> datetime:
    """Until when something is kept."""
    return find_hour(now) + timedelta(days=days)


def require_room(now: datetime, *, an_hour: int, most: int, bytes_kept: int, size: int) -> int:
    """How many bytes a process still takes. `TipBoxFull` where so many came within the hour, or so much is held,
    that it takes no more."""
    if an_hour >= most:
        wait = int((find_hour(now) + _HOUR - now).total_seconds()) + 1
        raise TipBoxFull(sentence("so much came in this hour that nothing more is taken"), wait=wait)
    left = MOST_BYTES - size
    if bytes_kept >= MOST_HELD or left <= 0:
        raise TipBoxFull(sentence("the box is full until the desk has looked at what is in it"), wait=86_400)
    return left


def require_few_files(number: int) -> None:
    """`InvalidInput` where a tip would have too many files."""
    if number > MOST_FILES:
        raise InvalidInput.at("/files", sentence("must be at most %(most)s with one tip", most=MOST_FILES))


def require_few_messages(number: int) -> None:
    """`TipBoxFull` where nothing more can be said about a tip."""
    if number >= MOST_MESSAGES:
        raise TipBoxFull(
            sentence("%(number)s messages belong to this tip, and no more are taken", number=number),
            wait=86_400,
        )


def require_read(state: str) -> None:
    """`AlreadyDone` where something is to be done to a tip that nobody has read, or that is gone."""
    if state == RECEIVED:
        raise AlreadyDone(sentence("nobody has read this tip yet; read it first"))
    if state == TAKEN_BACK:
        raise AlreadyDone(sentence("this tip was taken back by the person who sent it"))


def require_open(state: str) -> None:
    """The same, or where the desk has said already what became of it."""
    require_read(state)
    if state == USED:
        raise AlreadyDone(sentence("this tip became an item of evidence already"))


def require_undecided(state: str) -> None:
    """The same, or where the tip was set aside already."""
    require_open(state)
    if state == NOT_USED:
        raise AlreadyDone(sentence("this tip was set aside already; another custodian may destroy it"))


def require_destroyable(state: str, *, set_aside_by_own: bool) -> None:
    """What was set aside by one custodian is destroyed by another, of another organization; what was taken back, by any
    of them."""
    if state not in (NOT_USED, TAKEN_BACK):
        raise AlreadyDone(sentence("only a tip that is not used, or that was taken back, is destroyed"))
    if set_aside_by_own:
        raise SelfApproval(
            sentence("you or your organization set this tip aside; another custodian destroys it")
        )
