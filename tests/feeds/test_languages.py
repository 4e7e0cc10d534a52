"""Feeds, calendars, badges and the frame speak the language that is asked for, else the first of their process. A text
in another language is another entry; a date is the same event in each."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from tests.feeds.test_json_feed import SCHEMA
from tests.world import World
from tracker.actions import proposals, revisions
from tracker.actions.support.registry import KINDS
from tracker.languages.member_words import MEMBERS

FEED = "/feeds/coast/changes.json"


def read(client: FlaskClient, path: str) -> dict[str, Any]:
    feed: dict[str, Any] = client.get(path).get_json()
    SCHEMA.validate(feed)
    return feed


@pytest.fixture
def judged(world: World) -> World:
    asked = world.recommendation("C1", title="Vet the forces")
    world.answer(asked, "implementation", "stalled", assessor=world.watchdog, reason="Nothing <b>moves</b>.")
    world.deadline()
    return world


def test_a_feed_says_the_same_in_each_language_under_ids_of_their_own(
    judged: World, client: FlaskClient
) -> None:
    english, arabic, french = (read(client, f"{FEED}?lang={code}") for code in ("en", "ar", "fr"))
    said = [one["title"] for one in french["items"]]
    assert "Watchdog\u00a0: Vet the forces – désormais\u00a0: à l’arrêt" in said
    assert [one["language"] for one in (english, arabic, french)] == ["en", "ar", "fr"]
    [title] = [one["title"] for one in arabic["items"] if "Watchdog" in one["title"]]
    assert title == "\u2068Watchdog\u2069: \u2068Vet the forces\u2069 – الحالة الآن: \u2068متوقفة\u2069"
    ids = [{one["id"] for one in feed["items"]} for feed in (english, arabic, french)]
    assert not ids[0] & ids[1]
    assert not ids[1] & ids[2]
    acts = [[one["_tracker"]["id"] for one in feed["items"]] for feed in (english, arabic, french)]
    assert acts[0] == acts[1] == acts[2]
    assert all(one["url"].startswith("http://127.0.0.1:8000/ar/") for one in arabic["items"])
    assert arabic["feed_url"].endswith("?lang=ar")
    assert any("Nothing <b>moves</b>." in one["content_text"] for one in arabic["items"])


def test_what_an_edit_changed_is_told_in_the_words_of_the_language(world: World, client: FlaskClient) -> None:
    asked = world.recommendation("C1")
    edit = {"title": "Vet all", "note": "Misread.", "reason": "A typing error."}
    with world.act(world.editor) as act:
        waits = revisions.edit_thing(act, asked, "recommendation", edit, None).id
    with world.act(world.approver) as act:
        proposals.decide_proposal(act, waits, "approve")
    texts = {
        code: " ".join(one["content_text"] for one in read(client, f"{FEED}?lang={code}")["items"])
        for code in ("en", "ar", "fr")
    }
    assert "What changed: Note, Title." in texts["en"]
    assert "ما الذي تغيّر: \u2068ملاحظة، العنوان\u2069." in texts["ar"]
    assert "Ce qui a changé\u00a0: Note, Titre." in texts["fr"]


def test_every_member_that_may_be_edited_has_a_word() -> None:
    members = {name for kind in KINDS.values() for name in kind.edited().fields}
    assert members - MEMBERS.keys() == set()


def test_without_a_question_the_first_language_of_the_process_is_spoken(
    judged: World, client: FlaskClient
) -> None:
    judged.make_process("levant", languages=["ar", "en"])
    assert read(client, "/feeds/levant/changes.json")["language"] == "ar"
    assert read(client, FEED)["items"] == read(client, f"{FEED}?lang=en")["items"]
    assert client.get("/embed/levant").get_data(as_text=True).count('dir="rtl"') == 1
    root = ElementTree.fromstring(client.get("/badges/levant.svg").data)  # noqa: S314  # our own
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"


def test_a_date_is_the_same_event_in_each_language(judged: World, client: FlaskClient) -> None:
    calendars = [
        Calendar.from_ical(client.get(f"/feeds/coast/deadlines.ics?lang={code}").data)
        for code in ("en", "ar")
    ]
    english, arabic = (calendar.walk("VEVENT")[0] for calendar in calendars)
    assert english["UID"] == arabic["UID"]
    assert "30 days" in english["DESCRIPTION"]
    assert "\u206830\u2069 يوماً" in arabic["DESCRIPTION"]
    assert "الثلاثاء، 8 أبريل 2025" in arabic["DESCRIPTION"]


@pytest.mark.parametrize(
    "path",
    [FEED, "/feeds/changes.atom", "/feeds/coast/deadlines.ics", "/badges/coast.svg", "/embed/coast"],
)
def test_a_language_without_texts_is_refused(judged: World, client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?lang=de").status_code == 422
