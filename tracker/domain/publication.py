"""Draft, published, withdrawn: what the public may see of a thing (rule 10).

Only what is published is public. Withdrawal is final and leaves a tombstone with its reason.
"""

from __future__ import annotations

from typing import Final

from tracker.domain.errors import AlreadyDone, InvalidInput, Refusal
from tracker.domain.sentences import Label, sentence

DRAFT: Final = "draft"
PUBLISHED: Final = "published"
WITHDRAWN: Final = "withdrawn"
STATES: Final = (DRAFT, PUBLISHED, WITHDRAWN)

_MOVES: Final = {DRAFT: {PUBLISHED, WITHDRAWN}, PUBLISHED: {WITHDRAWN}, WITHDRAWN: frozenset[str]()}


#: The most bytes that are public of one thing, without its status changes: each act that edits it says all of them.
MOST_BYTES: Final = 500_000


class PublicationRefused(Refusal):
    code = "publication-refused"
    title = "It cannot be published or withdrawn as it is"
    remedy = "The detail gives the reason."


def check_move(before: str, after: str) -> None:
    """Refuse a step that leads nowhere (`AlreadyDone`) or back (`PublicationRefused`)."""
    if before == after:
        raise AlreadyDone(sentence("it is %(after)s already", after=Label("publication", after)))
    if after not in _MOVES[before]:
        raise PublicationRefused(
            sentence(
                "what is %(before)s cannot become %(after)s; record it again",
                before=Label("publication", before),
                after=Label("publication", after),
            )
        )


def check_size(size: int) -> None:
    """`InvalidInput` for a thing of which more than `MOST_BYTES` would be public."""
    if size > MOST_BYTES:
        raise InvalidInput(
            sentence(
                "its public text would have %(size)s bytes, and %(most)s are the most; say it in"
                " fewer words, or in things of their own",
                size=format(size, ","),
                most=format(MOST_BYTES, ","),
            )
        )
