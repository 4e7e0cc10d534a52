"""The status feed of a large process comes in pages, each bounded in bytes; together they say what one would."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.api.test_cost_of_acts import watched
from tests.world import World
from tracker.public.feeds import status
from tracker.store.database import db

STATUS = "/feeds/coast/status.json"


def fill(world: World, number: int) -> None:
    for place in range(number):
        world.recommendation(f"C{place}", text="Vet the forces. " * 50)
    world.deadline()


def test_a_small_process_has_one_page(world: World, client: FlaskClient) -> None:
    fill(world, 2)
    assert client.get(STATUS).get_json()["next"] is None


@pytest.mark.parametrize("bound", ["MOST_BYTES", "MOST_DOCUMENTS"])
def test_pages_together_have_every_document_once_and_in_order(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    fill(world, 7)
    whole = client.get(STATUS).get_json()
    monkeypatch.setattr(status, bound, {"MOST_BYTES": 5_000, "MOST_DOCUMENTS": 2}[bound])
    world.recommendation("X", publish=False)
    world.withdraw(world.recommendation("Y"))
    pages, address = [], STATUS
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        pages.append(answer.get_json())
        documents = [one for member in status.MEMBERS.values() for one in pages[-1][member]]
        assert documents
        assert len(answer.data) < 25_000 or len(documents) == 1
        following = pages[-1]["next"]
        address = following and f"{urlsplit(following).path}?{urlsplit(following).query}"
    assert len(pages) > 2
    for member in status.MEMBERS.values():
        assert [one["id"] for page in pages for one in page[member]] == [one["id"] for one in whole[member]]
    assert all(page["scoreboard"] == pages[0]["scoreboard"] for page in pages)


@pytest.mark.parametrize(
    ("page", "status"), [("x", 422), ("", 422), ("rec_" + "0" * 26, 404), ("prc", 422), ("process", 404)]
)
def test_what_is_no_page_is_refused(world: World, client: FlaskClient, page: str, status: int) -> None:
    fill(world, 1)
    answer = client.get(f"{STATUS}?page={getattr(world, page, page) if page else ''}")
    assert answer.status_code == status


def test_a_page_reads_as_few_rows_however_large_the_process_is(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "MOST_DOCUMENTS", 2)

    def cost() -> int:
        with watched(db.engine) as seen:
            assert len(client.get(STATUS).data) < 60_000
        return len(seen)

    fill(world, 3)
    few = cost()
    for place in range(10, 20):
        world.recommendation(f"C{place}")
    assert cost() == few


def test_the_summary_is_small_and_says_what_is_due(world: World, client: FlaskClient) -> None:
    """Whatever is said: here the longest titles there are, in letters of four bytes."""
    path, long = "/feeds/coast/status.summary.json", "\U00010330" * 300
    world.recommendation("C1")
    for day in range(2, 12):
        world.deadline(title=long, rule=f"{day} days")
        world.deadline(title=long, set_on=date(2026, 11, 1), rule=f"{day + 40} days")
    answer = client.get(path)
    assert len(answer.data) <= 20_000
    said = answer.get_json()
    assert (said["process"]["slug"], said["process"]["lead"]["name"]) == ("coast", "Desk")
    assert said["counts"]["recommendations"]["total"] == 1
    assert said["counts"]["deadlines"]["total"] == 20
    assert said["listed"]["overdue"] == 10
    assert [one["due_on"] for one in said["overdue"]] == [f"2025-03-{day}" for day in range(11, 16)]
    assert [one["due_on"] for one in said["coming"]] == [f"2026-12-{day}" for day in range(13, 18)]
    assert all(one["title"].endswith(" …") for one in said["coming"])
    assert said["coming"][0].keys() == {"id", "title", "due_on", "due_within"}
    world.deadline(rule="by 2025-02", set_on=date(2025, 1, 1))
    assert client.get(path).get_json()["overdue"][0]["due_within"] == "2025-02"
