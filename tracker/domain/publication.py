"""Draft, published, withdrawn: what the public may see of a thing (rule 10).

Only what is published is public. Withdrawal is final and leaves a tombstone with its reason.
"""

from __future__ import annotations

from typing import Final

from tracker.domain.errors import AlreadyDone, Refusal

DRAFT: Final = "draft"
PUBLISHED: Final = "published"
WITHDRAWN: Final = "withdrawn"
STATES: Final = (DRAFT, PUBLISHED, WITHDRAWN)

_MOVES: Final = {DRAFT: {PUBLISHED, WITHDRAWN}, PUBLISHED: {WITHDRAWN}, WITHDRAWN: frozenset[str]()}


class PublicationRefused(Refusal):
    code = "publication-refused"
    title = "It cannot be published or withdrawn as it is"
    remedy = "The detail gives the reason."


def check_move(before: str, after: str) -> None:
    """Refuse a step that leads nowhere (`AlreadyDone`) or back (`PublicationRefused`)."""
    if before == after:
        raise AlreadyDone(f"it is {after} already")
    if after not in _MOVES[before]:
        raise PublicationRefused(f"what is {before} cannot become {after}; record it anew")
