"""What a thing is called where others name it, in the language of the reader: on pages, in feeds, calendars, badges and
the frame. Where nobody recorded a name in it, and in data, the name is the one of the record.
"""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from tests.public.test_first_days import revised
from tests.web.test_pages import text_of
from tests.world import World
from tracker.languages.texts import pick_text

OBSERVATORY, MINISTRY, BODY, PROCESS = "المرصد", "وزارة الداخلية", "لجنة التحقيق", "أحداث الساحل"
MISPRINT = "المرصض"


@pytest.fixture
def named(world: World) -> World:
    """A process whose organizations, committee and title have names in Arabic; one of these is a misprint."""
    aliases = [
        {"name": MISPRINT, "language": "ar", "note": "so in one paper"},
        {"name": OBSERVATORY, "language": "ar", "note": None},
        {"name": "WD", "language": "en", "note": None},
    ]
    revised(world, world.watchdog, "organization", aliases=aliases)
    revised(
        world, world.ministry, "organization", aliases=[{"name": MINISTRY, "language": "ar-SY", "note": None}]
    )
    revised(world, world.committee, "committee", names={"ar": BODY})
    title = {"language": "ar", "title": PROCESS, "translator": None}
    revised(world, world.process, "process", translations=[title], languages=["en", "ar"])
    asked = world.recommendation("C1", title="Vet", addressees=[{"organization_id": world.ministry}])
    world.answer(asked, "implementation", "stalled", assessor=world.watchdog, effective_on=date(2026, 1, 5))
    world.deadline()
    return world


def test_pages_call_what_they_name_as_the_reader_does(named: World, client: FlaskClient) -> None:
    said = text_of(client.get("/ar/coast/recommendations/C1"))
    assert OBSERVATORY in said
    assert MINISTRY in said
    assert PROCESS in said
    assert MISPRINT not in said
    own = client.get("/ar/organizations/watchdog").get_data(as_text=True)
    assert f'<h1><bdi lang="ar">{OBSERVATORY}</bdi></h1>\n<p class="meta"><bdi>Watchdog</bdi></p>' in own
    [due] = client.get("/v1/public/deadlines").get_json()["items"]
    assert BODY in text_of(client.get(f"/ar/coast/deadlines/{due['id']}"))
    for path in ("/ar/coast/recommendations", "/ar/coast/changes", "/ar/search?q=watchdog"):
        assert OBSERVATORY in text_of(client.get(path)), path
    for language in ("en", "fr"):
        found = text_of(client.get(f"/{language}/coast/recommendations/C1"))
        assert "Watchdog" in found
        assert OBSERVATORY not in found


def test_what_leaves_in_a_language_calls_it_so_and_data_do_not(named: World, client: FlaskClient) -> None:
    feed = client.get("/feeds/coast/changes.json?lang=ar").get_json()
    assert PROCESS in feed["title"]
    assert any(OBSERVATORY in one["title"] for one in feed["items"])
    assert client.get("/feeds/organizations/watchdog/changes.json?lang=ar").get_json()["authors"] == [
        {"name": OBSERVATORY}
    ]
    for path in (
        "/feeds/coast/deadlines.ics?lang=ar",
        "/embed/coast?lang=ar",
        "/badges/coast.svg?assessor=watchdog&lang=ar",
    ):
        said = client.get(path).get_data(as_text=True).replace("\r\n ", "")
        assert PROCESS in said, path
    assert BODY in client.get("/feeds/coast/deadlines.ics?lang=ar").get_data(as_text=True).replace(
        "\r\n ", ""
    )
    assert OBSERVATORY in client.get("/badges/coast.svg?assessor=watchdog&lang=ar").get_data(as_text=True)
    document = client.get("/v1/public/recommendations?limit=1").get_json()["items"][0]
    assert document["addressees"][0]["organization"]["name"] == "Ministry"


def test_what_was_called_otherwise_on_a_day_keeps_that_name(named: World, client: FlaskClient) -> None:
    revised(
        named, named.watchdog, "organization", name="Observers", revision="update", since=date(2026, 6, 1)
    )
    day = "?as_of=2026-05-01"
    assert "Watchdog" in text_of(client.get(f"/ar/coast/recommendations/C1{day}"))
    assert OBSERVATORY in text_of(client.get("/ar/coast/recommendations/C1"))


def test_an_english_name_stays_and_one_in_another_script_is_translated_for_english_readers() -> None:
    own = {
        "name": "Office of the High Commissioner",
        "aliases": [{"name": "OHCHR", "language": "en", "note": None}],
    }
    assert pick_text(own, "name", "en").text == own["name"]
    own = {"name": OBSERVATORY, "aliases": [{"name": "The Observatory", "language": "en", "note": None}]}
    assert pick_text(own, "name", "en").text == "The Observatory"
    assert pick_text(own, "name", "ar").text == OBSERVATORY
