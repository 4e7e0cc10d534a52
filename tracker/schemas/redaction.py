"""Redactions and legal holds: what is sent and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain import redaction
from tracker.domain.sent_values import Repeats
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import LONG, Code, Strict, Text, Truth


class RedactionIn(Strict):
    """Sent by one custodian it is an order, which withdraws a thing at once; sent by another it destroys."""

    refusals_repeat = Repeats.CODES

    reason = Code(redaction.REDACTION, required=True)


class RedactionOut(Schema):
    """``target`` is the id of a thing, or of the public act whose words are meant."""

    proposal = fields.String(attribute="id", required=True)
    target = fields.String(attribute="target_id", required=True)
    reason = fields.String(required=True)
    ordered_at = Moment(attribute="proposed_at", required=True)
    done_at = Moment(attribute="approved_at", required=True, allow_none=True)


class HoldIn(Strict):
    """A hold for a court or an inquiry, or its end."""

    held = Truth(required=True)
    reason = Text(LONG, lines=True, required=True)


class HeldOut(Schema):
    """Whether a subject is held."""

    id = fields.String(required=True)
    held = fields.Boolean(required=True)
