"""The pictures of the guide of the desk are screens, taken here in its two languages. Needs TRACKER_TEST_CHROMIUM.

`TRACKER_TEST_PICTURES=docs/pictures python -m pytest tests/browser/test_pictures.py` renews those of the repository.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, FloatRect

from tests.live_server import serve_live
from tests.services import needs_chromium
from tests.web.desk.furnished import Furnished
from tests.web.desk.people import Browser

pytestmark = needs_chromium
#: The size of a picture, in pixels, and the most bytes that it has.
WIDTH, HEIGHT, MOST_BYTES = 760, 700, 60_000
#: The pictures by name: who looks at which screen.
PICTURES: Final = {"home": "approver", "decide": "approver", "propose": "editor", "date": "editor"}


@pytest.fixture
def desk(
    app: Flask, furnished: Furnished, chromium: Chromium
) -> Iterator[dict[str, tuple[BrowserContext, str]]]:
    """For each who looks, a window in which they are logged in, and the address of the site."""
    entered = {
        who: Browser(app).enter(furnished.world, furnished.people[who]) for who in set(PICTURES.values())
    }
    with serve_live(app) as site:
        windows = {}
        for who, browser in entered.items():
            windows[who] = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT}), site
            cookie = browser.client.get_cookie("desk")
            assert cookie is not None
            windows[who][0].add_cookies([{"name": "desk", "value": cookie.value, "url": site}])
        yield windows
        for context, _site in windows.values():
            context.close()


def find_screen(furnished: Furnished, name: str) -> str:
    """Where a picture is taken."""
    of = furnished.of
    state = f"propose?track=implementation&state=partly_implemented&cites={of['evidence']}"
    paths = {
        "home": "/",
        "decide": furnished.at["decide"][0],
        "propose": f"/subjects/{of['recommendation']}/{state}",
        "date": f"/deadlines/{of['deadline']}/extension",
    }
    return paths[name]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_guide_is_taken_and_is_small(
    furnished: Furnished,
    desk: dict[str, tuple[BrowserContext, str]],
    name: str,
    language: str,
    tmp_path: Path,
) -> None:
    context, site = desk[PICTURES[name]]
    page = context.new_page()
    page.goto(f"{site}/{language}/desk{find_screen(furnished, name)}")
    if name == "date":
        page.fill("[name=set_on]", "2025-07-10")
        page.fill("[name=rule]", "3 months")
        page.fill("[name=reason]", "The president gave more time.")
        page.select_option("[name='citations/0/evidence']", furnished.scenes.item)
        page.select_option("[name='citations/0/stance']", "supports")
        page.click("button[name='.try']")
    page.evaluate("document.querySelectorAll('header.site, footer, nav').forEach(one => one.remove())")
    page.evaluate("scrollTo(0, 0)")
    height = min(
        HEIGHT, page.evaluate("Math.ceil(document.querySelector('main').getBoundingClientRect().bottom)")
    )
    clip: FloatRect = {"x": 0, "y": 0, "width": WIDTH, "height": height}
    path = Path(os.environ.get("TRACKER_TEST_PICTURES", tmp_path)) / f"{name}-{language}.png"
    with Image.open(io.BytesIO(page.screenshot(clip=clip))) as taken:
        taken.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size <= MOST_BYTES
