"""Sealed fields: as they are sent, and as custodians read them."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.sent_values import Repeats
from tracker.schemas.fields import LINE, LONG, Code, Strict, Text


class SealedIn(Strict):
    """What only custodians ever read. The sender does not get it back."""

    refusals_repeat = Repeats.NOTHING

    creator = Text(LINE)
    source_reference = Text(LINE)
    original_file_name = Text(LINE)
    precise_place = Text(LINE)
    consent_evidence = Text(LONG, lines=True)
    willing_to_testify = Code(("yes", "no", "ask"))
    statement = Text(LONG, lines=True)


class SealedOut(Schema):
    """What is sealed of an item. A field that was not given is left out."""

    creator = fields.String()
    source_reference = fields.String()
    original_file_name = fields.String()
    precise_place = fields.String()
    consent_evidence = fields.String()
    willing_to_testify = fields.String()
    statement = fields.String()


class UnsealIn(Strict):
    """Nothing is said but that it is read: who, and when, is written down."""


class ReadingOut(Schema):
    """What a custodian reads of an item, on record."""

    id = fields.String(required=True)
    submitted_by = fields.String(required=True)
    sealed = fields.Nested(SealedOut, required=True)
