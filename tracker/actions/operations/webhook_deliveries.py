"""Delivering public acts to those who subscribed: in order, at least once, each until it is taken or parked.

One message of each subscription is on its way at a time, and those of different subscriptions go side by side: a slow
receiver keeps no other waiting. A message is looked up when it is sent: what was redacted meanwhile is not sent at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import Clock, Unit, open_unit
from tracker.actions.webhooks import asks_for, find_signers, record_delivery
from tracker.domain import webhooks
from tracker.outgoing.sender import Outcome, Sender
from tracker.public import cloud_events
from tracker.sealing.sealer import Sealer
from tracker.store.database import core_connection
from tracker.store.webhooks import (
    Message,
    Webhook,
    change_message,
    change_webhook,
    count_messages,
    end_message,
    list_active,
    list_heads,
    list_places,
    queue_messages,
    sweep_deliveries,
)

#: How many public acts are looked at in one transaction, and how many receivers are asked at once.
_TOGETHER: Final = 200
_AT_ONCE: Final = 32
#: Seconds after which it is looked what else is due, while receivers take their time.
_LOOK_AGAIN: Final = 0.5
#: How long one run begins to send. What is left is for the next run, which begins within a second.
_LONGEST_RUN: Final = timedelta(minutes=1)
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A message that is ready to leave."""

    message: Message
    event: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Courier:
    """The process that delivers. ``sealer`` is asked only where something is to be signed."""

    session: Session
    clock: Clock
    entropy: Callable[[int], bytes]
    sealer: Callable[[], Sealer]
    sender: Sender
    base_url: str

    def has_work(self) -> bool:
        """Whether something is to be queued or sent now. While its next message waits, a subscription has nothing."""
        active = list_places(self.session)
        if not active:
            return False
        last, now = cloud_events.last_place(core_connection(self.session)), self.clock()
        due = {one.webhook_id: one.due_at for one in list_heads(self.session)}
        return any(due[id] <= now if id in due else place < last for id, place in active)

    def deliver_due(self) -> int:
        """Send all that is due, and for a minute what becomes due meanwhile: a receiver that is slow and takes all must
        not hide from an operator which others fail. Returns how many messages were sent."""
        sent, until = 0, self.clock() + _LONGEST_RUN
        under_way: dict[Future[Outcome], _Parcel] = {}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while True:
                while self._fill_queues():
                    pass
                busy = {parcel.message.webhook_id for parcel in under_way.values()}
                for parcel in list(self._pack_due(busy)) if self.clock() < until else []:
                    under_way[pool.submit(self._send, parcel)] = parcel
                self.session.rollback()  # nothing of the database is held while others answer
                if not under_way:
                    return sent
                done, _others = wait(under_way, _LOOK_AGAIN, FIRST_COMPLETED)
                for future in done:
                    parcel = under_way.pop(future)
                    with self._open_unit() as unit:
                        self._settle(unit, parcel.message, parcel.event, future.result())
                    sent += 1

    def list_failing(self) -> list[str]:
        """The subscriptions that have failed for so long that somebody has to look."""
        return [one.webhook_id for one in list_heads(self.session) if one.failures >= webhooks.WARN]

    def _open_unit(self) -> AbstractContextManager[Unit]:
        return open_unit(self.session, OPERATOR, self.clock, self.entropy)

    def _fill_queues(self) -> bool:
        """Queue what each subscription asks for of the next public acts. Whether there is more to be queued."""
        last = cloud_events.last_place(core_connection(self.session))
        if all(one.place >= last for one in list_active(self.session)):
            return False
        more = False
        with self._open_unit() as unit:
            sweep_deliveries(unit.session, unit.now - webhooks.REMEMBERED)
            for webhook in list_active(unit.session):
                more |= _fill_queue(unit, webhook)
        return more

    def _pack_due(self, busy: Set[str]) -> Iterable[_Parcel]:
        """What is to be sent now, but to those whose message is on its way."""
        now = self.clock()
        for message in list_heads(self.session):
            if message.due_at > now or message.webhook_id in busy:
                continue
            webhook = self.session.get_one(Webhook, message.webhook_id, populate_existing=True)
            act = cloud_events.find_act(core_connection(self.session), message.seq)
            if act is None or not asks_for(webhook, act):
                with self._open_unit() as unit:
                    record_delivery(unit, webhook.id, message.seq, None, Outcome(fault="withheld"))
                    end_message(unit.session, message)
                continue
            body = cloud_events.write_act(act, self.base_url)
            headers = webhooks.sign_message(find_signers(webhook, self.sealer(), now), act.id, now, body)
            yield _Parcel(message, act.id, webhook.url, headers, body)

    def _send(self, parcel: _Parcel) -> Outcome:
        return self.sender.post(parcel.url, parcel.headers, parcel.body)

    def _settle(self, unit: Unit, message: Message, event: str, outcome: Outcome) -> None:
        """Write down what became of a message."""
        record_delivery(unit, message.webhook_id, message.seq, event, outcome)
        if outcome.taken:
            end_message(unit.session, message)
            change_webhook(unit.session, message.webhook_id, failing_since=None)
            return
        webhook = unit.session.get_one(Webhook, message.webhook_id, populate_existing=True)
        values = {"failing_since": webhook.failing_since or unit.now}
        if outcome.status == _GONE:
            change_webhook(unit.session, webhook.id, state="ended", **values)
            return
        failures, lot = message.failures + 1, int.from_bytes(self.entropy(2)) / 65_536
        due = webhooks.find_retry(failures, unit.now, outcome.wait, lot)
        later = {"parked_at": unit.now} if due is None else {"due_at": due}
        change_message(unit.session, message, failures=failures, **later)
        change_webhook(unit.session, webhook.id, **values)


def _fill_queue(unit: Unit, webhook: Webhook) -> bool:
    room = webhooks.WAITING - count_messages(unit.session, webhook.id)[0]
    acts = cloud_events.list_acts(unit.connection, webhook.place, min(_TOGETHER, room)) if room > 0 else []
    if not acts:
        return False
    places = [act.seq for act in acts if asks_for(webhook, act)]
    queue_messages(unit.session, webhook.id, places, unit.now)
    change_webhook(unit.session, webhook.id, place=acts[-1].seq)
    return True
