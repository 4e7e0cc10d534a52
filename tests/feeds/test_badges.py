"""Badges, the frame and oEmbed: what other people's pages show of us says who says it, and is never their markup."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.world import World

BASE = "http://127.0.0.1:8000"
HOSTILE = "</text><script>alert(1)</script>\ufffe\"'&"


def answered(world: World, client: FlaskClient) -> str:
    asked = world.recommendation("C1")
    world.recommendation("C2")
    item, other = world.item(), world.item(publisher_id=world.daily)
    world.answer(asked, "implementation", "implemented", cites=(item, other))
    return asked


def texts(raw: bytes) -> list[str]:
    return [
        element.text or ""
        for element in ElementTree.fromstring(raw).iter()  # noqa: S314  # our own
        if element.tag.endswith("}text")
    ]


def test_a_badge_of_a_process_says_how_many_of_how_many_who_and_when(
    world: World, client: FlaskClient
) -> None:
    answered(world, client)
    answer = client.get("/badges/coast.svg")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert texts(answer.data) == ["Coast", "1 of 2 implemented (Desk, 2025-06-01)"]
    assert client.get(f"/badges/{world.process}.svg").data == answer.data
    badge = client.get("/badges/coast.json").get_json()
    assert (badge["schemaVersion"], badge["label"], badge["message"]) == (
        1,
        "Coast",
        "1 of 2 implemented (Desk, 2025-06-01)",
    )
    assert "%" not in badge["message"]


def test_a_badge_of_a_recommendation_says_where_it_stands(world: World, client: FlaskClient) -> None:
    asked = answered(world, client)
    assert texts(client.get(f"/badges/{asked}.svg").data) == [
        "Recommendation C1",
        "implemented (Desk, 2025-06-01)",
    ]
    world.withdraw(asked)
    assert client.get(f"/badges/{asked}.svg").status_code == 410


def test_a_badge_is_the_word_of_another_organization_where_that_is_asked_for(
    world: World, client: FlaskClient
) -> None:
    asked = answered(world, client)
    world.answer(asked, "implementation", "stalled", assessor=world.watchdog)
    message = client.get("/badges/coast.json?assessor=watchdog").get_json()["message"]
    assert message == "0 of 2 implemented (Watchdog, 2025-06-01)"
    message = client.get(f"/badges/{asked}.json?assessor=watchdog").get_json()["message"]
    assert message == "stalled (Watchdog, 2025-06-01)"
    for path in ("/badges/coast.svg?assessor=press", f"/badges/{asked}.svg?assessor=press"):
        assert client.get(path).status_code == 404
    page = client.get("/embed/coast").get_data(as_text=True)
    assert page.index("1 of 2 implemented") < page.index("0 of 2 implemented")


def test_a_badge_before_anybody_looked_names_no_day(world: World, client: FlaskClient) -> None:
    assert client.get("/badges/coast.json").get_json()["message"] == "none of 0 assessed (Desk)"


def test_the_frame_has_no_script_no_cookie_and_may_be_framed(world: World, client: FlaskClient) -> None:
    answered(world, client)
    answer = client.get("/embed/coast")
    page = answer.get_data(as_text=True)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(?!http://127.0.0.1:8000/en/coast\")", page)
    assert "1 of 2 implemented, 1 June 2025" in page
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/feeds/coast/status.json", "/badges/coast.svg", "/oembed?url=x", "/v1/public/tracks"]
)
def test_nothing_else_may_be_framed(world: World, client: FlaskClient, path: str) -> None:
    assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/en/coast", "?lang=en"),
        ("/ar/coast/recommendations/C1", "?lang=ar"),
        ("/embed/coast", ""),
        ("/embed/coast?lang=fr", "?lang=fr"),
        ("/feeds/coast/status.json", ""),
    ],
)
def test_oembed_gives_the_frame_for_each_address_of_a_process_in_its_language(
    world: World, client: FlaskClient, path: str, language: str
) -> None:
    found = client.get(f"/oembed?url={quote(BASE + path, safe='')}&maxwidth=300&maxheight=9999").get_json()
    assert (found["type"], found["version"], found["title"]) == ("rich", "1.0", "Coast")
    assert (found["width"], found["height"]) == (300, 320)
    assert f'src="{BASE}/embed/coast{language}"' in found["html"]
    assert "allow-scripts" not in found["html"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 404),
        ("url=http://elsewhere.example/en/coast", 404),
        (f"url={BASE}.evil.example/en/coast", 404),
        (f"url={BASE}/en/nobody", 404),
        (f"url={BASE}/", 404),
        (f"url={BASE}/en/coast&format=xml", 422),
        (f"url={BASE}/embed/coast%3Flang=de", 422),
        (f"url={BASE}/en/coast&maxwidth=-1", 422),
        (f"url={BASE}/en/coast&maxwidth=1&maxwidth=2", 422),
    ],
)
def test_oembed_refuses_what_it_does_not_know(
    world: World, client: FlaskClient, query: str, status: int
) -> None:
    assert client.get(f"/oembed?{query}").status_code == status


def test_no_text_of_the_record_is_markup_in_a_badge_or_a_frame(world: World, client: FlaskClient) -> None:
    world.make_process("hostile", title=HOSTILE)
    for path in ("/badges/hostile.svg", "/embed/hostile"):
        raw = client.get(path).get_data(as_text=True)
        assert "<script" not in raw
        assert "\ufffe" not in raw
    assert texts(client.get("/badges/hostile.svg").data)[0] == HOSTILE.replace("\ufffe", "\ufffd")
    found = client.get(f"/oembed?url={BASE}/en/hostile").get_json()
    assert "<script" not in found["html"]


@pytest.mark.parametrize(
    "path", ["/badges/nobody.svg", "/badges/coast.png", "/embed/nobody", "/embed/", "/badges/"]
)
def test_what_is_not_public_has_no_badge_and_no_frame(world: World, client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_badge_makes_no_day_more_certain_than_it_was_said(world: World, client: FlaskClient) -> None:
    asked = world.recommendation("C1")
    june = {"not_before": date(2025, 6, 1), "effective_on": date(2025, 6, 30)}
    world.answer(asked, "implementation", "stalled", **june)
    assert client.get(f"/badges/{asked}.json").get_json()["message"] == "stalled (Desk, 2025-06)"
