"""A process, as it is sent and as the record answers it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from tracker.domain.calendars import WEEKDAYS
from tracker.domain.reminders import FEWEST_DAYS, MOST_DAYS, STEPS
from tracker.schemas.answer_fields import CalendarOut, PublishedOut, partial_day_field, text_field
from tracker.schemas.day_fields import DayText, PartialDay
from tracker.schemas.fields import LINE, LONG, Code, Strict, Text, Whole, country, language, names_thing, slug
from tracker.schemas.figures import FigureIn, FigureOut
from tracker.schemas.list_fields import list_of, list_of_shapes
from tracker.schemas.revisions import make_patch
from tracker.schemas.shared_fields import (
    demands_table,
    former_names_in,
    former_names_out,
    members_by_one_person,
)
from tracker.schemas.translations import translations_in, translations_out


class HolidayIn(Strict):
    on = DayText(required=True)
    name = Text(LINE, required=True)


def _weekend() -> fields.Field[Any]:
    return list_of(Code([day.lower() for day in WEEKDAYS]), 6, required=True)


class WeekendChangeIn(Strict):
    """A later weekend, from a day on."""

    from_on = DayText(required=True)
    weekend = _weekend()


class CalendarIn(Strict):
    """The weekend and holidays of the place where promises are made, and its IANA time zone."""

    time_zone = Text(64, required=True, named=True)
    weekend = _weekend()
    weekend_changes = list_of_shapes(WeekendChangeIn, 50)
    holidays = list_of_shapes(HolidayIn, 2000, required=True)
    worked_days = list_of_shapes(HolidayIn, 2000)


class ReminderIn(Strict):
    """A step of the ladder of reminders, and how many days after the one before it is due; of the first, after what
    was asked."""

    step = Code(STEPS, required=True)
    after_days = Whole(FEWEST_DAYS, MOST_DAYS, required=True)


class ReminderOut(Schema):
    step = fields.String(required=True, validate=validate.OneOf(STEPS))
    after_days = fields.Integer(required=True)


class ProcessIn(Strict):
    slug = slug(required=True)
    title = Text(LINE, required=True)
    former_names = former_names_in()
    translations = translations_in("Process", "title", "summary")
    summary = Text(LONG, required=True, lines=True)
    country = country(allow_none=True)
    place = Text(LINE, allow_none=True)
    happened_from = PartialDay(allow_none=True)
    happened_to = PartialDay(allow_none=True)
    lead = names_thing("organization", attribute="lead_id", required=True)
    calendar = fields.Nested(CalendarIn, required=True)
    evidence_policy = demands_table()
    revisions = members_by_one_person()
    reminders = list_of_shapes(ReminderIn, len(STEPS))
    languages = list_of(language(), 20)
    stale_after_days = Whole(1, 3650)
    figures = list_of_shapes(FigureIn, 500)


ProcessPatch = make_patch("ProcessPatch", ProcessIn)


class ProcessOut(PublishedOut):
    slug = fields.String(required=True)
    title = fields.String(required=True)
    former_names = former_names_out()
    translations = translations_out("Process", "title", "summary")
    summary = fields.String(required=True)
    country = text_field()
    place = text_field()
    happened_from = partial_day_field()
    happened_to = partial_day_field()
    lead = text_field("lead_id", null=False)
    calendar = fields.Nested(CalendarOut, required=True)
    evidence_policy = fields.Dict(required=True)
    revisions = fields.Dict(required=True)
    reminders = fields.List(fields.Nested(ReminderOut), required=True)
    languages = fields.List(fields.String(), required=True)
    stale_after_days = fields.Integer(required=True)
    figures = fields.List(fields.Nested(FigureOut), required=True)
