"""The pages in a real browser: usable by everybody, in every light, on a phone, with a keyboard and on paper. Nothing
is fetched from elsewhere. Needs TRACKER_TEST_CHROMIUM to name a Chromium.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.live_server import serve_live
from tests.web.addresses import NOBODY, list_examples
from tests.web.scenes import Scenes
from tests.world import World

CHROMIUM = os.environ.get("TRACKER_TEST_CHROMIUM")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="TRACKER_TEST_CHROMIUM names no browser")
#: What pages are looked at in: language, width, and what the reader prefers; the first sees all of them.
VIEWS: dict[str, tuple[str, int, dict[str, Any]]] = {
    "wide and light": ("en", 1200, {"color_scheme": "light"}),
    "a phone, dark, right to left": ("ar", 360, {"color_scheme": "dark"}),
    "a phone, light": ("fr", 360, {"color_scheme": "light"}),
    "wide, dark": ("en", 1200, {"color_scheme": "dark"}),
    "forced colours": ("en", 800, {"forced_colors": "active"}),
}
#: The pages with tables, charts, forms and long texts: what a narrow screen and other colours can spoil.
_MAIN = ("/", "/coast", "/recommendations", "/R1", "/inquiry", "/docs/api/search")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, [tabindex='0']"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def site(world: World, app: Flask) -> Iterator[str]:
    Scenes(world)
    world.session.rollback()  # nothing is held while others read
    with serve_live(app) as base:
        yield base


def list_paths(world: World, language: str) -> list[str]:
    """Every page of the record, guides, a search, and a page that is not there."""
    found = list_examples(world.session, language)
    world.session.rollback()  # nothing is held while others read
    more = ("/docs/", "/docs/glossary", "/docs/api", "/docs/api/search", "/docs/api/schemas/SearchPage")
    return [
        *found,
        *more,
        f"/{language}/search?q=graves",
        f"/{language}/coast?as_of=2025-04-09",
        f"/{language}/{NOBODY}",
    ]


def open_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_usable_in_every_view_and_fetches_nothing_from_elsewhere(
    world: World, site: str, chromium: Browser, view: str
) -> None:
    language, width, prefers = VIEWS[view]
    context = chromium.new_context(viewport={"width": width, "height": 900}, **prefers)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    faults = {}
    paths = list_paths(world, language)
    for path in paths if view == "wide and light" else [one for one in paths if one.endswith(_MAIN)]:
        page = open_page(context, site + path)
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        faults[path] = [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found]
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            faults[path].append(("wider than the window", []))
        page.close()
    assert {path: found for path, found in faults.items() if found} == {}
    assert {address.split("/")[2] for address in asked} == {site.split("/")[2]}
    context.close()


def test_without_scripts_the_record_is_read_and_the_filter_is_used(site: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = open_page(context, f"{site}/en/coast/recommendations")
    page.select_option("select[name=state]", "stalled")
    page.click("form.filters button")
    assert "state=stalled" in page.url
    assert "Vet the forces" in page.inner_text("main")
    assert "Mark the graves" not in page.inner_text("main")
    page.click(".applied a >> nth=0")
    assert "Mark the graves" in page.inner_text("main")
    page.goto(f"{site}/en/coast")
    page.fill("input[name=as_of]", "2025-04-09")
    page.click("form.as-of button")
    assert "No report has been handed over; it is 1 day overdue." in page.inner_text("main")
    context.close()


def test_the_keyboard_reaches_everything_in_the_order_in_which_it_is_read(
    site: str, chromium: Browser
) -> None:
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    page = open_page(context, f"{site}/en/coast")
    wanted = page.eval_on_selector_all(FOCUSABLE, "all => all.map(one => one.outerHTML.slice(0, 120))")
    reached, ringed = [], []
    for _step in wanted:
        page.keyboard.press("Tab")
        one = page.evaluate(
            "() => [document.activeElement.outerHTML.slice(0, 120),"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        if reached[-1:] != [one[0]]:  # the parts of a date are steps of one field
            reached.append(one[0])
            ringed.append(one[1])
    assert reached == wanted[: len(reached)]
    assert len(reached) >= len(wanted) - 3
    assert set(ringed) == {"solid"}
    page.goto(f"{site}/en/coast")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


def test_on_paper_nothing_is_hidden_and_sources_have_their_address(
    world: World, site: str, chromium: Browser
) -> None:
    context = chromium.new_context()
    for path in list_paths(world, "en"):
        page = open_page(context, site + path)
        page.emulate_media(media="print")
        assert "/recommendations" not in path or page.pdf().startswith(b"%PDF-"), path
        assert page.locator("details").count() == 0
        hidden = page.eval_on_selector_all(
            "main *", "all => all.filter(one => getComputedStyle(one).overflowX === 'auto').length"
        )
        assert hidden == page.locator("main pre").count(), path
        assert not page.is_visible("header.site nav")
        page.close()
    context.close()


def test_pages_are_small(world: World, site: str, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    for path in list_paths(world, "ar"):
        answer = page.goto(site + path)
        assert answer is not None
        assert len(gzip.compress(answer.body())) <= 60_000, path
    sheet = page.request.get(site + str(page.get_attribute("link[rel=stylesheet]", "href")))
    assert len(gzip.compress(sheet.body())) <= 12_000
    assert page.locator("script").count() == 0
    context.close()
