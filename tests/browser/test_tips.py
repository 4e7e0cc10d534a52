"""Somebody without an account, in a real browser: they write, come back, add, take back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium

from tests.actions.tips import open_box
from tests.browser.test_desk import VIEWS, require_usable
from tests.live_server import serve_live
from tests.services import needs_chromium
from tests.world import World

pytestmark = needs_chromium


@pytest.fixture
def site(app: Flask, world: World) -> Iterator[str]:
    open_box(world, world.person("keeper", "custodian"))
    world.session.rollback()
    with serve_live(app) as base:
        yield base


@pytest.mark.parametrize("view", VIEWS)
def test_a_tip_from_the_first_word_to_the_last(
    site: str, chromium: Chromium, view: str, tmp_path: Path
) -> None:
    language, width, prefers = VIEWS[view]
    size = {"width": width, "height": 900}
    context = chromium.new_context(viewport=size, **prefers)
    page = context.new_page()
    page.goto(f"{site}/{language}/tips")
    require_usable(page)
    page.click("main ul a")
    require_usable(page)
    page.click("form.sheet button")
    assert page.locator("#field-happened-fault").count() == 1
    require_usable(page)
    page.fill("#field-happened", "رأيت الشاحنات تغادر.")
    picture = tmp_path / "صورة.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0 a picture")
    page.set_input_files("#field-file", picture)
    page.click("form.sheet button")
    phrase = page.inner_text(".phrase")
    assert len(phrase.split()) == 8
    require_usable(page)
    page.goto(f"{site}/{language}/tips")
    page.fill("#field-phrase", phrase)
    page.click("form.sheet button")
    assert "رأيت الشاحنات تغادر." in page.inner_text("main")
    require_usable(page)
    page.fill("#field-text", "وكانت أربعًا.")
    page.click("form.sheet button")
    assert page.locator(".done").count() == 1
    assert "وكانت أربعًا." in page.inner_text("ol")
    page.check("input[name=sure]")
    page.click("form.sheet >> nth=1 >> button")
    require_usable(page)
    page.goto(f"{site}/{language}/tips")
    page.fill("#field-phrase", phrase)
    page.click("form.sheet button")
    assert page.locator("#refused").count() == 1
    assert context.cookies() == []
    context.close()
