"""One's own mailbox in the browser: chosen on a form, confirmed by a button behind the link of a letter, forgotten."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Clock
from tests.outgoing.smtp_server import PostBox, open_post_box
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions.operations.mail_deliveries import Postman
from tracker.http.context import Context
from tracker.outgoing.mail_server import MailServer
from tracker.store.mail import LETTERS, add_letter

HERE = "/account/mail"


@pytest.fixture
def box() -> Iterator[PostBox]:
    with open_post_box() as opened:
        yield opened


@pytest.fixture
def office(app: Flask, world: World, clock: Clock, entropy: Callable[[int], bytes], box: PostBox) -> Postman:
    """The desk has a mail server; what hands letters to it."""
    known: Context = app.extensions["tracker"]
    server = MailServer("127.0.0.1", box.port, "plain", "tracker@t.example")
    app.extensions["tracker"] = replace(known, settings=replace(known.settings, mail=server))
    return Postman(world.session, clock, entropy, known.sealer, server)


def test_without_a_mail_server_nothing_is_offered_and_the_address_says_why(app: Flask, world: World) -> None:
    browser = Browser(app).enter(world, world.editor)
    assert "Be told by mail" not in browser.read("/account").text
    assert "This tracker sends no mail" in browser.read(HERE).text
    sent = browser.send(HERE, {"address": "amal@host.example", "period": "daily"})
    assert (sent.status_code, "amal@host.example" in sent.text) == (409, True)


def test_an_address_is_kept_confirmed_and_forgotten(
    app: Flask, world: World, office: Postman, box: PostBox
) -> None:
    browser = Browser(app, "fr").enter(world, world.editor)
    assert f"/fr/desk{HERE}" in browser.read("/account").text
    wrong = browser.send(HERE, {"address": "amal", "period": "daily"})
    assert (wrong.status_code, 'href="#field-address"' in wrong.text) == (422, True)
    assert browser.send(HERE, {"address": "amal@host.example", "period": "weekly"}).status_code == 303
    shown = browser.read(HERE).text
    assert 'value="amal@host.example"' in shown
    office.deliver_due()
    (link,) = re.findall(r"/fr/desk(/account/mail/confirmation\?link=[\w-]+)", box.letters[0].get_content())
    other = Browser(app, "fr").enter(world, world.approver)
    assert other.read(link).status_code == 404
    before = browser.read(HERE).text
    assert browser.read(link).status_code == 200  # a mail scanner that opens it confirms nothing
    assert browser.read(HERE).text.count("warning") == before.count("warning")
    assert browser.send(link, {}).headers["Location"] == f"/fr/desk{HERE}?done=confirmation"
    assert browser.read(HERE).text.count("warning") == before.count("warning") - 1
    assert browser.read(link).status_code == 404
    assert browser.send(f"{HERE}/end", {}).status_code == 303
    assert "amal@host.example" not in browser.read(HERE).text


def test_an_admin_is_warned_on_the_first_screen_while_mail_fails(
    app: Flask, world: World, office: Postman
) -> None:
    with world.act(world.admin) as act:
        given = {"purpose": "link", "wrapped": b"", "content": b"", "made_at": act.now, "due_at": act.now}
        add_letter(act.session, id=act.new_id("letter"), **given)
        act.connection.execute(LETTERS.update().values(failures=3, fault="later"))
    warning = "has not been taken by the mail server"
    assert warning in Browser(app).enter(world, world.admin).read("/").text
    assert warning not in Browser(app).enter(world, world.editor).read("/").text


def test_an_admin_sends_a_link_by_mail_where_there_is_a_mail_server(
    app: Flask, world: World, request: pytest.FixtureRequest
) -> None:
    admin, path = Browser(app).enter(world, world.admin), f"/accounts/{world.editor.id}/link"
    without = admin.send(path, {"mail": "amal@host.example"})
    assert (without.status_code, "the operator has named no mail server" in without.text) == (409, True)
    request.getfixturevalue("office")
    wrong = admin.send(path, {"mail": "amal"})
    assert (wrong.status_code, 'href="#field-mail"' in wrong.text) == (422, True)
    for sent in (
        admin.send(path, {"mail": "amal@host.example"}),
        admin.send("/accounts/new", {"name": "amal", "roles": "editor", "mail": "amal@host.example"}),
    ):
        assert "/entry?link=" in sent.text
    assert world.session.scalar(select(func.count()).select_from(LETTERS)) == 2
