"""What the working record answers: every member of a record that is not sealed, with its version."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields

from tracker.schemas.day_fields import Moment, PartialDay

#: The person who acted, as the desk is told of them.
WHO: Final = {
    "description": "A person of the desk; `desk` where they stay unnamed; of anybody else the organization that they"
    " speak for."
}


def text_field(attribute: str | None = None, *, null: bool = True, **kwargs: Any) -> fields.String:
    """A text that is always there; null where the record has none."""
    return fields.String(attribute=attribute, allow_none=null, required=True, **kwargs)


def day_field(*, null: bool = True) -> fields.Date:
    return fields.Date(format="iso", allow_none=null, required=True)


def partial_day_field(*, null: bool = True) -> PartialDay:
    return PartialDay(allow_none=null, required=True)


def instant_field() -> Moment:
    return Moment(allow_none=True, required=True)


class HolidayOut(Schema):
    on = fields.String(required=True, metadata={"format": "date"})
    name = fields.String(required=True)


class WeekendChangeOut(Schema):
    """A later weekend, from a day on."""

    from_on = fields.String(required=True, metadata={"format": "date"})
    weekend = fields.List(fields.String(), required=True)


class CalendarOut(Schema):
    time_zone = fields.String(required=True)
    weekend = fields.List(fields.String(), required=True)
    weekend_changes = fields.List(fields.Nested(WeekendChangeOut), required=True)
    holidays = fields.List(fields.Nested(HolidayOut), required=True)
    worked_days = fields.List(fields.Nested(HolidayOut), required=True)


class ClaimOut(Schema):
    date = fields.String(required=True)
    event = fields.String(required=True)
    says = fields.String(required=True)


class OtherDateOut(Schema):
    """Another date that somebody gives for the same deadline."""

    due_on = PartialDay(required=True)
    says = fields.String(required=True)
    note = fields.String(required=True)


class LabelOut(Schema):
    """The word that a foreign scheme uses for the state."""

    scheme = fields.String(required=True)
    label = fields.String(required=True)


class TagOut(Schema):
    scheme = fields.String(required=True)
    code = fields.String(required=True)
    version = fields.String(required=True, allow_none=True, dump_default=None)
    label = fields.String(required=True, allow_none=True, dump_default=None)


class RecordOut(Schema):
    id = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = Moment(required=True)


class PublishedOut(RecordOut):
    publication = fields.String(required=True)
    published_at = instant_field()
    withdrawn_at = instant_field()
    withdrawn_because = text_field()


class SubjectOut(PublishedOut):
    process = text_field("process_id", null=False)
    reference = text_field()
