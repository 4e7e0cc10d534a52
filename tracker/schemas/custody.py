"""Files of evidence and their custody: what is asked, and what is answered. No shape here has a place for a key of the
store; the original name has one, for custodians, in the answer to an access that was written down.
"""

from __future__ import annotations

from typing import Final

from marshmallow import Schema, fields

from tracker.domain.custody import ORIGINAL, RECIPIENTS, ROLES
from tracker.schemas.day_fields import Moment
from tracker.schemas.evidence import EvidenceOut, OwnEvidenceOut, SubmissionIn
from tracker.schemas.fields import Code, Strict, Text
from tracker.schemas.list_fields import list_of

#: How many files may come with one item, in one call.
MOST_FILES: Final = 20


class FileQuery(Strict):
    role = Code(ROLES, load_default=ORIGINAL, metadata={"description": f"`{ORIGINAL}` where left out."})


class TicketQuery(Strict):
    ticket = Text(
        500, required=True, metadata={"description": "What the answer to the POST gave, in its `link`."}
    )


class FileOut(Schema):
    """What is known of a file, without its content."""

    id = fields.String(required=True)
    evidence = fields.String(attribute="evidence_id", required=True)
    role = fields.String(required=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    declared_type = fields.String(required=True, allow_none=True)
    detected_type = fields.String(required=True)
    added_at = Moment(required=True)
    approved_at = Moment(required=True, allow_none=True)
    checked_at = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "When the bytes were last read and compared."},
    )
    destroyed_at = Moment(required=True, allow_none=True)


class SubmissionForm(Strict):
    """An item and its files: first the part ``item``, then each file as a part ``file`` with its own media type."""

    item = fields.Nested(SubmissionIn, required=True)
    file = list_of(
        fields.Raw(metadata={"type": "string", "format": "binary"}), MOST_FILES, least=1, required=True
    )


class SubmissionOut(Schema):
    """An item with the files that came with it."""

    evidence = fields.Nested(EvidenceOut, required=True)
    files = fields.List(
        fields.Nested(FileOut),
        required=True,
        metadata={"description": "In the order in which they were sent."},
    )


class OwnSubmissionOut(Schema):
    """The same for submitters of an organization."""

    evidence = fields.Nested(OwnEvidenceOut, required=True)
    files = fields.List(fields.Nested(FileOut), required=True)


class AccessOut(Schema):
    """The way to the bytes: for the same key, and for a short time."""

    link = fields.String(required=True)
    expires_at = Moment(required=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    original_name = fields.String(
        required=True, allow_none=True, metadata={"description": "Told to custodians only."}
    )


class TransferIn(Strict):
    """Whom it is handed over to: each takes a consent of its own, where people were asked for one."""

    recipient = Code(RECIPIENTS, required=True)


class TransferOut(Schema):
    """The way to the package: for the same key, and for a short time."""

    link = fields.String(required=True)
    expires_at = Moment(required=True)


class OwnCustodyOut(Schema):
    """One event, for the organization that an item belongs to. Without numbers and digests, by which it would be told
    that something happened that it is not shown."""

    evidence = fields.String(required=True)
    file = fields.String(required=True, allow_none=True)
    type = fields.String(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})
    agent = fields.String(
        required=True, allow_none=True, metadata={"description": "An organization, `desk`, or a software."}
    )
    outcome = fields.String(required=True)
    digest_before = fields.String(required=True, allow_none=True)
    digest_after = fields.String(required=True, allow_none=True)
    detail = fields.Dict(required=True)


class CustodyOut(Schema):
    """One event. ``digest`` is that of the others in JSON, members in order, without spaces; ``prev`` that before."""

    evidence = fields.String(required=True)
    file = fields.String(required=True, allow_none=True)
    number = fields.Integer(required=True)
    type = fields.String(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})
    agent = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "An organization, `desk`, or a software; never a person. Null for an event of old that names"
            " one: its digest is made with that name and can be checked by nobody who lacks it."
        },
    )
    outcome = fields.String(required=True)
    digest_before = fields.String(required=True, allow_none=True)
    digest_after = fields.String(required=True, allow_none=True)
    detail = fields.Dict(required=True)
    prev = fields.String(required=True, allow_none=True)
    digest = fields.String(required=True)
