"""Logging in: by name, password and code together, with one answer for whatever is wrong; sessions, and their end."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.web.desk.people import OWN_SITE, PASSWORD, SECRET, Browser, let_in
from tests.world import World
from tracker.actions import people
from tracker.actions.people import OPERATOR
from tracker.domain import one_time_codes, password_brake
from tracker.store.sessions import SESSIONS


@pytest.fixture
def browser(app: Flask, world: World) -> Browser:
    let_in(world, app, world.editor)
    return Browser(app)


def test_who_is_not_logged_in_is_led_to_the_login_and_back(browser: Browser) -> None:
    asked = browser.read("/logout")
    assert asked.headers["Location"] == "/en/desk/login?next=%2Fdesk%2Flogout"
    back = browser.log_in("editor", path=asked.headers["Location"])
    assert (back.status_code, back.headers["Location"]) == (303, "/en/desk/logout")
    home = browser.read("/")
    assert home.status_code == 200
    assert "<bdi>editor</bdi>" in home.text
    assert home.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in home.headers


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/en/desk/", "/deskx"])
def test_the_login_leads_to_pages_of_the_desk_alone(browser: Browser, elsewhere: str) -> None:
    back = browser.log_in("editor", path=f"/login?next={elsewhere}")
    assert back.headers["Location"] == "/en/desk/"


def test_what_is_wrong_with_a_login_is_not_said(browser: Browser) -> None:
    wrong = [
        browser.log_in(name, password=password, code=code)
        for name, password, code in (
            ("editor", "another long password", ""),
            ("editor", PASSWORD, "000000"),
            ("nobody", PASSWORD, ""),
            ("approver", PASSWORD, ""),
        )
    ]
    assert {one.status_code for one in wrong} == {403}
    names = re.compile(r'value="[^"]*"')
    assert len({names.sub("", one.text) for one in wrong}) == 1
    assert all("Set-Cookie" not in one.headers for one in wrong)
    assert all(PASSWORD not in one.text for one in wrong)
    assert 'value="nobody"' in wrong[2].text


def test_a_code_is_good_once(browser: Browser, app: Flask, clock: Clock) -> None:
    code = browser.code()
    assert browser.log_in("editor", code=code).status_code == 303
    assert Browser(app).log_in("editor", code=code).status_code == 403
    clock.move(seconds=30)
    assert Browser(app).log_in("editor").status_code == 303


def test_guessing_makes_strangers_wait_in_every_process_and_not_a_browser_that_is_known(
    browser: Browser, app: Flask, clock: Clock
) -> None:
    assert browser.log_in("editor").status_code == 303
    stranger = Browser(app)
    statuses = [
        stranger.log_in("editor", code="000000").status_code for _try in range(password_brake.FREE + 2)
    ]
    assert statuses == [403] * (password_brake.FREE + 1) + [429]
    assert "Retry-After" in stranger.log_in("editor", code="000000").headers
    clock.move(seconds=31)
    browser.send("/logout", {})
    assert browser.log_in("editor").status_code == 303


def test_the_cookie_belongs_to_this_host_and_no_script_sees_it(browser: Browser) -> None:
    cookies = browser.log_in("editor").headers.getlist("Set-Cookie")
    assert [one.partition("=")[0] for one in cookies] == ["desk", "known"]
    for one in cookies:
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(one.split("; "))
        assert "Domain" not in one


def test_a_session_ends_when_it_is_not_used_and_at_the_latest_after_half_a_day(
    browser: Browser, clock: Clock
) -> None:
    browser.log_in("editor")
    clock.move(hours=1, minutes=59)
    assert browser.read("/").status_code == 200
    clock.move(hours=1, minutes=59)
    assert browser.read("/").status_code == 200
    clock.move(hours=2)
    assert browser.read("/").status_code == 303
    browser.log_in("editor")
    for _hour in range(11):
        clock.move(hours=1)
        assert browser.read("/").status_code == 200
    clock.move(hours=1)
    assert browser.read("/").status_code == 303


def test_who_logs_out_or_is_suspended_has_no_session(browser: Browser, world: World, clock: Clock) -> None:
    browser.log_in("editor")
    out = browser.send("/logout", {})
    assert out.headers["Location"] == "/en/desk/login?done=logout"
    assert "You are logged out." in browser.read("/login?done=logout").text
    assert browser.read("/").status_code == 303
    clock.move(seconds=30)
    browser.log_in("editor")
    assert browser.read("/").status_code == 200
    with world.act(OPERATOR) as act:
        people.suspend_person(act, "editor")
    assert browser.read("/").status_code == 303
    assert world.session.connection().execute(SESSIONS.select()).all() == []


def test_the_database_holds_nothing_that_opens_a_session_and_no_hour_of_its_use(
    browser: Browser, world: World, clock: Clock
) -> None:
    secret = browser.log_in("editor").headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    (row,) = world.session.connection().execute(SESSIONS.select()).all()
    assert secret not in repr(row)
    world.session.rollback()
    clock.move(minutes=4)
    browser.read("/")
    assert world.session.connection().execute(SESSIONS.select()).one().used_at == row.used_at
    world.session.rollback()
    clock.move(minutes=1)
    browser.read("/")
    used = world.session.connection().execute(SESSIONS.select()).one().used_at
    assert used - row.used_at == timedelta(minutes=5)
    assert one_time_codes.write_secret(b"x" * 20) != SECRET


def test_who_sends_forms_of_other_pages_slowly_keeps_nobody_from_the_login(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as its body has not come, a form holds its place."""
    monkeypatch.setattr(app.extensions["tracker"].limit, "most_at_once", 1)
    answers: list[int] = []

    class Slow(io.BytesIO):
        def readinto(self, buffer: Any) -> int:
            if not answers:
                answers.append(Browser(app).read("/account").status_code)
                answers.append(browser.log_in("editor").status_code)
            return super().readinto(buffer)

    form = {"content_type": "application/x-www-form-urlencoded", "headers": OWN_SITE}
    slow = Browser(app).client.post("/en/desk/logout", input_stream=Slow(b"x=1"), content_length=3, **form)
    assert answers == [429, 303]
    assert (slow.status_code, slow.headers["Location"]) == (303, "/en/desk/login?next=%2Fdesk%2Flogout")
