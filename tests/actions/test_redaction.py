"""What is redacted is gone: from every table of both sides, from the files of the database, from every answer. That it
was, when and why stays. Two custodians do it; what is held for a court is sealed and not destroyed.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL, Connection, create_engine, text

from tests.actions.factories import KINDS, MARK, SEALER, answered, both, keepers, left, marked
from tests.public.assertions import dump
from tests.world import World
from tracker.actions import protection, redaction, sealed_fields
from tracker.actions.operations import auditing, rebuild
from tracker.api.http.endpoint import ENDPOINTS
from tracker.domain import ids
from tracker.domain.errors import AlreadyDone, LegallyHeld, NotFound, NotPermitted, SelfApproval
from tracker.domain.people import Actor
from tracker.public import events
from tracker.store.database import db
from tracker.store.evidence import Evidence


@pytest.fixture(name="keepers")
def two(world: World) -> tuple[Actor, Actor]:
    return keepers(world)


def asked_once(world: World, client: FlaskClient) -> str:
    """A recommendation that was sent with a key, so that its answer is kept; made public and answered."""
    body = {
        "process": world.process,
        "reference": MARK,
        "issuer": world.watchdog,
        "issued_on": "2025-04-03",
        "title": MARK,
        "text": MARK,
        "language": "en",
        "type": "vetting",
        "addressees": [{"organization": world.government}],
    }
    headers = {**world.headers("editor"), "Idempotency-Key": "once"}
    made = client.post("/v1/recommendations", json=body, headers=headers)
    assert client.post("/v1/recommendations", json=body, headers=headers).data == made.data
    world.publish(made.json["id"])
    answered(world, made.json["id"], "implementation", "stalled")
    return str(made.json["id"])


def handed_in(world: World, client: FlaskClient, item: str) -> None:
    """A file of the item, with a name and content of the same words."""
    headers = {**world.headers("editor"), "Content-Disposition": f'attachment; filename="{MARK}.txt"'}
    sent = client.post(f"/v1/evidence/{item}/files", data=MARK, content_type="text/plain", headers=headers)
    assert sent.status_code == 201, sent.data


def answers(world: World, client: FlaskClient, found: set[str]) -> Iterator[tuple[str, str]]:
    """What every GET answers, to anybody or to a custodian, of all these ids; the feeds, and the files of the log."""
    of = {kind: sorted(id for id in found if ids.kind_of(id) == kind) for kind in ids.PREFIXES}
    for one in ENDPOINTS:
        if one.method != "GET" or one.choices or (one.query is not None and "ticket" in one.query().fields):
            continue
        fields = one.query().fields if one.query else {}
        asked = [f"{name}={value}" for name, value in (("q", MARK), ("limit", "200")) if name in fields]
        paths = [one.path]
        for name in one.parameters:
            known = [id for kind in one.kinds(name) for id in of[kind]]
            paths = [path.replace(f"{{{name}}}", id) for path in paths for id in known]
        for path in paths:
            headers = {} if one.path.startswith("/v1/public/") else world.headers("keeper")
            address = f"{path}?{'&'.join(asked)}" if asked else path
            yield address, client.get(address, headers=headers).get_data(as_text=True)
    entries = client.get("/v1/public/changes?limit=200").json["items"]
    for path in (
        *(f"/feeds/coast/{feed}.json" for feed in ("changes", "status")),
        *(f"/log/{path}" for path in ("checkpoint", "proof/0", f"tile/entries/000.p/{len(entries)}")),
    ):
        yield path, client.get(path).get_data().decode(errors="replace")


def destroy(world: World, client: FlaskClient, target: str) -> None:
    """Over the wire, for there the bytes of files are destroyed, too."""
    for name in ("keeper", "second keeper"):
        answer = client.post(
            f"/v1/{target}/redaction", json={"reason": "witness_safety"}, headers=world.headers(name)
        )
        assert answer.status_code == 200, answer.data


def telling(world: World, client: FlaskClient, found: set[str]) -> list[str]:
    """The addresses whose answer tells the marker. A search may repeat what was looked for in the address of a page."""
    return [path for path, said in answers(world, client, found) if MARK in said.lower()]


@contextmanager
def connect_as_operator(url: URL) -> Iterator[Connection]:
    """Without the patience of the application, which is short for a slow disk."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def settle(connection: Connection) -> None:
    """What the operators' guide tells to do on PostgreSQL after a redaction; nothing on SQLite."""
    if connection.dialect.name == "sqlite":
        return
    for statement in (
        "SET statement_timeout = 0",
        "DELETE FROM pg_statistic",
        "VACUUM (FULL, ANALYZE)",
        "VACUUM FULL pg_statistic",
        "CHECKPOINT",
    ):
        connection.execute(text(statement))


def in_files(connection: Connection) -> list[str]:
    """The files of a database that hold the marker: of SQLite with its log, of PostgreSQL all of every relation."""
    if connection.dialect.name == "sqlite":
        path = Path(connection.engine.url.database or "")
        return [
            str(file)
            for file in path.parent.rglob("*")
            if file.is_file() and MARK.encode() in file.read_bytes()
        ]
    relations = "SELECT relname, pg_relation_filepath(oid) AS path FROM pg_class WHERE NOT relisshared"
    search = text(
        f"SELECT relname FROM ({relations}) AS one WHERE path IS NOT NULL"  # noqa: S608  # our own
        " AND position(CAST(:mark AS bytea) IN pg_read_binary_file(path)) > 0"
    )
    return list(connection.scalars(search, {"mark": MARK.encode()}))


def test_nothing_of_what_was_redacted_is_left_anywhere(stored: Flask, record: World) -> None:
    """On both databases, of things of every kind and of the words of an act: no table, file or answer has it."""
    world, client = record, stored.test_client()
    keepers(world)
    things = [marked(world, kind) for kind in KINDS if kind != "recommendation"]
    item = things[-1]
    handed_in(world, client, item)
    things.append(asked_once(world, client))
    asked = world.recommendation("C1")
    said = answered(world, asked, "implementation", "stalled", citations=[])
    cites = [{"evidence": item, "stance": "supports", "locator": MARK}]
    world.answer(asked, "implementation", "underway", citations=cites)
    found = {one for rows in dump(world.session).values() for one in events.find_ids(repr(rows))}
    before = telling(world, client, found)
    parts = ("/v1/public/", "/v1/exports", "/v1/search")
    assert [part for part in parts if not any(path.startswith(part) for path in before)] == []
    assert {"/feeds/coast/changes.json", "/v1/public/changes?limit=200"} <= set(before)
    assert len(left(world)) > 12
    world.session.rollback()
    with connect_as_operator(db.engine.url) as connection:
        if connection.dialect.name != "sqlite":
            connection.execute(text("ANALYZE"))
            connection.execute(text("CHECKPOINT"))
        assert len(in_files(connection)) > 1
    for thing in things:
        if ids.kind_of(thing) in ("process", "organization"):
            world.withdraw(thing)
        destroy(world, client, f"subjects/{thing}")
    [words] = [
        one for one in client.get(f"/v1/public/recommendations/{asked}").json["history"] if one["id"] == said
    ]
    destroy(world, client, f"events/{words['event']}")
    assert left(world) == []
    assert telling(world, client, found) == []
    world.session.rollback()
    files = stored.extensions["tracker"].files
    assert [one.key for one in files.held()] == []
    with connect_as_operator(db.engine.url) as connection:
        for _ in range(1 if connection.dialect.name == "sqlite" else 5):
            # Whoever still looks, as autovacuum may, keeps what died meanwhile; the guide says to run it again.
            settle(connection)
            if in_files(connection) == []:
                break
        assert in_files(connection) == []
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []
    assert auditing.audit_logs(world.session, None) == []  # every proof stays valid


def test_a_redacted_item_says_so_and_what_cited_it_too(
    world: World, keepers: tuple[Actor, Actor], client: FlaskClient
) -> None:
    item = marked(world, "evidence")
    asked = world.recommendation("C1")
    cites = [{"evidence": item, "stance": "supports", "locator": MARK}]
    world.answer(asked, "implementation", "underway", citations=cites)
    both(world, keepers, item)
    gone = client.get(f"/v1/public/evidence/{item}")
    assert (gone.status_code, gone.json["type"]) == (410, "/problems/redacted")
    assert gone.json["detail"] == "Redacted: witness_safety"
    [answer] = client.get(f"/v1/public/recommendations/{asked}").json["history"]
    assert answer["basis"] == "unsupported"
    told = [act for act in client.get("/v1/public/changes?limit=200").json["items"] if "refs" in act]
    assert [one["kind"] for one in told] == ["record.redacted"]
    event = client.get(f"/v1/public/events/{told[0]['id']}").json
    entry = json.loads(urlsafe_b64decode(event["entry"] + "=="))
    assert (entry["reason"], entry["refs"]) == ("witness_safety", told[0]["refs"])
    cited = client.get(f"/v1/public/events/{answer['event']}").json
    assert (cited["redacted_by"], cited["salt"]) == (event["log"]["index"], None)


def test_one_custodian_orders_it_and_another_does_it(world: World, keepers: tuple[Actor, Actor]) -> None:
    item = world.item()
    with world.act(keepers[0]) as act:
        redaction.redact_thing(act, item, "minor")
    row = world.session.get_one(Evidence, item)
    assert (row.publication, row.protection, row.title) == ("withdrawn", "sealed", "A report")
    with world.act(keepers[0]) as act, pytest.raises(SelfApproval):
        redaction.redact_thing(act, item, "minor")
    with world.act(keepers[1]) as act:
        redaction.redact_thing(act, item, "minor")
    assert world.session.get_one(Evidence, item).title == ""
    with world.act(keepers[1]) as act, pytest.raises(AlreadyDone):
        redaction.redact_thing(act, item, "minor")
    with world.act(world.editor) as act, pytest.raises(NotPermitted):
        redaction.redact_thing(act, item, "minor")


def test_what_never_was_public_leaves_no_public_act(world: World, keepers: tuple[Actor, Actor]) -> None:
    item = world.item(publish=False, protection="sealed")
    before = dump(world.session)["public_event"]
    both(world, keepers, item)
    assert dump(world.session)["public_event"] == before


def test_what_was_withdrawn_before_can_still_be_destroyed(world: World, keepers: tuple[Actor, Actor]) -> None:
    item = world.item(title=MARK)
    world.withdraw(item, MARK)
    both(world, keepers, item)
    assert MARK not in repr(dump(world.session))


def test_what_is_held_is_sealed_and_not_destroyed(world: World, keepers: tuple[Actor, Actor]) -> None:
    item = world.item(publish=False, protection="confidential")
    with world.act(keepers[0]) as act:
        redaction.hold_thing(act, item, "Case 12", placed=True)
        redaction.redact_thing(act, item, "court_order")
    with world.act(keepers[1]) as act, pytest.raises(LegallyHeld):
        redaction.redact_thing(act, item, "court_order")
    with world.act(keepers[1]) as act, pytest.raises(AlreadyDone):
        redaction.hold_thing(act, item, "Case 12", placed=True)
    assert world.session.get_one(Evidence, item).title == "A report"
    with world.act(keepers[1]) as act:
        redaction.hold_thing(act, item, "Case 12", placed=False)
        redaction.redact_thing(act, item, "court_order")
    assert world.session.get_one(Evidence, item).title == ""


def test_what_was_said_of_a_held_subject_is_kept_by_its_hold(
    world: World, keepers: tuple[Actor, Actor], client: FlaskClient
) -> None:
    item, asked = world.item(), world.recommendation("C1")
    cites = [{"evidence": item, "stance": "supports", "locator": "page 7"}]
    world.answer(asked, "implementation", "underway", citations=cites)
    other = world.item(title="Another", publisher_id=world.daily)
    world.answer(asked, "implementation", "implemented", cites=(other, item))
    with world.act(keepers[0]) as act:
        redaction.hold_thing(act, asked, "Case 12", placed=True)
        redaction.redact_thing(act, item, "error")
    assert world.session.get_one(Evidence, item).protection == "sealed"
    assert client.get(f"/v1/public/evidence/{item}").status_code == 410
    before = dump(world.session)
    with world.act(keepers[1]) as act, pytest.raises(LegallyHeld) as refused:
        redaction.redact_thing(act, item, "error")
    assert asked not in refused.value.detail
    assert dump(world.session) == before
    assert "page 7" in repr(before["citation"])
    both(world, keepers, other)  # of which no place is cited
    with world.act(keepers[1]) as act:
        redaction.hold_thing(act, asked, "Case 12", placed=False)
        redaction.redact_thing(act, item, "error")
    assert "page 7" not in repr(dump(world.session))


def test_a_sealed_box_goes_with_the_item(world: World, keepers: tuple[Actor, Actor]) -> None:
    item = marked(world, "evidence")
    with world.act(keepers[0]) as act:
        assert sealed_fields.read_sealed_fields(act, item, SEALER)["sealed"] == {"creator": MARK}
    both(world, keepers, item)
    with world.act(keepers[0]) as act, pytest.raises(NotFound):
        sealed_fields.read_sealed_fields(act, item, SEALER)
    assert protection.list_shared_with(world.session, item) == set()
