"""changes.json is a JSON Feed 1.1: every page of it, whatever the acts; and paging shows every act once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, ValidationError
from sqlalchemy import select

from tests.revising import revise_record
from tests.world import World
from tracker.public.feeds.entries import PAGE
from tracker.public.tables import event
from tracker.store.recommendations import Recommendation

SCHEMA = Draft202012Validator(
    json.loads(Path(__file__).with_name("jsonfeed-1.1.schema.json").read_text("utf-8"))
)
FEED = "/feeds/coast/changes.json"


def pages(client: FlaskClient) -> list[dict[str, Any]]:
    found, url = [], FEED
    while url:
        page: dict[str, Any] = client.get(url).get_json()
        SCHEMA.validate(page)
        found.append(page)
        url = page.get("next_url", "").removeprefix("http://127.0.0.1:8000")
    return found


def everything(world: World) -> None:
    """An act of every kind."""
    item = world.item()
    asked = world.recommendation("C1")
    wrong = world.answer(asked, "implementation", "underway", cites=(item,))
    world.answer(asked, "implementation", "underway", confirms=True)
    world.answer(asked, "implementation", "not_started", corrects=wrong.id)
    world.verify(item, "refuted")
    world.withdraw(item)
    with world.act(world.editor) as act:
        version = world.session.get_one(Recommendation, asked).version
        revise_record(act, asked, "recommendation", {"title": "Anew"}, version)


def test_the_published_schema_refuses_what_is_no_feed() -> None:
    good = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "items": [{"id": "1", "content_text": "x"}],
    }
    SCHEMA.validate(good)
    for bad in (
        {**good, "version": "https://jsonfeed.org/version/1"},
        {**good, "next_url": "/relative"},
        {**good, "items": [{"id": 1, "content_text": "x"}]},
        {**good, "items": [{"id": "1"}]},
        {**good, "items": [{"id": "1", "content_text": "x", "date_published": "yesterday"}]},
        {**good, "unknown": 1},
    ):
        with pytest.raises(ValidationError):
            SCHEMA.validate(bad)


def test_every_kind_of_act_reads_as_json_feed_and_in_plain_words(world: World, client: FlaskClient) -> None:
    everything(world)
    items = [item for page in pages(client) for item in page["items"]]
    kinds = {item["tags"][0] for item in items}
    assert kinds == {
        "subject.published",
        "subject.revised",
        "subject.withdrawn",
        "status.changed",
        "status.confirmed",
        "status.corrected",
        "basis.changed",
    }
    titles = [item["title"] for item in items]
    assert "Desk: Recommendation C1 is now under way" not in titles  # it has another title by now
    assert {
        "Desk: Anew is now under way",
        "Desk: Anew is still under way",
        "Desk: Anew is corrected to not started",
    } <= set(titles)


def test_paging_shows_every_act_of_the_process_once_newest_first(world: World, client: FlaskClient) -> None:
    for place in range(PAGE + 12):
        world.recommendation(f"C{place}")
    found = pages(client)
    seen = [item["_tracker"]["id"] for page in found for item in page["items"]]
    query = select(event.c.id).where(event.c.process_id == world.process).order_by(event.c.seq.desc())
    assert seen == list(world.session.scalars(query))
    assert [len(page["items"]) for page in found] == [PAGE, len(seen) - PAGE]
    assert found[0]["feed_url"].endswith(FEED)
    assert "next_url" not in found[-1]


def test_before_the_first_act_there_is_an_empty_page(world: World, client: FlaskClient) -> None:
    page = client.get(f"{FEED}?before=1").get_json()
    SCHEMA.validate(page)
    assert page["items"] == []


def test_an_item_leads_to_a_page_and_names_its_act(world: World, client: FlaskClient) -> None:
    item = client.get(FEED).get_json()["items"][0]
    act = client.get(f"/v1/public/events/{item['_tracker']['id']}")
    assert act.get_json()["id"] == item["_tracker"]["id"]
    assert item["url"] == f"http://127.0.0.1:8000/en/acts/{act.get_json()['id']}"
    assert item["id"].startswith("urn:uuid:")


def test_what_is_withdrawn_says_that_it_was_and_nothing_of_what_it_said(
    world: World, client: FlaskClient
) -> None:
    secret = "a name that must not have been said"
    asked = world.recommendation("C9", title=secret, text=secret, note=secret)
    item = world.item(title=secret)
    kept = world.recommendation("C1")
    for one in (asked, kept):
        world.answer(
            one, "implementation", "underway", cites=(item,), reason=secret if one == asked else "Plain."
        )
    world.verify(item, "refuted", reason=secret)
    world.withdraw(asked, "Recorded by mistake.")
    world.withdraw(item, "Recorded by mistake.")
    for path in (
        FEED,
        "/feeds/coast/status.json",
        "/v1/public/changes",
        f"/v1/public/recommendations/{kept}",
    ):
        assert secret not in client.get(path).get_data(as_text=True), path
    acts = [one for page in pages(client) for one in page["items"]]
    about = [one for one in acts if one["_tracker"]["subject"] in (asked, item)]
    kinds = ("Item of evidence", "Recommendation")
    assert {one["title"].partition(":")[0] for one in about} == {
        f"{kind}{said}" for kind in kinds for said in (", not public any more", " was withdrawn")
    }
    allowed = {"id", "kind", "at", "process", "subject", "subject_kind", "reason"}
    assert all(one["_tracker"].keys() <= allowed for one in about)
    for one in about:
        assert secret not in client.get(f"/v1/public/events/{one['_tracker']['id']}").get_data(as_text=True)
