"""What the tests of the REST door share."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.factories import Stage
from tests.api.http_client import RepeatingClient
from tests.conftest import Clock, make_app
from tests.public.assertions import opened
from tests.world import World
from tracker.store.database import db


@pytest.fixture
def stage(app: Flask, client: FlaskClient, world: World, stage_template: tuple[Path, Stage]) -> Stage:
    return stage_template[1].again(app, client, world)


@pytest.fixture
def desk(database_url: str, clock: Clock, world_template: tuple[Path, World]) -> Iterator[RepeatingClient]:
    """Somebody who sends POSTs, on either database."""
    with opened(database_url, world_template[1], clock, secrets.token_bytes) as (app, world):
        yield RepeatingClient(app, world)


@pytest.fixture(scope="module")
def one_stage(
    stage_template: tuple[Path, Stage], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """One stage for all tests of a file: for those that change nothing."""
    path = tmp_path_factory.mktemp("stage") / "tracker.db"
    shutil.copy(stage_template[0], path)
    clock, entropy = Clock(), Random(20250309).randbytes
    app = make_app(f"sqlite:///{path}", clock, entropy)
    with app.app_context():
        made = stage_template[1]
        yield made.again(app, app.test_client(), made.world.again(db.session(), clock, entropy))
        db.session.remove()
        db.engine.dispose()
