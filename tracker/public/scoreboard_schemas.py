"""The shape of a scoreboard, for those who read it: what `tracker.public.scoreboard` counts."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from tracker.domain.silence import BECAUSE
from tracker.public.content.fields import partial_day
from tracker.public.document_schemas import UPDATING
from tracker.public.schema_fields import Name, day_field, instant_field, text_field


class Share(Schema):
    """A percentage with its numerator and denominator."""

    numerator = fields.Integer(required=True)
    denominator = fields.Integer(required=True)
    unassessed = fields.Integer(required=True)
    percent_of_assessed = fields.Float(required=True, allow_none=True)


class Count(Schema):
    """How many stand at each state. For implementation also the share that is done, of what is known."""

    states = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    implemented = fields.Nested(Share)


class AssessorCount(Count):
    """The counts by the verdicts of one organization."""

    assessor = fields.Nested(Name, required=True)
    lead = fields.Boolean(required=True)
    answered = fields.Integer(required=True)


class AddresseeCount(Count):
    """What an addressee answered to what it was asked. An answer that is awaited is none."""

    addressee = fields.Nested(Name, required=True)
    asked = fields.Integer(required=True)
    answered = fields.Integer(required=True)


class ThemeCount(Count):
    """How many recommendations have a tag, and where they stand by the lead."""

    scheme = text_field()
    code = text_field()
    label = fields.Dict(keys=fields.String(), values=fields.String(), required=True, allow_none=True)
    total = fields.Integer(required=True)


class Totals(Schema):
    """The counts of all recommendations of the process."""

    total = fields.Integer(required=True)
    tracks = fields.Dict(keys=fields.String(), values=fields.Nested(Count), required=True)
    by_assessor = fields.List(fields.Nested(AssessorCount))
    by_addressee = fields.List(fields.Nested(AddresseeCount))
    by_theme = fields.List(fields.Nested(ThemeCount))


class Diverging(Schema):
    """A recommendation on which organizations differ."""

    id = text_field()
    track = text_field()


class Overdue(Schema):
    """A date that passed without what was owed."""

    id = text_field()
    title = text_field()
    due_on = fields.Date(required=True)
    due_within = partial_day(null=True)
    days_overdue = fields.Integer(required=True)


class Silent(Schema):
    """A recommendation that was not answered, or the report of a committee that was not published: ``kind`` and ``id``
    name which. What does not arise is null."""

    kind = text_field(validate=validate.OneOf(["committee", "recommendation"]))
    id = text_field()
    because = text_field(validate=validate.OneOf(BECAUSE))
    report = fields.Nested(Name, required=True, allow_none=True)
    due_on = day_field()
    since = fields.Date(required=True)
    days = fields.Integer(required=True)
    confirmed_on = day_field()


class Listed(Schema):
    """How many entries each list of the scoreboard would have if none was left out."""

    diverging = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    silence = fields.Integer(required=True)
    themes = fields.Integer(required=True)


class Scoreboard(Schema):
    """The numbers of a process. A percentage is never without what it is made of. ``diverging``, ``overdue`` and
    ``silence`` name the first 100 each; the public lists find the others by their filters."""

    recommendations = fields.Nested(Totals, required=True)
    committees = fields.Nested(Totals, required=True)
    deadlines = fields.Nested(Totals, required=True)
    reports = fields.Nested(Totals, required=True)
    indicators = fields.Nested(Totals, required=True)
    diverging = fields.List(fields.Nested(Diverging), required=True)
    stale = fields.Integer(required=True)
    basis = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    overdue = fields.List(fields.Nested(Overdue), required=True)
    silence = fields.List(fields.Nested(Silent), required=True)
    listed = fields.Nested(Listed, required=True)
    updating_since = instant_field(maybe=True, metadata=UPDATING)
