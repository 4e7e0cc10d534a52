"""An Idempotency-Key while the first request is being worked on: with its row, with real threads, and after a death."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from tests.api.http_client import RepeatingClient
from tests.conftest import Clock
from tracker.actions.support import idempotency
from tracker.store.database import db
from tracker.store.idempotency import ONCE


def begun(desk: RepeatingClient) -> None:
    """The row that a first request leaves before it acts."""
    with desk.app.app_context(), pytest.MonkeyPatch.context() as stopped:

        def stop(*_given: Any, **_more: Any) -> None:
            raise KeyboardInterrupt

        stopped.setattr("tracker.api.http.dispatch._run_act", stop)
        with pytest.raises(KeyboardInterrupt):
            desk.send()
    assert [row.status for row in desk.rows()] == [None]


def test_while_the_first_is_being_worked_on_the_second_is_told_to_wait(
    desk: RepeatingClient, clock: Clock
) -> None:
    begun(desk)
    clock.move(seconds=59)
    answer = desk.refused("in-flight", 409)
    assert 1 <= int(answer.headers["Retry-After"]) <= 2
    assert desk.organizations() == 0


def test_who_died_at_work_is_taken_over_from_after_a_minute(desk: RepeatingClient, clock: Clock) -> None:
    begun(desk)
    clock.move(seconds=60)
    assert "Idempotency-Replayed" not in desk.send().headers
    assert desk.send().headers["Idempotency-Replayed"] == "true"
    assert desk.organizations() == 1


def test_who_comes_back_after_another_took_over_has_done_nothing(
    desk: RepeatingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is so slow that a second takes over, in the middle of its act."""

    def slow(unit: Any) -> None:
        unit.connection.execute(ONCE.update().values(claim=bytes(16)))

    monkeypatch.setattr(idempotency, "sweep_requests", slow)  # in the transaction of the act
    desk.refused("in-flight", 409)
    assert desk.organizations() == 0


def test_two_at_once_act_once(desk: RepeatingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two real threads: the second arrives while the first holds the right to write."""
    inside, go = Event(), Event()

    def wait(_unit: Any) -> None:
        inside.set()
        assert go.wait(20)

    monkeypatch.setattr(idempotency, "sweep_requests", wait)  # in the transaction of the act
    db.session.remove()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(desk.send)
        assert inside.wait(20)
        try:
            desk.refused("in-flight", 409)
        finally:
            go.set()
        assert first.result(20).status_code == 201
    assert desk.send().data == first.result().data
    assert desk.organizations() == 1


def test_many_at_once_act_once(desk: RepeatingClient) -> None:
    db.session.remove()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: desk.send(), range(12)))
    made = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.data for answer in made}) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert sum("Idempotency-Replayed" not in answer.headers for answer in made) == 1
    assert desk.organizations() == 1
