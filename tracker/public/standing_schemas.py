"""The shapes of what is answered in a document: every assessor's answer on every track, and the history of them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from tracker.domain.basis import BASES
from tracker.domain.responses import RULES
from tracker.domain.tracks import list_tracks_of
from tracker.public.content.statuses import ChangeContent, CitationContent
from tracker.public.schema_fields import Name, day_field, instant_field, make_shape, optional_text, text_field


class MayBe(Schema):
    """Inside an interval: the state that may have been reached, and from which day on."""

    state = text_field()
    not_before = fields.Date(required=True)
    effective_on = fields.Date(required=True)


class Reply(Schema):
    """What another organization says to an answer. Its word, not a verdict; ``change`` is found in the history."""

    assessor = fields.Nested(Name, required=True)
    on = fields.Date(required=True)
    reason = text_field()
    basis = text_field(validate=validate.OneOf(BASES))
    change = text_field()


class Row(Schema):
    """One assessor's answer on one track, and what was replied to it: the last of it, and how many in all."""

    assessor = fields.Nested(Name, required=True)
    state = text_field()
    since = day_field()
    not_before = day_field()
    verified_on = day_field()
    basis = optional_text(validate=validate.OneOf([*BASES, None]))
    stale = fields.Boolean(required=True)
    older_text = fields.Boolean(required=True)
    reason = optional_text()
    change = optional_text()
    may_be = fields.Nested(MayBe, required=True, allow_none=True)
    replies = fields.List(fields.Nested(Reply), required=True)
    replied = fields.Integer(required=True)


Citation = make_shape("Citation", CitationContent, {})
PastChange = make_shape(
    "PastChange",
    ChangeContent,
    {
        "citations": fields.List(fields.Nested(Citation), required=True),
        "replies_to": optional_text(),
        "verdict_by": fields.Nested(Name, required=True, allow_none=True),
        "basis": text_field(validate=validate.OneOf(BASES)),
        "rests_on_undisclosed": fields.Boolean(
            required=True,
            metadata={
                "description": "It also rests on evidence that cannot be shown: the desk saw it, and readers cannot."
            },
        ),
        "at": instant_field(),
        "event": text_field(),
        "corrected_by": optional_text(),
    },
)


class RollUp(Schema):
    """How the headline follows from the answers of those who are asked, and how many of them have answered."""

    rule = text_field(validate=validate.OneOf(list(RULES)))
    asked = fields.Integer(required=True)
    answered = fields.Integer(required=True)


def make_answers_schema(kind: str) -> type[Schema]:
    """The answers on one track, each row's state one of those that the kind's tracks have."""
    tracks = list_tracks_of(kind)
    states = list(dict.fromkeys(code for track in tracks for code in track.codes))
    row = type(f"{kind.title()}Row", (Row,), {"state": text_field(validate=validate.OneOf(states))})
    members: dict[str, Any] = {
        "track": text_field(validate=validate.OneOf([track.code for track in tracks])),
        "lead": fields.Nested(row, required=True),
        "others": fields.List(fields.Nested(row), required=True),
        "diverges": fields.Boolean(required=True),
    }
    if kind == "recommendation":
        of_one = {
            "addressee": fields.Nested(Name, required=True, allow_none=True),
            "asked": fields.Boolean(required=True),
        }
        answer = type("AddresseeAnswer", (row,), of_one)
        members["by_addressee"] = fields.List(fields.Nested(answer), required=True)
        members["rolled_up"] = fields.Nested(RollUp, required=True, allow_none=True)
    return type(f"{kind.title()}Answers", (Schema,), members)
