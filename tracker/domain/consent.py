"""What the people an item speaks of agreed to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

CONSENT: Final = ("informed_consent", "public_interest_open_source", "official_publication")


PURPOSES: Final = (
    "internal_use",
    "share_with_inquiry",
    "share_with_courts",
    "publish_anonymised",
    "publish_attributed",
)


def list_allowed(basis: str | None, purposes: Collection[str]) -> frozenset[str]:
    """The purposes that an item may be used for: all of them, unless people were asked and agreed to some."""
    return frozenset(purposes if basis == "informed_consent" else PURPOSES)
