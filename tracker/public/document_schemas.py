"""The shapes of finished documents. Every document leaves through the one of its kind (`tracker.public.dumping`), so
what is described and what is sent cannot differ.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from marshmallow import Schema, fields, validate

from tracker.domain.measures import MEASURES
from tracker.domain.partial_days import PATTERN
from tracker.domain.reminders import STEPS
from tracker.domain.reports import RELEASE
from tracker.domain.tracks import SUBJECTS, TRACKS
from tracker.domain.vocabularies.codes import TYPES
from tracker.public.content.allow_list import CONTENT
from tracker.public.content.deadlines import ReadingContent
from tracker.public.content.fields import partial_day
from tracker.public.content.figures import FigureContent
from tracker.public.content.recommendations import AddresseeContent
from tracker.public.schema_fields import Name, day_field, instant_field, make_shape, optional_text, text_field
from tracker.public.standing_schemas import PastChange, make_answers_schema


class Timing(Schema):
    """Where a date stands, in days; null where the question does not arise."""

    state = optional_text()
    days_overdue = fields.Integer(required=True)
    days_late = fields.Integer(required=True, allow_none=True)
    days_early = fields.Integer(required=True, allow_none=True)
    days_left = fields.Integer(required=True, allow_none=True)


class ReadingTiming(ReadingContent):
    """Another date that somebody gives for the same deadline, and how it stands by that date."""

    due_on = fields.String(metadata={"pattern": PATTERN})
    timing = fields.Nested(Timing, required=True)


class Silence(Schema):
    """Something that was owed and did not come."""

    report = fields.Nested(Name, required=True)
    since = fields.Date(required=True)
    days = fields.Integer(required=True)


class Unanswered(Schema):
    """Which addressees did not answer, and since when: since the day after an answer was due or, where no day was ever
    set, since it was asked. ``confirmed_on`` is the last day on which the lead looked, or reminded one of them, and
    there was none."""

    because = text_field(validate=validate.OneOf(["past_due", "no_due_day"]))
    deadline = optional_text()
    due_on = day_field()
    since = fields.Date(required=True)
    days = fields.Integer(required=True)
    confirmed_on = day_field()
    addressees = fields.List(fields.Nested(Name), required=True)


class NextReminder(Schema):
    """The next step of the ladder, and the first day on which it is due."""

    step = text_field(validate=validate.OneOf(STEPS))
    due_on = fields.Date(required=True)


class ReminderPlace(Schema):
    """How far an addressee was asked for its answer: the last step and its day; ``number``: which step of the ladder of
    the process that is, ``of`` how many."""

    addressee = fields.Nested(Name, required=True)
    step = optional_text(validate=validate.OneOf([*STEPS, None]))
    on = day_field()
    number = fields.Integer(required=True, allow_none=True)
    of = fields.Integer(required=True)
    next = fields.Nested(NextReminder, required=True, allow_none=True)


class Owed(Schema):
    """A deadline that has passed while the thing is still owed."""

    id = text_field()
    title = text_field()
    due_on = fields.Date(required=True)


def _release_days() -> dict[str, Any]:
    return {
        name: fields.String(
            required=True,
            allow_none=True,
            metadata={
                "pattern": PATTERN,
                "description": f"{says}, by the lead's word; a month or a year where no more is known.",
            },
        )
        for name, says in (
            ("delivered_on", "The first day on which it was handed over, or published"),
            ("announced_on", "The first day on which it was announced"),
            ("published_on", "The first day on which its full text was public"),
        )
    }


#: A report in the document of its committee: its state on the track `release`, by the lead's word, and its days.
ListedReport: Final = type(
    "ListedReport",
    (Schema,),
    {
        "id": text_field(),
        "reference": optional_text(),
        "title": text_field(),
        "type": text_field(),
        RELEASE: text_field(validate=validate.OneOf(TRACKS[RELEASE].codes)),
        **_release_days(),
    },
)


class Parts(Schema):
    """The parts of a recommendation: how many stand at which state by the lead."""

    total = fields.Integer(required=True)
    implementation = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    closure = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    diverges = fields.Boolean(required=True)


NamedAddressee = make_shape("NamedAddressee", AddresseeContent, {})
NamedFigure = make_shape(
    "NamedFigure", FigureContent, {"evidence": fields.List(fields.Nested(Name), required=True)}
)


class Quantity(Schema):
    """How many: exactly, about, at least, at most, or between the two."""

    amount = optional_text()
    about = optional_text()
    at_least = optional_text()
    at_most = optional_text()


class EarlierRecommendation(Name):
    """One that asked before for the same, and where it stands by the lead."""

    implementation = text_field(validate=validate.OneOf(TRACKS["implementation"].codes))
    closure = text_field(validate=validate.OneOf(TRACKS["closure"].codes))


class Recurrence(Schema):
    """What was asked before and is asked again. ``undone`` counts those of ``earlier`` that are not done by the lead,
    ``later`` the recommendations that ask for this one again."""

    earlier = fields.List(fields.Nested(EarlierRecommendation), required=True)
    undone = fields.Integer(required=True)
    later = fields.Integer(required=True)


class NeededResource(Name):
    """Means that a recommendation takes, and whether they are there by the lead."""

    type = text_field(validate=validate.OneOf(list(TYPES["resource"])))
    delivery = text_field(validate=validate.OneOf(TRACKS["delivery"].codes))


class SeriesRow(Schema):
    """What one assessor says of one day and one group: its numbers by stage, and the rules between stages that they
    break. Nothing is put right: at least one of these numbers is wrong, or is of something else."""

    as_of = text_field(metadata={"pattern": PATTERN})
    organization = fields.Nested(Name, required=True, allow_none=True)
    source = optional_text()
    of = optional_text()
    counts = fields.Dict(keys=fields.String(), values=fields.Nested(Quantity), required=True)
    contradictions = fields.List(fields.String(), required=True)


class FollowingIndicator(Name):
    """An indicator that follows a recommendation, with the last row of each assessor."""

    type = text_field(validate=validate.OneOf(list(MEASURES)))
    latest = fields.List(fields.Nested(SeriesRow), required=True)


UPDATING: Final = {
    "description": "Since when an edit that reaches far is being carried out: until then what it reaches may still"
    " say what it said before. Null when nothing is pending."
}

_COMPUTED: dict[str, dict[str, Any]] = {
    "process": {"updating_since": instant_field(maybe=True, metadata=UPDATING)},
    "deadline": {
        "met_by_fact_on": fields.Date(
            required=True,
            allow_none=True,
            metadata={
                "description": "The day of the fact that this date waits for: the answer, the implementation, the"
                " report handed over or published. Null while there is none, for types that wait for no recorded fact,"
                " and once another date took its place or it was waived."
            },
        ),
        "met_on": fields.Date(
            required=True,
            allow_none=True,
            metadata={
                "description": "The day on which the date was met, by a recorded fact or by the word of the lead; the"
                " last day on which it can have been, where only a month, a year or an interval is known."
            },
        ),
        "met_not_before": fields.Date(
            required=True,
            allow_none=True,
            metadata={
                "description": "The first day on which it can have been met; null where the day is known. Days late are"
                " counted to this day, and days early to `met_on`: what is certain."
            },
        ),
        "due_within": partial_day(null=True),
        "waits_for": fields.String(required=True, allow_none=True),
        "calendar_changed": fields.Boolean(required=True),
        "unanswered_by": fields.List(fields.String(), required=True),
        "timing": fields.Nested(Timing, required=True),
        "readings": fields.List(fields.Nested(ReadingTiming), required=True),
    },
    "report": _release_days(),
    "indicator": {"series": fields.List(fields.Nested(SeriesRow), required=True)},
    "committee": {
        "reports": fields.List(fields.Nested(ListedReport), required=True),
        "silence": fields.List(fields.Nested(Silence), required=True),
        "overdue": fields.List(fields.Nested(Owed), required=True),
    },
    "recommendation": {
        "addressees": fields.List(fields.Nested(NamedAddressee), required=True),
        "silence": fields.List(fields.Nested(Unanswered), required=True),
        "reminders": fields.List(fields.Nested(ReminderPlace), required=True),
        "superseded_by": fields.Nested(Name, required=True, allow_none=True),
        "supersedes": fields.List(fields.Nested(Name), required=True),
        "repeated_by": fields.List(fields.Nested(Name), required=True),
        "indicators": fields.List(fields.Nested(FollowingIndicator), required=True),
        "recurrence": fields.Nested(Recurrence, required=True),
        "resources": fields.List(fields.Nested(NeededResource), required=True),
        "parts": fields.Nested(Parts, required=True),
        "overdue": fields.List(fields.Nested(Owed), required=True),
    },
}


class LastAct(Schema):
    """The last public act on a thing itself: where it can be read and verified, and which entry of the log it is."""

    event = text_field()
    index = fields.Integer(required=True)


@cache
def make_brief_schema(kind: str) -> type[Schema]:
    """A finished document without its history, as lists carry it."""
    members: dict[str, Any] = {
        "id": text_field(),
        "kind": text_field(validate=validate.Equal(kind)),
        "published_at": instant_field(maybe=True),
        "revised_at": instant_field(maybe=True),
        "changed_at": instant_field(),
        "last_act": fields.Nested(LastAct, required=True),
    }
    if kind in SUBJECTS:
        members |= {
            "process": fields.Nested(Name, required=True),
            "standing": fields.List(fields.Nested(make_answers_schema(kind)), required=True),
        }
    if "figures" in CONTENT[kind]._declared_fields:
        members["figures"] = fields.List(fields.Nested(NamedFigure), required=True)
    return make_shape(f"{kind.title()}Brief", CONTENT[kind], {**members, **_COMPUTED.get(kind, {})})


def make_document_schema(of: type[Schema], kind: str) -> type[Schema]:
    """A finished document with the status changes that led to it, newest first."""
    return type(
        f"{kind.title()}Document", (of,), {"history": fields.List(fields.Nested(PastChange), required=True)}
    )
