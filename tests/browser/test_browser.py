"""The pages in a real browser: usable by everybody, in every light, on a phone, with a keyboard and on paper. They are
small, and nothing is fetched from elsewhere. Needs TRACKER_TEST_CHROMIUM to name a Chromium.

A page is opened once in each language and looked at in every view of that language: to open it takes longest.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests.live_server import serve_live
from tests.services import needs_chromium
from tests.web.addresses import NOBODY, find_ends
from tests.web.scenes import Scenes
from tests.world import World

pytestmark = needs_chromium
#: What pages are looked at in, by language: the width, and what the reader prefers. The first sees all pages, the
#: others the main ones.
VIEWS: dict[str, dict[str, tuple[int, dict[str, Any]]]] = {
    "en": {
        "wide, light": (1200, {"color_scheme": "light", "forced_colors": "none"}),
        "wide, dark": (1200, {"color_scheme": "dark", "forced_colors": "none"}),
        "forced colours": (800, {"color_scheme": "light", "forced_colors": "active"}),
    },
    "ar": {"a phone, dark, right to left": (360, {"color_scheme": "dark", "forced_colors": "none"})},
    "fr": {"a phone, light": (360, {"color_scheme": "light", "forced_colors": "none"})},
}
#: The pages with tables, charts, forms and long texts: what a narrow screen and other colours can spoil.
_MAIN = (
    "home",
    "process",
    "recommendations",
    "recommendation",
    "committee",
    "deadline",
    "indicator",
    "themes",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"


@pytest.fixture
def site(world: World, app: Flask, scenes_template: tuple[Path, Scenes]) -> Iterator[str]:
    scenes_template[1].again(world)
    world.session.rollback()  # nothing is held while others read
    with serve_live(app) as base:
        yield base


def list_paths(world: World, language: str, which: str) -> list[str]:
    """The main pages; or one of every other page, guides, a search, and a page that is not there."""
    ends = find_ends(world.session, language)
    world.session.rollback()  # nothing is held while others read
    if which == "main":
        return [ends[name][0] for name in _MAIN]
    guides = ("/docs/", "/docs/glossary", "/docs/api", "/docs/api/search", "/docs/api/schemas/SearchPage")
    asked = (f"/{language}/{path}" for path in ("search?q=graves", "coast?as_of=2025-04-09", NOBODY))
    return [*(last for name, (_first, last) in ends.items() if name not in _MAIN), *guides, *asked]


def open_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def require_keyboard(page: Page) -> None:
    """From the top of a page, the Tab key reaches all that acts, in the order in which it is read, and shows where it
    is."""
    wanted = page.eval_on_selector_all(
        FOCUSABLE,
        "all => all.filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 120))",
    )
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


@pytest.mark.parametrize(
    ("language", "which"), [("en", "main"), ("en", "others"), ("ar", "main"), ("fr", "main")]
)
def test_every_page_is_usable_in_every_view_and_on_paper_and_fetches_nothing_from_elsewhere(
    world: World, site: str, chromium: Browser, language: str, which: str
) -> None:
    context = chromium.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    faults = {}
    views = VIEWS[language] if which == "main" else dict([*VIEWS[language].items()][:1])
    page = context.new_page()
    for path in list_paths(world, language, which):
        answer = page.goto(site + path)
        assert answer is not None
        found = [] if len(gzip.compress(answer.body())) <= 60_000 else ["larger than 60 kB"]
        page.evaluate(AXE_SCRIPT)
        found += [f"{view}: {fault}" for view, given in views.items() for fault in list_faults(page, *given)]
        faults[path] = found + list_faults_on_paper(page)
    assert {path: found for path, found in faults.items() if found} == {}
    assert {address.split("/")[2] for address in asked} == {site.split("/")[2]}
    sheet = page.request.get(site + str(page.get_attribute("link[rel=stylesheet]", "href")))
    assert len(gzip.compress(sheet.body())) <= 12_000
    context.close()


def list_faults(page: Page, width: int, prefers: dict[str, Any]) -> list[str]:
    """What makes a page hard to use on a screen of this width for a reader who prefers this."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(**prefers)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    said = [f"{one['id']} {[node['html'][:200] for node in one['nodes']][:3]}" for one in found]
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return said if fits else [*said, "wider than the window"]


def list_faults_on_paper(page: Page) -> list[str]:
    """What a printed page does not show: nothing is folded away, and nothing scrolls but code."""
    page.emulate_media(media="print", color_scheme="light", forced_colors="none")
    hidden = page.eval_on_selector_all(
        "main *", "all => all.filter(one => getComputedStyle(one).overflowX === 'auto').length"
    )
    alone = page.eval_on_selector_all(
        "main :is(h2, h3, h4)",
        "all => all.filter(one => getComputedStyle(one).breakAfter !== 'avoid').length",
    )
    faults = {
        "leaves a heading at the end of a sheet": alone > 0,
        "scrolls on paper": hidden != page.locator("main pre").count(),
        "folds something away": page.locator("details").count() > 0,
        "prints its menu": page.is_visible("header.site nav"),
        "has a script": page.locator("script").count() > 0,
    }
    page.emulate_media(media="screen")
    return [fault for fault, found in faults.items() if found]


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
    require_keyboard(page)
    page.goto(f"{site}/en/coast")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


def test_a_page_is_printed(site: str, chromium: Browser) -> None:
    context = chromium.new_context()
    for path in ("/ar/coast/recommendations/R1", "/ar/coast/dossier"):
        page = open_page(context, f"{site}{path}")
        assert page.pdf().startswith(b"%PDF-")
    context.close()


def test_the_site_of_somebody_else_shows_the_embed_and_the_badge_reads_feeds_and_frames_no_page(
    site: str, chromium: Browser
) -> None:
    other = Flask("elsewhere")
    other.add_url_rule(
        "/",
        view_func=lambda: (
            f'<iframe id="embed" src="{site}/embed/coast"></iframe><img src="{site}/badges/coast.svg">'
            f'<iframe id="page" src="{site}/en/coast"></iframe>'
        ),
    )
    with serve_live(other) as elsewhere:
        page = open_page(chromium.new_context(), elsewhere)
        assert "0 of 2 implemented" in page.frame_locator("#embed").locator("body").inner_text()
        assert page.frame_locator("#page").locator("main").count() == 0
        assert page.evaluate("document.querySelector('img').naturalWidth") > 0
        status, tag, slug = page.evaluate(
            """async site => {
                const answer = await fetch(site + "/feeds/coast/status.json");
                return [answer.status, answer.headers.get("ETag"), (await answer.json()).process.slug];
            }""",
            site,
        )
        assert (status, slug) == (200, "coast")
        assert tag.startswith('"status.json-')
        private = page.evaluate("site => fetch(site + '/v1/me').then(() => 'read', () => 'refused')", site)
        assert private == "refused"
