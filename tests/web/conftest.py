"""What tests of pages share: a client that asks as a browser does, and a world in which every page has something."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.contract.client import PlainClient
from tests.web.scenes import Scenes
from tests.web.test_hostile import Hostile
from tests.world import World


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return PlainClient(app, app.response_class)


@pytest.fixture
def hostile(world: World) -> Hostile:
    return Hostile(world)


@pytest.fixture
def scenes(world: World, scenes_template: tuple[Path, Scenes]) -> Scenes:
    return scenes_template[1].again(world)
