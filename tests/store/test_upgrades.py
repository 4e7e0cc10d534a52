"""A record that was kept before a migration is found after it: nothing is lost on the way, and what the migration
cannot say of old rows `tracker public rebuild` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Clock
from tests.store.conftest import fill
from tests.world import World
from tracker import migrations
from tracker.actions import custody, statuses, watchdogs
from tracker.actions.operations import rebuild
from tracker.actions.support import work_queue
from tracker.domain.work_queue import KINDS
from tracker.files.files import Stored
from tracker.public import public_files
from tracker.public.content.allow_list import PLURALS
from tracker.store.database import db
from tracker.store.work_queue import OpenWork

#: What lists are narrowed by at once, and what only after `tracker public rebuild`; each finds something.
AT_ONCE = ("recommendations?process={process}", "evidence?process={process}", "evidence?watchdog={watchdog}")
REBUILT = (
    "recommendations?tag=sdg:16.6",
    "recommendations?reference=tagged",
    "evidence?verification=verified",
    "deadlines?owner={committee}",
    "organizations?type=authority",
    "public/recommendations?tag=sdg:16.6",
    "public/recommendations?assessor={lead}",
)


class Listed:
    """What the lists answer over HTTP."""

    def __init__(self, app: Flask, world: World) -> None:
        self.client, self.world = app.test_client(), world

    def ids(self, path: str) -> list[str]:
        """All ids of a list, page by page."""
        found: list[str] = []
        following: Any = f"{path}{'&' if '?' in path else '?'}limit=2"
        while following:
            answer = self.client.get(following, headers=self.world.headers("editor"))
            assert answer.status_code == 200, answer.data
            page = answer.get_json()
            found += [one["id"] for one in page["items"]]
            following = page["next"]
        assert len(found) == len(set(found))
        return found

    def everything(self, *paths: str) -> dict[str, list[str]]:
        return {path: self.ids(path.format(**vars(self.world))) for path in paths}


def lists() -> Iterator[str]:
    for plural in PLURALS.values():
        yield from (f"/v1/{plural}", f"/v1/public/{plural}")


@pytest.fixture
def kept(record: World) -> World:
    """A record with all kinds of thing, of the desk and of a watchdog, as migration 0004 left it."""
    record.item(watchdog_id=record.watchdog, title="Of the watchdog")
    fill(record)
    record.recommendation("tagged", tags=[{"scheme": "sdg", "code": "16.6"}])
    return record


def test_lists_find_what_was_recorded_before_there_were_lists(
    stored: Flask, kept: World, clock: Clock, entropy: Callable[[int], bytes]
) -> None:
    listed = Listed(stored, kept)
    at_once = [*lists(), *(f"/v1/{path}" for path in AT_ONCE)]
    rebuilt = [f"/v1/{path}" for path in REBUILT]
    before = {path: sorted(ids) for path, ids in listed.everything(*at_once).items()}
    whole = listed.everything(*at_once, *rebuilt)
    assert [path for path, ids in whole.items() if not ids] == ["/v1/public/resources"]  # none was published

    db.session.remove()
    migrations.downgrade(db.engine, "0004")
    migrations.upgrade(db.engine)

    assert {path: sorted(ids) for path, ids in listed.everything(*at_once).items()} == before
    with kept.act(kept.editor) as act:
        said = rebuild.check_public_side(act)
        assert any("lists of the record find it by something else" in one for one in said)
    with kept.act(kept.editor) as act:
        rebuild.rebuild_public_side(act)
        assert rebuild.check_public_side(act) == []
    assert listed.everything(*at_once, *rebuilt) == whole


def copied(world: World, item: str, name: str, *, approve: bool = True) -> None:
    """Give an item a public copy."""
    with world.act(world.editor) as act:
        stored = Stored(name * 32, 1, name * 64)
        given = custody.ReceivedFile("public_derivative", stored, None, "text/plain")
        file = custody.add_file(act, item, given).id
    if approve:
        world.clock.move(seconds=1)  # type: ignore[attr-defined]  # the clock of a test
        with world.act(world.approver) as act:
            custody.approve_copy(act, item, file)


def test_public_copies_are_found_by_the_public_side_after_the_upgrade(record: World) -> None:
    twice, gone, draft, waiting = (record.item(publish=n != 2) for n in range(4))
    copied(record, twice, "a")
    copied(record, twice, "b")
    copied(record, gone, "c")
    copied(record, draft, "d")
    copied(record, waiting, "e", approve=False)
    record.withdraw(gone)
    db.session.remove()
    migrations.downgrade(db.engine, "0012")
    migrations.upgrade(db.engine)

    with db.engine.connect() as connection:
        assert dict(public_files.list_public_files(connection)) == {
            twice: public_files.PublicFile("b" * 32, "b" * 64, 1, "text/plain"),
        }
    with record.act(record.editor) as act:
        assert rebuild.check_public_side(act) == []


def queue(world: World) -> list[tuple[Any, ...]]:
    """The queue of open work, every column of it."""
    rows = world.session.connection().execute(select(OpenWork.__table__))
    return sorted((tuple(row) for row in rows), key=repr)


def test_the_rebuild_that_follows_an_upgrade_finds_what_waited_before_there_was_a_queue(
    record: World, clock: Clock, entropy: Callable[[int], bytes]
) -> None:
    fill(record)
    with record.act(record.admin) as act:
        watchdogs.set_registration(act, record.watchdog, "registered", "Nothing was found.")
    asked = record.recommendation("C2")
    due = record.deadline(owner_id=asked, type="government_response_due")
    record.deadline(owner_id=asked, rule="2 years")
    items = [record.item() for _ in range(3)]
    hidden = record.item(publish=False, protection="confidential", watchdog_id=record.watchdog)
    for number, assessor in enumerate((record.lead, record.watchdog, record.press)):
        clock.move(hours=1)
        cites = (*items[number:], hidden)
        record.answer(asked, "implementation", "underway", cites=cites, assessor=assessor)
        record.answer(asked, "implementation", "underway", cites=cites[:1], assessor=assessor, confirms=True)
    opposed = {"citations": [{"evidence": items[2], "stance": "contradicts"}]}
    record.answer(record.committee, "adequacy.time", "not_met", assessor=record.watchdog, **opposed)
    record.answer(record.committee, "stage", "reported", cites=(hidden,))
    clock.move(hours=1)
    record.verify(items[0], "disputed")
    record.verify(hidden, "refuted")
    record.withdraw(items[1])
    change = record.propose(due, "outcome", "missed")
    with record.act(record.approver) as act:
        statuses.return_status_change(act, change.id, "They answered.")
    before = queue(record)
    assert {one[0] for one in before} == KINDS.keys()
    assert {one[9] for one in before if one[0] == "basis"} == {"contested", "weakened", "unsupported"}

    db.session.remove()
    migrations.downgrade(db.engine, "0016")
    migrations.upgrade(db.engine)

    again = record.again(db.session(), clock, entropy)
    with again.act(again.editor) as act:
        assert work_queue.find_differences(act.session, act.now) != []
        rebuild.rebuild_public_side(act)
    assert queue(again) == before
    with again.act(again.editor) as act:
        assert work_queue.find_differences(act.session, act.now) == []
