"""After any acts in any order the public side equals the record, and writing it anew changes no byte.

The one contract that all of the others on the public side lean on. On SQLite the acts are drawn by Hypothesis; on
PostgreSQL a few long sequences show that it is not a property of one database.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.draws import draws, seeds
from tests.public.assertions import public
from tests.public.factories import Seeded, prepare
from tests.public.random_acts import STEPS, run
from tests.world import World
from tracker.actions.operations import rebuild

SEQUENCES = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 2**20)), max_size=25)


def holds(world: World) -> None:
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []


@settings(
    max_examples=draws(8), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=SEQUENCES)
def test_the_public_side_equals_the_record_whatever_was_done(
    steps: list[tuple[str, int]], seeded: Seeded, tmp_path: Path
) -> None:
    with seeded.copied(tmp_path, len(steps)) as world:
        run(world, steps)
        holds(world)


@pytest.mark.parametrize("seed", seeds(1))
def test_it_equals_the_record_on_either_database_and_is_the_same_written_anew(
    record: World, seed: int
) -> None:
    draw = Random(seed)
    steps = [(draw.choice(sorted(STEPS)), draw.randrange(2**20)) for _ in range(60)]
    prepare(record)
    run(record, steps)
    holds(record)
    with record.act(record.editor) as act:
        rebuild.rebuild_public_side(act)
    before = public(record.session)
    with record.act(record.editor) as act:
        rebuild.rebuild_public_side(act)
    assert public(record.session) == before
    holds(record)
