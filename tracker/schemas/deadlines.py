"""A deadline, as it is sent and answered."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load

from tracker.domain import ids, partial_days
from tracker.domain.errors import InvalidInput
from tracker.domain.rules import DUE, EVENTS, name_start
from tracker.domain.sentences import sentence
from tracker.domain.vocabularies import codes
from tracker.schemas.answer_fields import OtherDateOut, SubjectOut, day_field, partial_day_field, text_field
from tracker.schemas.day_fields import Day, PartialDay, PartialDayText
from tracker.schemas.fields import LINE, LONG, Code, Id, Strict, Text, names_thing, reference
from tracker.schemas.list_fields import list_of_shapes
from tracker.schemas.revisions import make_patch
from tracker.schemas.translations import translations_in, translations_out

#: How many characters a rule has at most.
RULE: Final = 200


class ReadingIn(Strict):
    """Another date that somebody gives for the same deadline."""

    due_on = PartialDayText(required=True)
    says = Text(LINE, required=True)
    note = Text(LONG, required=True, lines=True)


class RefusedExtensionIn(Strict):
    """Somebody asked for more time and got none: the date stays."""

    refused_on = PartialDayText(required=True)
    asked_on = PartialDayText(allow_none=True, load_default=None)
    asked_until = PartialDayText(allow_none=True, load_default=None)
    reason = Text(LONG, required=True, lines=True)
    evidence = Id("evidence", required=True)


class DatedIn(Strict):
    """What falls due: a month or a year in ``due_on`` is the rule "by 2026-03", and a rule that names no event counts
    from that of ``starts_with``."""

    rule = Text(RULE, named=True)
    due_on = PartialDay()

    @post_load
    def complete_rule(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        rule, starts_with = data.get("rule"), data.get("starts_with_id")
        if rule is not None and starts_with is not None:
            event = EVENTS.get(ids.kind_of(starts_with) or "")
            if event is None:
                kinds = sentence(
                    "must be the id of a deadline, recommendation or report; an event in words stands in the rule"
                )
                raise ValidationError(kinds, "starts_with")
            if ids.kind_of(starts_with) == "deadline" and rule.endswith(" before"):
                event = DUE
            try:
                data["rule"] = name_start(rule, event)
            except InvalidInput as refusal:
                raise ValidationError(refusal.detail, "rule") from None
        due_on = data.get("due_on")
        if due_on is None:
            return data
        if due_on.day:
            return {**data, "due_on": due_on.latest}
        return {
            **{name: one for name, one in data.items() if name != "due_on"},
            "rule": _read_period(due_on, rule),
        }


def _read_period(due_on: partial_days.PartialDay, rule: str | None) -> str:
    text = f"by {due_on}"
    if rule is not None and not rule.startswith(text):
        detail = sentence(
            "%(due_on)s is no day; where a rule counts the day, leave this out or give the day",
            due_on=str(due_on),
        )
        raise ValidationError(detail, "due_on")
    return rule or text


class DeadlineIn(DatedIn):
    """A date, or the rule by which it is counted from ``set_on``: "30 days", "45 working days", "3 months"."""

    process = names_thing("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    owner = names_thing("committee", "recommendation", attribute="owner_id", required=True)
    type = Code(codes.DEADLINE_TYPE, required=True)
    title = Text(LINE, required=True)
    translations = translations_in("Deadline", "title")
    basis = Code(codes.DEADLINE_BASIS, required=True)
    instrument = Text(LINE, allow_none=True)
    set_on = PartialDay(required=True)
    starts_with = names_thing(
        "deadline", "recommendation", "report", attribute="starts_with_id", allow_none=True
    )
    event_on = Day(allow_none=True)
    event_evidence = names_thing("evidence", attribute="event_evidence_id", allow_none=True)
    readings = list_of_shapes(ReadingIn, 50)
    refused_extensions = list_of_shapes(RefusedExtensionIn, 50)
    note = Text(LONG, lines=True, allow_none=True)


class SeriesIn(Strict):
    """What is due again and again: "6 months", counted from ``set_on``, until a day."""

    process = names_thing("process", attribute="process_id", required=True)
    reference = reference(allow_none=True)
    owner = names_thing("committee", "recommendation", attribute="owner_id", required=True)
    type = Code(codes.DEADLINE_TYPE, required=True)
    title = Text(LINE, required=True)
    basis = Code(codes.DEADLINE_BASIS, required=True)
    instrument = Text(LINE, allow_none=True)
    set_on = Day(required=True)
    every = Text(RULE, required=True)
    until = PartialDay(required=True)
    note = Text(LONG, lines=True, allow_none=True)


DeadlinePatch = type("DeadlinePatch", (make_patch("DeadlinePatch", DeadlineIn, "process"), DatedIn), {})


class StayOut(Schema):
    """A time in which the clock of a date stood still."""

    from_on = fields.String(required=True, metadata={"format": "date"})
    resumed_on = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    days = fields.Integer(required=True, allow_none=True)
    due_on = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    sentence = text_field()


class RefusedExtensionOut(Schema):
    """Somebody asked for more time and got none."""

    refused_on = partial_day_field(null=False)
    asked_on = partial_day_field()
    asked_until = partial_day_field()
    reason = fields.String(required=True)
    evidence = fields.String(required=True)


class DeadlineOut(SubjectOut):
    owner = text_field("owner_id", null=False)
    type = fields.String(required=True)
    title = fields.String(required=True)
    translations = translations_out("Deadline", "title")
    basis = fields.String(required=True)
    instrument = text_field()
    set_on = partial_day_field(null=False)
    rule = text_field()
    due_on = day_field()
    due_within = partial_day_field()
    waits_for = text_field()
    starts_with = text_field("starts_with_id")
    event_on = day_field()
    event_evidence = text_field("event_evidence_id")
    reckoning = fields.Dict(allow_none=True, required=True)
    readings = fields.List(fields.Nested(OtherDateOut), required=True)
    stays = fields.List(fields.Nested(StayOut), required=True)
    refused_extensions = fields.List(fields.Nested(RefusedExtensionOut), required=True)
    note = text_field()
    series = text_field()
    replaces = text_field("replaces_id")


class SeriesOut(Schema):
    """The deadlines of a recurring obligation, each of them met or missed on its own."""

    series = fields.String(required=True)
    items = fields.List(fields.Nested(DeadlineOut), required=True)
