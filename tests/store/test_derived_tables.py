"""What follows from the record and the public acts can be lost: `tracker public rebuild` writes all of it again."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import text

from tests.conftest import Clock
from tests.revising import revise_record
from tests.store.conftest import fill
from tests.world import World
from tracker.actions import consent, custody, publication, questions, revisions, statuses, watchdogs
from tracker.actions.operations import rebuild
from tracker.domain.work_queue import KINDS
from tracker.files.files import Stored
from tracker.store.database import db
from tracker.store.evidence import Evidence
from tracker.store.processes import Process

DERIVED = (
    "public_thing",
    "public_change",
    "public_document",
    "public_file",
    "public_facet",
    "public_filing",
    "public_score",
    "public_tally",
    "public_notable",
    "public_span",
    "public_search",
    "record_facet",
    "record_filing",
    "record_search",
    "open_work",
)
#: Emptied too. A head that was lost comes back with the number of the newest act; words are checked by the rebuild.
ALSO = ("public_head", "public_search_words", "record_search_words")


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


def act_out(record: World, clock: Clock) -> None:
    """Something of every kind that waits, and public copies: one replaced, one of a draft, one not approved."""
    fill(record)
    with record.act(record.admin) as act:
        watchdogs.set_registration(act, record.watchdog, "registered", "Nothing was found.")
    asked = record.recommendation("C2")
    due = record.deadline(owner_id=asked, type="government_response_due")
    record.deadline(owner_id=asked, rule="2 years")
    whole = record.recommendation("whole")
    record.recommendation("part", parent_id=whole)
    record.answer(whole, "closure", "no_longer_applicable")
    record.deadline(owner_id=asked, rule="9 working days", set_on=date(2025, 4, 13))
    process = record.session.get_one(Process, record.process)
    worked = {"calendar": {**process.calendar, "worked_days": [{"on": "2025-04-19", "name": "Decree 7"}]}}
    worked["reminders"] = [{"step": "asked", "after_days": 30}]
    with record.act(record.editor) as act:
        revise_record(act, process.id, "process", worked, process.version)
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
    twice, draft, waiting = record.item(), record.item(publish=False), record.item()
    copied(record, twice, "a")
    copied(record, twice, "b")
    copied(record, draft, "d")
    copied(record, waiting, "e", approve=False)
    for purposes in (["internal_use", "publish_attributed"], ["publish_attributed", "share_with_courts"]):
        agreed = {"basis": "informed_consent", "purposes": purposes, "reason": "They were asked."}
        with record.act(record.editor) as act:
            consent.correct_consent(act, waiting, agreed)
    with record.act(record.editor) as act:
        publication.propose_publication(act, [draft])
        questions.ask_question(act, hidden, "Where was it filmed?")
    version = record.session.get_one(Evidence, waiting).version
    with record.act(record.editor) as act:
        revisions.edit_thing(act, waiting, "evidence", {"title": "Another", "reason": "Misspelt."}, version)


def derived() -> dict[str, list[tuple[Any, ...]]]:
    with db.engine.connect() as connection:
        return {
            table: sorted(map(tuple, connection.execute(text(f"SELECT * FROM {table}"))), key=repr)  # noqa: S608  # our own
            for table in DERIVED
        }


def test_a_rebuild_fills_every_derived_table_from_nothing(record: World, clock: Clock) -> None:
    act_out(record, clock)
    db.session.remove()
    before = derived()
    assert all(before.values()), [table for table, rows in before.items() if not rows]
    assert {row[0] for row in before["open_work"]} == KINDS.keys()

    with db.engine.begin() as connection:
        for table in (*DERIVED, *ALSO):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # our own
    with record.act(record.editor) as act:
        assert rebuild.check_public_side(act) != []
    with record.act(record.editor) as act:
        rebuild.rebuild_public_side(act)
        assert rebuild.check_public_side(act) == []
    assert derived() == before
