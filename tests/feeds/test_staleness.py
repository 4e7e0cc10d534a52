"""While the database does not answer, what a server holds is still handed out, and says how old it is; what it does not
hold is refused at once with the time to come again. When the database is back, everything is as before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from tests.conftest import Clock
from tests.world import World
from tracker.actions import publication
from tracker.database.write_lock import Turns
from tracker.domain.errors import NotFound
from tracker.domain.service_errors import Busy, Unavailable
from tracker.feeds.staleness import LONGEST, Staleness, mark_stale
from tracker.public.driver_queries import Connections

HELD = (
    *("/en/", "/en/coast", "/v1/public/processes", "/v1/public/recommendations?process=coast"),
    *("/feeds/coast/status.json", "/feeds/coast/changes.atom", "/feeds/changes.json", "/badges/coast.svg"),
    *("/robots.txt", "/v1/public/processes/coast"),
)
AWAY = "tracker; hit; ttl=-{age}; detail=database-away"


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Let the database be away from now on; what it is asked meanwhile is listed."""

    def leave() -> list[str]:
        asked: list[str] = []

        def refuse(_self: Connections, sql: str, _parameters: Any) -> NoReturn:
            asked.append(sql)
            raise Unavailable("the database does not answer", wait=5) from sqlite3.OperationalError()

        monkeypatch.setattr(Connections, "first", refuse)
        monkeypatch.setattr(
            Turns, "read", lambda _self: None
        )  # nor does anything else tell whether it was written
        return asked

    return leave


def test_what_is_held_is_handed_out_and_marked(
    world: World,
    app: Flask,
    clock: Clock,
    away: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Client(app)
    fresh = {path: client.get(path) for path in HELD}
    assert {answer.status_code for answer in fresh.values()} == {200}
    assert not any({"Age", "Cache-Status"} & set(answer.headers.keys()) for answer in fresh.values())
    away()
    clock.move(seconds=90)
    for path, before in fresh.items():
        answer = client.get(path)
        assert (answer.status_code, answer.data) == (200, before.data), path
        assert answer.headers["ETag"] == before.headers["ETag"]
        age = answer.headers["Age"]
        assert 90 <= int(age) < 100
        assert answer.headers["Cache-Status"] == AWAY.format(age=age)
        known = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
        assert (known.status_code, known.headers["Age"]) == (304, age)
    monkeypatch.undo()
    clock.move(seconds=3)
    for path in HELD:
        assert "Age" not in client.get(path).headers


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/fr/",
            "/feeds/coast/changes.json?before=3",
            "/feeds/coast/deadlines.ics",
            "/feeds/other/status.json",
        ),
        *("/v1/public/evidence", "/badges/coast.json", "/v1/public/processes?as_of=2025-01-01"),
    ],
)
def test_what_is_not_held_is_refused_with_the_time_to_come_again(
    world: World, app: Flask, clock: Clock, away: Callable[[], list[str]], path: str
) -> None:
    client = Client(app)
    for held in HELD:
        client.get(held)
    asked = away()
    clock.move(seconds=30)
    for _ in range(3):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert len(asked) <= 2  # it is not asked by everybody who waits


def test_after_a_while_nothing_is_handed_out_any_more(
    world: World, app: Flask, clock: Clock, away: Callable[[], list[str]]
) -> None:
    client = Client(app)
    for path in HELD:
        client.get(path)
    away()
    clock.move(seconds=LONGEST.total_seconds() + 10)
    assert {client.get(path).status_code for path in HELD} == {503}


def test_what_was_withdrawn_before_is_not_handed_out(
    world: World, client: FlaskClient, clock: Clock, away: Callable[[], list[str]]
) -> None:
    client.get("/feeds/coast/status.json")
    with world.act(world.approver) as act:
        publication.withdraw_thing(act, world.process, "It was wrong.")
    assert client.get("/feeds/coast/status.json").status_code == 410
    away()
    clock.move(seconds=10)
    assert client.get("/feeds/coast/status.json").status_code == 503


def test_an_answer_is_forgotten_when_there_is_none_and_a_clock_that_goes_back_makes_nothing_older() -> None:
    clock = Clock()
    held = Staleness(clock)

    def ask_meanwhile() -> int:
        assert held.ask("a", lambda: 9) == (1, 0)
        return 2

    def fail(error: Exception) -> Callable[[], int]:
        def question() -> int:
            raise error

        return question

    assert held.ask("a", lambda: 1) == (1, None)
    clock.now -= timedelta(seconds=40)
    assert held.ask("a", fail(Busy("slow", wait=5))) == (1, 0)
    assert held.ask("a", lambda: 2) == (1, 0)  # not asked again at once
    clock.now -= timedelta(seconds=40)
    assert held.ask("a", ask_meanwhile) == (2, None)
    with pytest.raises(NotFound):
        held.ask("a", fail(NotFound("gone")))
    with pytest.raises(Unavailable) as refused:
        held.ask("a", fail(Unavailable("away", wait=7)))
    assert refused.value.wait == 7
    assert isinstance(Staleness(clock).refusal(), Busy)


def test_only_what_is_stale_is_marked() -> None:
    assert mark_stale(None) == []
    assert mark_stale(0) == [("Age", "0"), ("Cache-Status", AWAY.format(age=0))]
