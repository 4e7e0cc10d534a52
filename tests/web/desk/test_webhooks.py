"""Admins keep webhooks in the browser: a receiver is subscribed, tried out, told, and stopped, as over REST. They also
read which jobs ran.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.outgoing.test_sender import receive
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions.operations.webhook_deliveries import Courier
from tracker.actions.people import OPERATOR
from tracker.cli.jobs import JOBS
from tracker.domain.jobs import Run
from tracker.domain.webhooks import FAULTS, STATES, WARN
from tracker.outgoing.sender import Sender
from tracker.store.database import core_connection
from tracker.store.jobs import add_job, change_job
from tracker.store.webhooks import MESSAGES
from tracker.web.desk import jobs, webhooks


@pytest.fixture
def browser(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """An admin, where messages may go to this machine."""
    known = app.extensions["tracker"]
    settings = replace(known.settings, webhooks="local")
    monkeypatch.setitem(app.extensions, "tracker", replace(known, settings=settings))
    return Browser(app).enter(world, world.admin)


def subscribe(browser: Browser, url: str, **typed: str) -> tuple[str, str]:
    """A new subscription: its path, and the secret that is shown."""
    shown = browser.send("/webhooks/new", {"url": url, **typed})
    assert shown.status_code == 200
    (secret,) = re.findall(r"whsec_[\w+/=]+", shown.text)
    (path,) = re.findall(r'href="/en/desk(/webhooks/whk_\w+)"', shown.text)
    return path, secret


def test_a_receiver_is_subscribed_tried_out_told_and_stopped(
    browser: Browser, world: World, app: Flask
) -> None:
    with receive() as server:
        base = f"http://127.0.0.1:{server.server_port}"
        path, secret = subscribe(browser, f"{base}/200", process=world.process, tracks="implementation")
        shown = browser.read(path).text
        assert "waits for a test that is taken" in shown
        assert "Coast" in shown
        assert secret not in shown
        sent = browser.send(f"{path}/test", {})
        assert sent.headers["Location"] == f"/en/desk{path}?done=test"
        shown = browser.read(f"{path}?done=test").text
        assert "A test was sent." in shown
        assert "active" in shown
        assert "Taken" in shown
        world.answer(world.recommendation("C1"), "implementation", "stalled")
        known = app.extensions["tracker"]
        courier = Courier(
            world.session, known.clock, known.entropy, known.sealer, Sender(local=True), "https://t.example"
        )
        assert courier.deliver_due() == 1
        assert browser.send(f"{path}/replay", {"first": "1", "last": "900"}).status_code == 303
        assert "<bdi>1</bdi> message waits" in browser.read("/webhooks").text
        changed = browser.send(f"{path}/secret", {}).text
        assert secret not in changed
        assert "whsec_" in changed
        assert browser.send(f"{path}/stop", {}).status_code == 303
    shown = browser.read(path).text
    assert "stopped" in shown
    assert "The secret before this one signs until" in shown
    assert f"{path}/stop" not in shown
    assert "Not taken" in browser.read(browser.send(f"{path}/test", {}).headers["Location"]).text


def test_what_cannot_be_is_refused_beside_its_field(browser: Browser) -> None:
    refused = browser.send("/webhooks/new", {"url": "http://me:pw@hooks.example/"})
    assert refused.status_code == 422
    assert "must have no name, no password and no fragment" in refused.text
    path, _secret = subscribe(browser, "https://hooks.example/x")
    assert browser.send(f"{path}/replay", {}).status_code == 422


def test_what_was_never_taken_stands_there_to_be_sent_again_and_the_first_screen_says_so(
    browser: Browser, world: World
) -> None:
    path, _secret = subscribe(browser, "https://hooks.example/x")
    webhook, now = path.rpartition("/")[2], world.clock()
    waiting = {"webhook_id": webhook, "failures": WARN, "due_at": now}
    with world.act(OPERATOR) as act:
        connection = core_connection(act.session)
        connection.execute(MESSAGES.insert(), [{**waiting, "seq": 7, "parked_at": now - timedelta(hours=5)}])
    shown = browser.read(path).text
    assert "Never taken" in shown
    assert f'href="/en/desk{path}/replay?first=7&amp;last=7"' in shown
    assert 'value="7"' in browser.read(f"{path}/replay?first=7&last=7").text
    home = browser.read("/").text
    assert "A receiver of webhooks did not take a message. Look at it." in home
    assert 'href="/en/desk/webhooks"' in home


def test_jobs_are_listed_with_how_their_last_run_ended(browser: Browser, world: World) -> None:
    assert "No worker has run yet" in browser.read("/jobs").text
    now = world.clock()
    with world.act(OPERATOR) as act:
        for name in ("sign", "audit"):
            add_job(act.session, Run(name, now + timedelta(hours=1)))
        ended = {"began_at": now, "ended_at": now, "detail": "2 faults: run `tracker log audit`"}
        change_job(act.session, "audit", outcome="wrong", **ended)
    shown = browser.read("/jobs").text
    assert "<strong>found something that somebody has to look at</strong>" in shown
    assert "2 faults" in shown
    assert "Signs the public log" in shown


def test_every_job_state_and_fault_has_its_words() -> None:
    assert jobs.TASKS.keys() == JOBS.keys()
    assert tuple(webhooks.STATES) == STATES
    assert webhooks.FAULTS.keys() == set(FAULTS)
