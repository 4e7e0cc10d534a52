"""Consent, as it is sent and answered."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain import consent
from tracker.schemas.fields import Code, PartialDay, Strict, list_of


class ConsentIn(Strict):
    """On what basis an item may be used. With `informed_consent` only what somebody agreed to is done with it."""

    basis = Code(consent.CONSENT, required=True)
    purposes = list_of(Code(consent.PURPOSES), len(consent.PURPOSES))
    obtained_on = PartialDay(allow_none=True)


class ConsentWithdrawalIn(Strict):
    """Nothing has to be said: nobody gives reasons for taking a consent back."""


class ConsentOut(Schema):
    evidence = fields.String(attribute="evidence_id", required=True)
    withdrawn_on = fields.Date(format="iso", required=True)
