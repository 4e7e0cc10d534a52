"""Who may know of an item of evidence: the levels of protection, and when a lowering may be decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

PROTECTION: Final = ("public", "partner", "confidential", "sealed")


DEFAULT_PROTECTION: Final = "confidential"


PUBLIC: Final = "public"


PARTNER: Final = "partner"


SEALED: Final = "sealed"


#: How an act on protection ended: alone and at once, or on a proposal.
PROTECTION_ACTS: Final = ("raised", "lowered", "returned", "retracted")


#: How long a lowering rests. Somebody who was forced to propose it, or to approve it, has a day in which anybody who
#: sees the item takes it back ("an insider, willing or forced", docs/threat-model.md).
LOWERING_RESTS: Final = timedelta(hours=24)


def is_raising(before: str, after: str) -> bool:
    """Whether an item is seen by fewer at the second level than at the first."""
    return PROTECTION.index(after) > PROTECTION.index(before)
