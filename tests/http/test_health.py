"""A monitor learns whether a server lives and can work; it learns no more, and cannot make it work for that."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import Connection, event
from werkzeug.test import Client

from tests.conftest import SECRET, Clock, make_app
from tests.services import needs_postgres
from tests.world import World
from tracker.actions.operations import readiness
from tracker.actions.operations.readiness import Finding, check_server
from tracker.app import create_app, set_context
from tracker.http.health import KEPT, Health
from tracker.settings import Settings
from tracker.store.database import db


def test_a_server_that_can_work_is_ready(app: Flask) -> None:
    answer = Client(app).get("/health/ready")
    said = json.loads(answer.text)
    assert (answer.status_code, said["ready"], said["checks"]["database"]) == (200, True, "right")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_server_whose_database_has_another_schema_is_not_ready(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.migrations.head", lambda: "9999")
    answer = Client(app).get("/health/ready")
    assert (answer.status_code, json.loads(answer.text)["checks"]["database"]) == (503, "wrong")


def test_without_its_database_it_lives_and_is_not_ready_and_names_no_path() -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:9/secret-name?connect_timeout=2"
    client = Client(create_app(Settings(url, SECRET), Clock()))
    assert client.get("/health/live").status_code == 200
    answer = client.get("/health/ready")
    assert (answer.status_code, json.loads(answer.text)["checks"]["database"]) == (503, "wrong")
    assert "secret-name" not in answer.text


@pytest.fixture
def looks() -> list[str]:
    return []


@pytest.fixture
def asked(looks: list[str]) -> tuple[Client, list[float]]:
    now = [0.0]

    def look() -> Iterable[Finding]:
        looks.append("looked")
        if len(looks) > 1:
            raise RuntimeError("an accident")
        return [Finding("files", "not_yet", "/srv/secret")]

    def elsewhere(_environ: object, start: object) -> list[bytes]:
        start("200 OK", [])  # type: ignore[operator]
        return [b"elsewhere"]

    return Client(Health(elsewhere, look, structlog.get_logger(), lambda: now[0])), now


def test_strangers_do_not_choose_how_often_it_looks(
    asked: tuple[Client, list[float]], looks: list[str]
) -> None:
    client, now = asked
    answers = [client.get("/health/ready") for _ in range(5)]
    assert {(one.status_code, one.text) for one in answers} == {
        (200, '{"ready": true, "checks": {"files": "not_yet"}}')
    }
    assert len(looks) == 1
    now[0] += KEPT
    assert client.get("/health/ready").status_code == 503  # what cannot be looked at is not ready
    assert len(looks) == 2


def test_it_is_read_and_what_is_not_its_own_is_passed_on(
    asked: tuple[Client, list[float]], looks: list[str]
) -> None:
    client, _now = asked
    assert (client.post("/health/ready").status_code, client.get("/health/x").status_code) == (405, 404)
    head = client.head("/health/live")
    assert (head.status_code, head.text) == (200, "")
    assert client.get("/healthy").text == "elsewhere"
    assert looks == []


def test_a_server_that_can_only_read_is_not_ready_and_answers_readers(
    app: Flask, sqlite_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask() -> tuple[int, str]:
        set_context(app, known.settings, known.clock, known.entropy)  # what was found last is forgotten
        answer = Client(app).get("/health/ready")
        return answer.status_code, json.loads(answer.text)["checks"]["writing"]

    known = app.extensions["tracker"]
    assert ask() == (200, "right")
    [path] = sqlite_folder.glob("*.db")
    lock = path.with_name(f"{path.name}.lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()
    assert ask() == (503, "wrong")
    lock.rmdir()
    for unwritable in (path.parent, path):
        with monkeypatch.context() as read_only:
            read_only.setattr("os.access", lambda asked, _mode, no=unwritable: asked != no)
            assert ask() == (503, "wrong")
            assert Client(app).get("/v1/public/processes").status_code == 200
    with monkeypatch.context() as full:
        full.setattr(readiness, "LEAST", 1 << 60)
        assert ask() == (503, "wrong")
    assert ask() == (200, "right")


def test_a_clock_that_is_behind_the_last_act_is_told(world: World, app: Flask, clock: Clock) -> None:
    def ask() -> dict[str, str]:
        found = check_server(db.engine, None, None, None, clock())
        return {one.name: f"{one.state}, {one.detail}" for one in found}

    with world.act(world.editor) as act:
        act.audit("revise", world.process)
    clock.move(seconds=-60)
    assert ask()["clock"].startswith("right")
    clock.move(days=-365)
    assert ask()["clock"].startswith(
        "wrong, it says 2025-11-23 08:59 UTC, and the last act is of 2026-11-23 09:00"
    )
    set_context(app, app.extensions["tracker"].settings, clock, app.extensions["tracker"].entropy)
    answer = Client(app).get("/health/ready")
    assert (answer.status_code, json.loads(answer.text)["checks"]["clock"]) == (503, "wrong")


@needs_postgres
def test_a_postgresql_that_lets_itself_only_be_read_is_told(
    postgres_url: str, clock: Clock, entropy: Any
) -> None:
    with make_app(postgres_url, clock, entropy).app_context():
        found = {one.name: one.state for one in check_server(db.engine, None, None, None, clock())}
        assert found["writing"] == "right"

        @event.listens_for(db.engine, "begin")
        def read_only(connection: Connection) -> None:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

        found = {one.name: one.state for one in check_server(db.engine, None, None, None, clock())}
        assert found["writing"] == "wrong"
        db.engine.dispose()
