"""Passkeys in a real browser with a device that the browser emulates. Needs TRACKER_TEST_CHROMIUM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import CDPSession, Page

from tests.browser.test_desk import VIEWS, log_in, require_usable
from tests.conftest import Clock
from tests.live_server import serve_live
from tests.services import needs_chromium
from tests.web.desk.people import Browser, let_in
from tests.world import World
from tracker.http.context import Context

pytestmark = needs_chromium


@pytest.fixture
def site(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the desk under the name that a device keeps passkeys for."""
    let_in(world, app, world.approver)
    world.session.rollback()  # nothing is held while others read
    with serve_live(app) as base:
        know_as(app, base, monkeypatch)
        yield base.replace("127.0.0.1", "localhost")


def know_as(app: Flask, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known: Context = app.extensions["tracker"]
    monkeypatch.setitem(
        app.extensions, "tracker", replace(known, settings=replace(known.settings, base_url=base))
    )


def plug_in(page: Page, *, verifies: bool = True) -> CDPSession:
    """Give the browser a device, which does at once what its owner is asked for."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= {"hasResidentKey": True, "hasUserVerification": verifies, "isUserVerified": verifies}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return device


def press(page: Page) -> None:
    page.click("[data-passkey] form.sheet button")


@pytest.mark.parametrize("view", VIEWS)
def test_a_passkey_is_added_lets_in_confirms_and_is_removed(
    app: Flask, site: str, clock: Clock, chromium: Chromium, view: str
) -> None:
    language, width, prefers = VIEWS[view]
    page = chromium.new_context(viewport={"width": width, "height": 900}, **prefers).new_page()
    plug_in(page)
    desk = f"{site}/{language}/desk"
    page.goto(f"{desk}/account/passkeys/new")
    require_usable(page)
    log_in(page, "approver", Browser(app).code())
    page.fill("input[name=label]", "الهاتف")
    require_usable(page, scripts=1)
    press(page)
    page.wait_for_url(f"{desk}/account/passkeys?done=new_passkey")
    require_usable(page)
    page.click("form.who button")
    page.click("main a[href$='/login/passkey']")
    assert page.url == f"{desk}/login/passkey"
    require_usable(page, scripts=1)
    press(page)
    page.wait_for_url(f"{desk}/")
    clock.move(minutes=10)
    page.goto(f"{desk}/account/recovery-codes")
    page.click("form.sheet button")
    page.click("main a[href*='/confirm/passkey']")
    assert "/desk/confirm/passkey" in page.url
    require_usable(page, scripts=1)
    press(page)
    page.wait_for_selector("ol.codes")
    page.goto(f"{desk}/account/passkeys")
    page.click(".works a")
    page.click("form.sheet button")
    page.goto(f"{desk}/logout")
    page.click("main form.sheet button")
    page.goto(f"{desk}/login/passkey")
    press(page)
    page.wait_for_function("document.activeElement.getAttribute('role') === 'alert'")
    require_usable(page, scripts=1)
    page.context.close()


def test_elsewhere_and_without_seeing_its_owner_a_device_opens_nothing(
    app: Flask, site: str, chromium: Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = chromium.new_context().new_page()
    device = plug_in(page)
    page.goto(f"{site}/en/desk/account/passkeys/new")
    log_in(page, "approver", Browser(app).code())
    page.fill("input[name=label]", "the phone")
    press(page)
    page.wait_for_url("**/account/passkeys?done=new_passkey")
    page.goto(site.replace("localhost", "127.0.0.1") + "/en/desk/login/passkey")
    press(page)
    page.wait_for_selector("#passkey-failed:not([hidden])")
    know_as(app, f"http://localhost:{(urlsplit(site).port or 0) + 1}", monkeypatch)
    page.goto(f"{site}/en/desk/login/passkey")
    press(page)
    page.wait_for_selector("section[role=alert]")
    assert "This passkey is not known here" in page.inner_text("main")
    device.detach()
    plug_in(page, verifies=False)
    know_as(app, site, monkeypatch)
    page.goto(f"{site}/en/desk/login/passkey")
    press(page)
    page.wait_for_selector("#passkey-failed:not([hidden])")
    page.context.close()


def test_without_javascript_the_page_says_so_and_leads_to_the_code(site: str, chromium: Chromium) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/en/desk/login/passkey")
    assert page.is_visible("#passkey-missing")
    assert not page.is_visible("[data-passkey]")
    page.click("main a >> nth=-1")
    assert page.url == f"{site}/en/desk/login"
    page.context.close()
