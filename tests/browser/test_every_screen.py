"""Every screen of the desk, and every page with a form for people without an account, in a real browser on a phone, in
English and Arabic. Needs TRACKER_TEST_CHROMIUM.

To open a page takes longest. So one page is opened, in which each of the others takes the place of the one before.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests.browser.test_browser import RULES, require_keyboard
from tests.live_server import serve_live
from tests.services import needs_chromium
from tests.web.desk.furnished import Furnished
from tests.web.desk.people import Browser
from tests.web.desk.screens import NOBODY, list_open_pages, list_screens

pytestmark = needs_chromium
#: language -> which colours its reader prefers.
VIEWS = {"en": "light", "ar": "dark"}
#: Puts what another address answered into the page that is open, with its style sheet, and says what is wrong there.
_LOOK = """async ([html, rules]) => {
    const made = new DOMParser().parseFromString(html, "text/html");
    for (const name of ["lang", "dir"]) document.documentElement[name] = made.documentElement[name];
    document.title = made.title;
    document.body.replaceWith(document.adoptNode(made.body));
    const shown = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea")];
    const faults = shown.filter(one => one.tabIndex != 0).map(one => "no key reaches " + one.outerHTML.slice(0, 200));
    if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the window");
    const found = (await axe.run(document, rules)).violations;
    return [...faults, ...found.map(one => one.id + " " + one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)))];
}"""


class Phone:
    """A narrow screen on which one answer after the other is looked at."""

    def __init__(self, page: Page) -> None:
        self.page, self.faults = page, dict[tuple[str, str], list[str]]()
        page.evaluate(AXE_SCRIPT)

    def look(self, who: str, path: str, html: str) -> None:
        found = self.page.evaluate(_LOOK, [html, {**RULES, "resultTypes": ["violations"]}])
        if found:
            self.faults[who, path] = found


@pytest.fixture(params=VIEWS)
def phone(app: Flask, chromium: Chromium, request: pytest.FixtureRequest) -> Iterator[Phone]:
    size = {"width": 360, "height": 900}
    context = chromium.new_context(viewport=size, color_scheme=VIEWS[request.param], locale=request.param)
    page = context.new_page()
    with serve_live(app) as site:
        page.goto(f"{site}/{request.param}/desk/login")
        yield Phone(page)
    context.close()


def open_browsers(app: Flask, furnished: Furnished, language: str) -> dict[str, Browser]:
    people = furnished.people.items()
    browsers = {name: Browser(app, language).enter(furnished.world, one) for name, one in people}
    return {NOBODY: Browser(app, language), **browsers}


def test_everybody_may_use_every_screen_on_a_phone(app: Flask, furnished: Furnished, phone: Phone) -> None:
    """In English as it is opened. In Arabic a form is sent that way, and looked at as it comes back."""
    language = str(phone.page.get_attribute("html", "lang"))
    browsers = open_browsers(app, furnished, language)
    for who, screen, path in list_screens(furnished):
        shown = browsers[who].read(path)
        if language == "ar" and screen.act is not None and screen.name != "logout":
            sent = browsers[who].send(path, {})
            shown = shown if sent.status_code in (200, 303) else sent
        phone.look(who, path, shown.text)
    for path in list_open_pages(furnished):
        phone.look(NOBODY, path, browsers[NOBODY].read(f"/{language}{path}").text)
    assert phone.faults == {}


@pytest.mark.parametrize("phone", ["ar"], indirect=True)
@pytest.mark.parametrize("name", ["new_recommendation", "decide", "queue"])
def test_a_keyboard_is_enough_for_the_longest_screens(
    app: Flask, furnished: Furnished, phone: Phone, name: str
) -> None:
    who, path = next((who, path) for who, one, path in list_screens(furnished) if one.name == name)
    cookie = open_browsers(app, furnished, "ar")[who].client.get_cookie("desk")
    assert cookie is not None
    desk = phone.page.url.removesuffix("/login")
    phone.page.context.add_cookies([{"name": "desk", "value": cookie.value, "url": desk}])
    phone.page.goto(desk + path)
    assert phone.page.url == desk + path
    require_keyboard(phone.page)
