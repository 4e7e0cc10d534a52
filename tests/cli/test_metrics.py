"""Prometheus reads numbers at an address of its own; the public address has none."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from threading import Thread

import click
import pytest
from flask import Flask
from prometheus_client import generate_latest
from werkzeug.test import Client

from tests.cli.conftest import Tracker
from tests.cli.test_ports import taken
from tests.conftest import Clock, make_settings
from tests.world import World
from tracker.app import create_app
from tracker.cli import metrics
from tracker.cli.metrics import listen_for_metrics, make_server
from tracker.http.environ import ROUTE
from tracker.http.metrics import Meter, name_route
from tracker.settings import Settings


def read(port: int) -> str:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()


@pytest.fixture
def numbers(tracker: Tracker, made: World) -> Iterator[int]:
    assert tracker("worker", "--once").status == 0
    listener = socket.create_server(("127.0.0.1", 0))
    server = make_server(listener, Settings.from_environment())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listener.getsockname()[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_the_database_knows_is_read_at_that_address(
    numbers: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = read(numbers)
    assert "tracker_database_up 1.0" in said
    assert "# HELP tracker_log_unsigned_entries Entries of the public log that are not signed." in said
    assert 'tracker_job_good{job="work"} 1.0' in said

    def fail(*_given: object) -> None:
        raise RuntimeError("away")

    monkeypatch.setattr(metrics, "list_measures", fail)
    away = read(numbers)
    assert "tracker_database_up 0.0" in away
    assert "tracker_log_entries" not in away
    assert '"accident"' in capsys.readouterr().err


def test_requests_are_counted_by_route_and_status_and_name_nobody(
    sqlite_url: str, clock: Clock, made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = Meter()
    monkeypatch.setattr("tracker.app.Meter", lambda: meter)
    app = create_app(replace(make_settings(sqlite_url), metrics="127.0.0.1:9464"), clock)
    client = Client(app)
    for path in (
        "/v1/committees/com_secret",
        "/v1/public/committees",
        "/secret",
        "/metrics",
        "/en/search?q=x",
    ):
        client.get(path)
    said = generate_latest(meter.registry).decode()
    assert 'tracker_requests_total{route="/v1/committees/<id>",status="401"} 1.0' in said
    assert 'tracker_requests_total{route="/v1/public",status="200"} 1.0' in said
    assert 'tracker_requests_total{route="other",status="404"} 2.0' in said
    assert 'tracker_request_seconds_count{route="/v1/public"} 1.0' in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/feeds/changes.atom", "/feeds"),
        ("/feedsx", "other"),
        ("/log/checkpoint", "/log"),
        ("/v1/x", "/v1"),
        ("/en/acts", "pages"),
        ("/en/desk", "other"),
    ],
)
def test_a_path_that_no_rule_matched_has_the_name_of_its_place(path: str, route: str) -> None:
    assert name_route({"PATH_INFO": path}) == route
    assert name_route({"PATH_INFO": "/v1/me", ROUTE: "/v1/<id>"}) == "/v1/<id>"


def test_a_port_that_is_taken_is_said_before_a_server_starts(app: Flask, sqlite_url: str) -> None:
    with taken() as port:
        settings = Settings(sqlite_url, "x" * 20 + "abcdefghijklmnop", metrics=f"127.0.0.1:{port}")
        with (
            pytest.raises(click.ClickException, match=f"TRACKER_METRICS=127.0.0.1:{port + 1}"),
            listen_for_metrics(settings),
        ):
            pytest.fail("it listens")
    with listen_for_metrics(Settings(sqlite_url, "x" * 20 + "abcdefghijklmnop")) as listener:
        assert listener is None
