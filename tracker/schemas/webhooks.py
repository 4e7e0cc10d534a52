"""Webhooks: what is sent to keep them, and what is answered. A secret is shown once."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain.public_acts import KINDS
from tracker.domain.sent_values import Repeats
from tracker.domain.tracks import TRACKS
from tracker.domain.webhooks import ADDRESS, FAULTS, STATES
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import Code, Id, Strict, Text, Whole
from tracker.schemas.list_fields import list_of

_KINDS = {"description": "Only these kinds of public acts; all that are about a thing where left out."}
_TRACKS = {"description": "Only acts about these tracks; acts about none, too, where left out."}
_SUBSCRIPTION = {"description": "The subscription as it stands now."}
#: The largest place that a public act can have.
LAST_PLACE = 2**53 - 1


class WebhookIn(Strict):
    """Who is told, of what. Only public acts are ever sent."""

    refusals_repeat = Repeats.CODES

    url = Text(
        ADDRESS, required=True, metadata={"description": "Where to send to: `https://`, on the internet."}
    )
    process = Id("process", metadata={"description": "Only acts of this process."})
    kinds = list_of(Code(KINDS), len(KINDS), metadata=_KINDS)
    tracks = list_of(Code(TRACKS), len(TRACKS), metadata=_TRACKS)


class ReplayIn(Strict):
    """One act; or the acts from one place of the public log to another, at most 1000 places."""

    event = Id("event", metadata={"description": "The act that is sent once more."})
    first = Whole(1, LAST_PLACE, metadata={"description": "The `sequence` of the first act."})
    last = Whole(
        1, LAST_PLACE, metadata={"description": "The `sequence` of the last; one act where left out."}
    )


class WebhookCallIn(Strict):
    """Nothing more is said."""


class WebhookOut(Schema):
    """A subscription without its secret, and how its deliveries stand."""

    id = fields.String(required=True)
    url = fields.String(required=True, metadata={"description": "Where messages are sent to."})
    process = fields.String(attribute="process_id", required=True, allow_none=True)
    kinds = fields.List(fields.String(), required=True, metadata=_KINDS)
    tracks = fields.List(fields.String(), required=True, metadata=_TRACKS)
    state = Code(
        STATES,
        required=True,
        metadata={
            "description": "`new` until a test was taken; `stopped` by an admin; `ended` by its receiver, who answered"
            " 410. A test that is taken makes it `active`, whatever it was."
        },
    )
    created_at = Moment(required=True)
    tested_at = Moment(
        required=True, allow_none=True, metadata={"description": "When a test was taken last."}
    )
    failing_since = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "The first failure since something was taken."},
    )
    waiting = fields.Integer(required=True, metadata={"description": "How many messages wait."})
    parked = fields.Integer(
        required=True,
        metadata={"description": "How many were tried ten times and never taken. Replay them to try again."},
    )
    old_secret_until = Moment(
        attribute="old_until",
        required=True,
        allow_none=True,
        metadata={"description": "Until then the secret before the present one signs, too."},
    )


class NewWebhookOut(Schema):
    """A subscription with its secret, which is shown once."""

    webhook = fields.Nested(WebhookOut, required=True, metadata=_SUBSCRIPTION)
    secret = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "With it the receiver verifies each message (Standard Webhooks). Shown once: null where the"
            " request was sent again under its `Idempotency-Key`. If it was lost, rotate it."
        },
    )


class DeliveryOut(Schema):
    """One attempt to deliver a message. Nothing of the answer is kept but its number."""

    event = fields.String(
        attribute="event_id",
        required=True,
        allow_none=True,
        metadata={"description": "The `webhook-id`: the id of the act, or of the test."},
    )
    sequence = fields.Integer(
        attribute="seq", required=True, allow_none=True, metadata={"description": "Null for a test."}
    )
    at = Moment(required=True)
    status = fields.Integer(required=True, allow_none=True, metadata={"description": "Of the answer."})
    fault = Code(
        FAULTS,
        required=True,
        allow_none=True,
        metadata={
            "description": "Why it was not taken; null where it was. `address`: its name leads to an address that is"
            " not on the internet. `page`: it answered with a web page. `withheld`: the act was redacted before"
            " it could be sent."
        },
    )
    took_ms = fields.Integer(required=True, metadata={"description": "Milliseconds."})


class TestOut(Schema):
    """How a test ended."""

    webhook = fields.Nested(WebhookOut, required=True, metadata=_SUBSCRIPTION)
    taken = fields.Boolean(
        required=True, metadata={"description": "Whether the answer was 2xx, and no web page."}
    )
    status = fields.Integer(required=True, allow_none=True)
    fault = Code(FAULTS, required=True, allow_none=True)
