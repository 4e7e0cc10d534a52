"""How many redactions there were is told by month and reason, when the month is over, of what had been public. What is
counted are redactions, not the acts that say them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.actions.factories import answered, both, keepers
from tests.conftest import Clock
from tests.world import World
from tracker.actions import redaction
from tracker.actions.support import public_acts
from tracker.domain.people import Actor

PATH = "/v1/public/redactions"


@pytest.fixture
def two(world: World) -> tuple[Actor, Actor]:
    return keepers(world)


def told(client: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(PATH).json["months"]
    return found


def test_a_month_is_told_when_it_is_over_and_by_reason(
    world: World, client: FlaskClient, clock: Clock, two: tuple[Actor, Actor]
) -> None:
    assert told(client) == []
    for reason in ("minor", "minor", "error"):
        both(world, two, world.item(), reason)
    clock.now = datetime(2026, 11, 30, 23, 59, 59, 999999, tzinfo=UTC)
    both(world, two, world.recommendation("C1"), "spam")
    assert told(client) == []
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    november = {"month": "2026-11", "redactions": 4, "reasons": {"error": 1, "minor": 2, "spam": 1}}
    assert told(client) == [november]
    both(world, two, world.item(), "court_order")
    assert told(client) == [november]
    clock.now = datetime(2027, 2, 1, tzinfo=UTC)  # in January there was none
    assert told(client) == [
        {"month": "2026-12", "redactions": 1, "reasons": {"court_order": 1}},
        november,
    ]


def test_what_never_was_public_and_what_is_only_ordered_is_not_counted(
    world: World, client: FlaskClient, clock: Clock, two: tuple[Actor, Actor]
) -> None:
    both(world, two, world.item(publish=False, protection="confidential"))
    ordered = world.item()
    with world.act(two[0]) as act:
        redaction.redact_thing(act, ordered, "minor")
    clock.move(days=40)
    assert told(client) == []


def test_a_redaction_that_takes_several_acts_to_say_is_one(
    world: World, client: FlaskClient, clock: Clock, two: tuple[Actor, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_acts, "_NAMED_AT_ONCE", 1)
    asked = world.recommendation("C1")
    answered(world, asked, "implementation", "stalled")
    event = client.get(f"/v1/public/recommendations/{asked}").json["history"][0]["event"]
    for one in two:
        with world.act(one) as act:
            redaction.redact_words(act, event, "third_party_privacy")
    both(world, two, asked, "third_party_privacy")
    said = [one for one in client.get("/v1/public/changes?limit=200").json["items"] if "refs" in one]
    assert len(said) > 3
    clock.move(days=40)
    [month] = told(client)
    assert month["reasons"] == {"third_party_privacy": 2}


def test_it_is_kept_by_its_tag_until_a_month_is_over(
    world: World, client: FlaskClient, clock: Clock, two: tuple[Actor, Actor]
) -> None:
    both(world, two, world.item())
    first = client.get(PATH)
    assert first.headers["Cache-Control"] == "public, max-age=5, stale-while-revalidate=60"
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get(PATH, headers=known).status_code == 304
    clock.move(days=40)
    assert client.get(PATH, headers=known).status_code == 200
