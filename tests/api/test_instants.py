"""The instant of an act is that at which it is recorded: the order of instants is the order of the log, so that
`known_at` answers the same today and tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from sqlalchemy import text

from tests.api.factories import Stage
from tests.conftest import Clock
from tests.public.assertions import unguard
from tracker.actions.operations import auditing

APPROVED = b'{"decision":"approve"}'


def instants(stage: Stage) -> list[str]:
    """Of every public act, in the order of the log."""
    return [one["at"] for one in stage.get("/v1/public/changes?limit=200", by=None)["items"]]


class SlowBody(BytesIO):
    """A body that arrives while time goes by and others write."""

    def __init__(self, body: bytes, meanwhile: Iterator[Any]) -> None:
        super().__init__(body)
        self._meanwhile = meanwhile

    def readinto(self, buffer: Any) -> int:
        next(self._meanwhile, None)
        return super().readinto(buffer)


def test_a_body_that_is_long_in_coming_does_not_date_its_act_back(stage: Stage, clock: Clock) -> None:
    world = stage.world
    slow, quick = (world.recommendation(name, publish=False) for name in ("slow", "quick"))
    world.session.rollback()

    def meanwhile() -> Iterator[None]:
        clock.move(seconds=10)
        stage.publish(quick)
        clock.move(seconds=5)
        yield

    path = f"/v1/proposals/{stage.post(f'/v1/subjects/{slow}/publication', {}, status=202)['id']}/decision"
    asked = {"input_stream": SlowBody(APPROVED, meanwhile()), "content_type": "application/json"}
    length = {"Content-Length": str(len(APPROVED))}
    answer = stage.client.post(path, headers=world.headers("approver") | length, **asked)
    assert answer.status_code == 200
    told = instants(stage)
    assert told == sorted(told)
    between = "2026-11-23T09:00:12Z"
    assert (
        stage.send("GET", f"/v1/public/recommendations/{quick}?known_at={between}", by=None).status_code
        == 200
    )
    assert (
        stage.send("GET", f"/v1/public/recommendations/{slow}?known_at={between}", by=None).status_code == 404
    )


def test_a_clock_that_was_put_back_dates_nothing_before_what_was_recorded(stage: Stage, clock: Clock) -> None:
    clock.move(seconds=-3600)
    stage.patch("/v1/recommendations/{recommendation}", {"note": "Later."})
    told = instants(stage)
    assert told == sorted(told)
    assert told[-1] == told[-2]


def test_an_audit_names_an_act_that_is_dated_before_the_one_before_it(stage: Stage) -> None:
    session = stage.world.session
    session.rollback()
    assert auditing.audit_logs(session, None) == []
    unguard(session.connection())
    change = (
        "UPDATE public_log_entry SET entry = replace(entry, '2026-11-23T09', '2026-11-23T08') WHERE idx = 4"
    )
    session.connection().execute(text(change))
    assert "entry 4 of the public log: it is of 2026-11-23T08:00:00.000000Z" in str(
        auditing.audit_logs(session, None)
    )
    session.rollback()
