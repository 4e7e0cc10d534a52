"""A report of a committee, as it is sent and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.vocabularies import codes
from tracker.schemas.answer_fields import ClaimOut, day_field, text_field
from tracker.schemas.fields import LINE, LONG, Code, Day, PartialDayText, Strict, Text, Truth, list_of_shapes


class ClaimIn(Strict):
    date = PartialDayText(required=True)
    event = Text(LINE, required=True)
    says = Text(LINE, required=True)


class ReportIn(Strict):
    """A report. Handed over, announced, presented and published are four different days."""

    title = Text(LINE, required=True)
    type = Code(codes.REPORT_TYPE)
    delivered_on = Day(allow_none=True)
    announced_on = Day(allow_none=True)
    presented_on = Day(allow_none=True)
    published_on = Day(allow_none=True)
    recommendations_complete = Truth()
    claims = list_of_shapes(ClaimIn, 100)
    note = Text(LONG, lines=True, allow_none=True)


class ReportOut(Schema):
    type = fields.String(required=True)
    title = fields.String(required=True)
    delivered_on = day_field()
    announced_on = day_field()
    presented_on = day_field()
    published_on = day_field()
    recommendations_complete = fields.Boolean(required=True)
    claims = fields.List(fields.Nested(ClaimOut), required=True)
    note = text_field()
