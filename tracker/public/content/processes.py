"""What may be said in public of a process."""

from __future__ import annotations

from marshmallow import fields

from tracker.public.content.fields import Content, Named, Nested, former_names, partial_day
from tracker.public.content.figures import FigureContent
from tracker.public.content.translations import translations


class CalendarShape(Content):
    """The weekend, the holidays and the time zone by which days are counted."""

    time_zone = fields.String(required=True)
    weekend = fields.List(fields.String(), required=True)
    weekend_changes = fields.List(fields.Dict(), required=True)
    holidays = fields.List(fields.Dict(), required=True)
    worked_days = fields.List(fields.Dict(), required=True)


class ReminderContent(Content):
    """A step of the ladder of reminders, and after how many days it is due."""

    step = fields.String(required=True)
    after_days = fields.Integer(required=True)


class ProcessContent(Content):
    slug = fields.String(required=True)
    title = fields.String(required=True)
    former_names = former_names()
    translations = translations("Process", "title", "summary")
    summary = fields.String(required=True)
    country = fields.String(allow_none=True, required=True)
    place = fields.String(allow_none=True, required=True)
    happened_from = partial_day(null=True)
    happened_to = partial_day(null=True)
    lead = Named("lead_id")
    calendar = Nested(CalendarShape, required=True)
    evidence_policy = fields.Dict(required=True)
    revisions = fields.Dict(required=True)
    reminders = fields.List(Nested(ReminderContent), required=True)
    languages = fields.List(fields.String(), required=True)
    stale_after_days = fields.Integer(required=True)
    figures = fields.List(Nested(FigureContent), required=True)
