"""Feeds are finished bytes: right at the next request, compared by strong tags, the same for everybody.

Whatever the front does not answer itself it hands on to Flask.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import brotli
import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from tests.conftest import Clock
from tests.public.assertions import dump, opened
from tests.world import World
from tracker.actions import statuses
from tracker.feeds import feed_cache
from tracker.feeds.front import Front
from tracker.http.middleware import Middleware
from tracker.logging import make_logger

STATUS, CHANGES = "/feeds/coast/status.json", "/feeds/coast/changes.json"
DECODE: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "identity": lambda body: body,
}


def front_of(app: Flask) -> Front:
    assert isinstance(app.wsgi_app, Middleware)
    assert isinstance(app.wsgi_app.inner, Front)
    return app.wsgi_app.inner


def lasting(answer: Any) -> list[tuple[str, str]]:
    """The headers that are the same each time."""
    return sorted(one for one in answer.headers if one[0] != "X-Request-Id")


def get(client: FlaskClient, path: str = STATUS, accept: str = "", **headers: str) -> Any:
    return client.get(path, headers={"Accept-Encoding": accept, **headers})


@pytest.mark.parametrize("path", [STATUS, CHANGES])
def test_every_encoding_gives_the_same_bytes_under_a_tag_of_its_own(
    world: World, client: FlaskClient, path: str
) -> None:
    tags, bodies = set(), set()
    for encoding, decode in DECODE.items():
        answer = get(client, path, encoding)
        assert answer.headers.get("Content-Encoding", "identity") == encoding
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert answer.headers["Vary"] == "Accept-Encoding"
        tags.add(answer.headers["ETag"])
        bodies.add(decode(answer.data))
    assert (len(tags), len(bodies)) == (len(DECODE), 1)
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("BR;Q=1.0", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, zstd;q=0.0, gzip;q=0.001", "gzip"),
        ("br;q=0", "identity"),
        ("compress, *;q=0.1", "identity"),
        (",;q=0,", "identity"),
    ],
)
def test_a_reader_gets_a_form_that_it_takes(
    world: World, client: FlaskClient, accept: str, given: str
) -> None:
    assert get(client, accept=accept).headers.get("Content-Encoding", "identity") == given


def test_a_reader_that_has_the_bytes_gets_none(world: World, client: FlaskClient) -> None:
    tag = get(client, accept="gzip").headers["ETag"]
    for given in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = get(client, accept="gzip", **{"If-None-Match": given})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == tag
    other = get(client, accept="br", **{"If-None-Match": tag})
    assert other.status_code == 200  # the tag is of other bytes


def test_head_says_the_same_without_the_bytes(world: World, client: FlaskClient) -> None:
    for path in (STATUS, CHANGES, "/feeds/none/status.json", "/feeds/coast/status.json?x=1"):
        full, head = client.get(path), client.head(path)
        assert head.data == b""
        assert (head.status_code, lasting(head)) == (full.status_code, lasting(full))


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/feeds/", 404, "not-found"),
        ("GET", "/feeds/coast", 404, "not-found"),
        ("GET", "/feeds/none/status.json", 404, "not-found"),
        ("GET", "/feeds/Coast/status.json", 404, "not-found"),
        ("GET", "/feeds/coast/status.json/", 404, "not-found"),
        ("GET", "/feeds/../coast/status.json", 404, "not-found"),
        ("POST", STATUS, 405, "method-not-allowed"),
        ("DELETE", CHANGES, 405, "method-not-allowed"),
        ("GET", f"{STATUS}?before=1", 422, "invalid-input"),
        ("GET", f"{CHANGES}?before=", 422, "invalid-input"),
        ("GET", f"{CHANGES}?before=0", 422, "invalid-input"),
        ("GET", f"{CHANGES}?before=x", 422, "invalid-input"),
        ("GET", f"{CHANGES}?before=1&before=2", 422, "invalid-input"),
        ("GET", f"{CHANGES}?before=99999999999999999", 422, "invalid-input"),
        ("GET", f"{CHANGES}?after=1", 422, "invalid-input"),
    ],
)
def test_what_is_no_feed_is_refused_by_name(
    world: World, client: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    body = answer.get_json()
    assert (body["type"], body["status"]) == (f"/problems/{code}", status)
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_draft_has_no_feed_and_a_withdrawn_process_says_why(world: World, client: FlaskClient) -> None:
    draft = world.make_process("draft", publish=False)
    assert get(client, "/feeds/draft/status.json").status_code == 404
    world.publish(draft)
    assert get(client, "/feeds/draft/status.json").status_code == 200
    world.withdraw(draft, "Merged into another.")
    gone = get(client, "/feeds/draft/status.json")
    assert (gone.status_code, gone.get_json()["detail"]) == (410, "Merged into another.")


@pytest.mark.parametrize("path", [STATUS, CHANGES, "/feeds/none/status.json"])
def test_any_page_may_read_it_and_nobody_is_followed(world: World, client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Cookie": "session=1", "Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers


def test_the_media_types_are_those_of_the_formats(world: World, client: FlaskClient) -> None:
    assert client.get(STATUS).content_type == "application/json"
    assert client.get(CHANGES).content_type == "application/feed+json"


def test_a_change_is_in_the_feeds_at_the_next_request_after_its_approval(
    world: World, client: FlaskClient
) -> None:
    asked = world.recommendation("C1")
    tags = [get(client, path).headers["ETag"] for path in (STATUS, CHANGES)]
    change = world.propose(asked, "implementation", "stalled", reason="The draft law was shelved.")
    assert [get(client, path).headers["ETag"] for path in (STATUS, CHANGES)] == tags
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    for path, tag in zip((STATUS, CHANGES), tags, strict=True):
        answer = get(client, path, **{"If-None-Match": tag})
        assert answer.status_code == 200
        assert "The draft law was shelved." in answer.get_data(as_text=True)


def test_the_feed_turns_with_the_day_of_the_process_and_without_a_write(
    world: World, client: FlaskClient, clock: Clock
) -> None:
    """Midnight in Damascus is nine in the evening in UTC."""
    world.deadline()
    clock.move(hours=11, minutes=59, seconds=59)
    before, record = get(client), dump(world.session)
    clock.move(seconds=1)
    after = get(client, **{"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    days = [one.get_json()["scoreboard"]["overdue"][0]["days_overdue"] for one in (before, after)]
    assert days == [594, 595]
    assert [one.get_json()["as_of"] for one in (before, after)] == ["2026-11-23", "2026-11-24"]
    assert dump(world.session) == record


def test_a_feed_is_built_once_and_then_copied(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = get(client).data

    def never(*_given: object) -> bytes:
        raise AssertionError("it was built a second time")

    monkeypatch.setattr(feed_cache.feeds, "status", never)
    assert get(client).data == first


def test_only_so_many_feeds_are_held(
    world: World, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_cache, "HELD", 3)
    for before in range(1, 10):
        assert get(client, f"{CHANGES}?before={before}").status_code == 200
    assert len(front_of(app)._held._built) == 3


def test_other_paths_are_flasks(world: World, client: FlaskClient) -> None:
    for path in ("/", "/v1/public/processes", "/feedsx", "/v1/feeds/coast/status.json"):
        assert (
            client.get(path).headers.get("Content-Security-Policy") is not None
            or client.get(path).status_code == 404
        )
    assert client.get("/").get_json()["processes"][0]["status_feed"] == STATUS


def test_a_document_has_the_same_bytes_and_headers_whoever_answers(
    world: World, app: Flask, client: FlaskClient, clock: Clock
) -> None:
    """On the day itself, past midnight, with the tag in hand, withdrawn, and of another kind than is asked."""
    due, gone = world.deadline(), world.recommendation("C1")
    world.withdraw(gone)
    behind = Client(Middleware(front_of(app)._inner, make_logger("error"), https=False))
    for hours in (0, 24):
        clock.move(hours=hours)
        for path in (
            f"/v1/public/deadlines/{due}",
            f"/v1/public/recommendations/{gone}",
            f"/v1/public/committees/{due}",
            f"/v1/public/organizations/{world.press}",
        ):
            for method in ("GET", "HEAD"):
                tag = behind.open(path, method=method).headers.get("ETag", '"none"')
                for given in ({}, {"If-None-Match": tag}, {"If-None-Match": f'W/"x", W/{tag}'}):
                    answers = [one.open(path, method=method, headers=given) for one in (client, behind)]
                    assert answers[0].status_code == answers[1].status_code, path
                    assert answers[0].data == answers[1].data, path
                    assert lasting(answers[0]) == lasting(answers[1]), path


def test_both_databases_say_the_same(
    database_url: str, clock: Clock, entropy: Callable[[int], bytes]
) -> None:
    with opened(database_url, clock, entropy) as (app, world):
        world.recommendation("C1")
        client = app.test_client()
        status = client.get(STATUS).get_json()
        assert [one["reference"] for one in status["recommendations"]] == ["C1"]
        assert status["changes"] == int(client.get(STATUS).headers["ETag"].split("-")[2])
        assert len(client.get(CHANGES).get_json()["items"]) == 3
