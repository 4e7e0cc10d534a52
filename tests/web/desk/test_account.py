"""One's own account: a new password, another phone, recovery codes, sessions; and coming in by a link."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import Clock
from tests.web.desk.people import PASSWORD, SECRET, Browser, let_in
from tests.world import World
from tracker.actions import entry_links, people
from tracker.actions.people import OPERATOR
from tracker.domain import one_time_codes

OTHER = "a staple that is new"


@pytest.fixture
def browser(app: Flask, world: World, clock: Clock) -> Browser:
    let_in(world, app, world.editor)
    made = Browser(app)
    assert made.log_in("editor").status_code == 303
    clock.move(seconds=30)
    return made


def codes_of(shown: TestResponse) -> list[str]:
    return re.findall(r"<li><code>([a-z2-7-]+)</code></li>", shown.text)


def secret_of(shown: TestResponse) -> str:
    found = re.search(r'name="secret" value="([A-Z2-7]+)"', shown.text)
    assert found is not None
    return found[1]


def code_now(clock: Clock, secret: str) -> str:
    return one_time_codes.make_code(secret, one_time_codes.find_step(clock()))


def test_a_password_is_changed_and_other_sessions_end(browser: Browser, app: Flask, clock: Clock) -> None:
    other = Browser(app)
    other.log_in("editor")
    wrong = browser.send("/account/password", {"current": OTHER, "password": OTHER})
    assert wrong.status_code == 403
    short = browser.send("/account/password", {"current": PASSWORD, "password": "short"})
    assert short.status_code == 422
    assert '<a href="#field-password">A new password</a>' in short.text
    assert PASSWORD not in short.text
    done = browser.send("/account/password", {"current": PASSWORD, "password": OTHER})
    assert done.headers["Location"] == "/en/desk/account?done=password"
    assert "Your password is changed." in browser.read("/account?done=password").text
    assert other.read("/").status_code == 303
    clock.move(seconds=30)
    assert Browser(app).log_in("editor", password=OTHER).status_code == 303


def test_a_session_has_the_name_that_its_owner_gave_it_and_is_ended_from_another(
    browser: Browser, app: Flask, world: World
) -> None:
    other = Browser(app)
    other.send(
        "/login", {"name": "editor", "password": PASSWORD, "code": other.code(), "label": "the <b>office"}
    )
    account = browser.read("/account").text
    assert "the &lt;b&gt;office" in account
    assert "used last on 23 November 2026" in html.unescape(re.sub("<[^>]+>", "", account))
    (there,) = re.findall(r'href="/en/desk/account/sessions/(ses_\w+)"', account)
    stranger = Browser(app).enter(world, world.approver)
    assert stranger.read(f"/account/sessions/{there}").status_code == 404
    assert browser.send(f"/account/sessions/{there}", {}).status_code == 303
    assert other.read("/").status_code == 303
    assert browser.read("/").status_code == 200


def test_with_a_session_that_somebody_else_opened_falls_what_it_gave(
    browser: Browser, app: Flask, world: World
) -> None:
    thief = Browser(app)
    thief.log_in("editor")
    issued = thief.send("/account/keys/new", {"days": "30"})
    (secret,) = re.findall(r"<code>(trk_[\w-]+)</code>", issued.text)
    (there,) = re.findall(r'href="/en/desk/account/sessions/(ses_\w+)"', browser.read("/account").text)
    headers = {"Authorization": f"Bearer {secret}"}
    assert browser.client.get("/v1/me", headers=headers).status_code == 200
    assert browser.send(f"/account/sessions/{there}", {"stolen": "on"}).status_code == 303
    assert browser.client.get("/v1/me", headers=headers).status_code == 401


def test_a_dangerous_act_asks_again_who_one_is_and_then_goes_on(
    browser: Browser, app: Flask, clock: Clock
) -> None:
    made = browser.send("/account/recovery-codes", {})
    old = codes_of(made)
    assert len(old) == 10
    assert made.headers["Cache-Control"] == "no-store"
    clock.move(minutes=10)
    before = browser.client.get_cookie("desk")
    asked = browser.send("/account/recovery-codes", {})
    confirm = asked.headers["Location"]
    assert confirm.startswith("/en/desk/confirm?next=%2Fdesk%2Faccount%2Frecovery-codes&kept=kpt_")
    wrong = browser.send(confirm, {"password": OTHER, "code": browser.code()})
    assert wrong.status_code == 403
    done = browser.send(confirm, {"password": PASSWORD, "code": browser.code()})
    new = codes_of(done)
    assert len(new) == 10
    assert not set(new) & set(old)
    after = browser.client.get_cookie("desk")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert Browser(app).log_in("editor", code=old[0]).status_code == 403
    assert Browser(app).log_in("editor", code=new[0]).status_code == 303
    assert Browser(app).log_in("editor", code=new[0]).status_code == 403


def test_what_is_confirmed_is_ones_own_form(browser: Browser, clock: Clock) -> None:
    clock.move(minutes=10)
    asked = browser.send("/account/recovery-codes", {}).headers["Location"]
    elsewhere = asked.replace("recovery-codes", "password")
    answer = browser.send(elsewhere, {"password": PASSWORD, "code": browser.code()})
    assert answer.status_code == 404
    assert codes_of(answer) == []


def test_another_phone_counts_once_it_shows_the_right_code(
    browser: Browser, app: Flask, clock: Clock
) -> None:
    shown = browser.read("/account/phone")
    secret = secret_of(shown)
    assert secret != secret_of(browser.read("/account/phone"))
    wrong = browser.send("/account/phone", {"secret": secret, "code": "000000"})
    assert (wrong.status_code, secret_of(wrong)) == (422, secret)
    done = browser.send("/account/phone", {"secret": secret, "code": code_now(clock, secret)})
    assert done.headers["Location"] == "/en/desk/account?done=phone"
    clock.move(seconds=30)
    assert Browser(app).log_in("editor", code=code_now(clock, SECRET)).status_code == 403
    assert Browser(app).log_in("editor", code=code_now(clock, secret)).status_code == 303


def test_no_password_is_kept_with_a_form(browser: Browser, app: Flask, clock: Clock) -> None:
    token = re.search(r'name="\.token" value="([^"]+)"', browser.read("/account/password").text)
    assert token is not None
    clock.move(hours=13)
    sent = browser.post("/account/password", {".token": token[1], "current": PASSWORD, "password": OTHER})
    back = browser.log_in("editor", path=sent.headers["Location"]).headers["Location"]
    assert PASSWORD not in browser.read(back).text
    assert OTHER not in browser.read(back).text


def invite(world: World, name: str = "approver", purpose: str = "invitation") -> str:
    with world.act(OPERATOR) as act:
        person = people.people.find_person_by_name(act.session, name)
        assert person is not None
        return f"/entry?link={entry_links.make_link(act, person.id, purpose)}"


def test_who_comes_by_a_link_chooses_a_password_and_a_phone_and_is_in(
    app: Flask, world: World, clock: Clock
) -> None:
    link, guest = invite(world), Browser(app)
    shown = guest.read(link)
    assert "Welcome to the desk, <bdi>approver</bdi>" in shown.text
    secret = secret_of(shown)
    given = {"secret": secret, "code": code_now(clock, secret)}
    assert guest.send(link, {**given, "password": "short"}).status_code == 422
    done = guest.send(link, {**given, "password": OTHER})
    codes = codes_of(done)
    assert len(codes) == 10
    assert "<bdi>approver</bdi>" in guest.read("/").text
    assert guest.read(link).status_code == 404
    clock.move(seconds=30)
    again = Browser(app).log_in("approver", password=OTHER, code=code_now(clock, secret))
    assert again.status_code == 303


@pytest.mark.parametrize(("purpose", "hours"), [("invitation", 7 * 24), ("reset", 24)])
def test_a_link_runs_out_and_the_last_one_counts(
    app: Flask, world: World, clock: Clock, purpose: str, hours: int
) -> None:
    first, last, guest = invite(world), invite(world, purpose=purpose), Browser(app)
    assert guest.read(first).status_code == 404
    clock.move(hours=hours, seconds=-1)
    assert guest.read(last).status_code == 200
    clock.move(seconds=1)
    assert guest.read(last).status_code == 404
    assert guest.post(last, {"password": OTHER, "secret": SECRET, "code": "1"}).status_code == 404


def test_no_link_lets_in_who_is_suspended(app: Flask, world: World) -> None:
    link = invite(world)
    with world.act(OPERATOR) as act:
        people.suspend_person(act, "approver")
    assert Browser(app).read(link).status_code == 404
    with pytest.raises(Exception, match="let them in again first"):
        invite(world)
