"""Where a subject stands by the working record, as it leaves: confidential evidence counted, everybody by their id."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from tracker.domain.basis import BASES
from tracker.domain.responses import RULES


class ReplyOut(Schema):
    """What another organization says to an answer. Its word, not a verdict; ``change`` is found in the history."""

    assessor = fields.String(required=True)
    on = fields.Date(required=True)
    reason = fields.String(required=True)
    basis = fields.String(required=True, validate=validate.OneOf(BASES))
    change = fields.String(required=True)


class StandingRow(Schema):
    """One assessor's answer on one track, and what was replied to it: the last of it, and how many in all."""

    assessor = fields.String(required=True)
    state = fields.String(required=True)
    since = fields.Date(allow_none=True, required=True)
    not_before = fields.Date(allow_none=True, required=True)
    verified_on = fields.Date(allow_none=True, required=True)
    basis = fields.String(allow_none=True, required=True)
    stale = fields.Boolean(required=True)
    change = fields.String(allow_none=True, required=True)
    replies = fields.List(fields.Nested(ReplyOut), required=True)
    replied = fields.Integer(required=True)


class RollUpOut(Schema):
    """How the headline follows from the answers of those who are asked, and how many of them have answered."""

    rule = fields.String(required=True, validate=validate.OneOf(list(RULES)))
    asked = fields.Integer(required=True)
    answered = fields.Integer(required=True)


class AddresseeRow(StandingRow):
    """What the lead recorded of one addressee's answer."""

    addressee = fields.String(required=True, allow_none=True)
    asked = fields.Boolean(required=True)


class AnswersOut(Schema):
    """The answers on one track: of the lead, and of others beside it."""

    track = fields.String(required=True)
    lead = fields.Nested(StandingRow, required=True)
    others = fields.List(fields.Nested(StandingRow), required=True)
    diverges = fields.Boolean(required=True)
    by_addressee = fields.List(fields.Nested(AddresseeRow), required=True)
    rolled_up = fields.Nested(RollUpOut, required=True, allow_none=True)
    open_proposals = fields.Integer(required=True)


class StandingOut(Schema):
    """Where a subject stands by the working record: with confidential evidence counted."""

    subject = fields.String(required=True)
    as_of = fields.Date(required=True)
    answers = fields.List(fields.Nested(AnswersOut), required=True)
