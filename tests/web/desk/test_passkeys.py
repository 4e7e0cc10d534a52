"""Passkeys at the desk: added, removed, let in by, confirmed by; where they are off, nothing of them is there."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.authenticator import Device
from tests.conftest import Clock
from tests.web.desk.people import Browser, let_in
from tests.world import World
from tracker.http.context import Context
from tracker.web import static_files

ADD, LOGIN = "/account/passkeys/new", "/login/passkey"


@pytest.fixture
def browser(app: Flask, world: World, clock: Clock) -> Browser:
    let_in(world, app, world.editor)
    made = Browser(app)
    assert made.log_in("editor").status_code == 303
    clock.move(seconds=30)
    return made


def asked_by(page: TestResponse) -> str:
    """What the script of a page asks the device."""
    found = re.search(r'data-passkey="([^"]+)"', page.text)
    assert found is not None
    return html.unescape(found[1])


def add(browser: Browser, device: Device) -> TestResponse:
    return browser.send(ADD, {"label": "the phone", "answer": device.make(asked_by(browser.read(ADD)))})


def come_in(browser: Browser, device: Device, path: str = LOGIN) -> TestResponse:
    return browser.send(path, {"answer": device.sign(asked_by(browser.read(path)))})


def test_a_passkey_is_added_lets_in_and_is_removed(browser: Browser, app: Flask) -> None:
    device = Device()
    assert add(browser, device).headers["Location"] == "/en/desk/account/passkeys?done=new_passkey"
    other = Browser(app)
    assert "/en/desk/login/passkey?next=%2Fdesk%2Fqueue" in other.read("/login?next=/desk/queue").text
    back = come_in(other, device, f"{LOGIN}?next=/desk/queue")
    assert (back.status_code, back.headers["Location"]) == (303, "/en/desk/queue")
    assert "opened with a passkey" in other.read("/account").text
    listed = browser.read("/account/passkeys").text
    assert ("the phone" in listed, "used last on" in listed) == (True, True)
    (own,) = re.findall(r"/account/passkeys/(psk_\w+)", listed)
    assert browser.send(f"/account/passkeys/{own}", {}).status_code == 303
    refused = come_in(Browser(app), device)
    assert (refused.status_code, "This passkey is not known here" in refused.text) == (403, True)
    assert "Set-Cookie" not in refused.headers


def test_to_add_one_asks_again_who_one_is_and_a_passkey_says_so_in_its_session(
    browser: Browser, app: Flask, clock: Clock
) -> None:
    first = Device()
    add(browser, first)
    clock.move(minutes=9)
    second = Device()
    typed = {"label": "the key", "answer": second.make(asked_by(browser.read(ADD)))}
    clock.move(minutes=1)
    confirm = browser.send(ADD, typed).headers["Location"]
    assert confirm.startswith("/en/desk/confirm?next=")
    by_passkey = confirm.replace("/confirm?", "/confirm/passkey?")
    assert html.escape(by_passkey.replace("%2F", "/")) in browser.read(confirm).text.replace("%2F", "/")
    elsewhere = asked_by(Browser(app).read(LOGIN))
    assert browser.send(by_passkey, {"answer": first.sign(elsewhere)}).status_code == 403
    done = come_in(browser, first, by_passkey)
    assert done.headers["Location"] == "/en/desk/account/passkeys?done=new_passkey"


def test_a_passkey_of_somebody_else_confirms_nothing(
    browser: Browser, app: Flask, world: World, clock: Clock
) -> None:
    theirs, other = Device(), Browser(app).enter(world, world.approver)
    add(other, theirs)
    clock.move(minutes=10)
    confirm = browser.send("/account/recovery-codes", {}).headers["Location"]
    answer = come_in(browser, theirs, confirm.replace("/confirm?", "/confirm/passkey?"))
    assert answer.status_code == 404


def test_only_a_page_that_asks_a_device_runs_our_script_and_says_what_it_is_without(browser: Browser) -> None:
    for path in (ADD, LOGIN):
        page = browser.read(path)
        assert page.headers["Content-Security-Policy"].endswith("; script-src 'self'")
        assert f'<script src="{static_files.address("page.js")}" defer></script>' in page.text
        assert "Passkeys need JavaScript" in page.text
    assert ">Log in with your password and code</a>" in browser.read(LOGIN).text
    assert "script" not in browser.read("/login").headers["Content-Security-Policy"]
    assert browser.client.get(static_files.address("page.js")).status_code == 200
    assert len(static_files.read_file("page.js")) < 5_000


def test_where_they_are_off_nothing_of_passkeys_is_there(
    browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: Context = app.extensions["tracker"]
    off = replace(known, settings=replace(known.settings, passkeys=False))
    monkeypatch.setitem(app.extensions, "tracker", off)
    for path in ("/account/passkeys", ADD, LOGIN):
        assert browser.read(path).status_code == 404
        assert browser.post(path, {}).status_code in (404, 405)
    for path in ("/login", "/account"):
        assert "passkey" not in browser.read(path).text.lower()
