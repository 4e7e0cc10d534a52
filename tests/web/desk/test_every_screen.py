"""Every screen of the desk, with something to show on it, for who opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeTemplate
from tests.contract.client import PlainClient
from tests.web.desk.furnished import Furnished
from tests.web.desk.people import Browser
from tests.web.desk.screens import LEADING, NOBODY, list_open_pages, list_screens
from tests.world import World
from tracker.web.desk.view import VIEWS


@pytest.fixture(scope="module")
def own_template(make_template: MakeTemplate[Any]) -> tuple[Path, Furnished]:
    return make_template(Furnished)


@pytest.fixture
def furnished(app: Flask, world: World, own_template: tuple[Path, Furnished]) -> Furnished:
    return own_template[1].again(world, app)


def test_every_screen_is_shown(app: Flask, furnished: Furnished) -> None:
    browsers = {name: Browser(app).enter(furnished.world, one) for name, one in furnished.people.items()}
    browsers[NOBODY] = Browser(app)
    assert {one.name for _who, one, _path in list_screens(furnished)} == VIEWS.keys() - set(LEADING)
    wrong = [
        (one.name, who, path, status)
        for who, one, path in list_screens(furnished)
        if (status := browsers[who].read(path).status_code) != 200
    ]
    plain = PlainClient(app, app.response_class)
    wrong += [path for path in list_open_pages(furnished) if plain.get(f"/en{path}").status_code != 200]
    assert wrong == []
