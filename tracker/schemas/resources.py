"""A resource and its figures, as they are sent and answered."""

from __future__ import annotations

from marshmallow import fields

from tracker.domain.vocabularies import codes
from tracker.schemas.answer_fields import SubjectOut, text_field
from tracker.schemas.fields import LINE, LONG, Code, Strict, Text, names_thing, reference
from tracker.schemas.figures import FigureIn, FigureOut
from tracker.schemas.list_fields import list_of_shapes
from tracker.schemas.revisions import make_patch
from tracker.schemas.translations import translations_in, translations_out


class ResourceIn(Strict):
    """Means that a committee needs (``committee``) or that a recommendation takes (``recommendation``), not both."""

    process = names_thing("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    committee = names_thing("committee", attribute="committee_id", allow_none=True)
    recommendation = names_thing("recommendation", attribute="recommendation_id", allow_none=True)
    type = Code(codes.RESOURCE_TYPE, required=True)
    title = Text(LINE, required=True)
    translations = translations_in("Resource", "title")
    unit = Text(40, allow_none=True)
    figures = list_of_shapes(FigureIn, 500)
    note = Text(LONG, lines=True, allow_none=True)


ResourcePatch = make_patch("ResourcePatch", ResourceIn, "process")


class ResourceOut(SubjectOut):
    committee = text_field("committee_id")
    recommendation = text_field("recommendation_id")
    type = fields.String(required=True)
    title = fields.String(required=True)
    translations = translations_out("Resource", "title")
    unit = text_field()
    figures = fields.List(fields.Nested(FigureOut), required=True)
    note = text_field()
