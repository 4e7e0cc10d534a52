"""Following what is public by mail, without an account: what can be followed, and the bounds that protect strangers."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FOLLOWED: Final = ("process", "recommendation", "search")
#: The longest name of what is followed: the words of a search.
LONGEST: Final = 200
#: How long the link of a letter is good that asks whether somebody wants to follow.
PROOF: Final = timedelta(hours=24)
#: How many such letters go to one address within a day, however often somebody asks.
MOST_FOR_ADDRESS: Final = 3
#: How many go to all addresses within an hour: a bound on what the mail server of the operator can be made to send.
MOST_AN_HOUR: Final = 200
#: A follower is told at most once in so long.
PAUSE: Final = timedelta(hours=24)
