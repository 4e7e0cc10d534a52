"""A monitor learns whether a server lives and can work; it learns no more, and cannot make it work for that."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
import structlog
from flask import Flask
from werkzeug.test import Client

from tests.conftest import SECRET, Clock
from tracker.actions.operations.readiness import Finding
from tracker.app import create_app
from tracker.http.health import KEPT, Health
from tracker.settings import Settings


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
