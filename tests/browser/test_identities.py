"""Logging in by an identity provider in a real browser, with a real provider. Needs TRACKER_TEST_CHROMIUM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium

from tests.browser.test_desk import VIEWS, log_in, require_usable
from tests.conftest import Clock
from tests.identity_provider import CLIENT, SECRET, IdentityProvider, serve_provider
from tests.live_server import serve_live
from tests.services import needs_chromium
from tests.web.desk.people import Browser, let_in
from tests.world import World
from tracker.http.context import Context
from tracker.outgoing.identity_provider import Provider

pytestmark = needs_chromium


@pytest.fixture
def site(
    app: Flask, world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[str, IdentityProvider]]:
    """The address of the site, and the provider that it knows and is known by."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    secret = tmp_path / "oidc.secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    let_in(world, app, world.editor)
    world.session.rollback()  # nothing is held while others read
    known: Context = app.extensions["tracker"]
    with serve_provider(lambda: clock().timestamp()) as served, serve_live(app) as base:
        named = Provider(served.issuer, CLIENT, "The University", secret, ("amr:mfa",))
        settings = replace(known.settings, base_url=base, provider=named)
        monkeypatch.setitem(app.extensions, "tracker", replace(known, settings=settings))
        yield base, served


def test_somebody_links_who_they_are_there_and_comes_in_by_it(
    app: Flask, site: tuple[str, IdentityProvider], clock: Clock, chromium: Chromium
) -> None:
    language, width, prefers = VIEWS["a phone, dark, right to left"]
    base, provider = site
    page = chromium.new_context(viewport={"width": width, "height": 900}, **prefers).new_page()
    desk = f"{base}/{language}/desk"
    page.goto(f"{desk}/account/identity")
    log_in(page, "editor", Browser(app).code())
    require_usable(page)
    page.click("main a[href$='/account/identity/begin']")
    assert page.url.startswith(f"{desk}/account/identity/new?proof=")
    assert provider.subject in page.inner_text("main")
    require_usable(page)
    page.click("form.sheet button")
    assert page.url == f"{desk}/account/identity?done=new_identity"
    require_usable(page)
    page.click("form.who button")
    clock.move(seconds=30)
    page.goto(f"{desk}/queue")
    page.click("main a[href*='/login/provider']")
    require_usable(page)
    page.fill("input[name=code]", Browser(app).code())
    page.click("form.sheet button")
    assert page.url == f"{desk}/queue", "where they wanted to go"
    page.click("form.who button")
    clock.move(seconds=30)
    provider.claims = {"amr": ["mfa"]}
    page.click("main a[href*='/login/provider']")
    assert page.locator("input[name=code]").count() == 0, "the provider asked for a second factor"
    page.click("form.sheet button")
    assert page.url == f"{desk}/"
    page.context.close()


def test_whom_nobody_linked_is_told_who_the_provider_says_they_are(
    site: tuple[str, IdentityProvider], chromium: Chromium
) -> None:
    base, provider = site
    page = chromium.new_context().new_page()
    page.goto(f"{base}/en/desk/login")
    page.click("main a[href*='/login/provider']")
    assert provider.subject in page.inner_text("main")
    require_usable(page)
    page.goto(f"{base}/en/desk/")
    assert "/desk/login" in page.url
    page.context.close()
