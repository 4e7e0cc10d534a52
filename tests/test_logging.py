"""The log has one JSON line for each private request, and nothing in it of who asked, from where, for what, or in
which words.
"""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from werkzeug.test import Client

from tests.world import World
from tracker import logging
from tracker.cli import serve

MARK = "zqmarker"
ADDRESS = "203.0.113.77"


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """The lines since the last time."""

    def lines() -> list[dict[str, Any]]:
        found = capsys.readouterr()
        assert found.out == ""
        return [json.loads(line) for line in found.err.splitlines()]

    lines()
    return lines


def test_a_private_request_leaves_one_line_and_a_public_one_none(
    said: Any, client: FlaskClient, world: World
) -> None:
    answer = client.get(f"/v1/processes/{world.process}", headers=world.headers("editor"))
    for path in (
        "/v1/public",
        "/v1/public/processes",
        "/v1/public/none",
        "/feeds/coast/status.json",
        "/none",
    ):
        client.get(path)
    (line,) = said()
    assert line.pop("duration_ms") >= 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "request": answer.headers["X-Request-Id"],
        "method": "GET",
        "route": "/v1/processes/<id>",
        "status": 200,
        "problem": None,
    }


def test_a_refusal_says_which_it_was(said: Any, client: FlaskClient, world: World) -> None:
    client.get("/v1/none", headers=world.headers("editor"))
    client.get("/v1/processes")
    client.post("/v1/processes", headers=world.headers("editor"), json={})
    assert [(line["route"], line["status"], line["problem"]) for line in said()] == [
        (None, 404, "not-found"),
        ("/v1/processes", 401, "not-authenticated"),
        ("/v1/processes", 422, "invalid-input"),
    ]


def everywhere(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests with the marker wherever a client, a person or a database can put one."""
    client = Client(app)
    world.person(f"{MARK} name", "editor", "admin", "approver")
    key = {
        **world.headers(f"{MARK} name"),
        "User-Agent": MARK,
        "X-Forwarded-For": f"{ADDRESS}, {MARK}",
        "Forwarded": f"for={ADDRESS}",
        "X-Request-Id": MARK,
        "Cookie": MARK,
        "Referer": f"https://{MARK}.example",
        "Idempotency-Key": MARK,
    }
    where = {"REMOTE_ADDR": ADDRESS}
    body = {"slug": MARK, "name": MARK, "type": "media"}
    for asked in (key, {**key, "Authorization": f"Bearer trk_{MARK}"}, {**key, "Content-Digest": MARK}):
        for path in (
            f"/v1/{MARK}",
            f"/v1/processes/{MARK}",
            f"/v1/search?q={MARK}",
            f"/v1/keys?{MARK}={MARK}",
        ):
            client.get(path, headers=asked, environ_overrides=where)
        for path in ("/v1/organizations", f"/v1/subjects/{MARK}/publication", "/v1/accounts"):
            client.post(path, headers=asked, environ_overrides=where, json=body)
            client.post(path, headers=asked, environ_overrides=where, data=f'{{"{MARK}"')
        client.open("/v1/me", method=MARK.upper(), headers=asked, environ_overrides=where)
        client.post("/v1/me/password", headers=asked, json={"password": f"{MARK} {MARK} one two"})

    def fall(*_given: Any) -> Any:
        raise IntegrityError(f"INSERT {MARK}", {"name": MARK}, ValueError(MARK))

    with monkeypatch.context() as broken:
        broken.setattr("tracker.http.requests.load_query", fall)
        client.get(f"/v1/processes?{MARK}", headers=key, environ_overrides=where)
        client.get(f"/v1/public/processes?{MARK}", headers=key, environ_overrides=where)


def test_nothing_that_anybody_sent_or_is_called_stands_in_the_log(
    capfd: pytest.CaptureFixture[str],
    app: Flask,
    client: FlaskClient,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everywhere(app, world, monkeypatch)
    said = capfd.readouterr()
    told = said.out + said.err
    lines = [json.loads(line) for line in told.splitlines()]
    assert len([line for line in lines if line["event"] == "request"]) == 3 * 12 + 1
    assert len([line for line in lines if line["event"] == "accident"]) == 2
    assert {line["status"] for line in lines if line["event"] == "request"} >= {
        200,
        201,
        400,
        401,
        404,
        422,
        500,
    }
    accounts = client.get("/v1/accounts", headers=world.headers("admin")).get_json()["items"]
    ids = [one["id"] for one in accounts]
    assert len(ids) >= 6
    secrets = [*world.keys.values(), world.process]
    for private in (MARK, MARK.upper(), ADDRESS, *secrets, *ids):
        assert private not in told
    fields = {name for line in lines for name in line}
    assert fields == {
        "event", "level", "timestamp", "request", "method", "route", "status", "duration_ms", "problem",
        "errors", "where",
    }  # fmt: skip


def test_what_is_less_than_the_level_is_not_written(said: Any) -> None:
    log = logging.make_logger("warning")
    log.info("request")
    log.warning("so")
    assert [line["event"] for line in said()] == ["so"]


def test_a_chain_of_errors_is_named_by_its_kinds(said: Any) -> None:
    try:
        try:
            raise ValueError(MARK)
        except ValueError as error:
            raise KeyError(MARK) from error
    except KeyError as error:
        logging.log_accident(logging.make_logger("info"), error)
    (line,) = said()
    assert line["errors"] == ["builtins.KeyError", "builtins.ValueError"]
    assert MARK not in repr(line["errors"])


def test_the_server_writes_no_log_of_accesses(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    class Served:
        def __init__(self, *_args: Any, **options: Any) -> None:
            given.update(options)

        def serve(self) -> None:
            given["served"] = True

    monkeypatch.setattr("granian.server.mp.MPServer", Served)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serve.run_server(listener)
    assert given["served"] is True
    assert given["log_access"] is False
