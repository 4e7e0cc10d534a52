"""A version of a mandate, as it is sent and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.vocabularies import codes
from tracker.schemas.answer_fields import partial_day_field, text_field
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import LINE, LONG, Code, Strict, Text
from tracker.schemas.list_fields import list_of


class ScopeIn(Strict):
    """What a mandate covers: acts, time, place and persons, in the words of its instrument."""

    subject_matter = Text(LONG, lines=True)
    time = Text(LINE)
    place = Text(LINE)
    persons = Text(LINE)


class MandateIn(Strict):
    instrument = Text(LINE, required=True)
    adopted_on = PartialDay(required=True)
    in_force_from = PartialDay(allow_none=True)
    in_force_to = PartialDay(allow_none=True)
    scope = fields.Nested(ScopeIn)
    tasks = list_of(Text(LONG, lines=True), 100)
    powers = list_of(Text(LONG, lines=True), 100)
    reports_to = Text(LINE, allow_none=True)
    duty_to_publish = Code(codes.DUTY_TO_PUBLISH)
    note = Text(LONG, lines=True, allow_none=True)


class MandateOut(Schema):
    id = fields.String(required=True)
    committee = text_field("committee_id", null=False)
    number = fields.Integer(required=True)
    instrument = fields.String(required=True)
    adopted_on = partial_day_field(null=False)
    in_force_from = partial_day_field()
    in_force_to = partial_day_field()
    scope = fields.Dict(required=True)
    tasks = fields.List(fields.String(), required=True)
    powers = fields.List(fields.String(), required=True)
    reports_to = text_field()
    duty_to_publish = fields.String(required=True)
    note = text_field()
