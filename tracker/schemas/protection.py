"""What is sent to protect evidence, and what of it each role may see: a shape for each, none cut out of another."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.protection import PROTECTION
from tracker.domain.sent_values import Repeats
from tracker.schemas.answer_fields import partial_day_field
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import LONG, Code, Id, Strict, Text
from tracker.schemas.list_fields import list_of


class ProtectionIn(Strict):
    """A higher level, or fewer organizations, holds at once. Anything else waits for another person."""

    refusals_repeat = Repeats.CODES

    protection = Code(PROTECTION, required=True)
    shared_with = list_of(Id("organization"), 50)
    reason = Text(LONG, lines=True, required=True)


class HoldActOut(Schema):
    """That a hold was placed or released. Who did it is not said."""

    held = fields.Boolean(required=True)
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Null where a redaction destroyed it."}
    )
    at = Moment(required=True)


class LoweringOut(Schema):
    """A lowering that waits to be decided. Who proposed it is not said: it may be a submitter who stays unnamed."""

    id = fields.String(required=True, metadata={"description": "The proposal; see `/v1/proposals/{id}`."})
    protection = fields.String(attribute="payload.protection", required=True)
    shared_with = fields.List(fields.String(), attribute="payload.shared_with", required=True)
    reason = fields.String(required=True)
    proposed_at = Moment(required=True)
    not_before = Moment(
        attribute="rests_until",
        required=True,
        metadata={"description": "From when it may be approved; returned, at any time."},
    )


class ProtectionActOut(Schema):
    """That two people did what was `lowered` or `returned` is held by the record; who they were is not said."""

    act = fields.String(required=True, metadata={"description": "A code of the vocabulary `protection_act`."})
    before = fields.String(required=True)
    after = fields.String(
        required=True, metadata={"description": "The level that was asked for, had or not."}
    )
    shared_with = fields.List(fields.String(), required=True)
    reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null where another act sealed it, and where a redaction destroyed it."},
    )
    proposed_at = Moment(required=True, allow_none=True)
    at = Moment(attribute="done_at", required=True)


class ProtectionOut(Schema):
    """Who may know of an item, and what waits to be decided about that."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    protection = fields.String(required=True)
    shared_with = fields.List(fields.String(), required=True)
    proposed = fields.Nested(LoweringOut, required=True, allow_none=True)


class SharedEvidenceOut(Schema):
    """An item as an organization sees it with which it was shared: not who submitted it, nor how it came here."""

    id = fields.String(required=True)
    process = fields.String(attribute="process_id", required=True)
    title = fields.String(required=True)
    type = fields.String(required=True)
    description = fields.String(allow_none=True, required=True)
    language = fields.String(allow_none=True, required=True)
    source_url = fields.String(allow_none=True, required=True)
    archived_url = fields.String(allow_none=True, required=True)
    published_on = partial_day_field()
    occurred_from = partial_day_field()
    occurred_to = partial_day_field()
    precision = fields.String(allow_none=True, required=True)
    country = fields.String(allow_none=True, required=True)
    area = fields.String(allow_none=True, required=True)
    generation = fields.String(required=True)
    edited = fields.String(required=True)
    content_warnings = fields.List(fields.String(), required=True)
    rights = fields.String(allow_none=True, required=True)
    licence = fields.String(allow_none=True, required=True)
