"""An indicator and its numbers, as they are sent and answered."""

from __future__ import annotations

from marshmallow import fields

from tracker.domain.measures import MEASURES
from tracker.schemas.answer_fields import SubjectOut, text_field
from tracker.schemas.fields import LINE, LONG, Code, Id, Strict, Text, names_thing, reference
from tracker.schemas.figures import FigureIn, FigureOut
from tracker.schemas.list_fields import list_of, list_of_shapes
from tracker.schemas.revisions import make_patch
from tracker.schemas.translations import translations_in, translations_out


class IndicatorIn(Strict):
    """What is counted over time. Numbers are of groups: name no person in any of these members."""

    process = names_thing("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    type = Code(MEASURES, required=True)
    title = Text(LINE, required=True)
    translations = translations_in("Indicator", "title")
    concerns = names_thing("organization", attribute="concerns_id", allow_none=True)
    body = names_thing("organization", attribute="body_id", allow_none=True)
    scope = Text(LONG, lines=True, allow_none=True)
    criteria = Text(LONG, lines=True, allow_none=True)
    recommendations = list_of(Id("recommendation"), 50)
    figures = list_of_shapes(FigureIn, 500)
    note = Text(LONG, lines=True, allow_none=True)


IndicatorPatch = make_patch("IndicatorPatch", IndicatorIn, "process")


class IndicatorOut(SubjectOut):
    type = fields.String(required=True)
    title = fields.String(required=True)
    translations = translations_out("Indicator", "title")
    concerns = text_field("concerns_id")
    body = text_field("body_id")
    scope = text_field()
    criteria = text_field()
    recommendations = fields.List(fields.String(), required=True)
    figures = fields.List(fields.Nested(FigureOut), required=True)
    note = text_field()
