"""A path means one thing however it is written: whoever judges by the path, in front of the tracker or in it, judges
what is answered. What could be read in two ways is refused before anything is looked up.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from granian.constants import HTTPModes
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from tests.conftest import SECRET
from tests.contract.test_roles import address
from tests.world import World
from tracker.api.http.endpoint import ENDPOINTS
from tracker.api.routing import Routes
from tracker.cli.serve import run_server
from tracker.domain.people import PUBLIC
from tracker.http.early_refusals import LONGEST_HEADER, LONGEST_QUERY
from tracker.http.middleware import hide_server_name

EVIL = [("Host", "evil.example")]


def ask(app: Flask, path: str, method: str = "GET", **environ: str) -> Response:
    """A request with this path and nothing made of it: the client of Werkzeug takes two slashes for a host."""
    given = EnvironBuilder(method=method, headers=EVIL).get_environ() | {"PATH_INFO": path, **environ}
    body, status, headers = run_wsgi_app(app, given, buffered=True)
    return Response(b"".join(body), status, headers)


def doubled(path: str) -> Iterator[str]:
    """The same path with slashes doubled at its start, middle and end."""
    for slashes in ("//", "///", "//////"):
        yield slashes + path.lstrip("/")
        yield path + slashes
        before, _, last = path.rpartition("/")
        if before:
            yield before + slashes + last


def test_doubled_slashes_are_not_found_on_every_endpoint(
    app: Flask, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = {*map(address, ENDPOINTS), "/feeds/coast/status.json", "/log/checkpoint"}
    written = [path for one in sorted(paths) for path in doubled(one)]
    capsys.readouterr()
    for path in written:
        answer = ask(app, path, HTTP_AUTHORIZATION=world.headers("editor")["Authorization"])
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json"), path
        assert "Location" not in answer.headers, path
        assert "Access-Control-Allow-Origin" not in answer.headers, path
        assert answer.headers["Cache-Control"] == "no-store", path
        assert "evil.example" not in str(answer.headers) + answer.get_data(as_text=True), path
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["status"] for line in lines] == [404] * len(written)


def test_an_address_without_its_last_slash_leads_on_by_its_path_alone(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    open_ended = {rule[:-1] for rule in rules if rule.endswith("/") and rule != "/"}
    assert open_ended <= rules  # of any other, Werkzeug makes an address with the host of the request
    for path in ("/docs", "/docs/decisions", "/fr"):
        answer = ask(app, path)
        assert (answer.status_code, answer.headers["Location"]) == (308, f"{path}/")
        assert answer.headers["Cache-Control"] == "no-store"
    assert ask(app, "/de").status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/v1/me/", "/v1/public/processes/", "/v1", "/v1/%6de", "/", "/V1/me"])
def test_no_answer_leads_to_a_host_that_the_request_named(app: Flask, path: str, method: str) -> None:
    answer = ask(app, path, method)
    assert ("Location" in answer.headers) == ((path, method) == ("/", "GET"))
    assert answer.headers.get("Location", "/v1/public") == "/v1/public"
    assert "evil.example" not in str(answer.headers) + answer.get_data(as_text=True)


def test_which_half_answers_follows_from_the_endpoint_that_is_reached(app: Flask) -> None:
    routes = Routes(app)
    for one in ENDPOINTS:
        found = routes.find(address(one).partition("?")[0])
        assert found is not None, one.path
        assert found.public == (one.permission == PUBLIC), one.path
    assert routes.find("/v1/none") is None


def test_every_private_request_has_a_line_and_no_public_one(
    app: Flask, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for one in ENDPOINTS:
        capsys.readouterr()
        answer = ask(app, address(one), one.method)
        said = capsys.readouterr().err.splitlines()
        assert len(said) == (one.permission != PUBLIC), (one.path, answer.status_code)
        assert ("Access-Control-Allow-Origin" in answer.headers) == (one.permission == PUBLIC), one.path


@pytest.mark.parametrize("host", ["", "a, b", "a,b", "a b", "a/b"])
@pytest.mark.parametrize("path", ["/v1/me", "/v1/public/processes", "/feeds/coast/status.json"])
def test_a_request_names_one_host(app: Flask, world: World, path: str, host: str) -> None:
    answer = ask(app, path, HTTP_HOST=host)
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/bad-request")


def test_one_of_http_1_0_needs_none(app: Flask, world: World) -> None:
    assert ask(app, "/v1/public/processes", HTTP_HOST="", SERVER_PROTOCOL="HTTP/1.0").status_code == 200


@pytest.mark.parametrize("path", ["/v1/me", "/v1/public/processes", "/log/checkpoint", "/none"])
def test_a_method_in_small_letters_is_none(app: Flask, world: World, path: str) -> None:
    for method in ("get", "Get", "options"):
        answer = ask(app, path, REQUEST_METHOD=method)
        assert (answer.status_code, answer.get_json()["status"]) == (405, 405)


@pytest.mark.parametrize("path", ["/v1/me", "/v1/public/processes", "/feeds/coast/status.json"])
def test_a_head_that_is_too_long_is_refused_by_name(app: Flask, world: World, path: str) -> None:
    long = ask(app, path, QUERY_STRING="a=&" * (LONGEST_QUERY // 3 + 1))
    assert (long.status_code, long.get_json()["type"]) == (414, "/problems/address-too-long")
    for name in ("If-None-Match", "Accept-Encoding", "Authorization"):
        sent = {f"HTTP_{name.upper().replace('-', '_')}": "x" * (LONGEST_HEADER + 1)}
        answer = ask(app, path, **sent)
        assert (answer.status_code, answer.get_json()["type"]) == (431, "/problems/header-too-long")
        assert name in answer.get_json()["detail"]


@pytest.mark.parametrize("path", ["/v1/public/processes", "/v1/public/search"])
def test_a_query_of_very_many_parameters_is_refused_in_few_words(
    client: FlaskClient, world: World, path: str
) -> None:
    for query in ("&".join(f"a{n}=" for n in range(1000)), "%ff=%fe&" * 900):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 422
        assert len(answer.data) < 1000


def test_what_a_path_takes_is_named_with_the_preflight_where_there_is_one(app: Flask, world: World) -> None:
    for path, allowed in (
        ("/v1/public/processes", "GET, HEAD, OPTIONS"),
        ("/feeds/coast/status.json", "GET, HEAD, OPTIONS"),
        ("/v1/processes", "GET, HEAD, POST"),
        ("/v1/me", "GET, HEAD"),
    ):
        answer = ask(app, path, "DELETE")
        assert (answer.status_code, answer.headers["Allow"]) == (405, allowed), path


def test_a_key_that_is_not_good_is_told_from_none(client: FlaskClient, world: World) -> None:
    told = [
        client.get("/v1/me", headers=headers).headers["WWW-Authenticate"]
        for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer trk_none"})
    ]
    assert told == ["Bearer", "Bearer", 'Bearer error="invalid_token"']


def test_a_body_of_another_type_is_told_what_is_read(client: FlaskClient, world: World) -> None:
    headers = {**world.headers("editor"), "Content-Type": "text/csv"}
    made = client.post("/v1/processes", headers=headers, data="x")
    assert (made.status_code, made.headers["Accept"]) == (415, "application/json")
    patched = client.patch(
        f"/v1/processes/{world.process}", headers={**headers, "If-Match": f'"{world.process}-1"'}, data="x"
    )
    assert (patched.status_code, patched.headers["Accept-Patch"]) == (
        415,
        "application/merge-patch+json, application/json",
    )
    packed = client.post(
        "/v1/processes",
        headers={**headers, "Content-Type": "application/json", "Content-Encoding": "gzip"},
        data="x",
    )
    assert (packed.status_code, packed.headers["Accept-Encoding"]) == (415, "identity")


def test_the_server_speaks_http_1_only_and_says_nothing_of_what_it_is(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over HTTP/2 one connection may ask for hundreds of answers and read none of them."""
    given: dict[str, object] = {}

    class Server:
        def __init__(self, *_target: object, **settings: object) -> None:
            given.update(settings)

        def serve(self) -> None:
            """Nothing: what it was started with is what is asked."""

    monkeypatch.setattr("granian.server.mp.MPServer", Server)
    environment = {"DATABASE_URL": "sqlite:////no/such", "SECRET_KEY": SECRET, "WORKER": "apart"}
    for name, value in environment.items():
        monkeypatch.setenv(f"TRACKER_{name}", value)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        run_server(listener)
    assert given["http"] == HTTPModes.http1
    assert given["http1_settings"].max_buffer_size < 100_000  # type: ignore[attr-defined]
    named = run_wsgi_app(
        hide_server_name(app), EnvironBuilder("/v1/public/processes").get_environ(), buffered=True
    )
    assert named[2].getlist("Server") == ["tracker"]
