"""Evidence as a described item: its codes, and when it may become public.

Protection levels (`domain` rule: `confidential` unless somebody says otherwise):
``public``; ``partner``, named organizations; ``confidential``, the desk; ``sealed``, custodians, whose
very existence is secret. Only a `public` item is ever published, and by somebody else than who submitted it.

What is taken back too late is out for good, so time is part of two rules (docs/threat-model.md): a lowering rests
before it may be approved, and what came from a source is never public soon after it came.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

PROTECTION: Final = ("public", "partner", "confidential", "sealed")
DEFAULT_PROTECTION: Final = "confidential"
PUBLIC: Final = "public"
PARTNER: Final = "partner"
SEALED: Final = "sealed"

#: How an act on protection ended: alone and at once, or on a proposal.
PROTECTION_ACTS: Final = ("raised", "lowered", "returned", "retracted")

ACQUIRED_FROM: Final = ("own_staff", "partner", "public_source", "confidential_source", "official")
CAPTURE: Final = ("submitted_file", "web_archive", "screenshot", "api", "interview", "other")
GENERATION: Final = ("original", "copy", "derivative")
EDITED: Final = ("yes", "no", "unknown")
WARNINGS: Final = ("graphic", "minors", "sexual_violence", "personal_information", "deceptive")
ANALYSIS: Final = ("not_done", "passed", "failed", "inconclusive")
PRECISION: Final = ("day", "month", "year", "approximate")
CONSENT: Final = ("informed_consent", "public_interest_open_source", "official_publication")
PURPOSES: Final = (
    "internal_use",
    "share_with_inquiry",
    "share_with_courts",
    "publish_anonymised",
    "publish_attributed",
)
REDACTION: Final = (
    "witness_safety",
    "court_order",
    "data_subject_request",
    "consent_withdrawn",
    "minor",
    "third_party_privacy",
    "legal_hold",
    "error",
    "spam",
)

#: How long a lowering rests. Whoever was forced to propose it, or to approve it, has a day in which anybody who sees
#: the item takes it back ("an insider, willing or forced", docs/threat-model.md).
LOWERING_RESTS: Final = timedelta(hours=24)
#: Where the desk has what anybody could have: nobody is behind it whom a time could point at.
OPEN_SOURCES: Final = frozenset({"public_source", "official"})
#: What came from a source is public no sooner after it came, and then by lot within so long: the time of a publication
#: says nothing of the time of a submission (the same page).
RELEASE_FLOOR: Final = timedelta(hours=24)
RELEASE_SPREAD: Final = timedelta(hours=24)


def raises(before: str, after: str) -> bool:
    """Whether an item is seen by fewer at the second level than at the first."""
    return PROTECTION.index(after) > PROTECTION.index(before)


def lowered_from(proposed_at: datetime) -> datetime:
    """The instant from which a lowering that was proposed then may be approved."""
    return proposed_at + LOWERING_RESTS


def has_a_source(acquired_from: str, *, by_the_desk: bool) -> bool:
    """Whether somebody is behind an item whom the time of its publication could point at."""
    return not by_the_desk or acquired_from not in OPEN_SOURCES


def released_from(submitted_at: datetime, asked_at: datetime, lot: bytes) -> datetime:
    """The instant from which an item with a source may become public, once somebody asked for it.

    ``lot`` is random. It is added to the floor and not held against it: else what is asked for soon would be public
    exactly a day after it was submitted.
    """
    share = int.from_bytes(lot, "big") / (1 << 8 * len(lot))
    return max(submitted_at + RELEASE_FLOOR, asked_at) + RELEASE_SPREAD * share
