"""When evidence with a source becomes public: not at the hour at which somebody asked for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

#: Where the desk has what anybody could have: nobody is behind it whom a time could point at.
OPEN_SOURCES: Final = frozenset({"public_source", "official"})


#: What came from a source is public no sooner after it came, and then by lot within so long: the time of a publication
#: says nothing of the time of a submission (the same page).
RELEASE_FLOOR: Final = timedelta(hours=24)


RELEASE_SPREAD: Final = timedelta(hours=24)


def has_source(acquired_from: str, *, by_the_desk: bool) -> bool:
    """Whether somebody is behind an item whom the time of its publication could point at."""
    return not by_the_desk or acquired_from not in OPEN_SOURCES


def draw_release_instant(submitted_at: datetime, asked_at: datetime, lot: bytes) -> datetime:
    """The instant from which an item with a source may become public, once somebody asked for it.

    ``lot`` is random. It is added to the floor and not held against it: else what is asked for soon would be public
    exactly a day after it was submitted.
    """
    share = int.from_bytes(lot, "big") / (1 << 8 * len(lot))
    return max(submitted_at + RELEASE_FLOOR, asked_at) + RELEASE_SPREAD * share
