"""Who follows `/v1/public/changes` misses no public act and is told none twice, whatever is written meanwhile: writers
and readers in threads of their own, over the whole of the application, on both databases.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Event

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.world import World
from tracker.public import event_queries
from tracker.public.tables import event
from tracker.store.database import db

WRITERS = 4
EACH = 8
#: Who reads: all of it in small pages, all of it in large ones, and one process.
READERS = ("?limit=1", "?limit=200", "?limit=2&process={process}")


def proposals(world: World) -> list[list[str]]:
    """For each writer what it will approve, half of it about another process."""
    elsewhere = world.make_process("north")
    found: list[list[str]] = []
    for writer in range(WRITERS):
        process = elsewhere if writer % 2 else world.process
        asked = [world.recommendation(f"C{writer}.{place}", process_id=process) for place in range(EACH)]
        found.append([world.propose(one, "implementation", "not_started").id for one in asked])
    world.session.rollback()
    return found


def write(app: Flask, world: World, changes: list[str], start: Barrier) -> None:
    client = app.test_client()
    start.wait(60)
    for change in changes:
        answer = client.post(
            f"/v1/status-changes/{change}/decision",
            json={"decision": "approve"},
            headers=world.headers("approver"),
        )
        assert answer.status_code == 200, answer.data


def follow(app: Flask, address: str, start: Barrier, over: Event) -> tuple[list[str], int]:
    """The acts as they came, and how many pages held some before the writers were through."""
    client, told, meanwhile = app.test_client(), [], 0
    start.wait(60)
    while True:
        last = over.is_set()  # asked before the page: an empty one after it is the end
        page = client.get(address).get_json()
        told += [one["id"] for one in page["items"]]
        meanwhile += bool(page["items"]) and not last
        if last and not page["items"]:
            return told, meanwhile
        address = page["next"]


def test_whoever_follows_the_changes_while_many_write_gets_each_act_once_and_in_order(
    stored: Flask, record: World
) -> None:
    work, over = proposals(record), Event()
    start = Barrier(WRITERS + len(READERS))
    addresses = ["/v1/public/changes" + one.format(process=record.process) for one in READERS]
    with ThreadPoolExecutor(WRITERS + len(READERS)) as pool:
        reading = [pool.submit(follow, stored, address, start, over) for address in addresses]
        writing = [pool.submit(write, stored, record, changes, start) for changes in work]
        try:
            for one in writing:
                one.result(120)
        finally:
            over.set()
        everything, at_once, narrowed = (one.result(120) for one in reading)

    rows = db.session.execute(select(event.c.id, event.c.process_id).order_by(event.c.seq)).all()
    assert everything[0] == at_once[0] == [id for id, _process in rows]
    assert narrowed[0] == [id for id, process in rows if process == record.process]
    assert at_once[1] > 1  # they did read while others wrote


def test_a_page_that_is_narrowed_by_days_looks_at_few_acts_and_says_where_to_go_on(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = world.recommendation("C1")
    for place, state in enumerate(("not_started", "underway", "stalled")):
        day = date(2025, 5, 1 + place)
        world.answer(asked, "implementation", state, cites=(world.item(),), effective_on=day)
    world.session.rollback()

    path = "/v1/public/changes?effective_from=2025-05-02&effective_to=2025-05-03"
    whole = client.get(path).get_json()["items"]
    assert [one["change"]["to"] for one in whole] == ["underway", "stalled"]
    monkeypatch.setattr(event_queries, "WALK", 1)
    told, address = [], path
    for _act in range(world.session.query(event).count()):
        page = client.get(address).get_json()
        told, address = told + page["items"], page["next"]
    assert told == whole
    assert client.get(address).get_json()["items"] == []
