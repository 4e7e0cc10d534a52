"""The numbers of a process are what its documents say, however they are found: kept with each document and summed, or
read off spans of days as of a day. They cost the same however much is in the process.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.api.test_cost_of_acts import answer, counted_steps, watched
from tests.draws import draws, seeds
from tests.public.factories import Seeded, prepare
from tests.public.random_acts import STEPS, run
from tests.world import World
from tracker.actions.operations import rebuild
from tracker.actions.support.unit import open_view
from tracker.domain.canonical import format_instant
from tracker.public import counts, current_scores, feed_state, queries, rendering, scoreboard
from tracker.public.filters import FILTERS
from tracker.public.projection import HISTORY
from tracker.public.scoreboard import KINDS, build_scoreboard
from tracker.public.tables import document, span
from tracker.public.timelines import mark_filed
from tracker.store.database import db

NAMES = [*STEPS, *["answer", "ask_by", "respond", "propose", "pass_time"] * 3]


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


def found_by(world: World, day: date) -> dict[str, str]:
    """By what lists find everything as of a day, as far as it may turn, as documents of that day say."""
    at = world.session.connection()
    things = list(at.scalars(select(document.c.id).order_by(document.c.id)))
    return {
        facts.id: "".join(
            mark_filed(name, value)
            for name, value in sorted(made.facets)
            if name in {one.name for one in FILTERS[made.kind] if one.moves}
        )
        for facts, made in rendering.render_document(at, things, world.clock(), day)
    }


def kept(world: World, day: date) -> dict[str, str]:
    on_day = span.c.from_on <= day.isoformat(), span.c.until_on > day.isoformat()
    rows = world.session.connection().execute(select(span.c.id, span.c.under).where(*on_day))
    return {row.id: row.under for row in rows}


def same_whichever_way(world: World) -> None:
    assert read(world) == folded(world)
    for ago in (0, 1, 200, 500, 3000, -100):
        day = today(world) - timedelta(days=ago)
        assert read(world, day) == folded(world, day), day
        assert kept(world, day) == found_by(world, day), day


@settings(
    max_examples=draws(8), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 2**20)), max_size=25))
def test_the_numbers_are_those_of_the_documents_on_any_day(
    steps: list[tuple[str, int]], seeded: Seeded, tmp_path: Path
) -> None:
    with seeded.copied(tmp_path, len(steps)) as world:
        run(world, steps)
        world.session.rollback()
        same_whichever_way(world)


@pytest.mark.parametrize("seed", seeds(1))
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


def test_reading_them_costs_as_many_statements_and_steps_however_much_is_in_the_process(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps of SQLite's machine: a statement may read an index, and yet all of the process in it."""
    monkeypatch.setattr(current_scores, "MOST_LISTED", 1)
    taken: list[int] = []

    def cost(day: date | None = None) -> list[str]:
        world.session.rollback()
        world.session.connection()
        with watched(db.engine) as seen, counted_steps() as steps:
            read(world, day)
        taken.append(steps[0])
        return [statement for statement, _values in seen]

    answered(world, 0)
    few, past = cost(), cost(date(2026, 1, 1))
    for number in range(1, 12):
        answered(world, number)
    assert (cost(), cost(date(2026, 1, 1))) == (few, past)
    assert taken[2] <= taken[0] + 2  # tens of steps, begun and ended anywhere
    assert not any("public_event" in statement or "brief" in statement for statement in few)


def test_an_answer_in_the_past_is_counted_after_a_history_longer_than_a_document_carries(
    world: World,
) -> None:
    items = [world.item(), world.item()]
    asked = world.recommendation("long")
    answer(world, asked, items, range(HISTORY + 5))
    more = {"cites": (items[0],), "assessor": world.watchdog}
    world.answer(asked, "implementation", "stalled", effective_on=date(2025, 6, 2), **more)
    world.session.rollback()
    for day in (date(2025, 6, number) for number in range(1, 9)):
        assert read(world, day) == folded(world, day)
        assert kept(world, day) == found_by(world, day)


def test_how_a_large_process_was_known_is_refused_and_says_what_to_ask(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(world, 0)
    world.session.rollback()
    path = f"/v1/public/processes/{world.process}/scoreboard?known_at={format_instant(world.clock())}"
    world.clock.move(hours=1)
    world.item()
    world.session.rollback()
    assert client.get(path).status_code == 200
    monkeypatch.setattr(current_scores, "COMPUTED", 1)
    refused = client.get(f"{path}&as_of=2026-11-23")
    assert refused.status_code == 422
    assert refused.json is not None
    told = "is answered for at most 1 things, and more are counted here; ask as_of a day, or read the lists as known_at"
    [fault] = refused.json["errors"]
    assert (fault["pointer"], fault["detail"]) == ("known_at", told)


def test_what_nothing_has_changed_since_is_known_as_it_stands_however_large(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(world, 0)
    world.session.rollback()
    paths = [
        f"{path}known_at={format_instant(world.clock())}{day}"
        for path in (
            f"/v1/public/processes/{world.process}/scoreboard?",
            f"/v1/public/recommendations/count?process={world.process}&implementation=underway&",
        )
        for day in ("", "&as_of=2025-12-01", "&as_of=2024-01-01")
    ]
    with monkeypatch.context() as folding:
        folding.setattr(feed_state, "stands_since", lambda *_asked: False)
        folded = [client.get(path).json for path in paths]
    world.clock.move(minutes=20)  # what the server keeps is forgotten
    monkeypatch.setattr(current_scores, "COMPUTED", 1)
    monkeypatch.setattr(counts, "COMPUTED", 1)
    assert [client.get(path).json for path in paths] == folded


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
