"""A world with something of every kind, made once and copied for each sequence of acts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.conftest import Clock, lend_app
from tests.world import World
from tracker.store.database import db

#: Custodians: what takes two of them can be drawn.
KEEPERS = ("custodian one", "custodian two")


def prepare(world: World) -> World:
    """Something of every kind, so that the first act has something to be about."""
    for name in KEEPERS:
        world.person(name, "custodian")
    world.recommendation("C1")
    world.recommendation("C2", publish=False)
    world.deadline()
    world.item()
    world.item(publisher_id=world.daily)
    world.item(publish=False, protection="confidential")
    return world


@dataclass(frozen=True, slots=True)
class Seeded:
    """The database that the world was made in, and the world as it was made."""

    path: Path
    world: World

    @contextmanager
    def copied(self, folder: Path, number: int) -> Iterator[World]:
        """The same world on a copy of its database. ``number`` begins what is random."""
        database = folder / "any.db"
        shutil.copy(self.path, database)
        for old in ("any.db-wal", "any.db-shm"):
            (folder / old).unlink(missing_ok=True)
        clock, entropy = Clock(), Random(number).randbytes
        with lend_app(f"sqlite:///{database}", clock, entropy) as app, app.app_context():
            world = copy(self.world)
            world.session, world.clock, world.entropy = db.session(), clock, entropy
            yield world
