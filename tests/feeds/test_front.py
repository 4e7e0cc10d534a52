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

from tests.conftest import SECRET, Clock
from tests.public.assertions import dump
from tests.world import World
from tracker.actions import statuses
from tracker.api.routing import Routes
from tracker.app import create_app
from tracker.feeds.encoding import SMALL
from tracker.feeds.front import Front
from tracker.http.health import Health
from tracker.http.middleware import Middleware
from tracker.logging import make_logger
from tracker.public.feeds import status
from tracker.settings import Settings
from tracker.store.database import db

STATUS, CHANGES = "/feeds/coast/status.json", "/feeds/coast/changes.json"
DECODE: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "identity": lambda body: body,
}


def front_of(app: Flask) -> Front:
    middleware = app.wsgi_app.inner  # type: ignore[attr-defined]
    assert isinstance(middleware, Middleware)
    assert isinstance(middleware.inner, Health)
    front = middleware.inner.inner
    assert isinstance(front, Front)
    return front


def lasting(answer: Any) -> list[tuple[str, str]]:
    """The headers that are the same each time."""
    return sorted(one for one in answer.headers if one[0] not in ("X-Request-Id", "Vary"))


def get(client: Client, path: str = STATUS, accept: str = "", **headers: str) -> Any:
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
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip, identity", "gzip"),
        ("x-gzip", "gzip"),
        ("identity;q=0, gzip;q=0.2", "gzip"),
        ("identity;q=0, *", "br"),
        ("*;q=0, zstd", "zstd"),
        ("br;q=2, gzip;q=x, zstd;q=0.5", "zstd"),
        ("identity;q=0", "identity"),
        ("*", "identity"),
        (", ".join(f"x{n}" for n in range(99)) + ", gzip", "identity"),
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
        ("GET", f"{CHANGES}?before=", 422, "invalid-input"),
        ("GET", f"{CHANGES}?before=0", 422, "invalid-input"),
        ("GET", f"{CHANGES}?before=x", 422, "invalid-input"),
        ("GET", f"{CHANGES}?before=1&before=2", 422, "invalid-input"),
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


ELSEWHERE = "http://127.0.0.1:8000/x"
PAGE = "http://127.0.0.1:8000/en/coast"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"{CHANGES}?before=x", "before must be a number, as the address of the next page gives it, not 'x'"),
        (f"{CHANGES}?before=1&before=2", "before stands there twice, as '1' and '2'; give it once"),
        (f"{CHANGES}?lang=%E2%80%AEde", "lang must be one of en, ar, fr, not '\\u202ede'"),
        (f"{STATUS}?page=x", "page must be the id of a document, as `next` gives it, not 'x'"),
        ("/feeds/none/status.json", "no process 'none' is public here"),
        ("/feeds/search.atom", "q must be the words of a search, at most 200 characters, not 0"),
        ("/feeds/search.atom?q=%01", "q: control character U+0001 at position 0 is not allowed"),
        ("/oembed?url=x", "url must be an address of this tracker, http://127.0.0.1:8000/…, not 'x'"),
        (
            f"/oembed?url={ELSEWHERE}",
            f"url must be the address of a process of this tracker, not '{ELSEWHERE}'",
        ),
        (f"/oembed?url={PAGE}&format=xml", "format must be json, not 'xml'"),
        (f"/oembed?url={PAGE}&maxwidth=x", "maxwidth must be a number of pixels, as 640, not 'x'"),
        ("/badges/coast.svg?assessor=none", "'none' says nothing of the recommendations of this process"),
    ],
)
def test_the_refusal_of_a_feed_names_the_parameter_what_was_sent_and_what_is_right(
    world: World, client: FlaskClient, path: str, said: str
) -> None:
    assert client.get(path).get_json()["detail"] == said


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

    monkeypatch.setattr(status, "build_status_feed", never)
    assert get(client).data == first


def test_strangers_choose_no_page_of_a_feed_and_only_the_first_is_kept(
    world: World, app: Flask, client: FlaskClient
) -> None:
    front, first = front_of(app), get(client, CHANGES)
    for before in (10**3, 10**15, 10**16, 10**400):
        answer = get(client, f"{CHANGES}?before={before}")
        assert (answer.headers["ETag"], answer.data) == (first.headers["ETag"], first.data)
    found = {get(client, f"{CHANGES}?before={before}").headers["ETag"] for before in range(1, 9)}
    assert len(found) <= len(first.get_json()["items"]) + 1
    assert (len(front.feeds), len(front.rare), len(front.pages)) == (1, 0, 0)
    whole = get(client, "/feeds/changes.json")
    for before in (10**3, 10**16):
        assert get(client, f"/feeds/changes.json?before={before}").data == whole.data
    assert (len(front.rare), len(front.pages)) == (0, 1)


@pytest.mark.parametrize("more", ["utm_source=x", "_=1", "after=1", "a=1&a=2", "%ff=%fe"])
def test_what_aggregators_add_to_an_address_changes_nothing(
    world: World, app: Flask, client: FlaskClient, more: str
) -> None:
    for path in (STATUS, CHANGES):
        plain, added = get(client, path), get(client, f"{path}?{more}")
        assert (added.status_code, added.data, lasting(added)) == (200, plain.data, lasting(plain))
    assert get(client, f"{STATUS}?before=1").data == get(client, STATUS).data
    assert len(front_of(app).feeds) == 2


def test_other_paths_are_flasks(world: World, client: FlaskClient) -> None:
    for path in ("/v1/public", "/v1/public/processes", "/feedsx", "/v1/feeds/coast/status.json"):
        assert (
            client.get(path).headers.get("Content-Security-Policy") is not None
            or client.get(path).status_code == 404
        )
    assert client.get("/v1/public").get_json()["processes"][0]["status_feed"] == STATUS


def test_a_document_has_the_same_bytes_and_headers_whoever_answers(
    world: World, app: Flask, client: FlaskClient, clock: Clock
) -> None:
    """On the day itself, past midnight, with the tag in hand, withdrawn, and of another kind than is asked."""
    due, gone = world.deadline(), world.recommendation("C1")
    world.withdraw(gone)
    behind = Client(Middleware(front_of(app)._inner, make_logger("error"), Routes(app), https=False))
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


def test_both_databases_say_the_same(stored: Flask, record: World) -> None:
    record.recommendation("C1")
    client = stored.test_client()
    status = client.get(STATUS).get_json()
    assert [one["reference"] for one in status["recommendations"]] == ["C1"]
    assert status["changes"] == int(client.get(STATUS).headers["ETag"].split("-")[2])
    assert len(client.get(CHANGES).get_json()["items"]) == 3


# ---------------------------------------------------------------- the page cache

LIST = "/v1/public/recommendations?limit=200"


def never(*_given: object) -> Any:
    raise AssertionError("it was built a second time")


def test_lists_counts_and_the_scoreboard_are_built_once_and_compared_by_their_tag(
    world: World, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.recommendation("C1")
    process = f"/v1/public/processes/{world.process}"
    paths = (
        "/v1/public",
        LIST,
        "/v1/public/recommendations/count",
        process,
        f"{process}/scoreboard",
        "/v1/public/changes",
    )
    first = {path: client.get(path) for path in paths}
    monkeypatch.setattr(front_of(app), "_inner", never)
    monkeypatch.setattr(front_of(app), "_finished", never)
    for path, answer in first.items():
        assert answer.status_code == 200
        again = client.get(path)
        assert (again.data, list(again.headers)) == (answer.data, list(answer.headers)), path
        head = client.head(path)
        assert (head.data, list(head.headers)) == (b"", list(answer.headers)), path
        had = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (had.status_code, had.data) == (304, b""), path
    assert client.get("/v1/public/recommendations?limit=%32%300&").data == first[LIST].data
    assert len(front_of(app).pages) == len(paths)


def test_an_act_of_another_process_of_the_server_is_seen_at_the_next_request(
    world: World, app: Flask, client: FlaskClient, clock: Clock
) -> None:
    """Each worker has a cache of its own, and all of them one database."""
    other = create_app(Settings(app.config["SQLALCHEMY_DATABASE_URI"], SECRET), clock).test_client()
    for number in range(3):
        seen = [one.get(LIST).get_json()["items"] for one in (client, other)]
        assert [len(items) for items in seen] == [number, number]
        world.recommendation(f"C{number}")
    gone = client.get(LIST).get_json()["items"][0]["id"]
    world.withdraw(gone)
    assert [len(one.get(LIST).get_json()["items"]) for one in (client, other)] == [2, 2]
    assert [one.get(f"/v1/public/recommendations/{gone}").status_code for one in (client, other)] == [
        410,
        410,
    ]
    with other.application.app_context():
        db.engine.dispose()


def test_a_page_turns_with_the_quarter_of_an_hour_in_which_a_day_begins(
    world: World, client: FlaskClient, clock: Clock
) -> None:
    path = f"/v1/public/deadlines/{world.deadline()}"
    clock.move(hours=11, minutes=59, seconds=59)
    before = client.get(path).get_json()["timing"]
    clock.move(seconds=1)
    assert client.get(path).get_json()["timing"] != before


def test_nothing_of_the_private_half_and_no_refusal_is_kept(
    world: World, app: Flask, client: FlaskClient
) -> None:
    front = front_of(app)
    for path in ("/v1/me", "/v1/processes", f"/v1/processes/{world.process}", "/v1/queue", "/v1/public/none"):
        client.get(path, headers=world.headers("editor"))
    for path in (f"{LIST}&x=1", "/v1/public/processes/prc_none", f"/v1/public/events/evt_{'0' * 26}"):
        assert client.get(path).status_code in (404, 422)
    client.get("/v1/public/processes", headers={"Authorization": "Bearer x"})
    event = client.get("/v1/public/changes").get_json()["items"][0]["id"]
    assert client.get(f"/v1/public/events/{event}").status_code == 200
    assert list(front.pages._kept) == ["/v1/public/changes"]
    assert (len(front.feeds), len(front.rare)) == (0, 0)


def test_what_was_kept_is_forgotten_when_an_act_comes(world: World, app: Flask, client: FlaskClient) -> None:
    front = front_of(app)
    client.get("/v1/public/processes")
    client.get("/v1/public/processes?as_of=2026-01-01")
    assert (len(front.pages), len(front.rare)) == (1, 1)
    world.recommendation("C1")
    client.get("/v1/public")
    assert (list(front.pages._kept), len(front.rare)) == (["/v1/public"], 0)


def test_days_that_strangers_choose_fill_no_memory_and_push_nothing_out(
    world: World, app: Flask, client: FlaskClient
) -> None:
    front = front_of(app)
    front.rare.most = 20_000
    client.get(LIST)
    client.get(STATUS)
    for day in range(1, 29):
        path = f"/v1/public/processes/{world.process}/scoreboard?as%5Fof=2026-01-{day:02}"
        assert client.get(path).status_code == 200
    assert front.rare.size <= 20_000
    assert (len(front.feeds), list(front.pages._kept)) == (1, ["/v1/public/recommendations?limit=200"])


def test_a_server_where_too_many_wait_says_when_to_come_again(
    world: World, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = front_of(app)
    for cache in (front.feeds, front.pages, front.rare):
        monkeypatch.setattr(cache, "_most_waiting", 0)
    for path in (
        STATUS,
        f"{CHANGES}?before=2",
        LIST,
        f"{LIST}&as_of=2026-01-01",
        "/v1/public/search?q=coast",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/busy"), path
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", [LIST, "/v1/public/changes", "/v1/public/tracks", "/v1/public/vocabularies"])
def test_every_large_public_answer_is_compressed_on_request(world: World, app: Flask, path: str) -> None:
    client = Client(app)
    world.recommendation("C1", text="Vetting of the forces. " * 100)
    plain = client.get(path)
    assert len(plain.data) > SMALL
    tags = {plain.headers["ETag"]}
    for form in ("br", "zstd", "gzip"):
        answer = get(client, path, form)
        assert answer.headers["Content-Encoding"] == form
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert len(answer.data) == int(answer.headers["Content-Length"]) < len(plain.data)
        assert DECODE[form](answer.data) == plain.data
        tags.add(answer.headers["ETag"])
        had = get(client, path, form, **{"If-None-Match": answer.headers["ETag"]})
        assert (had.status_code, had.headers["Vary"]) == (304, "Accept-Encoding")
        assert get(client, path, form, **{"If-None-Match": plain.headers["ETag"]}).status_code == 200
    assert len(tags) == 4


def test_a_small_answer_is_sent_as_it_is(world: World, client: FlaskClient) -> None:
    answer = get(client, "/v1/public/recommendations/count", "gzip")
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_pages_are_cut_by_bytes_and_lead_on(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever people write, a page has a bound; nothing is left out or said twice on the way."""
    for number in range(6):
        world.recommendation(f"C{number}", text="x" * 2000)
    kind = f"/v1/public/processes/{world.process}/history"
    starts = (
        "/v1/public/changes",
        "/v1/public/recommendations",
        "/v1/public/recommendations?as_of=2026-01-01",
        kind,
    )
    whole = {start: walk(client, start) for start in starts}
    monkeypatch.setattr("tracker.public.event_queries.MOST", 3000)
    monkeypatch.setattr("tracker.public.list_pages.MOST", 3000)
    front_of(client.application).pages.clear()
    front_of(client.application).rare.clear()
    for start in starts:
        pages = walk(client, start)
        assert [one for page in pages for one in page] == [one for page in whole[start] for one in page], (
            start
        )
    assert len(walk(client, "/v1/public/changes")) > len(whole["/v1/public/changes"])
    assert len(walk(client, "/v1/public/recommendations")) == 6


def walk(client: FlaskClient, start: str) -> list[list[str]]:
    """The ids on each page of a list, to its end."""
    pages, following = [], start
    while following:
        page = client.get(following).get_json()
        if not page["items"]:
            break
        pages.append([one["id"] for one in page["items"]])
        following = page["next"]
    return pages
