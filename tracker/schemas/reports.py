"""A report, as it is sent and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.vocabularies import codes
from tracker.schemas.answer_fields import ClaimOut, SubjectOut, partial_day_field, text_field
from tracker.schemas.day_fields import PartialDay, PartialDayText
from tracker.schemas.fields import (
    LINE,
    LONG,
    Code,
    Strict,
    Text,
    Truth,
    Whole,
    language,
    names_thing,
    reference,
)
from tracker.schemas.figures import FigureIn, FigureOut
from tracker.schemas.list_fields import list_of_shapes
from tracker.schemas.revisions import make_patch
from tracker.schemas.translations import translations_in, translations_out


class ClaimIn(Strict):
    date = PartialDayText(required=True)
    event = Text(LINE, required=True)
    says = Text(LINE, required=True)


class OutOfScopeIn(Strict):
    number = Text(80, required=True)
    reason = Text(LONG, lines=True, required=True)


class OutOfScopeOut(Schema):
    number = fields.String(required=True)
    reason = fields.String(required=True)


class ReportIn(Strict):
    """A report of a committee of the process (``committee``) or of an organization (``issuer``), not both. When it was
    handed over, announced and published are status changes on its track `release`."""

    process = names_thing("process", attribute="process_id", required=True)
    reference = reference(printed="printed_number")
    printed_number = Text(80, allow_none=True)
    committee = names_thing("committee", attribute="committee_id", allow_none=True)
    issuer = names_thing("organization", attribute="issuer_id", allow_none=True)
    type = Code(codes.REPORT_TYPE)
    title = Text(LINE, required=True)
    translations = translations_in("Report", "title")
    language = language(allow_none=True)
    dated_on = PartialDay(allow_none=True)
    recommendations_complete = Truth()
    recommendations_printed = Whole(0, 100_000, allow_none=True)
    out_of_scope = list_of_shapes(OutOfScopeIn, 500, once=("number",))
    claims = list_of_shapes(ClaimIn, 100)
    figures = list_of_shapes(FigureIn, 500)
    note = Text(LONG, lines=True, allow_none=True)


ReportPatch = make_patch("ReportPatch", ReportIn, "process")


class ReportOut(SubjectOut):
    committee = text_field("committee_id")
    issuer = text_field("issuer_id")
    printed_number = text_field()
    type = fields.String(required=True)
    title = fields.String(required=True)
    translations = translations_out("Report", "title")
    language = text_field()
    dated_on = partial_day_field()
    recommendations_complete = fields.Boolean(required=True)
    recommendations_printed = fields.Integer(required=True, allow_none=True)
    out_of_scope = fields.List(fields.Nested(OutOfScopeOut), required=True)
    claims = fields.List(fields.Nested(ClaimOut), required=True)
    figures = fields.List(fields.Nested(FigureOut), required=True)
    note = text_field()
