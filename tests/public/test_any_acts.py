"""After any acts in any order the public side equals the record, and writing it anew changes no byte.

The one contract that all of the others on the public side lean on. On SQLite the acts are drawn by Hypothesis; on
PostgreSQL a few long sequences show that it is not a property of one database.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Clock, make_app
from tests.public.acts import STEPS, run
from tests.public.side import opened, public
from tests.world import World
from tracker.actions import rebuild
from tracker.store.database import db

SEQUENCES = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 2**20)), max_size=25)


def holds(world: World) -> None:
    with world.act(world.editor) as act:
        assert rebuild.check(act) == []


def prepare(world: World) -> None:
    """Something of every kind, so that the first act has something to be about."""
    world.recommendation("C1")
    world.recommendation("C2", publish=False)
    world.deadline()
    world.item()
    world.item(publisher_id=world.daily)
    world.item(publish=False, protection="confidential")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=SEQUENCES)
def test_the_public_side_equals_the_record_whatever_was_done(
    steps: list[tuple[str, int]], seeded: tuple[World, Path], tmp_path: Path
) -> None:
    template, path = seeded
    database = tmp_path / "any.db"
    database.write_bytes(path.read_bytes())
    for old in ("any.db-wal", "any.db-shm"):
        (tmp_path / old).unlink(missing_ok=True)
    clock, entropy = Clock(), Random(len(steps)).randbytes
    app = make_app(f"sqlite:///{database}", clock, entropy)
    with app.app_context():
        world = copy(template)
        world.session, world.clock, world.entropy = db.session(), clock, entropy
        try:
            run(world, steps)
            holds(world)
        finally:
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module")
def seeded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """A world made once and copied for each sequence."""
    path = tmp_path_factory.mktemp("seeded") / "tracker.db"
    path.write_bytes(sqlite_template.read_bytes())
    with opened(f"sqlite:///{path}", Clock(), Random(20250306).randbytes) as (_app, world):
        prepare(world)
        world.session.rollback()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return world, path


@pytest.mark.parametrize("seed", [1, 2])
def test_it_equals_the_record_on_either_database_and_is_the_same_written_anew(
    database_url: str, clock: Clock, entropy: Callable[[int], bytes], seed: int
) -> None:
    draw = Random(seed)
    steps = [(draw.choice(sorted(STEPS)), draw.randrange(2**20)) for _ in range(60)]
    with opened(database_url, clock, entropy) as (_app, world):
        prepare(world)
        run(world, steps)
        holds(world)
        with world.act(world.editor) as act:
            rebuild.rebuild(act)
        before = public(world.session)
        with world.act(world.editor) as act:
            rebuild.rebuild(act)
        assert public(world.session) == before
        holds(world)
