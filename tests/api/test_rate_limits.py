"""Each key may send so many requests; it is told how many are left, and when to go on. The counter never takes the
record down.
"""

from __future__ import annotations

import gc
import json
import secrets
import socket
from collections.abc import Callable, Iterator
from time import monotonic

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from tests.api.factories import Stage
from tests.conftest import SECRET, Clock
from tests.contract.client import ContractClient
from tests.services import NO_REDIS, REDIS, needs_redis
from tests.world import World
from tracker.app import create_app
from tracker.settings import Settings
from tracker.store.database import db

Make = Callable[..., tuple[Flask, FlaskClient]]


@pytest.fixture(params=["memory", "redis"])
def storage(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "memory":
        yield "memory://"
        return
    if REDIS is None:
        pytest.skip(NO_REDIS)
    yield REDIS
    server = redis.from_url(REDIS)
    for key in server.scan_iter("LIMITS*"):
        server.delete(key)
    server.close()


@pytest.fixture
def make(world: World, sqlite_url: str, clock: Clock) -> Iterator[Make]:
    """A server of its own with this limit, on the database of `world`."""
    made: list[Flask] = []

    def server(storage: str, rate: str = "3/minute") -> tuple[Flask, FlaskClient]:
        settings = Settings(sqlite_url, SECRET, rate_limit=rate, rate_limit_storage=storage)
        app = create_app(settings, clock, secrets.token_bytes)
        app.test_client_class = ContractClient
        made.append(app)
        return app, app.test_client()

    yield server
    for app in made:
        with app.app_context():
            db.engine.dispose()


def ask(client: FlaskClient, world: World, by: str = "editor", path: str = "/v1/me") -> int:
    return client.get(path, headers=world.headers(by)).status_code


def test_one_request_too_many_is_refused_and_told_when_to_go_on(
    make: Make, world: World, storage: str
) -> None:
    client = make(storage)[1]
    left = []
    for _ in range(3):
        answer = client.get("/v1/me", headers=world.headers("editor"))
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Policy"] == '"key";q=3;w=60'
        left.append(answer.headers["RateLimit"].split(";t=")[0])
    assert left == ['"key";r=2', '"key";r=1', '"key";r=0']
    refused = client.get("/v1/me", headers=world.headers("editor"))
    assert (refused.status_code, refused.get_json()["type"]) == (429, "/problems/too-many-requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"] == f'"key";r=0;t={refused.headers["Retry-After"]}'


def test_each_key_is_counted_for_itself_and_whatever_it_asks(make: Make, world: World, storage: str) -> None:
    client = make(storage)[1]
    said = [ask(client, world, path=path) for path in ("/v1/me", "/v1/accounts", "/v1/processes/x", "/v1/me")]
    assert said == [200, 403, 404, 429]
    assert ask(client, world, "approver") == 200


def test_who_has_no_good_key_and_who_reads_what_is_public_is_not_counted(make: Make, world: World) -> None:
    client = make("memory://", "1/hour")[1]
    for _ in range(5):
        assert client.get("/v1/me").status_code == 401
        public = client.get("/v1/public/processes", headers=world.headers("editor"))
        assert public.status_code == 200
        assert not [name for name, _ in public.headers if name.startswith("RateLimit")]
    assert ask(client, world) == 200


def test_what_is_refused_is_not_acted_on(make: Make, world: World) -> None:
    client = make("memory://", "1/hour")[1]
    body = {"slug": "too-much", "name": "Too much", "type": "media"}
    said = [
        client.post(
            "/v1/organizations", json={**body, "slug": slug}, headers=world.headers("editor")
        ).status_code
        for slug in ("first", "second")
    ]
    assert said == [201, 429]
    found = client.get("/v1/public/search?q=second").get_json()["items"]
    assert found == []


@needs_redis
def test_two_servers_share_a_redis(make: Make, world: World) -> None:
    servers = [make(REDIS, "7/hour")[1] for _ in range(2)]
    said = [ask(servers[turn % 2], world, "admin") for turn in range(9)]
    redis.from_url(REDIS).flushdb()
    assert said == [200] * 7 + [429] * 2


@needs_redis
def test_what_redis_holds_is_a_key_id_and_a_number_for_as_long_as_the_window(
    make: Make, world: World
) -> None:
    server = redis.from_url(REDIS)
    server.flushdb()
    client = make(REDIS, "7/minute")[1]
    client.get("/v1/me", headers=world.headers("editor"), environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    key = client.get("/v1/me", headers=world.headers("editor")).get_json()["key"]["id"]
    (held,) = server.keys("*")
    assert key.encode() in held
    assert b"203.0.113.9" not in held
    assert world.editor.id.encode() not in held
    assert server.get(held) == b"2"
    assert 0 < server.ttl(held) <= 60
    server.flushdb()


def test_a_download_holds_its_place_until_it_has_left(stage: Stage) -> None:
    limit = stage.app.extensions["tracker"].limit
    limit.most_at_once = 1
    made = stage.send("POST", "/v1/evidence/{evidence}/files", b"What was seen.", content_type="text/plain")
    access = stage.post(f"/v1/evidence/{{evidence}}/files/{made.json['id']}/access", None, status=200)
    for end in ("read", "close", "forget"):
        download = stage.send("GET", access["link"])
        refused = stage.send("GET", "/v1/me")
        assert (refused.status_code, refused.json["type"]) == (429, "/problems/too-many-at-once")
        assert refused.headers["Retry-After"] == "1"
        assert stage.send("GET", "/v1/me", by="approver").status_code == 200
        if end == "read":
            assert download.data == b"What was seen."
        elif end == "close":
            download.close()
        del download
        gc.collect()
        assert stage.send("GET", "/v1/me").status_code == 200
    assert not limit.held


def test_what_is_refused_or_fails_leaves_its_place(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = stage.app.extensions["tracker"].limit
    limit.most_at_once = 1
    said = [stage.send("GET", path).status_code for path in ("/v1/accounts", "/v1/processes/x", "/v1/me?x=1")]
    assert said == [403, 404, 422]

    def accident(*_given: object) -> None:
        raise RuntimeError("an accident")

    monkeypatch.setattr("tracker.api.http.dispatch.send_answer", accident)
    answer = Client(stage.app).get("/v1/me", headers=stage.world.headers("editor"))
    assert answer.status_code == 500
    assert not limit.held


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


def test_without_its_redis_everybody_is_let_through_and_the_log_says_so(
    make: Make, world: World, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    _app, client = make(f"redis://:hunter2@127.0.0.1:{closed_port()}/9", "1/hour")
    assert [ask(client, world) for _ in range(4)] == [200] * 4
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    said = [line for line in lines if line["event"] == "rate limits are not counted"]
    assert [line["level"] for line in said] == ["error"]  # once, and then it is left alone for a while
    assert "hunter2" not in repr(lines)
    clock.move(seconds=5)
    assert ask(client, world) == 200
    assert "rate limits are not counted" in capsys.readouterr().err


def test_a_redis_that_takes_a_connection_and_says_nothing_keeps_nobody_waiting(
    make: Make, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        _app, client = make(f"redis://127.0.0.1:{silent.getsockname()[1]}/9", "1/hour")
        began = monotonic()
        assert [ask(client, world) for _ in range(3)] == [200] * 3
        assert monotonic() - began < 1.5
    assert capsys.readouterr().err.count("rate limits are not counted") == 1


def test_when_its_redis_is_back_requests_are_counted_again(make: Make, world: World, clock: Clock) -> None:
    app, client = make("memory://", "1/hour")
    limit = app.extensions["tracker"].limit
    limit.asleep_until = clock.now
    clock.move(seconds=1)
    assert [ask(client, world) for _ in range(2)] == [200, 429]
    assert limit.asleep_until is None
