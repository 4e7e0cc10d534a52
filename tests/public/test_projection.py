"""Every question can be asked as of a day, as known at a moment, and both at once (rule 7): folded from public acts.

A document is right to the second: its computed part turns at midnight of its process, and nobody has to write.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.public.assertions import dump
from tests.world import World
from tracker.actions.operations import rebuild
from tracker.domain import errors
from tracker.public import queries


def lead(body: dict[str, Any], track: str = "implementation") -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in body["standing"] if one["track"] == track)["lead"]
    return found


def then(
    world: World, kind: str, thing: str, as_of: date | None = None, known_at: datetime | None = None
) -> dict[str, Any]:
    said = queries.find_past_document(world.session.connection(), kind, thing, world.clock(), as_of, known_at)
    body: dict[str, Any] = json.loads(said.body)
    return body


@pytest.fixture
def told(world: World, clock: Clock) -> tuple[str, list[datetime]]:
    """Three things said, two days apart: first of May, then of March (late), then the first one corrected."""
    asked = world.recommendation("C1")
    moments = []
    first = world.answer(asked, "implementation", "stalled", effective_on=date(2025, 5, 1))
    moments.append(clock())
    clock.move(days=2)
    world.answer(asked, "implementation", "not_started", effective_on=date(2025, 3, 1))
    moments.append(clock())
    clock.move(days=2)
    world.answer(asked, "implementation", "no_evidence", corrects=first.id, effective_on=date(2025, 5, 1))
    moments.append(clock())
    return asked, moments


def test_as_of_a_day_only_what_was_true_by_then_counts(
    world: World, told: tuple[str, list[datetime]]
) -> None:
    asked, _moments = told
    states = [
        lead(then(world, "recommendation", asked, as_of=day))["state"]
        for day in (date(2025, 2, 28), date(2025, 3, 1), date(2025, 4, 30), date(2025, 5, 1))
    ]
    assert states == ["not_assessed", "not_started", "not_started", "no_evidence"]


def test_as_known_at_a_moment_only_what_was_public_by_then_counts(
    world: World, told: tuple[str, list[datetime]]
) -> None:
    asked, moments = told
    states = [lead(then(world, "recommendation", asked, known_at=moment))["state"] for moment in moments]
    assert states == ["stalled", "stalled", "no_evidence"]
    lengths = [len(then(world, "recommendation", asked, known_at=one)["history"]) for one in moments]
    assert lengths == [1, 2, 3]


def test_both_at_once(world: World, told: tuple[str, list[datetime]]) -> None:
    """What did we think on the first day of what had been true in April?"""
    asked, moments = told
    day = date(2025, 4, 1)
    states = [lead(then(world, "recommendation", asked, day, moment))["state"] for moment in moments]
    assert states == ["not_assessed", "not_started", "not_started"]


def test_before_it_was_public_nothing_was_known_of_it(world: World, clock: Clock) -> None:
    with pytest.raises(errors.NotFound):
        then(world, "committee", world.committee, known_at=datetime(2020, 1, 1, tzinfo=UTC))
    world.withdraw(world.committee)
    with pytest.raises(errors.Withdrawn):  # and what is withdrawn is not public as of any day
        then(world, "committee", world.committee, as_of=date(2025, 6, 1))


def test_the_basis_too_is_that_of_the_moment(world: World, clock: Clock) -> None:
    item, asked = world.item(), world.recommendation("C1")
    world.answer(asked, "implementation", "underway", cites=(item,))
    before = clock()
    clock.move(hours=1)
    world.verify(item, "refuted", effective_on=date(2025, 6, 2))
    assert lead(then(world, "recommendation", asked, known_at=before))["basis"] == "supported"
    assert lead(then(world, "recommendation", asked))["basis"] == "unsupported"


def test_silence_is_asked_as_of_a_day_as_well(world: World) -> None:
    """The report was handed over in July and published in December: in September there was silence."""
    world.report(delivered=date(2025, 7, 13), published=date(2025, 12, 1))
    days = [
        [one["days"] for one in then(world, "committee", world.committee, as_of=day)["silence"]]
        for day in (date(2025, 7, 12), date(2025, 9, 1), date(2025, 11, 30), date(2025, 12, 1))
    ]
    assert days == [[], [50], [140], []]


def test_a_list_and_the_numbers_are_asked_in_the_same_way(
    world: World, client: FlaskClient, told: tuple[str, list[datetime]]
) -> None:
    path = f"/v1/public/processes/{world.process}/scoreboard"
    known = told[1][0].isoformat().replace("+00:00", "Z")
    for query, state in (
        ("", "no_evidence"),
        ("?as_of=2025-04-01", "not_started"),
        (f"?known_at={known}", "stalled"),
        (f"?as_of=2025-04-01&known_at={known}", "not_assessed"),
    ):
        counted = client.get(path + query).get_json()["recommendations"]["tracks"]["implementation"]
        assert counted["states"][state] == 1, query


# ---------------------------------------------------------------- time moves without a write


def midnight(clock: Clock) -> None:
    """The last second of the day in Damascus."""
    clock.now = datetime(2026, 11, 23, 20, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("listed", [False, True], ids=["one", "list"])
def test_a_document_turns_at_the_second_after_midnight_and_nothing_is_written(
    world: World, client: FlaskClient, clock: Clock, listed: bool
) -> None:
    due = world.deadline()
    path = "/v1/public/deadlines" + ("" if listed else f"/{due}")
    midnight(clock)
    before, stored = client.get(path), dump(world.session)
    clock.move(seconds=1)
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    days = [
        (one["items"][0] if listed else one)["timing"]["days_overdue"]
        for one in (before.get_json(), after.get_json())
    ]
    assert days == [594, 595]
    assert client.get(path).headers["ETag"] == after.headers["ETag"]
    assert dump(world.session) == stored


def test_what_was_delivered_does_not_grow_stale_and_what_was_pledged_does(
    world: World, client: FlaskClient, clock: Clock
) -> None:
    item = world.item()
    for title, state in (("Rooms", "delivered"), ("Money", "pledged")):
        means = world.resource(world.committee, title=title)
        world.answer(means, "delivery", state, cites=(item,), effective_on=clock().date())
    clock.move(days=200)
    found = client.get("/v1/public/resources?stale=true").get_json()["items"]
    assert [one["title"] for one in found] == ["Money"]


def test_a_status_turns_stale_by_itself(world: World, client: FlaskClient, clock: Clock) -> None:
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "not_started", effective_on=date(2026, 11, 1))
    path = f"/v1/public/recommendations/{asked}"
    fresh = client.get(path)
    clock.now = datetime(2027, 4, 30, 20, 59, 59, tzinfo=UTC)  # 180 days later, in Damascus
    assert client.get(path).headers["ETag"] == fresh.headers["ETag"]
    assert lead(client.get(path).get_json())["stale"] is False
    clock.move(seconds=1)
    assert lead(client.get(path).get_json())["stale"] is True
    assert client.get(path).headers["ETag"] != fresh.headers["ETag"]


def test_an_act_after_midnight_writes_the_bytes_that_were_answered_already(
    world: World, client: FlaskClient, clock: Clock
) -> None:

    due = world.deadline()
    midnight(clock)
    clock.move(seconds=1)
    computed = client.get(f"/v1/public/deadlines/{due}")
    with world.act(world.editor) as act:
        rebuild.rebuild_public_side(act)
    stored = client.get(f"/v1/public/deadlines/{due}")
    assert (stored.data, stored.headers["ETag"]) == (computed.data, computed.headers["ETag"])
