"""Feeds of changes tell who says what of what and why, in Atom and in JSON Feed, for a process, an organization, a
recommendation, all, and a followed search. Strangers' programs read them, and no text of the record is markup there."""

from __future__ import annotations

import re
from typing import Any

import atoma
import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.feeds.test_front import front_of
from tests.feeds.test_json_feed import SCHEMA
from tests.world import World
from tracker.actions import redaction
from tracker.public.feeds import entries

BASE = "http://127.0.0.1:8000"
PROCESS = "/feeds/coast/changes"
HOSTILE = "]]><script>alert(1)</script>&amp;=cmd\ufffe'\""


def atom(client: FlaskClient, path: str) -> Any:
    """The feed as two programs read it; both must find every entry."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/atom+xml")
    found, other = feedparser.parse(answer.data), atoma.parse_atom_bytes(answer.data)
    assert not found.bozo
    assert [entry.id for entry in found.entries] == [one.id_ for one in other.entries]
    assert all(one.published <= one.updated <= other.updated for one in other.entries)
    return found


def json_feed(client: FlaskClient, path: str) -> Any:
    feed = client.get(path).get_json()
    SCHEMA.validate(feed)
    return feed


def titles(client: FlaskClient, path: str) -> list[str]:
    return [entry.title for entry in atom(client, path).entries]


def test_a_title_says_whose_verdict_on_what_and_the_text_what_changed_and_why(
    world: World, client: FlaskClient
) -> None:
    asked = world.recommendation("C1", title="Vet the security forces")
    item = world.item(title="A visit")
    world.answer(
        asked, "implementation", "underway", cites=(item,), assessor=world.watchdog, reason="It began."
    )
    world.answer(asked, "implementation", "stalled", assessor=world.watchdog, reason="Nothing moves.")
    newest, before = atom(client, f"{PROCESS}.atom").entries[:2]
    assert newest.title == "Watchdog: Vet the security forces is now stalled"
    assert "From under way to stalled, since 1 June 2025." in newest.summary
    assert newest.summary.endswith("Why: Nothing moves.")
    assert before.summary.endswith("Why: It began.\nEvidence: A visit (supports)")
    assert newest.author == "Watchdog"
    page = client.get(newest.link.removeprefix(BASE)).get_data(as_text=True)
    assert "/en/coast/recommendations/C1" in page
    [event] = [link.href for link in newest.links if link.rel == "related"]
    assert client.get(event.removeprefix(BASE)).get_json()["change"]["reason"] == "Nothing moves."


def test_a_status_that_rests_on_what_is_not_shown_says_so_everywhere(
    world: World, client: FlaskClient
) -> None:
    asked = world.recommendation("C1", title="Vet the security forces")
    hidden = world.item(title="Notes of a witness", protection="confidential", publish=False)
    shown = world.item(title="A visit")
    world.answer(asked, "implementation", "underway", cites=(hidden,), reason="It began.")
    world.answer(asked, "implementation", "partly_implemented", cites=(shown, hidden), reason="It goes on.")
    both, alone = atom(client, f"{PROCESS}.atom").entries[:2]
    told = "evidence that is not public (supports)"
    assert both.summary.endswith(f"Evidence: A visit (supports); {told}")
    assert alone.summary.endswith(f"Why: It began.\nEvidence: {told}")
    page = client.get(alone.link.removeprefix(BASE)).get_data(as_text=True)
    assert "What it rests on" in page
    assert ": evidence that is not public</li>" in page
    assert "Notes of a witness" not in page + both.summary + alone.summary


def test_other_acts_are_told_in_plain_words(world: World, client: FlaskClient) -> None:
    asked = world.recommendation("C1", title="Vet the forces")
    world.answer(world.committee, "adequacy.time", "not_met", assessor=world.watchdog)
    world.answer(
        asked,
        "response",
        "accepted",
        cites=(world.item(acquired_from="official"),),
        addressee=world.government,
    )
    gone = world.recommendation("C2")
    world.withdraw(gone, "Recorded by mistake.")
    found = titles(client, f"{PROCESS}.atom")
    assert "Watchdog: the criterion time of Inquiry is now not met" in found
    assert "Desk: the response of Government to Vet the forces is now accepted" in found
    assert "Vet the forces was published" in found
    gone = "Recommendation, not public any more: published"
    assert {"Recommendation was withdrawn", gone} <= set(found)


def test_a_feed_of_a_process_names_its_page_its_language_and_its_lead(
    world: World, client: FlaskClient
) -> None:
    feed = atom(client, f"{PROCESS}.atom").feed
    other = json_feed(client, f"{PROCESS}.json")
    assert (feed.title, feed.author, feed.language) == ("Coast: changes", "Desk", "en")
    assert (other["title"], other["authors"], other["language"]) == (
        "Coast: changes",
        [{"name": "Desk"}],
        "en",
    )
    assert feed.link == other["home_page_url"] == f"{BASE}/en/coast"
    assert other["feed_url"] == f"{BASE}{PROCESS}.json"


def test_ids_name_no_host_and_both_forms_give_the_same(world: World, client: FlaskClient) -> None:
    found = [entry.id for entry in atom(client, f"{PROCESS}.atom").entries]
    assert found == [item["id"] for item in json_feed(client, f"{PROCESS}.json")["items"]]
    assert len(set(found)) == len(found)
    assert all(id.startswith("urn:uuid:") for id in found)


@pytest.mark.parametrize("form", ["atom", "json"])
@pytest.mark.parametrize(
    "feed", [PROCESS, "/feeds/changes", "/feeds/search", "/feeds/organizations/watchdog/changes"]
)
def test_pages_show_every_act_once_newest_first(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, feed: str, form: str
) -> None:
    monkeypatch.setattr(entries, "PAGE", 3)
    for place in range(4):
        asked = world.recommendation(f"C{place}", text="Vet the forces.")
        world.answer(asked, "implementation", "stalled", assessor=world.watchdog)
    url: str | None = f"{feed}.{form}" + ("?q=vet+forces" if feed.endswith("search") else "")
    ids, times, pages = [], [], 0
    while url is not None:
        pages += 1
        if form == "json":
            page = json_feed(client, url)
            ids += [item["id"] for item in page["items"]]
            times += [item["date_published"] for item in page["items"]]
            url = page.get("next_url")
        else:
            page = atom(client, url)
            ids += [entry.id for entry in page.entries]
            times += [entry.published for entry in page.entries]
            url = next((link.href for link in page.feed.links if link.rel == "next"), None)
        url = url and url.removeprefix(BASE)
    assert pages >= 2, url
    assert len(set(ids)) == len(ids) >= 5
    assert times == sorted(times, reverse=True)


def test_a_feed_of_an_organization_has_its_own_words_alone(world: World, client: FlaskClient) -> None:
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "stalled", assessor=world.watchdog, reason="Theirs.")
    world.answer(asked, "implementation", "not_started", reason="Ours.")
    hidden = world.recommendation("C2")
    world.answer(hidden, "implementation", "stalled", assessor=world.watchdog)
    world.withdraw(hidden)
    path = "/feeds/organizations/watchdog/changes"
    assert titles(client, f"{path}.atom") == [
        "Watchdog: Recommendation C1 is now stalled",
        "Watchdog was published",
    ]
    entry = atom(client, f"{path}.atom").entries[1]
    assert "/en/organizations/watchdog" in client.get(entry.link.removeprefix(BASE)).get_data(as_text=True)
    assert client.get("/feeds/organizations/nobody/changes.atom").status_code == 404


def test_a_feed_of_a_recommendation_ends_with_it(world: World, client: FlaskClient) -> None:
    asked = world.recommendation("C1")
    world.recommendation("C2")
    path = f"/feeds/recommendations/{asked}/changes.json"
    assert [item["title"] for item in json_feed(client, path)["items"]] == ["Recommendation C1 was published"]
    world.withdraw(asked)
    assert client.get(path).status_code == 410
    assert (
        client.get(
            f"/feeds/recommendations/{world.recommendation('C3', publish=False)}/changes.json"
        ).status_code
        == 404
    )


def test_a_followed_search_shows_what_is_found_from_then_on(world: World, client: FlaskClient) -> None:
    path = "/feeds/search.atom?q=graves"
    assert titles(client, path) == []
    world.recommendation("C1", title="Dig individual graves")
    assert titles(client, path) == ["Dig individual graves was published"]
    assert client.get("/feeds/search.atom").status_code == 422
    assert client.get("/feeds/search.atom?q=" + "x" * 201).status_code == 422
    assert client.get("/feeds/search.atom?q=a&q=b").status_code == 422
    assert client.get("/feeds/changes.atom?before=none").status_code == 422


def test_what_took_words_away_makes_the_entry_newer(world: World, client: FlaskClient, clock: Clock) -> None:
    secret = "a name that must not have been said"
    asked = world.recommendation("C1", title=secret)
    world.recommendation("C2")
    [before] = [one for one in json_feed(client, f"{PROCESS}.json")["items"] if secret in one["title"]]
    clock.move(hours=5)
    for name in ("keeper", "second"):
        with world.act(world.person(name, "custodian")) as act:
            redaction.redact_thing(act, asked, "minor")
    items = json_feed(client, f"{PROCESS}.json")["items"]
    [after] = [one for one in items if one["id"] == before["id"]]
    assert after["date_published"] == before["date_published"] < after["date_modified"]
    [other] = [one for one in items if one["title"] == "Recommendation C2 was published"]
    assert other["date_published"] == other["date_modified"]
    shown = (f"{PROCESS}.atom", f"{PROCESS}.json", "/feeds/changes.atom", "/feeds/search.json?q=name")
    for path in (*shown, "/feeds/coast/export.json", "/feeds/coast/export.ndjson"):
        assert secret not in client.get(path).get_data(as_text=True)


def test_no_text_of_the_record_is_markup_in_a_feed(world: World, client: FlaskClient) -> None:
    asked = world.recommendation("C1", title=HOSTILE, text=HOSTILE)
    world.answer(asked, "implementation", "stalled", reason=HOSTILE)
    for path in (f"{PROCESS}.atom", "/feeds/changes.atom", "/feeds/search.atom?q=script"):
        raw = client.get(path).get_data(as_text=True)
        assert "<script" not in raw
        assert "\ufffe" not in raw
        entry = atom(client, path).entries[0]
        assert entry.title_detail.type == entry.content[0].type == "text/plain"
        assert (
            HOSTILE.replace("\ufffe", "\ufffd") in atoma.parse_atom_bytes(raw.encode()).entries[0].title.value
        )


def test_shared_feeds_are_kept_until_the_next_act(world: World, app: Flask, client: FlaskClient) -> None:
    path = "/feeds/changes.atom"
    first = client.get(path)
    assert path in front_of(app).pages
    same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    world.recommendation("C1")
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_feed_names_the_other_feeds_of_its_process(world: World, client: FlaskClient) -> None:
    link = client.get(f"{PROCESS}.atom").headers["Link"]
    found = re.findall(r'<([^>]+)>; rel="related"; type="([^"]+)"', link)
    assert len(found) == len(set(found)) == 8
    assert f"{PROCESS}.atom" not in dict(found)
    for address, media_type in found:
        assert client.get(address).content_type.partition(";")[0] == media_type
