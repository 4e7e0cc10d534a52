"""Custody of evidence files: what a file is for, and what can happen to one, in the words of PREMIS.

The line of an item is append-only, and each event says the digest of the one before it: none can be changed, dropped
or moved without breaking the line behind it. What an event tells is codes and digests, never content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from tracker.domain.canonical import encode_json
from tracker.domain.errors import Refusal

ORIGINAL: Final = "evidentiary_copy"
PUBLIC_COPY: Final = "public_derivative"
WORKING_COPY: Final = "working_copy"
CAPTURE: Final = "capture_package"
#: What a file is for.
ROLES: Final = (ORIGINAL, WORKING_COPY, PUBLIC_COPY, CAPTURE)
#: The files that a review of an item is of.
REVIEWED: Final = frozenset({ORIGINAL, CAPTURE})

ACCESSION: Final = "accession"
DIGEST: Final = "message digest calculation"
FORMAT: Final = "format identification"
METADATA: Final = "metadata extraction"
FIXITY: Final = "fixity check"
ACCESS: Final = "access"
TRANSFER: Final = "transfer"
DISSEMINATION: Final = "dissemination"
REDACTION: Final = "redaction"
#: Event types of PREMIS, and one of our own: ``access``, the reading of a file by somebody who may.
EVENTS: Final = (ACCESSION, DIGEST, FORMAT, METADATA, FIXITY, ACCESS, TRANSFER, DISSEMINATION, REDACTION)

#: Whom an item is handed over to.
COURT: Final = "court"
INQUIRY: Final = "inquiry"
RECIPIENTS: Final = (COURT, INQUIRY)

SUCCESS: Final = "success"
FAILURE: Final = "failure"
OUTCOMES: Final = (SUCCESS, FAILURE)


class SameFile(Refusal):
    code = "same-file"
    title = "You submitted this file before"
    remedy = "Use the existing file; the detail names it. Nothing was stored twice."


#: How the audit calls every event begins like this.
VERBS: Final = "custody."


def find_verb(event: str) -> str:
    """How the audit calls an event."""
    return f"{VERBS}{event.replace(' ', '_')}"


def compute_digest(members: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of all that an event says: JSON in UTF-8, members in order, no spaces."""
    return hashlib.sha256(encode_json(members)).hexdigest()
