"""Programs that know nothing of us find the data, the pages and the contact by the standards for that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.feeds.test_front import front_of
from tests.world import World
from tracker.settings import Settings, SettingsError

BASE = "http://127.0.0.1:8000"
SECURITY = "/.well-known/security.txt"


def test_the_catalogue_has_every_public_process_and_files_that_are_there(
    world: World, client: FlaskClient
) -> None:
    world.make_process("draft", publish=False)
    world.make_process("hills", title="Hills", languages=["ar"], country="SY")
    catalogue = client.get("/v1/dataset.jsonld").get_json()
    assert [one["dct:identifier"] for one in catalogue["dcat:dataset"]] == ["coast", "hills"]
    hills = catalogue["dcat:dataset"][1]
    assert (hills["dct:publisher"]["foaf:name"], hills["dct:spatial"]) == ("Desk", "SY")
    assert hills["dcat:landingPage"]["@id"] == f"{BASE}/ar/hills"
    files = hills["dcat:distribution"]
    assert len(files) == 8
    for file in files:
        answer = client.get(file["dcat:downloadURL"]["@id"].removeprefix(BASE))
        assert answer.status_code == 200
        assert answer.content_type.partition(";")[0] == file["dcat:mediaType"]


def test_the_map_has_the_pages_of_all_that_is_public_in_each_language(
    world: World, client: FlaskClient
) -> None:
    world.recommendation("C1")
    world.recommendation("C2", publish=False)
    world.withdraw(world.recommendation("C3"))
    root = ElementTree.fromstring(client.get("/sitemap.xml").data)  # noqa: S314  # our own
    found = {element.text for element in root.iter() if element.tag.endswith("loc")}
    pages = ("", "coast", "coast/committee/inquiry", "coast/recommendations/C1")
    assert found == {f"{BASE}/{language}/{page}" for language in ("en", "ar", "fr") for page in pages}


def test_a_program_finds_the_contract_and_a_person_the_guides(client: FlaskClient) -> None:
    answer = client.get("/.well-known/api-catalog")
    assert answer.content_type == "application/linkset+json"
    [api] = answer.get_json(force=True)["linkset"]
    links = [api["anchor"], *(link["href"] for name in ("service-desc", "service-doc") for link in api[name])]
    assert len(links) == 4
    for link in links:
        assert client.get(link.removeprefix(BASE)).status_code == 200, link


def test_robots_may_fetch_what_is_public(world: World, client: FlaskClient) -> None:
    lines = client.get("/robots.txt").get_data(as_text=True).splitlines()
    assert {"User-agent: *", "Disallow: /desk/", "Allow: /v1/public/", f"Sitemap: {BASE}/sitemap.xml"} <= set(
        lines
    )


def test_a_contact_is_named_where_the_operator_names_one(
    world: World, app: Flask, client: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get(SECURITY).status_code == 404
    front = front_of(app)
    monkeypatch.setattr(front.documents, "contact", "mailto:safe@example.org")
    front.pages.clear()
    answer = client.get(SECURITY)
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.get_data(as_text=True).splitlines())
    assert fields["Contact"] == "mailto:safe@example.org"
    assert fields["Canonical"] == f"{BASE}{SECURITY}"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=90) < expires - clock().astimezone(UTC) < timedelta(days=365)


@pytest.mark.parametrize(
    "contact", ["safe@example.org", "mailto:", "http://example.org", "mailto:a@b\nContact: x"]
)
def test_a_contact_that_is_no_address_is_refused(contact: str) -> None:
    with pytest.raises(SettingsError, match="TRACKER_SECURITY_CONTACT"):
        Settings("sqlite:///x.db", "0123456789abcdef0123456789abcdef", security_contact=contact)


def test_nothing_else_is_well_known(world: World, client: FlaskClient) -> None:
    for path in ("/.well-known/change-password", "/.well-known/", "/robots.txt/", "/v1/dataset.jsonld/x"):
        assert client.get(path).status_code == 404
