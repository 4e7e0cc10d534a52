"""Sending forms at the desk: from a page of this site alone, once, and nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.web.desk.people import OWN_SITE, Browser, let_in
from tests.world import World
from tracker.store.kept_forms import KEPT_FORMS


@pytest.fixture
def browser(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.editor)


def token_of(browser: Browser) -> str:
    found = re.search(r'name="\.token" value="([^"]+)"', browser.read("/logout").text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:8000"}, 403),
        ({"Sec-Fetch-Site": "none", "Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:8000"}, 303),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_a_form_is_taken_from_a_page_of_this_site_alone(
    browser: Browser, headers: dict[str, str], status: int
) -> None:
    assert browser.post("/logout", {".token": token_of(browser)}, headers=headers).status_code == status


def test_where_a_browser_says_nothing_the_token_of_its_reader_counts(
    browser: Browser, app: Flask, world: World
) -> None:
    another = token_of(Browser(app).enter(world, world.approver))
    own = token_of(browser)
    for token in ("", another, own[:-1], f"{world.editor.id}."):
        assert browser.post("/logout", {".token": token}, headers={}).status_code == 403
    assert browser.post("/logout", {".token": own}, headers={}).status_code == 303


def test_what_is_sent_after_a_session_ended_is_kept_sealed_for_whose_form_it_was(
    browser: Browser, app: Flask, world: World, clock: Clock
) -> None:
    let_in(world, app, world.editor)
    browser.enter(world, world.editor)  # a new password ends sessions
    token = token_of(browser)
    clock.move(hours=25)
    sent = browser.post("/logout", {".token": token, "text": "A witness saw it"})
    (row,) = world.session.connection().execute(KEPT_FORMS.select()).all()
    world.session.rollback()
    assert sent.headers["Location"] == f"/en/desk/login?next=%2Fdesk%2Flogout%3Fkept_form%3D{row.id}"
    assert b"witness" not in row.content
    assert (row.person_id, row.page) == (world.editor.id, "/desk/logout")
    login = browser.read(sent.headers["Location"])
    assert "What you typed is kept" in login.text
    back = browser.log_in("editor", path=sent.headers["Location"])
    again = browser.read(back.headers["Location"])
    assert f'name=".kept" value="{row.id}"' in again.text
    assert Browser(app).enter(world, world.approver).read(f"/logout?kept_form={row.id}").status_code == 404


def test_a_kept_form_stands_on_the_home_and_is_thrown_away(
    browser: Browser, world: World, clock: Clock
) -> None:
    token = token_of(browser)
    clock.move(hours=25)
    browser.post("/logout", {".token": token, "text": "A witness saw it"})
    browser.enter(world, world.editor)
    (row,) = world.session.connection().execute(KEPT_FORMS.select()).all()
    world.session.rollback()
    home = browser.read("/").text
    assert f'<a href="/en/desk/logout?kept_form={row.id}">' in home
    assert Browser(browser.app).enter(world, world.approver).read(f"/kept/{row.id}").status_code == 404
    gone = browser.send(f"/kept/{row.id}", {})
    assert gone.headers["Location"] == "/en/desk/?done=kept_form"
    assert "What you kept" not in browser.read("/").text


def test_nobody_keeps_anything_for_somebody_else(browser: Browser, world: World, clock: Clock) -> None:
    clock.move(hours=25)
    forged = f"{world.approver.id}.{'0' * 64}"
    sent = browser.post("/logout", {".token": forged, "text": "A lie"}, headers=OWN_SITE)
    assert sent.headers["Location"] == "/en/desk/login?next=%2Fdesk%2Flogout"
    assert world.session.connection().execute(KEPT_FORMS.select()).all() == []


def test_a_form_that_cannot_be_read_is_refused(browser: Browser) -> None:
    for body, kind, status in (
        (b"a=%FF", "application/x-www-form-urlencoded", 422),
        (b"{}", "application/json", 415),
    ):
        answer = browser.client.post(
            "/en/desk/logout", data=body, content_type=kind, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == status
        assert answer.content_type == "text/html; charset=utf-8"


def test_the_desk_is_there_over_tls_alone_but_on_ones_own_machine(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.extensions["tracker"].settings
    object.__setattr__(settings, "base_url", "http://tracker.example")
    try:
        answer = browser.read("/login")
    finally:
        object.__setattr__(settings, "base_url", "http://127.0.0.1:8000")
    assert answer.status_code == 403
    assert "over TLS only" in answer.text


def test_the_address_without_a_language_leads_to_the_desk_in_the_readers_own(browser: Browser) -> None:
    asked = browser.client.get("/desk", headers={"Accept-Language": "ar"})
    assert asked.headers["Location"] == "/ar/desk/"
    assert browser.client.get("/fr/desk").headers["Location"] == "/fr/desk/"
    assert browser.client.get("/ar/desk/").status_code == 200
    assert 'dir="rtl"' in browser.client.get("/ar/desk/").text
