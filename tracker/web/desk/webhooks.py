"""Webhooks at the desk: who is told of public acts, how that stands, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from tracker.actions import webhooks
from tracker.domain.public_acts import KINDS
from tracker.domain.publication import PUBLISHED
from tracker.domain.tracks import TRACKS
from tracker.languages.i18n import mark
from tracker.outgoing.sender import Sender
from tracker.schemas.fields import Digits, Strict, Text
from tracker.schemas.sessions import Nothing
from tracker.schemas.webhooks import LAST_PLACE, ReplayIn, WebhookIn
from tracker.store.processes import Process
from tracker.store.webhooks import Delivery, Webhook, list_parked
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

_MAY: Final = "webhooks.manage"
_WEBHOOK: Final = {"id": ("webhook",)}
#: How many subscriptions, attempts and parked messages a page shows.
PAGE: Final = 50
#: state of a subscription -> in words.
STATES: Final[Mapping[str, str]] = {
    "new": mark("waits for a test that is taken"),
    "active": mark("active"),
    "stopped": mark("stopped"),
    "ended": mark("ended by its receiver"),
}
#: why nothing was taken -> in words.
FAULTS: Final[Mapping[str, str]] = {
    "address": mark("its name leads to an address that is not on the internet"),
    "page": mark("it answered with a web page, which is no receiver"),
    "status": mark("its answer did not say that it was taken"),
    "timeout": mark("it did not answer in time"),
    "tls": mark("no encrypted line could be made"),
    "unreachable": mark("it cannot be reached"),
    "withheld": mark("the act was redacted before it could be sent"),
}
NEW: Final = Form(
    WebhookIn,
    Field(
        "url", mark("Address of the receiver"), hint=mark("It begins with https:// and is on the internet.")
    ),
    Field("process", mark("Only acts of this process")),
    Field("kinds", mark("Only these kinds of acts"), hint=mark("Choose nothing, and it is told of all.")),
    Field(
        "tracks", mark("Only acts about these questions"), hint=mark("Choose nothing, and it is told of all.")
    ),
    button=mark("Subscribe it"),
)
TESTING: Final = Form(Nothing, button=mark("Send a test"))
ROTATING: Final = Form(Nothing, button=mark("Change the secret"))
STOPPING: Final = Form(Nothing, button=mark("Send nothing more"))
REPLAYING: Final = Form(
    ReplayIn,
    Field("event", mark("One act, by its id")),
    Field("first", mark("Or all from this number of the log")),
    Field("last", mark("to this number")),
    button=mark("Send them once more"),
)


class _PageQuery(Strict):
    """Where the page begins."""

    after = Text(2_000)


class _ReplayQuery(Strict):
    """With which entries of the log the form begins."""

    first = Digits(LAST_PLACE)
    last = Digits(LAST_PLACE)


@view("/webhooks", permission=_MAY, menu=mark("Webhooks"), query=_PageQuery)
def show_webhooks(desk: Visit) -> Shown:
    rows = select(Webhook).order_by(Webhook.id)
    if (place := desk.read_place()) is not None:
        rows = rows.where(Webhook.id > place[0])
    subscriptions = list(desk.session.scalars(rows.limit(PAGE + 1)))
    return {
        "title": desk.language.say("Webhooks"),
        "webhooks": [_describe(desk, one) for one in subscriptions[:PAGE]],
        "next_page": desk.link_after([subscriptions[PAGE - 1].id]) if len(subscriptions) > PAGE else None,
    }


def _describe(desk: Visit, row: Webhook) -> Shown:
    known = webhooks.describe_webhook(desk.session, row)
    return {
        **known,
        "state_words": desk.language.say(STATES[row.state]),
        "process": _name_processes(desk).get(row.process_id or ""),
        "href": desk.link(f"/webhooks/{row.id}"),
    }


def _name_processes(desk: Visit) -> dict[str, str]:
    """The public processes: only their acts are ever sent, and their titles are known to everybody."""
    query = select(Process.id, Process.title).where(Process.publication == PUBLISHED).order_by(Process.title)
    return {row.id: row.title for row in desk.session.execute(query)}


@view("/webhooks/new", permission=_MAY, template="webhook_secret")
def show_new_webhook(desk: Visit) -> Shown:
    say = desk.language.say
    return {
        "title": say("A new webhook"),
        "lead": say("The receiver is told of each public act from now on, once it has taken a test."),
        "secret": None,
        "choices": {
            "process": [*_name_processes(desk).items()],
            "kinds": [(one, one) for one in KINDS],
            "tracks": [
                (code, f"{code}: {say(track.question).striptags()}") for code, track in TRACKS.items()
            ],
        },
    }


@act(show_new_webhook, NEW, done=mark("The receiver is subscribed."), dangerous=True)
def add_webhook(desk: Visit, unit: Unit, data: Shown) -> None:
    known = desk.context
    made, secret = webhooks.add_webhook(unit, data, known.sealer(), local=known.settings.webhooks == "local")
    _reveal_secret(desk, made, secret)


def _reveal_secret(desk: Visit, row: Webhook, secret: str) -> None:
    desk.revealed = {
        "title": desk.language.say("The secret"),
        "lead": desk.language.say("It is shown this once: the receiver verifies by it who sent a message."),
        "secret": secret,
        "back": desk.link(f"/webhooks/{row.id}"),
    }


@view("/webhooks/{id}", permission=_MAY, names=_WEBHOOK, query=_PageQuery)
def show_webhook(desk: Visit, id: str) -> Shown:
    row = webhooks.get_webhook(desk.session, id)
    rows = select(Delivery).where(Delivery.webhook_id == id).order_by(Delivery.id.desc())
    if (place := desk.read_place()) is not None:
        rows = rows.where(Delivery.id < place[0])
    deliveries = list(desk.session.scalars(rows.limit(PAGE + 1)))
    return {
        "title": desk.language.say("A webhook"),
        "webhook": _describe(desk, row),
        "deliveries": [_describe_delivery(desk, one) for one in deliveries[:PAGE]],
        "parked": [
            {**one._asdict(), "replay": desk.link(f"/webhooks/{id}/replay", first=one.seq, last=one.seq)}
            for one in list_parked(desk.session, id, PAGE)
        ],
        "older": desk.link_after([deliveries[PAGE - 1].id]) if len(deliveries) > PAGE else None,
    }


def _describe_delivery(desk: Visit, row: Delivery) -> Shown:
    fault = None if row.fault is None else desk.language.say(FAULTS[row.fault])
    return {"row": row, "fault": fault}


def _show_step(desk: Visit, id: str, title: str, lead: str) -> Shown:
    row = webhooks.get_webhook(desk.session, id)
    say = desk.language.say
    return {"title": say(title), "lead": say(lead), "webhook": row, "secret": None}


@view("/webhooks/{id}/test", permission=_MAY, template="webhook_secret", names=_WEBHOOK)
def show_test(desk: Visit, id: str) -> Shown:
    lead = mark(
        "A message about nothing is sent now. Once one is taken, the subscription is active, whatever it was."
    )
    return _show_step(desk, id, mark("Send a test"), lead)


def send_test(desk: Visit, _data: Shown, id: str) -> None:
    """Before anybody waits to write: it takes as long as the receiver takes."""
    known = desk.context
    sender = Sender(local=known.settings.webhooks == "local")
    desk.prepared = webhooks.send_test(
        desk.viewer, id, desk.now, known.entropy, known.sealer(), sender, known.settings.base_url
    )


@act(
    show_test,
    TESTING,
    done=mark("A test was sent. The first of the attempts says whether it was taken."),
    prepare=send_test,
    then="/webhooks/{id}",
)
def record_test(desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    webhooks.record_test(unit, id, desk.prepared)


@view("/webhooks/{id}/secret", permission=_MAY, template="webhook_secret", names=_WEBHOOK)
def show_secret(desk: Visit, id: str) -> Shown:
    lead = mark("For 24 hours each message is signed by the new secret and by the one before it.")
    return _show_step(desk, id, mark("Change the secret"), lead)


@act(show_secret, ROTATING, done=mark("The secret is changed."), dangerous=True)
def rotate_secret(desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    _reveal_secret(desk, *webhooks.rotate_secret(unit, id, desk.context.sealer()))


@view("/webhooks/{id}/replay", permission=_MAY, template="webhook_secret", names=_WEBHOOK, query=_ReplayQuery)
def show_replay(desk: Visit, id: str) -> Shown:
    lead = mark("They are sent before what waits, in their order and under the ids that they had.")
    return {**_show_step(desk, id, mark("Send acts once more"), lead), "values": dict(desk.query)}


@act(show_replay, REPLAYING, done=mark("They wait to be sent once more."), then="/webhooks/{id}")
def replay_events(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    webhooks.replay_events(unit, id, data)


@view("/webhooks/{id}/stop", permission=_MAY, template="webhook_secret", names=_WEBHOOK)
def show_stop(desk: Visit, id: str) -> Shown:
    lead = mark("What waits stays. A test that is taken makes it active again, and it goes on where it was.")
    return _show_step(desk, id, mark("Send nothing more"), lead)


@act(show_stop, STOPPING, done=mark("Nothing more is sent to it."), then="/webhooks/{id}")
def stop_webhook(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    webhooks.stop_webhook(unit, id)
