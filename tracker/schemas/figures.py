"""A figure, as it is sent and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.measures import STAGES
from tracker.domain.vocabularies import codes
from tracker.schemas.amounts import Amount
from tracker.schemas.answer_fields import partial_day_field, text_field
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import LINE, Code, Id, Strict, Text, names_thing
from tracker.schemas.list_fields import list_of


class FigureIn(Strict):
    """How many: exactly (`amount`), `about`, `at_least`, `at_most`, or between the two. None of them means that it was
    not disclosed."""

    figure = Code(codes.FIGURE, required=True)
    of = Text(LINE, allow_none=True)
    stage = Code(STAGES, allow_none=True)
    amount = Amount(allow_none=True)
    about = Amount(allow_none=True)
    at_least = Amount(allow_none=True)
    at_most = Amount(allow_none=True)
    unit = Text(40, allow_none=True)
    as_of = PartialDay(required=True)
    organization = names_thing("organization", attribute="organization_id", allow_none=True)
    source = Text(LINE, required=True)
    evidence = list_of(Id("evidence"), 20)


class FigureOut(Schema):
    figure = fields.String(required=True)
    of = text_field()
    stage = text_field()
    amount = fields.Decimal(places=2, as_string=True, allow_none=True, required=True)
    about = fields.Decimal(places=2, as_string=True, allow_none=True, required=True)
    at_least = fields.Decimal(places=2, as_string=True, allow_none=True, required=True)
    at_most = fields.Decimal(places=2, as_string=True, allow_none=True, required=True)
    unit = text_field()
    as_of = partial_day_field(null=False)
    organization = text_field("organization_id")
    source = fields.String(required=True)
    evidence = fields.List(fields.String(), required=True)
