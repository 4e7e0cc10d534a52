"""What the people an item speaks of agreed to."""

from __future__ import annotations

from typing import Final

CONSENT: Final = ("informed_consent", "public_interest_open_source", "official_publication")


PURPOSES: Final = (
    "internal_use",
    "share_with_inquiry",
    "share_with_courts",
    "publish_anonymised",
    "publish_attributed",
)
