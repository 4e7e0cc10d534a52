"""The registration of a watchdog, as it is sent and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.watchdogs import REGISTRATIONS
from tracker.schemas.answer_fields import WHO, instant_field, partial_day_field, text_field
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import LONG, Code, Strict, Text


class WatchdogIn(Strict):
    since = PartialDay(required=True)
    conflicts = Text(LONG, lines=True, allow_none=True)


class StandingIn(Strict):
    """Suspend (``suspended``), reinstate (``registered``) or withdraw (``withdrawn``), and say why."""

    standing = Code(REGISTRATIONS, required=True)
    reason = Text(LONG, lines=True, required=True)


class WatchdogActOut(Schema):
    """An act on the standing of a watchdog."""

    standing = fields.String(required=True)
    reason = fields.String(required=True)
    at = instant_field()
    by = fields.String(required=True, attribute="author.known_as", metadata=WHO)


class WatchdogOut(Schema):
    organization = text_field("organization_id", null=False)
    standing = fields.String(required=True)
    since = partial_day_field()
    conflicts = text_field()
    history = fields.List(
        fields.Nested(WatchdogActOut),
        required=True,
        metadata={"description": "What was done about its standing since, oldest first."},
    )
