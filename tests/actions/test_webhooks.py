"""Whoever subscribed is told of public acts: in order, at least once, and of nothing that was destroyed meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent import futures
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook as Verifier

from tests.conftest import Clock
from tests.world import World
from tracker.actions import redaction, webhooks
from tracker.actions.operations import webhook_deliveries
from tracker.actions.operations.webhook_deliveries import Courier
from tracker.domain.errors import AlreadyDone, InvalidInput, NotFound, NotPermitted
from tracker.domain.service_errors import SealingUnavailable
from tracker.domain.webhooks import DELAYS, WAITING
from tracker.outgoing.sender import Outcome
from tracker.public import cloud_events
from tracker.sealing.sealer import Sealer
from tracker.store.webhooks import Delivery, count_messages, count_troubled

SEALER = Sealer([bytes(range(32))], Random(5).randbytes)
BASE = "https://tracker.example"


class Post:
    """A receiver that answers as it was told to; it remembers what it took."""

    local = False

    def __init__(self) -> None:
        self.answers: list[Outcome] = []
        self.heard: list[tuple[str, dict[str, str], bytes]] = []

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        self.heard.append((url, headers, body))
        return self.answers.pop(0) if self.answers else Outcome(204)

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _url, headers, _body in self.heard]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def courier(world: World, clock: Clock, entropy: Callable[[int], bytes], post: Post) -> Courier:
    return make_courier(world, clock, entropy, post)


def make_courier(world: World, clock: Clock, entropy: Callable[[int], bytes], post: Post) -> Courier:
    return Courier(world.session, clock, entropy, lambda: SEALER, post, BASE)  # type: ignore[arg-type]


def subscribe(world: World, **said: Any) -> tuple[str, str]:
    """An active subscription and its secret."""
    with world.act(world.admin) as act:
        made, secret = webhooks.add_webhook(
            act, {"url": "https://hooks.example/x", **said}, SEALER, local=False
        )
        id = made.id
    with world.act(world.admin) as act:
        webhooks.record_test(act, id, ("evt_test", Outcome(200, took_ms=5)))
    return id, secret


def deliveries(world: World, id: str) -> list[tuple[int | None, str | None]]:
    rows = select(Delivery.status, Delivery.fault).where(Delivery.webhook_id == id, Delivery.seq.is_not(None))
    found = [(status, fault) for status, fault in world.session.execute(rows.order_by(Delivery.id))]
    world.session.rollback()
    return found


def test_an_act_is_told_once_signed_and_says_only_what_it_is_about(
    record: World, entropy: Callable[[int], bytes], post: Post, clock: Clock
) -> None:
    courier = make_courier(record, clock, entropy, post)
    clock.now = datetime.now(UTC)  # the receiver's library looks at its own
    id, secret = subscribe(record)
    assert (courier.has_work(), courier.deliver_due(), post.heard) == (False, 0, [])
    change = record.answer(record.recommendation("C1"), "implementation", "not_started")
    assert courier.has_work()
    assert courier.deliver_due() == 2
    assert not courier.has_work()
    url, headers, body = post.heard[-1]
    said = json.loads(body)
    act = cloud_events.list_acts(record.session.connection(), 0, 200)[-1]
    assert url == "https://hooks.example/x"
    assert said == {
        "specversion": "1.0",
        "id": headers["webhook-id"],
        "source": BASE,
        "type": "tracker.status.changed",
        "time": act.said["at"],
        "datacontenttype": "application/json",
        "sequence": f"{act.seq:020}",
        "subject": change.subject_id,
        "data": {
            "event": f"{BASE}/v1/public/events/{act.id}",
            "process": record.process,
            "subject_kind": "recommendation",
            "track": "implementation",
            "state": "not_started",
            "assessor": record.lead,
        },
    }
    assert "Because it is so." not in body.decode()
    assert Verifier(secret).verify(body, headers) == said
    assert deliveries(record, id) == [(204, None), (204, None)]


def test_messages_come_in_order_and_one_that_is_not_taken_holds_up_the_rest(
    world: World, courier: Courier, post: Post, clock: Clock
) -> None:
    id, _secret = subscribe(world)
    first, second = (world.recommendation(reference) for reference in ("C1", "C2"))
    post.answers = [Outcome(500), Outcome(fault="timeout"), Outcome(503, wait=3600)]
    for wait in (timedelta(), DELAYS[0], DELAYS[1]):
        clock.move(seconds=wait.total_seconds() * 1.1)
        assert courier.deliver_due() == 1
        assert not courier.has_work()
    clock.move(minutes=59)
    assert courier.deliver_due() == 0  # it asked for an hour
    clock.move(minutes=2)
    assert courier.deliver_due() == 2
    assert [json.loads(body)["subject"] for _url, _headers, body in post.heard] == [first] * 4 + [second]
    assert len(set(post.ids())) == 2
    assert deliveries(world, id) == [
        (500, "status"),
        (None, "timeout"),
        (503, "status"),
        (204, None),
        (204, None),
    ]


def test_a_receiver_that_takes_its_time_keeps_no_other_waiting(
    world: World, courier: Courier, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(world)
    subscribe(world, url="https://slow.example/x")
    for reference in ("C1", "C2", "C3"):
        world.recommendation(reference)
    quick, told = Event(), []

    def answer(url: str, headers: dict[str, str], _body: bytes) -> Outcome:
        if "slow" in url:
            assert quick.wait(10)
        else:
            told.append(headers["webhook-id"])
            if len(told) == 3:
                quick.set()
        return Outcome(204)

    monkeypatch.setattr(post, "post", answer)
    assert courier.deliver_due() == 6


def test_a_receiver_that_is_slow_and_takes_all_does_not_make_a_run_last_for_ever(
    world: World, courier: Courier, post: Post, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(world)
    for reference in ("C1", "C2", "C3"):
        world.recommendation(reference)

    def answer(*_given: object) -> Outcome:
        clock.move(seconds=35)
        return Outcome(204)

    monkeypatch.setattr(post, "post", answer)
    assert courier.deliver_due() == 2
    assert courier.has_work()
    assert courier.deliver_due() == 1


def test_what_is_told_meanwhile_does_not_wait_for_a_receiver_that_is_slow(
    world: World, courier: Courier, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(world, url="https://slow.example/x")
    world.recommendation("C1")
    subscribe(world)
    quick = Event()

    def answer(url: str, _headers: dict[str, str], _body: bytes) -> Outcome:
        if "slow" in url:
            assert quick.wait(10)
        else:
            quick.set()
        return Outcome(204)

    def look(under_way: Any, timeout: float, when: str) -> Any:
        if not quick.is_set() and not acted:
            acted.append(world.recommendation("C2"))
            return set(), set(under_way)
        return futures.wait(under_way, timeout, when)

    acted: list[str] = []
    monkeypatch.setattr(post, "post", answer)
    monkeypatch.setattr(webhook_deliveries, "wait", look)
    assert courier.deliver_due() == 3
    assert acted


def test_what_is_never_taken_is_parked_and_the_rest_goes_on_until_it_is_replayed(
    world: World, courier: Courier, post: Post, clock: Clock
) -> None:
    id, _secret = subscribe(world)
    asked = world.recommendation("C1")
    post.answers = [Outcome(500)] * 10
    for delay in (timedelta(), *DELAYS):
        clock.move(seconds=delay.total_seconds() * 1.1)
        courier.deliver_due()
        if delay == DELAYS[3]:
            assert courier.list_failing() == [id]
    assert (len(post.heard), count_messages(world.session, id)) == (10, (0, 1))
    found = webhooks.get_webhook(world.session, id)
    assert found.failing_since is not None
    world.session.rollback()
    world.recommendation("C2")
    assert courier.deliver_due() == 1
    with world.act(world.admin) as act:
        webhooks.replay_events(act, id, {"event": post.ids()[0]})
    assert courier.deliver_due() == 1
    assert post.ids()[-1] == post.ids()[0]
    assert json.loads(post.heard[-1][2])["subject"] == asked
    assert count_messages(world.session, id) == (0, 0)


def test_a_span_is_replayed_as_far_as_it_was_asked_for(world: World, courier: Courier, post: Post) -> None:
    id, _secret = subscribe(world, kinds=["subject.published"], process=world.process)
    things = [world.recommendation(reference) for reference in ("C1", "C2")]
    world.answer(things[0], "implementation", "not_started")
    assert courier.deliver_due() == 2
    last = cloud_events.last_place(world.session.connection())
    with world.act(world.admin) as act:
        webhooks.replay_events(act, id, {"first": last - 2, "last": last})
    assert courier.deliver_due() == 2
    assert post.ids()[2:] == post.ids()[:2]
    for wrong in (
        {},
        {"event": post.ids()[0], "first": 1},
        {"first": 2, "last": 1},
        {"first": 1, "last": 1001},
    ):
        with pytest.raises(InvalidInput), world.act(world.admin) as act:
            webhooks.replay_events(act, id, wrong)
    with pytest.raises(NotFound), world.act(world.admin) as act:
        webhooks.replay_events(act, id, {"event": "evt_0"})
    with world.act(world.admin) as act:
        webhooks.replay_events(act, id, {"first": last + 5})  # nothing is there yet


def test_gone_ends_a_subscription_and_a_test_that_is_taken_begins_it_again(
    world: World, courier: Courier, post: Post, clock: Clock
) -> None:
    id, _secret = subscribe(world)
    world.recommendation("C1")
    post.answers = [Outcome(410)]
    assert courier.deliver_due() == 1
    assert webhooks.get_webhook(world.session, id).state == "ended"
    assert (courier.has_work(), courier.deliver_due()) == (False, 0)
    told = [count_troubled(world.session, clock() + timedelta(days=days))[0] for days in (0, 6, 8)]
    assert told == [1, 1, 0], "admins read so for a week"
    with pytest.raises(AlreadyDone), world.act(world.admin) as act:
        webhooks.stop_webhook(act, id)
    for outcome, state in ((Outcome(fault="tls"), "ended"), (Outcome(200), "active")):
        with world.act(world.admin) as act:
            webhooks.record_test(act, id, ("evt_t", outcome))
        assert webhooks.get_webhook(world.session, id).state == state
    assert (courier.deliver_due(), count_troubled(world.session, clock())[0]) == (1, 0)
    with world.act(world.admin) as act:
        webhooks.stop_webhook(act, id)
    world.recommendation("C2")
    assert not courier.has_work()


def test_nothing_of_what_was_redacted_leaves_after_it(
    world: World, courier: Courier, post: Post, clock: Clock
) -> None:
    world.person("keeper", "custodian")
    id, _secret = subscribe(world, tracks=["implementation"])
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "no_evidence")
    world.answer(asked, "implementation", "not_started", effective_on=clock.now.date())
    post.answers = [Outcome(500)]
    assert courier.deliver_due() == 1
    event = json.loads(post.heard[0][2])["id"]
    keeper, second = (world.person(name, "custodian") for name in ("one", "two"))
    for custodian in (keeper, second):
        with world.act(custodian) as act:
            redaction.redact_words(act, event, "third_party_privacy")
    clock.move(minutes=1)
    assert courier.deliver_due() == 0
    assert courier.deliver_due() == 1  # the next one
    assert post.ids()[-1] != event
    assert deliveries(world, id) == [(500, "status"), (None, "withheld"), (204, None)]


def test_two_secrets_sign_for_a_day(
    world: World, clock: Clock, entropy: Callable[[int], bytes], post: Post
) -> None:
    id, old = subscribe(world)
    with world.act(world.admin) as act:
        found, new = webhooks.rotate_secret(act, id, SEALER)
        assert webhooks.find_signers(found, SEALER, act.now) == [new, old]
        assert webhooks.find_signers(found, SEALER, act.now + timedelta(days=1)) == [new]
    newer = Sealer([bytes(range(1, 33)), bytes(range(32))], entropy)
    with world.act(world.admin) as act:
        assert webhooks.rotate_keys(act, newer, "", 10) == (1, id)
    with world.act(world.admin) as act:
        assert webhooks.rotate_keys(act, newer, "", 10) == (0, id)
        assert webhooks.rotate_keys(act, newer, id, 10) == (0, None)
        assert webhooks.open_secrets(webhooks.get_webhook(act.session, id), newer) == [new, old]
        with pytest.raises(SealingUnavailable):
            webhooks.open_secrets(
                webhooks.get_webhook(act.session, id), Sealer([bytes(range(2, 34))], entropy)
            )
    sent = webhooks.send_test(
        act.viewer,
        id,
        clock.now,
        entropy,
        newer,
        post,
        BASE,  # type: ignore[arg-type]
    )
    assert (sent[1].taken, json.loads(post.heard[0][2])["type"]) == (True, "tracker.test")
    assert post.heard[0][1]["webhook-signature"].count("v1,") == 2


def test_an_admin_subscribes_nobody_else_and_only_to_an_address_on_the_internet(world: World) -> None:
    with pytest.raises(NotPermitted), world.act(world.editor) as act:
        webhooks.add_webhook(act, {"url": "https://hooks.example/"}, SEALER, local=False)
    for url in (
        "http://hooks.example/",
        "ftp://hooks.example/",
        "https://",
        "https://me@hooks.example/",
        "https://hooks.example:port/",
        "https://hooks.example/#x",
    ):
        with pytest.raises(InvalidInput):
            webhooks.check_address(url, local=False)
    webhooks.check_address("http://127.0.0.1:9000/", local=True)
    with pytest.raises(NotFound), world.act(world.admin) as act:
        webhooks.get_webhook(act.session, "whk_0")


def test_a_queue_that_is_full_waits_for_its_receiver(
    world: World, courier: Courier, clock: Clock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.domain.webhooks.WAITING", 1)
    id, _secret = subscribe(world)
    for reference in ("C1", "C2"):
        world.recommendation(reference)
    post.answers = [Outcome(500)]
    assert courier.deliver_due() == 1
    assert count_messages(world.session, id) == (1, 0)
    clock.move(minutes=1)
    assert courier.deliver_due() == 2
    assert WAITING == 1000
