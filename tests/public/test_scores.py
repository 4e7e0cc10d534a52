"""The numbers of a process are what its documents say, however they are found: kept with each document and summed, or
read from an index of answers as of a day. They cost the same however much is in the process.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.test_cost_of_acts import watched
from tests.public.factories import Seeded, prepare
from tests.public.random_acts import STEPS, run
from tests.world import World
from tracker.actions.operations import rebuild
from tracker.actions.support.unit import open_view
from tracker.public import current_scores, queries, scoreboard
from tracker.public.scoreboard import KINDS, build_scoreboard
from tracker.store.database import db

NAMES = [*STEPS, *["answer", "ask_by", "respond", "propose", "pass_time"] * 3]


@pytest.fixture(scope="module")
def seeded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    return Seeded.made(sqlite_template, tmp_path_factory.mktemp("seeded"))


def folded(world: World, day: date | None = None) -> dict[str, Any]:
    """What all documents of the process give, each folded from its acts."""
    at = world.session.connection()
    found = [
        queries.list_past_briefs(at, world.process, kind, world.clock(), day or today(world), None)
        for kind in KINDS
    ]
    return build_scoreboard(*found)


def today(world: World) -> date:
    return (world.clock() + timedelta(hours=3)).date()  # in Damascus


def read(world: World, day: date | None = None) -> dict[str, Any]:
    return current_scores.read_scoreboard(world.session.connection(), world.process, world.clock(), day)


def same_whichever_way(world: World) -> None:
    assert read(world) == folded(world)
    for ago in (0, 1, 200, 500, 3000, -100):
        day = today(world) - timedelta(days=ago)
        assert read(world, day) == folded(world, day), day


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 2**20)), max_size=25))
def test_the_numbers_are_those_of_the_documents_on_any_day(
    steps: list[tuple[str, int]], seeded: Seeded, tmp_path: Path
) -> None:
    with seeded.copied(tmp_path, len(steps)) as world:
        run(world, steps)
        world.session.rollback()
        same_whichever_way(world)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_they_are_after_many_acts_and_when_many_documents_have_turned(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    draw = Random(seed)
    prepare(world)
    for number in range(6):
        world.recommendation(f"S{number}")
    run(world, [(draw.choice(NAMES), draw.randrange(2**20)) for _ in range(80)])
    world.session.rollback()
    same_whichever_way(world)
    monkeypatch.setattr(current_scores, "MOST_TURNED", 0)
    same_whichever_way(world)
    monkeypatch.setattr(scoreboard, "MOST_LISTED", 2)
    monkeypatch.setattr(current_scores, "MOST_LISTED", 2)
    same_whichever_way(world)
    assert max(len(read(world)[name]) for name in scoreboard.LISTS) <= 2


def answered(world: World, number: int) -> None:
    asked = world.recommendation(f"T{number}")
    world.deadline(owner_id=asked, type="government_response_due", rule="30 days")
    for who, state in ((world.lead, "underway"), (world.watchdog, "stalled")):
        world.answer(asked, "implementation", state, cites=(world.item(),), assessor=who)


def test_reading_them_costs_as_many_statements_and_rows_however_much_is_in_the_process(world: World) -> None:
    def cost(day: date | None = None) -> list[str]:
        world.session.rollback()
        world.session.connection()
        with watched(db.engine) as seen:
            read(world, day)
        return [statement for statement, _values in seen]

    answered(world, 0)
    few, past = cost(), cost(date(2026, 1, 1))
    for number in range(1, 12):
        answered(world, number)
    assert (cost(), cost(date(2026, 1, 1))) == (few, past)
    assert not any("public_event" in statement or "brief" in statement for statement in few)


SABOTAGE = (
    "UPDATE public_tally SET number = number + 1 WHERE name = 'total recommendation'",
    "DELETE FROM public_tally",
    "UPDATE public_score SET counts = '{}'",
    "UPDATE public_span SET until_on = '2025-12-31' WHERE until_on = 'forever'",
    "UPDATE public_span SET under = ''",
    "UPDATE public_tally SET number = number + 1 WHERE period LIKE 'm%'",
    "INSERT INTO public_span SELECT 'rec_0', from_on, until_on, process_id, kind, sort_key, first_on, last_on,"
    " under, NULL, NULL FROM public_span LIMIT 1",
    "DELETE FROM public_score",
    "DELETE FROM public_notable",
    "INSERT INTO public_tally VALUES ('prc_0', '', 'stale', 1)",
)


@pytest.mark.parametrize("statement", SABOTAGE)
def test_a_wrong_number_is_found_and_mended(world: World, statement: str) -> None:
    answered(world, 0)
    world.session.rollback()
    with db.engine.begin() as connection:
        assert connection.exec_driver_sql(statement).rowcount > 0
    with open_view(world.session, world.editor, world.clock(), world.entropy) as view:
        assert rebuild.check_public_side(view) != []
    with world.act(world.editor) as act:
        rebuild.rebuild_public_side(act)
        assert rebuild.check_public_side(act) == []
