"""The extension of a deadline, as it is proposed and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.vocabularies import codes
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.deadlines import DatedIn, DeadlineOut, ReadingIn
from tracker.schemas.fields import LINE, LONG, Code, Text, reference
from tracker.schemas.list_fields import list_of_shapes
from tracker.schemas.statuses import CitationIn, StatusChangeOut
from tracker.schemas.translations import translations_in


class ExtensionIn(DatedIn):
    """A later date in place of a deadline, or an earlier one; what is left out is as the old one says."""

    reference = reference(allow_none=True)
    title = Text(LINE)
    translations = translations_in("Deadline", "title")
    basis = Code(codes.DEADLINE_BASIS)
    instrument = Text(LINE, allow_none=True)
    set_on = PartialDay(required=True)
    readings = list_of_shapes(ReadingIn, 50)
    note = Text(LONG, lines=True, allow_none=True)
    reason = Text(LONG, required=True, lines=True)
    citations = list_of_shapes(CitationIn, 50)


class ExtensionOut(Schema):
    """The new deadline, still a draft, and the status change that closes the old one once it is approved."""

    deadline = fields.Nested(DeadlineOut, required=True)
    change = fields.Nested(StatusChangeOut, required=True)
