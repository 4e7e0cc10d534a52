"""The shapes of public acts, for those who read them, and of what redactions are counted by."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from tracker.domain.basis import BASES
from tracker.domain.partial_days import PATTERN
from tracker.domain.revisions import ACTS
from tracker.domain.tracks import TRACKS
from tracker.public.schema_fields import instant_field, optional_text, text_field


class Event(Schema):
    """One public act about a thing."""

    id = text_field()
    kind = text_field()
    at = instant_field()
    process = optional_text()
    subject = text_field()
    subject_kind = text_field()
    content = fields.Dict()
    change = fields.Dict()
    reason = fields.String()
    changed = fields.String()
    replies_to = fields.String()
    track = fields.String(validate=validate.OneOf(list(TRACKS)))
    assessor = fields.String()
    basis = fields.String(validate=validate.OneOf(BASES))
    was = fields.String(validate=validate.OneOf(BASES))
    revision = fields.String(
        validate=validate.OneOf(ACTS),
        metadata={"description": "Of a revision: what was wrong is corrected, or the world changed."},
    )
    since = fields.String(
        allow_none=True,
        metadata={"pattern": PATTERN, "description": "Of an update: from which day it is so. Else null."},
    )
    members = fields.List(
        fields.String(), metadata={"description": "Of a revision: the members that it changed."}
    )
    alone = fields.Boolean(
        metadata={
            "description": "Of a revision: true where one person made it, as `revisions` of the process lets them. Left"
            " out where another person approved it."
        }
    )
    refs = fields.List(
        fields.Integer(), metadata={"description": "Of a redaction: the entries that nothing opens any more."}
    )
    event = fields.String(
        metadata={
            "description": "Of a redaction: the act whose words it took; left out where it took the thing."
        }
    )


class AnyEvent(Event):
    """One public act. Those of the log itself, an anchor or a change of key, are about no subject."""

    subject = optional_text()
    subject_kind = fields.String()
    commit = fields.String(metadata={"description": "Of an anchor: its commitment to the internal log."})
    vkey = fields.String(metadata={"description": "Of a change of key: the public key that signs."})
    beside = fields.String(metadata={"description": "The public key that signs as well, for now."})
    retired = fields.String(metadata={"description": "The public key that signs no more."})


class Place(Schema):
    """Where an act stands: in which log, and which of its entries it is."""

    origin = optional_text()
    index = fields.Integer(required=True)


class VerifiableEvent(AnyEvent):
    """One public act, and what verifies it without us: see `docs/verifying.md`.

    ``entry`` is the bytes of the log; its ``commit`` is opened by ``disclosure``, the text of this act, and ``salt``.
    Both are null once the act may no longer be shown. All three are base64url without padding. ``redacted_by`` is the
    entry of the redaction that destroyed them; null where none did. Beside them, ``corrected_by`` is the act that
    corrects this one, of an answer that was wrong; else null.
    """

    log = fields.Nested(Place, required=True)
    entry = text_field()
    disclosure = optional_text()
    salt = optional_text()
    redacted_by = fields.Integer(required=True, allow_none=True)
    corrected_by = optional_text()


class ListedEvent(AnyEvent):
    """One public act of the list of changes; where it is asked for, with what verifies it as in `VerifiableEvent`."""

    log = fields.Nested(Place)
    entry = fields.String()
    disclosure = fields.String(allow_none=True)
    salt = fields.String(allow_none=True)
    redacted_by = fields.Integer(allow_none=True)


class RedactionMonth(Schema):
    """How many redactions there were in a month of UTC, of what had been public; and how many for which reason."""

    month = text_field(metadata={"description": "As in 2026-10."})
    redactions = fields.Integer(required=True)
    reasons = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class RedactionCounts(Schema):
    """The months that are over and in which there was one, the newest first."""

    months = fields.List(fields.Nested(RedactionMonth), required=True)
