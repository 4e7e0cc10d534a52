"""Whatever somebody wrote into any field: in Atom, calendars, pictures, frames and tables it is a text, and nothing
that a program carries out."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import feedparser
import openpyxl
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from tests.world import World

TEXTS = (
    "=cmd|'/C calc'!A0</content><script>alert(1)</script>]]>&lt;img src=x onerror=alert(1)>&#x3c;",
    "@import 'http://evil.example'\ufffe\U0010ffff\ufdd0\nBEGIN:VALARM\nEND:VEVENT\" onload=\"alert(1)",
)


@pytest.fixture(params=TEXTS, ids=range(len(TEXTS)))
def hostile(world: World, request: pytest.FixtureRequest) -> str:
    """Everything that is said of a process in a free text, said in hostile words."""
    text = str(request.param)
    line = text.replace("\n", " ")
    item = world.item(title=line, description=text, rights=line)
    asked = world.recommendation("C1", title=line, text=text, note=text)
    world.answer(asked, "implementation", "underway", cites=(item,), reason=text)
    dated = world.deadline(title=line, instrument=line, note=text)
    world.answer(dated, "outcome", "missed", reason=text)
    world.withdraw(world.recommendation("C2", title=line), line)
    world.make_process("hostile", title=line, summary=text)
    return text


class Tags(HTMLParser):
    """The elements of a page, and the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes.update(name for name, _value in attrs)


def test_a_feed_has_the_elements_of_a_feed_alone(hostile: str, world: World, client: FlaskClient) -> None:
    for path in ("/feeds/coast/changes.atom", "/feeds/changes.atom?lang=ar", "/feeds/hostile/changes.atom"):
        raw = client.get(path).data
        names = {element.tag.partition("}")[2] for element in ElementTree.fromstring(raw).iter()}  # noqa: S314
        assert names <= {
            *("feed", "entry", "id", "title", "subtitle", "published", "updated", "author", "name"),
            *("link", "category", "content"),
        }
        assert {entry.content[0].type for entry in feedparser.parse(raw).entries} == {"text/plain"}


def test_a_calendar_has_events_alone(hostile: str, world: World, client: FlaskClient) -> None:
    for process in ("coast", "hostile"):
        calendar = Calendar.from_ical(client.get(f"/feeds/{process}/deadlines.ics?lang=ar").data)
        assert {component.name for component in calendar.walk()} <= {"VCALENDAR", "VEVENT"}


def test_a_picture_has_no_element_that_acts(hostile: str, world: World, client: FlaskClient) -> None:
    for subject in ("coast", "hostile"):
        root = ElementTree.fromstring(client.get(f"/badges/{subject}.svg?lang=ar").data)  # noqa: S314
        assert {element.tag.partition("}")[2] for element in root.iter()} == {"svg", "title", "rect", "text"}
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]


def test_a_frame_has_no_element_that_acts(hostile: str, world: World, client: FlaskClient) -> None:
    page = Tags()
    page.feed(client.get("/embed/hostile?lang=ar").get_data(as_text=True))
    head = {"html", "head", "meta", "title", "style", "body"}
    assert page.found <= head | {"h1", "p", "table", "caption", "tr", "td", "th", "a"}
    assert not [name for name in page.attributes if name.startswith("on")]
    frame = Tags()
    frame.feed(client.get("/oembed?url=http://127.0.0.1:8000/en/hostile").get_json()["html"])
    assert frame.found == {"iframe"}


def test_no_cell_of_a_table_is_carried_out(hostile: str, world: World, client: FlaskClient) -> None:
    with ZipFile(io.BytesIO(client.get("/feeds/coast/export.csv.zip").data)) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                rows: list[list[Any]] = list(csv.reader(io.StringIO(archive.read(name).decode(), newline="")))
                cells = [cell for row in rows for cell in row]
                assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))], name
    book = openpyxl.load_workbook(io.BytesIO(client.get("/feeds/coast/export.xlsx").data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type not in ("s", "n", "b") or cell.hyperlink]
