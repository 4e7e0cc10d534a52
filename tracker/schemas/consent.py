"""Consent, as it is sent and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain import consent
from tracker.domain.sent_values import Repeats
from tracker.schemas.day_fields import Moment, PartialDay, PartialDayText
from tracker.schemas.fields import LONG, Code, Strict, Text
from tracker.schemas.list_fields import list_of


class ConsentIn(Strict):
    """On what basis an item may be used. With `informed_consent` only what somebody agreed to is done with it."""

    refusals_repeat = Repeats.CODES

    basis = Code(consent.CONSENT, required=True)
    purposes = list_of(Code(consent.PURPOSES), len(consent.PURPOSES))
    obtained_on = PartialDay(allow_none=True)


class ConsentCorrectionIn(ConsentIn):
    """What the consent says now. Fewer purposes hold at once; more wait for another person, for 24 hours or longer."""

    reason = Text(LONG, lines=True, required=True)


class ConsentWithdrawalIn(Strict):
    """Nothing has to be said: nobody gives reasons for taking a consent back."""


class ConsentProposalOut(Schema):
    """A correction that waits to be decided. Who proposed it is not said: it may be a submitter who stays unnamed."""

    id = fields.String(required=True, metadata={"description": "The proposal; see `/v1/proposals/{id}`."})
    basis = fields.String(attribute="payload.basis", required=True)
    purposes = fields.List(fields.String(), attribute="payload.purposes", required=True)
    obtained_on = PartialDayText(attribute="payload.obtained_on", required=True, allow_none=True)
    reason = fields.String(required=True)
    proposed_at = Moment(required=True)
    not_before = Moment(
        attribute="rests_until",
        required=True,
        metadata={"description": "From when it may be approved; returned, at any time."},
    )


class ConsentOut(Schema):
    """On what basis an item may be used, and for what. `basis` is null where no consent was recorded."""

    evidence = fields.String(attribute="evidence_id", required=True)
    basis = fields.String(required=True, allow_none=True)
    purposes = fields.List(fields.String(), required=True)
    obtained_on = PartialDay(required=True, allow_none=True)
    withdrawn_on = fields.Date(format="iso", required=True, allow_none=True)
    proposed = fields.Nested(ConsentProposalOut, required=True, allow_none=True)
