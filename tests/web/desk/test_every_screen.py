"""Every screen of the desk, with something to show on it, for who opens it."""

from __future__ import annotations

from flask import Flask

from tests.contract.client import PlainClient
from tests.web.desk.furnished import Furnished
from tests.web.desk.people import Browser
from tests.web.desk.screens import LEADING, NOBODY, list_open_pages, list_screens
from tracker.web.desk.view import VIEWS


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
