"""A GET never writes; and what is not on an allow-list is in no public byte, header or table.

Every private member of every kind of thing is filled with a marker; then every public address is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.public.assertions import dump, public
from tests.revising import revise_record
from tests.web.addresses import list_pages
from tests.world import World
from tracker.actions import deadlines, evidence, resources, statuses, watchdogs
from tracker.actions.support import lookup
from tracker.api.http.endpoint import ENDPOINTS
from tracker.domain.people import PUBLIC
from tracker.store.database import db

MARK = "zq-marker-that-is-nobodys-business"
#: Every feed that takes no id; those of things are asked with every id.
FEEDS = (
    *("/feeds/coast/status.json", "/feeds/coast/changes.json", "/feeds/none/status.json"),
    *("/feeds/coast/changes.atom", "/feeds/changes.atom", "/feeds/changes.json"),
    *("/feeds/coast/status.summary.json", "/feeds/coast/deadlines.ics", "/embed/coast", "/badges/coast.svg"),
    *(f"/feeds/coast/export.{form}" for form in ("json", "ndjson")),
    *("/v1/dataset.jsonld", "/sitemap.xml", "/robots.txt", "/.well-known/security.txt"),
    *("/feeds/coast/changes.json?lang=ar", "/feeds/coast/deadlines.ics?lang=fr", "/embed/coast?lang=ar"),
    *("/badges/coast.json", "/oembed?url=http://127.0.0.1:8000/en/coast"),
    "/en/coast/dossier.md",
    *(
        f"/feeds/organizations/{slug}/changes.{form}"
        for slug in ("watchdog", "desk", "nobody")
        for form in ("atom", "json")
    ),
    *(
        f"/feeds/search.{form}?q={word}"
        for word in ("report", "c", "zq", "nobodys")
        for form in ("atom", "json")
    ),
)
OF_THINGS = (
    "/feeds/recommendations/{id}/changes.atom",
    "/feeds/recommendations/{id}/changes.json",
    "/badges/{id}.svg",
    "/embed/{id}",
)


class Full:
    """A world with something of every kind in it, public where it may be and marked wherever it is private."""

    def __init__(self, world: World) -> None:
        self.world = world
        hidden = world.organization("hidden", "watchdog", publish=False, name=MARK, contact=MARK)
        with world.act(world.editor) as act:
            watchdogs.register_watchdog(act, hidden, {"since": date(2025, 1, 1), "conflicts": MARK})
            row = lookup.get_unfiltered(world.session, world.press)
            revise_record(act, world.press, "organization", {"contact": MARK}, row.version)
        self.person = world.person(MARK, "watchdog", organization=hidden)
        self.hidden = hidden
        self.item = world.item(
            watchdog_id=hidden, capture_method="interview", acquired_from="confidential_source"
        )
        world.release(self.item)
        self.secret = world.item(publish=False, protection="confidential", title=MARK, description=MARK)
        self.sealed = world.item(
            publish=False, protection="sealed", title=MARK, source_url=f"https://{MARK}.test"
        )
        self.asked = world.recommendation("C1")
        self.draft = world.recommendation("C2", publish=False, title=MARK, text=MARK)
        world.report("interim", type="interim", delivered=date(2025, 5, 1))
        self.report = world.report("draft", publish=False, title=MARK, note=MARK)
        self.counted = world.indicator(recommendations=[self.asked])
        world.indicator("draft", publish=False, title=MARK, recommendations=[self.asked])
        self.due = world.deadline()
        self.means = self._means()
        self._statuses()
        self._drafts()

    def _means(self) -> str:
        world = self.world
        with world.act(world.editor) as act:
            made = resources.record_resource(
                act,
                {
                    "process_id": world.process,
                    "committee_id": world.committee,
                    "type": "budget",
                    "title": "Money",
                },
            )
        return world.publish(made.id)

    def _statuses(self) -> None:
        world = self.world
        cited = [
            {"evidence": one, "stance": "supports", "locator": MARK if one == self.secret else "p. 3"}
            for one in (self.item, self.secret)
        ]
        change = world.propose(self.asked, "implementation", "underway", citations=cited)
        with world.act(world.approver) as act:
            statuses.approve_status_change(act, change.id, MARK)
        self.proposal = world.propose(
            self.asked, "implementation", "stalled", reason=MARK, label={"scheme": MARK, "label": MARK}
        ).id
        returned = world.propose(self.asked, "implementation", "stalled", reason=MARK)
        with world.act(world.approver) as act:
            statuses.return_status_change(act, returned.id, MARK)
        world.answer(self.draft, "implementation", "not_started", reason=MARK)
        world.verify(self.secret, "refuted", reason=MARK)

    def _drafts(self) -> None:
        world = self.world
        world.make_process("draft", publish=False, title=MARK, summary=MARK)
        world.make_committee("draft", publish=False, name=MARK, note=MARK)
        with world.act(self.person) as act:
            evidence.submit_evidence(
                act,
                {
                    "process_id": world.process,
                    "title": MARK,
                    "type": "media_report",
                    "acquired_from": "own_staff",
                    "archived_url": f"https://{MARK}.test",
                },
            )
        with world.act(world.editor) as act:
            deadlines.extend_deadline(
                act,
                self.due,
                {
                    "set_on": date(2025, 4, 10),
                    "due_on": date(2025, 7, 10),
                    "title": MARK,
                    "reason": MARK,
                    "citations": [{"evidence": self.item, "stance": "supports"}],
                },
            )

    def private_ids(self) -> set[str]:
        """The names of things nobody outside may know to exist, and of the people who did it all."""
        people = {self.world.editor.id, self.world.reviewer.id, self.world.approver.id, self.person.id}
        return {self.hidden, self.secret, self.sealed, self.draft, self.report, self.proposal, *people}


@pytest.fixture
def full(world: World) -> Full:
    return Full(world)


def addresses(world: World) -> Iterator[str]:
    """Every public address there is: of every endpoint that says `PUBLIC`, with every id that is public, and feeds."""
    rows = dump(world.session)
    ids = {row[0] for row in rows["public_document"]} | {row[1] for row in rows["public_event"]}
    for one in ENDPOINTS:
        if one.permission == PUBLIC:
            assert one.method == "GET"
            codes = [code for listed in one.choices.values() for code in listed]
            for id in codes or (sorted(ids) if one.parameters else [""]):
                path = one.path.replace(f"{{{(one.parameters or ['id'])[0]}}}", id)
                query = one.query() if one.query else None
                if query is not None and "q" in query.fields:  # what is asked for is not what is told
                    yield from (f"{path}?q={word}" for word in ("report", "c", "zq", "nobodys+business"))
                    continue
                yield path
                if query is not None and "as_of" in query.fields:
                    yield f"{path}?as_of=2025-07-01&known_at=2026-11-23T10:00:00Z"
                if query is not None and "limit" in query.fields:
                    yield f"{path}?limit=1"
    yield from FEEDS
    yield from list_pages(world.session)
    yield from (path.replace("{id}", id) for path in OF_THINGS for id in sorted(ids))


def read(client: FlaskClient, path: str) -> tuple[int, str]:
    answer = client.get(path)
    answer.headers.pop("X-Request-Id", None)  # the one that a problem has is another each time
    return answer.status_code, f"{answer.headers}\n{answer.get_data(as_text=True)}"


def test_nothing_private_is_in_any_public_byte_header_or_table(full: Full, client: FlaskClient) -> None:
    found = 0
    for path in addresses(full.world):
        status, said = read(client, path)
        found += status == 200
        assert status in (200, 404, 422), path
        assert MARK not in said, path
        assert not [id for id in full.private_ids() if id in said], path
    assert found > 60  # it did read something
    tables = repr(public(full.world.session))
    assert MARK not in tables
    assert not [id for id in full.private_ids() if id in tables]
    assert MARK in repr(dump(full.world.session))  # and there was something to find


def test_no_get_writes_anything(full: Full, app: Flask, client: FlaskClient, clock: Any) -> None:
    """Neither on the day itself nor after documents have turned."""
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA", "WITH")):
            written.append(statement)

    paths = list(addresses(full.world))
    event.listen(db.engine, "before_cursor_execute", note)
    for days in (0, 400):
        clock.move(days=days)
        full.world.session.rollback()
        before = dump(full.world.session)
        for path in paths:
            client.get(path)
            client.head(path)
        assert dump(full.world.session) == before
    assert written == []


def test_what_is_confidential_changes_no_public_answer(world: World, client: FlaskClient) -> None:
    """Adding, citing in a proposal, judging and withdrawing it leave every byte and header where they were."""
    world.recommendation("C1")
    paths = list(addresses(world))
    before = {path: read(client, path) for path in paths}
    tables = public(world.session)
    secret = world.item(publish=False, protection="confidential", title=MARK)
    draft = world.recommendation("C2", publish=False)
    world.answer(draft, "implementation", "underway", cites=(secret,))
    world.verify(secret, "disputed")
    world.withdraw(secret)
    assert {path: read(client, path) for path in paths} == before
    assert public(world.session) == tables
