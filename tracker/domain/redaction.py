"""Why content is destroyed."""

from __future__ import annotations

from typing import Final

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
