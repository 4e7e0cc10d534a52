"""What every answer carries, whichever door it leaves by: over every address there is, well or badly asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client, TestResponse

from tests.conftest import SECRET, Clock
from tests.contract.test_roles import address
from tests.world import World
from tracker.api.http.endpoint import ENDPOINTS
from tracker.app import create_app
from tracker.domain.people import PUBLIC
from tracker.http.middleware import is_private
from tracker.settings import Settings
from tracker.store.database import db

FEEDS = ("/feeds/coast/status.json", "/feeds/coast/changes.json", "/feeds/none/status.json", "/feeds/")
NOWHERE = ("/none", "/v1/none", "/v1/public/none", "/v1", "//v1/keys", "/v1/public/../keys")
METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW")
ID = re.compile("[0-9a-f]{32}")


@pytest.fixture
def anybody(app: Flask) -> Client:
    """A client that takes whatever it gets: no address of these is in the document with every method."""
    return Client(app)


def addresses(app: Flask, world: World) -> Iterator[str]:
    """Every address of the map, with things that are there and that are not, and what is no address."""
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    for one in ENDPOINTS:
        assert re.sub(r"{(\w+)}", r"<\1>", one.path) in rules
        yield address(one)
    yield f"/v1/public/processes/{world.process}"
    yield f"/v1/public/processes/{world.process}/scoreboard?as_of=nonsense"
    yield f"/v1/processes/{world.process}"
    yield from FEEDS
    yield from NOWHERE


@pytest.fixture(scope="module")
def answers(one_world: tuple[Flask, World]) -> list[tuple[str, str, TestResponse]]:
    """What every address answers to every method, asked by a page of others, with a key and without one."""
    app, world = one_world
    client, found = Client(app), []
    for path in addresses(app, world):
        for method in METHODS:
            for headers in ({}, world.headers("editor")) if is_private(path) else ({},):
                asked = {**headers, "Origin": "https://elsewhere.example"}
                found.append((method, path, client.open(path, method=method, headers=asked)))
    return found


def test_every_answer_carries_what_a_browser_must_know_and_nothing_of_the_server(
    answers: list[tuple[str, str, TestResponse]],
) -> None:
    seen = set()
    for method, path, answer in answers:
        where = (method, path, answer.status_code)
        seen.add(answer.status_code)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", where
        policy = answer.headers["Content-Security-Policy"]
        assert policy == "default-src 'none'; frame-ancestors 'none'", where
        assert answer.headers["Referrer-Policy"] == "no-referrer", where
        place = "same-origin" if is_private(path) else "cross-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == place, where
        for name in ("Server", "X-Powered-By", "Set-Cookie", "Strict-Transport-Security"):
            assert name not in answer.headers, where
        names = [name for name, _ in answer.headers]
        assert len(names) == len(set(names)), where
    assert seen >= {200, 204, 401, 403, 404, 405, 415, 422}


def test_pages_of_others_read_the_public_half_and_never_the_private(
    answers: list[tuple[str, str, TestResponse]],
) -> None:
    for method, path, answer in answers:
        where = (method, path, answer.status_code)
        if is_private(path):
            assert [name for name, _ in answer.headers if name.startswith("Access-Control")] == [], where
            assert method != "OPTIONS" or answer.status_code in (404, 405), where
        else:
            assert answer.headers["Access-Control-Allow-Origin"] == "*", where
            assert "Access-Control-Allow-Credentials" not in answer.headers, where


def test_which_half_an_address_is_of_follows_from_its_permission() -> None:
    for one in ENDPOINTS:
        assert is_private(one.path) == (one.permission != PUBLIC), one.path


@pytest.mark.parametrize("path", ["/v1/public", "/v1/public/processes", "/v1/public/none", *FEEDS])
def test_a_browser_that_asks_first_is_told_that_it_may(client: FlaskClient, world: World, path: str) -> None:
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    answer = client.options(path, headers=asked)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"If-None-Match", "Content-Type", "Authorization", "X-Requested-With", "traceparent"} <= set(
        allowed
    )
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert "Content-Type" not in answer.headers


def test_what_a_page_may_read_of_the_headers_is_named(client: FlaskClient, world: World) -> None:
    exposed = client.get("/v1/public/processes").headers["Access-Control-Expose-Headers"]
    assert {"ETag", "Link", "Retry-After", "X-Request-Id"} <= set(exposed.split(", "))


def test_over_https_a_browser_is_told_to_stay_there(world: World, app: Flask, clock: Clock) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    secure = create_app(Settings(url, SECRET, base_url="https://tracker.example"), clock)
    for path in ("/v1/public", "/v1/me", "/v1/public/none", FEEDS[0], FEEDS[2]):
        told = Client(secure).get(path).headers["Strict-Transport-Security"]
        assert told == "max-age=31536000", path
    with secure.app_context():
        db.engine.dispose()


# ---------------------------------------------------------------- ids


def test_every_problem_and_every_private_answer_has_an_id_of_its_own(
    answers: list[tuple[str, str, TestResponse]],
) -> None:
    ids = []
    for method, path, answer in answers:
        expected = is_private(path) or answer.status_code >= 400
        assert ("X-Request-Id" in answer.headers) == expected, (method, path)
        ids += answer.headers.getlist("X-Request-Id")
    assert len(set(ids)) == len(ids) > 300
    assert all(ID.fullmatch(one) for one in ids)


@pytest.mark.parametrize("path", ["/v1/me", "/v1/none", "/v1/public/none", "/feeds/none/status.json"])
def test_the_id_of_a_client_is_neither_trusted_nor_told_again(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"X-Request-Id": "0" * 32})
    assert ID.fullmatch(answer.headers["X-Request-Id"])
    assert "0" * 32 not in str(answer.headers) + answer.get_data(as_text=True)


def test_finished_public_answers_are_the_same_for_everybody(client: FlaskClient, world: World) -> None:
    for path in ("/v1/public", f"/v1/public/processes/{world.process}", "/v1/public/changes", FEEDS[0]):
        first, second = client.get(path), client.get(path)
        assert list(first.headers) == list(second.headers), path


# ---------------------------------------------------------------- accidents


def fall(*_given: Any, **_more: Any) -> Any:
    raise ZeroDivisionError("zq-text-of-the-error")


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ("tracker.api.http.dispatch.authenticate", "/v1/me"),
        ("tracker.http.requests.load_query", "/v1/public/processes"),
        ("tracker.feeds.feed_cache.Held.head", FEEDS[0]),
    ],
)
def test_an_accident_is_answered_by_its_id_and_found_under_it_in_the_log(
    app: Flask,
    anybody: Client,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    broken: str,
    path: str,
) -> None:
    """Whether a door fell over or a handler, and nothing of the error's own text is told to anybody."""
    monkeypatch.setattr(broken, fall)
    answer = anybody.get(path, headers={"Origin": "https://elsewhere.example"})
    body = answer.get_json()
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert (body["type"], body["status"]) == ("/problems/unexpected", 500)
    name = answer.headers["X-Request-Id"]
    assert name in body["detail"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ("Access-Control-Allow-Origin" in answer.headers) == (not is_private(path))
    said = capsys.readouterr().err
    assert "zq-text-of-the-error" not in said + answer.get_data(as_text=True)
    (line,) = [one for one in map(json.loads, said.splitlines()) if one["event"] == "accident"]
    assert line["request"] == name
    assert line["errors"] == ["builtins.ZeroDivisionError"]
    assert line["where"][0][-1].endswith(" fall")
    assert line["level"] == "error"
