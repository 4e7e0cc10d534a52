"""Webhooks: telling other systems of public acts, signed and in order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import webhooks
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors, service_errors
from tracker.outgoing.sender import Sender
from tracker.schemas.webhooks import (
    DeliveryOut,
    NewWebhookOut,
    ReplayIn,
    TestOut,
    WebhookCallIn,
    WebhookIn,
    WebhookOut,
)
from tracker.store.webhooks import Delivery, Webhook

_MAY = "webhooks.manage"


def _describe(call: Call, webhook: Webhook) -> dict[str, Any]:
    call.session.flush()
    return webhooks.describe_webhook(call.session, webhook)


def _read(call: Call, id: str) -> Any:
    return _describe(call, webhooks.get_webhook(call.session, id))


def _read_made(call: Call, id: str) -> Any:
    return {"webhook": _read(call, id), "secret": None}


@endpoint(
    "POST",
    "/v1/webhooks",
    permission=_MAY,
    tag="webhooks",
    summary="Subscribe a receiver to public acts; its secret is shown once",
    body=WebhookIn,
    answer=NewWebhookOut,
    again=_read_made,
    status=201,
    refusals=(service_errors.SealingUnavailable,),
)
def create_webhook(call: Call) -> Any:
    """It is told of public acts from now on, in their order, once `test_webhook` was taken. Each message is a
    CloudEvent with ids, codes and addresses, and the headers of Standard Webhooks. It is sent again until the answer is
    2xx; 410 ends the subscription."""
    local = call.context.settings.webhooks == "local"
    made, secret = webhooks.add_webhook(call.unit, call.body, call.context.sealer(), local=local)
    call.made = made.id
    return {"webhook": _describe(call, made), "secret": secret}


@endpoint(
    "GET",
    "/v1/webhooks",
    permission=_MAY,
    tag="webhooks",
    summary="List the subscriptions to public acts",
    query=PageQuery,
    answer=make_page_schema(WebhookOut, "WebhookPage"),
)
def list_webhooks(call: Call) -> Any:
    """Each with how its deliveries stand. Never a secret."""
    page = read_page(call, select(Webhook), Webhook.id)
    return {**page, "items": [_describe(call, one) for one in page["items"]]}


@endpoint(
    "GET",
    "/v1/webhooks/{id}",
    permission=_MAY,
    tag="webhooks",
    summary="Read a subscription, and how its deliveries stand",
    answer=WebhookOut,
    names={"id": "webhook"},
)
def get_webhook(call: Call, id: str) -> Any:
    """What it asks for, how many messages wait, how many were never taken, and since when nothing is taken."""
    return _read(call, id)


def _send_test(call: Call, id: str) -> Any:
    known = call.context
    sender = Sender(local=known.settings.webhooks == "local")
    base_url = known.settings.base_url
    return webhooks.send_test(call.viewer, id, call.now, known.entropy, known.sealer(), sender, base_url)


@endpoint(
    "POST",
    "/v1/webhooks/{id}/test",
    permission=_MAY,
    tag="webhooks",
    summary="Send a test; if it is taken, the subscription is active",
    body=WebhookCallIn,
    answer=TestOut,
    prepare=_send_test,
    refusals=(service_errors.SealingUnavailable,),
    names={"id": "webhook"},
)
def test_webhook(call: Call, id: str) -> Any:
    """The message is of the type `tracker.test`. The answer waits for the receiver, at most 15 seconds. A
    subscription that was stopped or ended goes on with what waits."""
    webhook = webhooks.record_test(call.unit, id, call.prepared)
    outcome = call.prepared[1]
    fault = None if outcome.taken else outcome.fault or "status"
    described = _describe(call, webhook)
    return {"webhook": described, "taken": outcome.taken, "status": outcome.status, "fault": fault}


@endpoint(
    "POST",
    "/v1/webhooks/{id}/secret",
    permission=_MAY,
    tag="webhooks",
    summary="Change the secret; for 24 hours both sign",
    body=WebhookCallIn,
    answer=NewWebhookOut,
    again=_read_made,
    refusals=(service_errors.SealingUnavailable,),
    names={"id": "webhook"},
)
def rotate_webhook_secret(call: Call, id: str) -> Any:
    """Each message has two signatures meanwhile, so the receiver can change over when it likes."""
    webhook, secret = webhooks.rotate_secret(call.unit, id, call.context.sealer())
    return {"webhook": _describe(call, webhook), "secret": secret}


@endpoint(
    "POST",
    "/v1/webhooks/{id}/replay",
    permission=_MAY,
    tag="webhooks",
    summary="Send acts once more, under the same `webhook-id`",
    body=ReplayIn,
    answer=WebhookOut,
    again=_read,
    names={"id": "webhook"},
)
def replay_webhook(call: Call, id: str) -> Any:
    """One act by its id; or all that the subscription asks for from one `sequence` to another. They are sent before
    what waits, in their order. What is parked is tried again in this way."""
    return _describe(call, webhooks.replay_events(call.unit, id, call.body))


@endpoint(
    "POST",
    "/v1/webhooks/{id}/stop",
    permission=_MAY,
    tag="webhooks",
    summary="Stop a subscription",
    body=WebhookCallIn,
    answer=WebhookOut,
    again=_read,
    refusals=(errors.AlreadyDone,),
    names={"id": "webhook"},
)
def stop_webhook(call: Call, id: str) -> Any:
    """What waits stays. `test_webhook` makes it active again, and it goes on where it was."""
    return _describe(call, webhooks.stop_webhook(call.unit, id))


@endpoint(
    "GET",
    "/v1/webhooks/{id}/deliveries",
    permission=_MAY,
    tag="webhooks",
    summary="List the attempts to deliver, newest first",
    query=PageQuery,
    answer=make_page_schema(DeliveryOut, "DeliveryPage"),
    names={"id": "webhook"},
)
def list_deliveries(call: Call, id: str) -> Any:
    """Those of the last 30 days. Of an answer only its number is kept, of a message only its id."""
    webhooks.get_webhook(call.session, id)
    rows = select(Delivery).where(Delivery.webhook_id == id)
    return read_page(call, rows, Delivery.id, newest=True)
