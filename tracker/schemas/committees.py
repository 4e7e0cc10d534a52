"""A committee and its members, as they are sent and answered."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from tracker.domain.sentences import sentence
from tracker.domain.vocabularies import codes
from tracker.schemas.answer_fields import SubjectOut, partial_day_field, text_field
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import LINE, LONG, Code, Strict, Text, names_thing, reference
from tracker.schemas.figures import FigureIn, FigureOut
from tracker.schemas.list_fields import list_of, list_of_shapes
from tracker.schemas.mandates import MandateIn, MandateOut
from tracker.schemas.revisions import make_patch
from tracker.schemas.shared_fields import former_names_in, former_names_out, names_table


class MemberIn(Strict):
    name = Text(LINE, required=True)
    aliases = list_of(Text(LINE), 50)
    role = Text(LINE, allow_none=True)
    profession = Text(LINE, allow_none=True)
    from_on = PartialDay(allow_none=True)
    to_on = PartialDay(allow_none=True)
    left_because = Code(codes.MEMBER_LEFT, allow_none=True)
    left_note = Text(LONG, lines=True, allow_none=True)
    succeeded_by = Text(LINE, allow_none=True)
    conflicts = Text(LONG, lines=True, allow_none=True)

    @validates_schema
    def _left_on_a_day(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """As of an earlier day nobody has left."""
        given = [name for name in ("left_because", "left_note", "succeeded_by") if data.get(name) is not None]
        if given and data.get("to_on") is None:
            raise ValidationError(sentence("goes with to_on, the last day on the committee"), given[0])


class CommitteeIn(Strict):
    process = names_thing("process", attribute="process_id", required=True)
    reference = reference(required=True)
    name = Text(LINE, required=True)
    names = names_table()
    former_names = former_names_in()
    body_type = Code(codes.BODY_TYPE, required=True)
    instrument = Text(LINE, allow_none=True)
    appointed_by = names_thing("organization", attribute="appointed_by_id", allow_none=True)
    reports_to = names_thing("organization", attribute="reports_to_id", allow_none=True)
    established_on = PartialDay(allow_none=True)
    members = list_of_shapes(MemberIn, 200, once=("name", "from_on"))
    figures = list_of_shapes(FigureIn, 500)
    note = Text(LONG, lines=True, allow_none=True)


#: ``members`` and ``mandates`` are the whole list, in place of the one there was. A mandate keeps its id by its place.
#: Who only sat on the committee for a time stays, with dates.
CommitteePatch = make_patch("CommitteePatch", CommitteeIn, "process", mandates=list_of_shapes(MandateIn, 500))


class MemberOut(Schema):
    name = fields.String(required=True)
    aliases = fields.List(fields.String(), required=True)
    role = text_field()
    profession = text_field()
    from_on = partial_day_field()
    to_on = partial_day_field()
    left_because = text_field()
    left_note = text_field()
    succeeded_by = text_field()
    conflicts = text_field()


class CommitteeOut(SubjectOut):
    name = fields.String(required=True)
    names = fields.Dict(required=True)
    former_names = former_names_out()
    body_type = fields.String(required=True)
    instrument = text_field()
    appointed_by = text_field("appointed_by_id")
    reports_to = text_field("reports_to_id")
    established_on = partial_day_field()
    members = fields.List(fields.Nested(MemberOut), required=True)
    mandates = fields.List(fields.Nested(MandateOut), required=True)
    figures = fields.List(fields.Nested(FigureOut), required=True)
    note = text_field()
