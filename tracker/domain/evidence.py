"""Evidence as a described item: its codes, and when it may become public.

Protection levels (`domain` rule: `confidential` unless somebody says otherwise):
``public``; ``partner``, named organizations; ``confidential``, the desk; ``sealed``, custodians, whose
very existence is secret. Only a `public` item is ever published, and by somebody else than who submitted it.
"""

from __future__ import annotations

from typing import Final

PROTECTION: Final = ("public", "partner", "confidential", "sealed")
DEFAULT_PROTECTION: Final = "confidential"
PUBLIC: Final = "public"
PARTNER: Final = "partner"
SEALED: Final = "sealed"

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


def raises(before: str, after: str) -> bool:
    """Whether an item is seen by fewer at the second level than at the first."""
    return PROTECTION.index(after) > PROTECTION.index(before)
