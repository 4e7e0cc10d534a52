"""The guides and the interface are pages: each is there, each link leads somewhere, every operation is described."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.contract.client import committed
from tests.web.test_pages import Links, own, text_of
from tracker.web.public.api_reference import describe_type
from tracker.web.public.guides import make_anchor, rewrite_link

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_guide_and_decision_is_a_page_and_every_link_leads_somewhere(
    world: object, browser: FlaskClient
) -> None:
    waiting, pages = ["/docs/"], dict[str, Links]()
    wanted: list[tuple[str, str]] = []
    while waiting:
        path = waiting.pop()
        answer = browser.get(path)
        assert answer.status_code == 200, path
        if not answer.content_type.startswith("text/html") or path.startswith("/en/"):
            continue
        pages[path] = Links(answer.get_data(as_text=True))
        assert not re.search(r"<script|<style|\sstyle=", answer.get_data(as_text=True)), path
        for link in pages[path].leads:
            target, _, anchor = link.partition("#")
            target = target or path
            if own(target) and target.startswith(("/docs/", "/openapi", "/v1/")):
                wanted.append((target, anchor))
                if target not in pages and target not in waiting:
                    waiting.append(target)
    missing = [one for one in wanted if one[1] and one[0] in pages and one[1] not in pages[one[0]].ids]
    assert missing == []
    guides = {f"/docs/{path.stem}" for path in DOCS.glob("*.md")}
    decisions = {f"/docs/decisions/{path.stem}" for path in DOCS.glob("decisions/0*.md")}
    assert guides | decisions <= set(pages)


def test_the_guide_of_the_desk_is_read_in_arabic_with_its_own_pictures(
    world: object, browser: FlaskClient
) -> None:
    page = browser.get("/docs/desk.ar")
    assert (page.status_code, page.headers["Content-Language"]) == (200, "ar")
    assert '<html lang="ar" dir="rtl">' in page.text
    pictures = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', page.text)
    assert len(pictures) == 4
    for address, says in pictures:
        picture = browser.get(address)
        assert (picture.status_code, picture.content_type) == (200, "image/png"), says
    for address in ("/docs/pictures/none-en.png", "/docs/pictures/..%2Fdesk.md", "/docs/desk.fr"):
        assert browser.get(address).status_code == 404


def test_every_operation_and_shape_of_the_contract_has_its_place(world: object, browser: FlaskClient) -> None:
    document = committed()
    tags = {one["tags"][0] for item in document["paths"].values() for one in item.values() if "tags" in one}
    said = {tag: browser.get(f"/docs/api/{tag}").get_data(as_text=True) for tag in tags}
    for path, item in document["paths"].items():
        for method, one in item.items():
            if "operationId" in one:
                page = said[one["tags"][0]]
                assert f'id="{one["operationId"]}"' in page
                assert f"{method.upper()} {path}" in page
    for name in list(document["components"]["schemas"])[::25]:
        assert name in text_of(browser.get(f"/docs/api/schemas/{name}"))


@pytest.mark.parametrize(
    "path",
    [
        "/docs/none",
        "/docs/../README",
        "/docs/decisions/none",
        "/docs/api/none",
        "/docs/api/schemas/None",
        "/docs/a%00b",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(world: object, browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert answer.content_type.startswith(("text/html", "application/problem"))


def test_links_of_guides_lead_to_pages() -> None:
    assert [rewrite_link(link) for link in ("tracks.md", "log-format.md#names", "decisions/README.md", "#here")] == [
        "/docs/tracks", "/docs/log-format#names", "/docs/decisions/", "#here",
    ]  # fmt: skip
    assert [rewrite_link(link, "decisions") for link in ("0001-x.md", "../tracks.md", "README.md")] == [
        "/docs/decisions/0001-x", "/docs/tracks", "/docs/decisions/",
    ]  # fmt: skip
    assert [rewrite_link(link) for link in ("../openapi/tracker-v1.yaml", "../LICENSE", "https://x.org/a.md")] == [
        "/openapi.yaml", "/docs/", "https://x.org/a.md",
    ]  # fmt: skip
    assert make_anchor("The whole log, with `one` command") == "the-whole-log-with-one-command"


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"$ref": "#/components/schemas/Name"}, "Name"),
        ({"enum": ["a", None]}, "a · null"),
        ({"anyOf": [{"$ref": "#/x/A"}, {"type": "null"}]}, "A or null"),
        ({"type": ["string", "null"], "format": "date"}, "string or null, date"),
        ({"type": "array", "items": {"type": "string"}}, "array of string"),
        ({}, "any value"),
    ],
)
def test_a_value_is_described_in_a_few_words(schema: dict[str, object], says: str) -> None:
    assert describe_type(schema) == says
