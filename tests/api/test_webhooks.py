"""An admin has another system told of public acts: subscribed, tried out, told, stopped, over REST and the wire."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.outgoing.test_sender import receive
from tests.world import World
from tracker.actions.operations.webhook_deliveries import Courier
from tracker.domain import ids
from tracker.outgoing.sender import Sender


@pytest.fixture
def at_home(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages may go to this machine."""
    known = app.extensions["tracker"]
    settings = replace(known.settings, webhooks="local")
    monkeypatch.setitem(app.extensions, "tracker", replace(known, settings=settings))


@pytest.mark.usefixtures("at_home")
def test_a_receiver_is_subscribed_tried_out_told_and_stopped(
    world: World, app: Flask, client: FlaskClient
) -> None:
    admin = world.headers("admin")
    with receive() as server:
        base = f"http://127.0.0.1:{server.server_port}"
        made = client.post("/v1/webhooks", json={"url": f"{base}/200"}, headers=admin).get_json()
        path = f"/v1/webhooks/{made['webhook']['id']}"
        assert made["webhook"]["state"] == "new"
        assert made["secret"].startswith("whsec_")
        world.recommendation("C1")
        tried = client.post(f"{path}/test", json={}, headers=admin).get_json()
        assert (tried["taken"], tried["status"], tried["webhook"]["state"]) == (True, 200, "active")
        known = app.extensions["tracker"]
        courier = Courier(
            world.session, known.clock, known.entropy, known.sealer, Sender(local=True), "https://t.example"
        )
        assert courier.deliver_due() == 1
        types = [json.loads(body)["type"] for _path, _host, body in server.heard]  # type: ignore[attr-defined]
        assert types == ["tracker.test", "tracker.subject.published"]
        listed = client.get(f"{path}/deliveries", headers=admin).get_json()["items"]
        assert [(one["status"], one["fault"]) for one in listed] == [(200, None), (200, None)]
        assert [one["sequence"] is None for one in listed] == [False, True]
        stopped = client.post(f"{path}/stop", json={}, headers=admin).get_json()
        assert (stopped["state"], stopped["waiting"], stopped["parked"]) == ("stopped", 0, 0)
    tried = client.post(f"{path}/test", json={}, headers=admin).get_json()
    assert (tried["taken"], tried["fault"], tried["webhook"]["state"]) == (False, "unreachable", "stopped")
    assert "secret" not in json.dumps(client.get("/v1/webhooks", headers=admin).get_json()).replace(
        "old_secret", ""
    )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1/x", "https://"),
        ("hooks.example", "https://"),
        ("https:///x", "https://"),
        ("https://[::1/", "https://"),
        ("https://hooks.example:0/", "https://"),
        ("https://hooks.example:65536/", "https://"),
        ("https://me:pw@hooks.example/", "no password"),
        ("https://hooks.example\\@other.example/", "no password"),
        ("https://hooks.example/#there", "no fragment"),
        ("https://0x7f.1/", "0x7f.1 must be a name as hooks.example, or a number as 93.184.215.14"),
        ("https://localhost/", "localhost must be a name"),
        ("https://10.0.0.7/", "10.0.0.7 cannot be reached from the internet"),
        ("https://[fd00:ec2::254]/", "fd00:ec2::254 cannot be reached from the internet"),
        ("https://printer.local/", "printer.local cannot be reached from the internet"),
        ("https://hooks.example/a b", "no space"),
        ("https://hooks.example/caf\u00e9", "/caf%C3%A9"),
    ],
)
def test_an_address_that_is_none_of_the_internet_is_refused_by_its_field(
    world: World, client: FlaskClient, url: str, why: str
) -> None:
    answer = client.post("/v1/webhooks", json={"url": url}, headers=world.headers("admin"))
    assert answer.status_code == 422
    (error,) = answer.get_json()["errors"]
    assert (error["pointer"], why in error["detail"]) == ("/url", True)


@pytest.mark.usefixtures("at_home")
def test_a_web_page_takes_no_message_however_it_is_numbered(world: World, client: FlaskClient) -> None:
    admin = world.headers("admin")
    with receive() as server:
        url = f"http://127.0.0.1:{server.server_port}/page/200"
        made = client.post("/v1/webhooks", json={"url": url}, headers=admin).get_json()["webhook"]
        tried = client.post(f"/v1/webhooks/{made['id']}/test", json={}, headers=admin).get_json()
    assert (tried["taken"], tried["status"], tried["fault"]) == (False, 200, "page")
    assert tried["webhook"]["state"] == "new"


def test_a_process_that_is_not_there_is_refused_by_its_field(world: World, client: FlaskClient) -> None:
    body = {"url": "https://hooks.example/x", "process": ids.make_id("process", bytes(16))}
    answer = client.post("/v1/webhooks", json=body, headers=world.headers("admin"))
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/process")
