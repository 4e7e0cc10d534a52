"""The desk in a real browser: log in, see what waits, go to the queue, log out. Needs TRACKER_TEST_CHROMIUM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests.browser.test_browser import RULES
from tests.live_server import serve_live
from tests.services import needs_chromium
from tests.web.desk.people import PASSWORD, Browser, let_in
from tests.world import World

pytestmark = needs_chromium
VIEWS: dict[str, tuple[str, int, dict[str, Any]]] = {
    "wide and light": ("en", 1200, {"color_scheme": "light"}),
    "a phone, dark, right to left": ("ar", 360, {"color_scheme": "dark"}),
}


@pytest.fixture
def site(app: Flask, world: World) -> Iterator[str]:
    let_in(world, app, world.approver)
    world.propose(world.recommendation("R1"), "implementation", "not_started")
    world.session.rollback()  # nothing is held while others read
    with serve_live(app) as base:
        yield base


def require_usable(page: Page, scripts: int = 0) -> None:
    """Nothing that axe finds, nothing wider than the window, no script but so many."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert page.locator("script").count() == scripts


def log_in(page: Page, name: str, code: str) -> None:
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=code]", code)
    page.click("form.sheet button")


@pytest.mark.parametrize("view", VIEWS)
def test_from_the_login_to_the_queue_and_out_again(
    app: Flask, site: str, chromium: Chromium, view: str
) -> None:
    language, width, prefers = VIEWS[view]
    context = chromium.new_context(viewport={"width": width, "height": 900}, **prefers)
    page = context.new_page()
    page.goto(f"{site}/{language}/desk/queue?kind=proposal")
    assert "/desk/login" in page.url
    require_usable(page)
    log_in(page, "approver", "000000")
    page.wait_for_function("document.activeElement.getAttribute('role') === 'alert'")
    assert page.input_value("input[name=name]") == "approver"
    assert page.input_value("input[name=password]") == ""
    require_usable(page)
    log_in(page, "approver", Browser(app).code())
    assert page.url == f"{site}/{language}/desk/queue?kind=proposal"
    assert "Recommendation R1" in page.inner_text("main")
    require_usable(page)
    page.click("nav >> nth=0 >> a >> nth=0")
    assert page.url == f"{site}/{language}/desk/"
    require_usable(page)
    page.click(".works a >> nth=0")
    assert "kind=proposal" in page.url
    page.click("nav >> nth=0 >> a >> nth=3")
    assert "/desk/account" in page.url
    require_usable(page)
    cookies = {one["name"]: one for one in context.cookies()}
    assert cookies["desk"]["httpOnly"]
    page.click("form.who button")
    assert "/desk/login?done=logout" in page.url
    page.goto(f"{site}/{language}/desk/")
    assert "/desk/login" in page.url
    context.close()


def test_the_record_is_kept_on_a_phone(app: Flask, world: World, site: str, chromium: Chromium) -> None:
    language, width, prefers = VIEWS["a phone, dark, right to left"]
    let_in(world, app, world.editor)
    draft = world.recommendation("R2", publish=False)
    world.session.rollback()
    page = chromium.new_context(viewport={"width": width, "height": 900}, **prefers).new_page()
    page.goto(f"{site}/{language}/desk/records/recommendations?publication=draft")
    log_in(page, "editor", Browser(app).code())
    require_usable(page)
    page.click(".works a")
    assert page.url == f"{site}/{language}/desk/things/{draft}"
    require_usable(page)
    page.click(".buttons a >> nth=0")
    require_usable(page)
    page.fill("textarea[name=text]", "Vet all forces.")
    page.click("form.sheet .buttons button:not(.quiet)")
    assert page.url == f"{site}/{language}/desk/things/{draft}?done=edited_recommendation"
    assert "Vet all forces." in page.inner_text("main")
    page.click(".buttons a >> nth=1")
    require_usable(page)
    page.context.close()


def test_an_import_and_the_longer_forms_fit_a_phone(
    app: Flask, world: World, site: str, chromium: Chromium
) -> None:
    language, width, prefers = VIEWS["a phone, dark, right to left"]
    let_in(world, app, world.editor)
    date, item = world.deadline(), world.item()
    world.session.rollback()
    page = chromium.new_context(viewport={"width": width, "height": 900}, **prefers).new_page()
    page.goto(f"{site}/{language}/desk/import?kind=recommendation&process={world.process}")
    log_in(page, "editor", Browser(app).code())
    require_usable(page)
    rows = "reference,title,text,language,type,issuer,issued_on\nR7,عنوان,نص,ar,vetting,watchdog,2025\n"
    page.set_input_files(
        "input[type=file]", {"name": "ق.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.click("form.sheet .buttons button:not(.quiet)")
    assert "/desk/import/dry-run?kept_form=" in page.url
    require_usable(page)
    page.click("form.sheet button")
    assert "R7" in page.inner_text("main")
    require_usable(page)
    forms = ("extension", "refused-extension")
    others = ("records/recommendations/many", f"evidence/{item}/files", "records/evidence/new", "verdicts")
    for path in (*(f"deadlines/{date}/{one}" for one in forms), *others):
        page.goto(f"{site}/{language}/desk/{path}")
        require_usable(page)
    page.context.close()
