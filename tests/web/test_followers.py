"""The pages on which somebody follows by mail: a GET changes nothing, one POST does, and a mail program may press the
button that ends it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.conftest import Clock
from tests.contract.client import PlainClient
from tests.outgoing.smtp_server import PostBox, open_post_box
from tests.world import World
from tracker.actions.operations.mail_deliveries import Postman
from tracker.actions.operations.news import Herald
from tracker.app import set_context
from tracker.http.context import Context
from tracker.outgoing.mail_server import MailServer
from tracker.store.followers import FOLLOWERS

OWN_SITE = {"Sec-Fetch-Site": "same-origin"}
FOLLOW = "/en/follow?process=coast"


class Reader:
    """A browser without an account, in front of a tracker that sends mail."""

    def __init__(
        self, app: Flask, world: World, clock: Clock, entropy: Callable[[int], bytes], box: PostBox
    ) -> None:
        known: Context = app.extensions["tracker"]
        server = MailServer("127.0.0.1", box.port, "plain", "tracker@t.example")
        set_context(app, replace(known.settings, mail=server), clock, entropy)
        self.client, self.world, self.box = PlainClient(app, app.response_class), world, box
        self.herald = Herald(world.session, clock, entropy, known.sealer, "https://t.example")
        self.postman = Postman(world.session, clock, entropy, known.sealer, server, self.herald.write)

    def read(self, path: str) -> TestResponse:
        return self.client.get(path)

    def send(self, path: str, **typed: str) -> TestResponse:
        return self.client.post(path, data=typed, headers=OWN_SITE)

    def run(self) -> str:
        """The link of the last letter that was taken."""
        self.herald.announce_due()
        self.postman.deliver_due()
        links = re.findall(r"(/en/follow/\w+\?link=[\w-]+)", self.box.letters[-1].get_content())
        return str(links[-1])

    def count(self) -> int:
        found = self.world.session.scalar(select(func.count()).select_from(FOLLOWERS)) or 0
        self.world.session.rollback()
        return found


@pytest.fixture
def reader(app: Flask, world: World, clock: Clock, entropy: Callable[[int], bytes]) -> Iterator[Reader]:
    with open_post_box() as box:
        yield Reader(app, world, clock, entropy, box)


def test_pages_offer_it_only_where_there_is_a_mail_server(
    app: Flask, world: World, request: pytest.FixtureRequest
) -> None:
    thing = world.recommendation("C1")
    plain = PlainClient(app, app.response_class)
    pages = {
        "/en/coast": "/en/follow?process=coast",
        "/en/coast/recommendations/C1": f"/en/follow?recommendation={thing}",
        "/en/search?q=vet": "/en/follow?q=vet",
    }
    assert not any("/follow" in plain.get(page).text for page in pages)
    assert plain.get(FOLLOW).status_code == 404
    reader: Reader = request.getfixturevalue("reader")
    for page, link in pages.items():
        assert f'href="{link}"' in reader.read(page).text
        assert reader.read(link).status_code == 200


def test_somebody_follows_after_two_posts_and_ends_it_by_a_third(reader: Reader, world: World) -> None:
    shown = reader.read(FOLLOW)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    assert "Set-Cookie" not in shown.headers
    asked = reader.send(FOLLOW, address=" reader@host.example ")
    assert "a letter is on its way" in asked.text
    assert reader.send(FOLLOW, address="reader@host.example").text == asked.text
    link = reader.run()
    assert len(reader.box.raw) == 1
    for _scanner in range(2):
        assert reader.read(link).status_code == 200
    world.recommendation("C1")
    assert reader.run() == link, "opening a link confirms nothing"
    assert "You follow it from now on" in reader.client.post(link).text
    assert reader.read(link).status_code == 404
    world.recommendation("C2")
    end = reader.run()
    assert end.startswith("/en/follow/end?link=")
    assert reader.read(end).status_code == 200
    assert reader.count() == 2, "what was asked a second time is written for nobody"
    pressed = reader.client.post(end, data={"List-Unsubscribe": "One-Click"})
    assert (pressed.status_code, reader.count()) == (200, 1)
    assert reader.client.post(end).status_code == 404


def test_what_was_typed_wrong_comes_back(reader: Reader) -> None:
    wrong = reader.send(FOLLOW, address="reader <b>")
    assert (wrong.status_code, 'value="reader &lt;b&gt;"' in wrong.text) == (422, True)
    assert reader.count() == 0


def test_another_site_cannot_send_the_form(reader: Reader) -> None:
    sent = reader.client.post(
        FOLLOW, data={"address": "a@host.example"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (sent.status_code, reader.count()) == (403, 0)


@pytest.mark.parametrize(
    "query", ["", "?process=nowhere", "?q=a&process=coast", "?recommendation=rec_1", "?what=all"]
)
def test_what_cannot_be_followed_is_not_there(reader: Reader, query: str) -> None:
    assert reader.read(f"/en/follow{query}").status_code == 404


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_pages_speak_the_language_of_their_reader(reader: Reader, language: str) -> None:
    shown = reader.read(FOLLOW.replace("en", language, 1))
    assert (shown.headers["Content-Language"], "Follow by mail" in shown.text) == (language, False)


def test_a_body_that_cannot_be_read_and_an_accident_have_a_page(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = "&".join(f"a{number}=1" for number in range(20))
    form = "application/x-www-form-urlencoded"
    assert reader.client.post(FOLLOW, data=data, content_type=form, headers=OWN_SITE).status_code == 422
    monkeypatch.setattr("tracker.actions.followers.streams.follow", lambda *_given: 1 / 0)
    assert "Something went wrong on our side" in reader.read(FOLLOW).text
