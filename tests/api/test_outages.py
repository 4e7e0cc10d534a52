"""When something around the tracker fails: the log, the disk, the database. What is done is answered as done; what is
not done says so, and when to come again.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, text
from werkzeug.test import Client

from tests.api.factories import Stage
from tests.api.test_bad_input import RECOMMENDATION
from tests.conftest import SECRET, Clock, make_app
from tests.world import World
from tracker.app import create_app
from tracker.database.outages import refusal_for
from tracker.domain.service_errors import Busy, DiskFull, Unavailable
from tracker.feeds.front import Front
from tracker.logging import make_logger
from tracker.settings import Settings
from tracker.store.database import db

READS = (
    "/v1/public",
    "/v1/public/processes",
    "/v1/public/processes/prc_" + "0" * 26,
    "/feeds/coast/status.json",
)


class Full:
    """Standard error on a full disk."""

    def __init__(self) -> None:
        self.full, self.said = True, ""

    def write(self, line: str) -> int:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.said += line
        return len(line)

    def flush(self) -> None:
        """Nothing is kept back."""


def test_a_line_that_cannot_be_written_is_lost_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = Full()
    monkeypatch.setattr("sys.stderr", stderr)
    log = make_logger("info")
    for number in range(3):
        log.info("request", number=number)
    stderr.full = False
    log.info("request", number=3)
    log.info("request", number=4)
    lines = [json.loads(line) for line in stderr.said.splitlines()]
    assert [line["event"] for line in lines] == ["lost", "request", "request"]
    assert lines[0]["lines"] == 3


def test_an_act_is_answered_as_done_though_the_log_is_full(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", Full())
    body = {**RECOMMENDATION, "reference": "R9"}
    made = stage.send("POST", "/v1/recommendations", body)
    assert made.status_code == 201, made.data
    assert stage.send("GET", "/v1/none").status_code == 404


def test_what_fails_after_the_commit_is_for_the_log(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_given: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tracker.actions.operations.signing.sign_after_commit", fall)
    known = stage.app.extensions["tracker"]
    signing = replace(known.settings, log_key=Path("/a.key"))
    monkeypatch.setitem(stage.app.extensions, "tracker", replace(known, settings=signing))
    body = {**RECOMMENDATION, "reference": "R9"}
    assert stage.send("POST", "/v1/recommendations", body).status_code == 201


def fill(app: Flask) -> None:
    """Let the database grow no further."""

    def no_more(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with app.app_context():
        event.listen(db.engine, "connect", no_more)
        db.engine.dispose()


def test_a_full_disk_takes_no_act_and_goes_on_reading(world: World, app: Flask, client: Client) -> None:
    fill(app)
    headers = world.headers("editor")
    ids = {"process": world.process, "watchdog": world.watchdog, "government": world.government}
    filled = json.dumps(RECOMMENDATION)
    for name, thing in ids.items():
        filled = filled.replace("{" + name + "}", thing)
    body = {**json.loads(filled), "text": "x" * 20_000}
    answers = [
        client.post("/v1/recommendations", headers=headers, json={**body, "reference": f"R{number}"})
        for number in range(8)
    ]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert refused
    for answer in refused:
        assert (answer.status_code, answer.get_json()["type"]) == (507, "/problems/disk-full")
    found = client.get(f"/v1/recommendations?process={world.process}", headers=headers)
    assert found.status_code == 200
    assert len(found.get_json()["items"]) == len(answers) - len(refused)
    for path in ("/v1/public", "/v1/public/processes", "/feeds/coast/status.json"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2"]
)
def test_a_database_that_is_away_is_said_on_both_halves(url: str, clock: Clock) -> None:
    client = Client(create_app(Settings(url, SECRET), clock))
    private = {"Authorization": "Bearer trk_" + "x" * 43}
    for path, headers in [*((path, {}) for path in READS), ("/v1/me", private), ("/log/checkpoint", {})]:
        answer = client.get(path, headers=headers)
        body = answer.get_json()
        assert (answer.status_code, body["type"]) == (503, "/problems/unavailable"), path
        assert int(answer.headers["Retry-After"]) > 0
        assert "nowhere" not in str(body)


def test_a_connection_that_was_lost_meanwhile_is_replaced(
    postgres_url: str, clock: Clock, entropy: Any
) -> None:
    app = make_app(postgres_url, clock, entropy)
    client = Client(app)
    assert client.get("/v1/public/processes").status_code == 200
    with app.app_context():
        with db.engine.connect() as connection:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            query = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"  # noqa: S608
            connection.execute(text(query))
        for path, status in (("/v1/public/processes", 200), ("/feeds/none/status.json", 404)):
            assert client.get(path).status_code == status
        db.engine.dispose()


def test_what_is_answered_stays_so_where_the_connection_is_lost_afterwards(
    postgres_url: str, clock: Clock, entropy: Any
) -> None:
    app = make_app(postgres_url, clock, entropy)
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        with db.engine.connect() as connection:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            query = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"  # noqa: S608
            connection.execute(text(query))
    with app.app_context():  # ended without an error, and nothing is left of it
        assert db.session.execute(text("SELECT 2")).scalar() == 2
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unavailable("the database does not answer", wait=5), "503"),
        (psycopg.errors.AdminShutdown(), "503"),
        (OSError(errno.ENOSPC, "x"), "507"),
        (DiskFull("x"), "507"),
        (ValueError("x"), "500"),
    ],
)
def test_an_outage_is_said_as_one_wherever_it_is_noticed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, error: Exception, status: str
) -> None:
    def fall(*_given: object) -> None:
        raise error

    def find_front(application: Any) -> Front:
        return application if isinstance(application, Front) else find_front(application.inner)

    front = find_front(cast("Any", stage.app.wsgi_app))
    monkeypatch.setattr(front, "_inner", fall)
    monkeypatch.setattr(front, "_stamp", fall)
    for path in ("/v1/me", "/v1/public/processes"):
        answer = Client(stage.app).get(path)
        assert answer.status.startswith(status), path
        assert ("Retry-After" in answer.headers) == (status == "503")


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (OSError(errno.ENOSPC, "x"), DiskFull),
        (OSError(errno.EDQUOT, "x"), DiskFull),
        (OSError(errno.EPERM, "x"), None),
        (psycopg.errors.DiskFull(), DiskFull),
        (psycopg.errors.AdminShutdown(), Unavailable),
        (psycopg.errors.TooManyConnections(), Unavailable),
        (psycopg.errors.CannotConnectNow(), Unavailable),
        (psycopg.errors.ConnectionFailure(), Unavailable),
        (psycopg.OperationalError("server closed the connection unexpectedly"), Unavailable),
        (psycopg.errors.QueryCanceled(), Busy),
        (psycopg.errors.LockNotAvailable(), Busy),
        (psycopg.errors.SerializationFailure(), Busy),  # a replica gives up a read to go on following
        (psycopg.errors.ReadOnlySqlTransaction(), Unavailable),  # after the place was taken by a replica
        (psycopg.errors.DataCorrupted(), Unavailable),
        (psycopg.errors.IndexCorrupted(), Unavailable),
        (psycopg.errors.UniqueViolation(), None),
        (ValueError(), None),
        (None, None),
    ],
)
def test_what_a_failure_means_is_read_off_the_marks_of_the_driver(
    error: BaseException | None, refusal: type[Exception] | None
) -> None:
    found = refusal_for(error)
    assert (None if found is None else type(found)) == refusal
