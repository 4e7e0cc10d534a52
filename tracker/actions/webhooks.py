"""Webhooks, for those who keep them: subscribe, try out, change the secret, replay, stop.

Only public acts are ever sent, and of them only what they are about. A subscription is active once a test was taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions.support import lookup
from tracker.actions.support.rewrapping import rewrap_rows
from tracker.actions.support.unit import Unit
from tracker.domain import ids, webhooks
from tracker.domain.errors import AlreadyDone, InvalidInput, NotFound
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import SealingUnavailable
from tracker.outgoing.addresses import is_inside, is_plain_host, is_this_machine
from tracker.outgoing.sender import Outcome, Sender
from tracker.public import cloud_events
from tracker.public.cloud_events import PublicAct
from tracker.sealing.sealer import SealedBox, Sealer, SealingError
from tracker.store.viewer import Viewer
from tracker.store.webhooks import Webhook, add_delivery, count_messages, queue_messages

_SECRET, _OLD = "secret", "old"  # the names of fields
#: The characters of a path and its question that HTTP carries as they are.
_SENDABLE: Final = re.compile(r"[!-~]+")


def add_webhook(unit: Unit, wanted: Mapping[str, Any], sealer: Sealer, *, local: bool) -> tuple[Webhook, str]:
    """A subscription from the next public act on, and its secret, which is shown once."""
    unit.by.require("webhooks.manage")
    check_address(wanted["url"], local=local)
    process = wanted.get("process")
    lookup.find_unfiltered(unit.session, "/process", process, "process")
    id, secret = unit.new_id("webhook"), webhooks.write_secret(unit.entropy(webhooks.SECRET_BYTES))
    box = sealer.seal({_SECRET: secret}, id)
    made = Webhook(
        id=id,
        url=wanted["url"],
        process_id=process,
        kinds=wanted.get("kinds", []),
        tracks=wanted.get("tracks", []),
        state="new",
        place=cloud_events.last_place(unit.connection),
        wrapped=box.wrapped,
        content=box.content,
        created_at=unit.now,
    )
    unit.session.add(made)
    unit.audit("webhook.add", id)
    return made, secret


def check_address(url: str, *, local: bool) -> None:
    """Refuse what is no address of a receiver, or by its form leads to none. Where a name leads is judged before each
    connection."""
    parts = _split(url)
    host = parts.hostname if parts is not None else None
    if parts is None or host is None or parts.scheme not in ("https", *(["http"] if local else [])):
        raise InvalidInput.at("/url", sentence("must be https://HOST/…"))
    if parts.username is not None or parts.fragment:
        raise InvalidInput.at("/url", sentence("must have no name, no password and no fragment"))
    if not (is_this_machine(host) if parts.scheme == "http" else is_plain_host(host)):
        raise InvalidInput.at(
            "/url",
            sentence("%(host)s must be a name as hooks.example, or a number as 93.184.215.14", host=host),
        )
    if parts.scheme == "https" and is_inside(host):
        raise InvalidInput.at(
            "/url", sentence("%(host)s cannot be reached from the internet: name another receiver", host=host)
        )
    if not _SENDABLE.fullmatch(f"{parts.path}?{parts.query}"):
        raise InvalidInput.at("/url", sentence("must have no space, and other letters as in /caf%%C3%%A9"))


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None where its host or its port cannot be read."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def get_webhook(session: Session, id: str) -> Webhook:
    webhook = session.get(Webhook, id, populate_existing=True)
    if webhook is None:
        raise NotFound(sentence("there is no webhook %(id)s", id=id))
    return webhook


def describe_webhook(session: Session, webhook: Webhook) -> dict[str, Any]:
    """A subscription with how many messages ``waiting`` for it, and how many are ``parked``."""
    waiting, parked = count_messages(session, webhook.id)
    columns = {column.key: getattr(webhook, column.key) for column in Webhook.__table__.columns}
    return {**columns, "waiting": waiting, "parked": parked}


def rotate_secret(unit: Unit, id: str, sealer: Sealer) -> tuple[Webhook, str]:
    """A new secret. For a day both sign, so the receiver can change over at any time of it."""
    unit.by.require("webhooks.manage")
    webhook = get_webhook(unit.session, id)
    secret = webhooks.write_secret(unit.entropy(webhooks.SECRET_BYTES))
    box = sealer.seal({_SECRET: secret, _OLD: open_secrets(webhook, sealer)[0]}, id)
    webhook.wrapped, webhook.content = box.wrapped, box.content
    webhook.old_until = unit.now + webhooks.ROTATION
    unit.audit("webhook.rotate", id)
    return webhook, secret


def open_secrets(webhook: Webhook, sealer: Sealer) -> list[str]:
    """The present secret, and the one before it where there is one."""
    try:
        secrets = sealer.open(SealedBox(webhook.wrapped, webhook.content), webhook.id)
    except SealingError as error:
        raise SealingUnavailable(str(error)) from None
    return [secrets[_SECRET], *([secrets[_OLD]] if _OLD in secrets else [])]


def find_signers(webhook: Webhook, sealer: Sealer, now: datetime) -> Sequence[str]:
    """The secrets that sign now."""
    secrets = open_secrets(webhook, sealer)
    return secrets if webhook.old_until is not None and now < webhook.old_until else secrets[:1]


def send_test(
    viewer: Viewer,
    id: str,
    now: datetime,
    entropy: Callable[[int], bytes],
    sealer: Sealer,
    sender: Sender,
    base_url: str,
) -> tuple[str, Outcome]:
    """Send a message about nothing. Nothing is written, and nothing of the database is held: it takes as long as the
    receiver takes. Returns the id of the message."""
    viewer.by.require("webhooks.manage")
    webhook = get_webhook(viewer.session, id)
    message, url = ids.make_id("event", entropy(ids.RANDOM_BYTES)), webhook.url
    signers = find_signers(webhook, sealer, now)
    viewer.session.rollback()
    body = cloud_events.write_test(message, now, base_url)
    return message, sender.post(url, webhooks.sign_message(signers, message, now, body), body)


def record_test(unit: Unit, id: str, sent: tuple[str, Outcome]) -> Webhook:
    """Write down how a test ended. One that was taken makes the subscription active, whatever it was."""
    unit.by.require("webhooks.manage")
    webhook, (message, outcome) = get_webhook(unit.session, id), sent
    record_delivery(unit, id, None, message, outcome)
    unit.audit("webhook.test", id, taken=outcome.taken)
    if outcome.taken:
        webhook.state, webhook.tested_at, webhook.failing_since = "active", unit.now, None
    return webhook


def record_delivery(unit: Unit, id: str, seq: int | None, event: str | None, outcome: Outcome) -> None:
    fault = None if outcome.taken else outcome.fault or "status"
    add_delivery(
        unit.session,
        webhook_id=id,
        seq=seq,
        event_id=event,
        at=unit.now,
        status=outcome.status,
        fault=fault,
        took_ms=outcome.took_ms,
    )


def replay_events(unit: Unit, id: str, wanted: Mapping[str, Any]) -> Webhook:
    """Let messages wait once more, under the ids that they had: one act, or all that the subscription asks for of a
    span of places."""
    unit.by.require("webhooks.manage")
    webhook = get_webhook(unit.session, id)
    if ("event" in wanted) == ("first" in wanted):
        raise InvalidInput.at("/event", sentence("name one event, or `first` and `last`"))
    if "event" in wanted:
        seq = cloud_events.find_place(unit.connection, wanted["event"])
        if seq is None:
            raise NotFound(sentence("there is no public act %(event)s", event=wanted["event"]))
        places = [seq]
    else:
        places = _list_places(unit, webhook, wanted["first"], wanted.get("last", wanted["first"]))
    queue_messages(unit.session, id, places, unit.now)
    unit.audit("webhook.replay", id, messages=len(places))
    return webhook


def asks_for(webhook: Webhook, act: PublicAct) -> bool:
    """Whether a subscription wants to be told of an act."""
    return webhooks.wants(act.said, webhook.process_id, webhook.kinds, webhook.tracks)


def _list_places(unit: Unit, webhook: Webhook, first: int, last: int) -> list[int]:
    if not first <= last < first + webhooks.REPLAYED:
        raise InvalidInput.at(
            "/last",
            sentence("must be %(first)s to %(last)s", first=first, last=first + webhooks.REPLAYED - 1),
        )
    places, after = [], first - 1
    while after < last and (acts := cloud_events.list_acts(unit.connection, after, min(200, last - after))):
        places += [one.seq for one in acts if asks_for(webhook, one)]
        after = acts[-1].seq
    return places


def stop_webhook(unit: Unit, id: str) -> Webhook:
    """Send nothing more. What waits stays; a test that is taken goes on with it."""
    unit.by.require("webhooks.manage")
    webhook = get_webhook(unit.session, id)
    if webhook.state not in ("new", "active"):
        raise AlreadyDone(sentence("it is %(state)s already", state=webhook.state))
    webhook.state = "stopped"
    unit.audit("webhook.stop", id)
    return webhook


def rotate_keys(unit: Unit, sealer: Sealer, after: str, most: int) -> tuple[int, str | None]:
    """As `tracker.actions.sealed_fields.rotate_keys`, for the secrets of webhooks."""
    query = select(Webhook).where(Webhook.id > after).order_by(Webhook.id).limit(most)

    def keep(row: Webhook, wrapped: bytes) -> None:
        row.wrapped = wrapped
        unit.audit("webhook.rewrap", row.id)

    return rewrap_rows(sealer, unit.session.scalars(query).all(), lambda row: row.id, keep)
