"""A recommendation, as it is sent and answered."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from tracker.domain.sentences import sentence
from tracker.domain.vocabularies import codes
from tracker.schemas.answer_fields import SubjectOut, TagOut, partial_day_field, text_field
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import LINE, LONG, Code, Id, Strict, Text, language, names_thing, reference
from tracker.schemas.figures import FigureIn, FigureOut
from tracker.schemas.list_fields import list_of, list_of_shapes
from tracker.schemas.revisions import make_patch
from tracker.schemas.translations import translations_in, translations_out


class AddresseeIn(Strict):
    organization = names_thing("organization", attribute="organization_id", required=True)
    role = Code(codes.ADDRESSEE_ROLE)


class TagIn(Strict):
    scheme = Text(
        40, required=True, pattern=r"^[a-z0-9-]+$", form=sentence("small letters, digits and hyphens, as sdg")
    )
    code = Text(80, required=True)
    version = Text(40, allow_none=True)
    label = Text(LINE, allow_none=True)

    @post_load
    def _leave_out_nothing(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Null is what is not given, so that a tag reads the same wherever it was recorded."""
        return {name: value for name, value in data.items() if value is not None}


class RecommendationIn(Strict):
    """Issued by an organization (``issuer``), by several together (``issuers``), or by a committee of the process
    (``committee``): one of the three."""

    process = names_thing("process", attribute="process_id", required=True)
    reference = reference(printed="printed_number")
    issuer = names_thing("organization", attribute="issuer_id", allow_none=True)
    issuers = list_of(Id("organization"), 20)
    committee = names_thing("committee", attribute="committee_id", allow_none=True)
    printed_number = Text(80, allow_none=True)
    former_numbers = list_of(Text(80), 20)
    report = names_thing("report", attribute="report_id", allow_none=True)
    issued_on = PartialDay(required=True)
    title = Text(LINE, required=True)
    translations = translations_in("Recommendation", "title", "text")
    text = Text(LONG, required=True, lines=True)
    language = language(required=True)
    type = Code(codes.RECOMMENDATION_TYPE, required=True)
    parent = names_thing("recommendation", attribute="parent_id", allow_none=True)
    repeats = list_of(Id("recommendation"), 50)
    addressees = list_of_shapes(AddresseeIn, 100)
    tags = list_of_shapes(TagIn, 100)
    figures = list_of_shapes(FigureIn, 500)
    note = Text(LONG, lines=True, allow_none=True)


RecommendationPatch = make_patch("RecommendationPatch", RecommendationIn, "process")


class AddresseeOut(Schema):
    organization = text_field("organization_id", null=False)
    role = fields.String(required=True)


class RecommendationOut(SubjectOut):
    issuer = text_field("issuer_id")
    issuers = fields.List(fields.String(), required=True)
    committee = text_field("committee_id")
    printed_number = text_field()
    former_numbers = fields.List(fields.String(), required=True)
    report = text_field("report_id")
    issued_on = partial_day_field(null=False)
    title = fields.String(required=True)
    translations = translations_out("Recommendation", "title", "text")
    text = fields.String(required=True)
    language = fields.String(required=True)
    type = fields.String(required=True)
    parent = text_field("parent_id")
    repeats = fields.List(fields.String(), required=True)
    addressees = fields.List(fields.Nested(AddresseeOut), required=True)
    tags = fields.List(fields.Nested(TagOut), required=True)
    figures = fields.List(fields.Nested(FigureOut), required=True)
    note = text_field()
