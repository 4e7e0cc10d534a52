"""The cost of an act does not grow: an approval sends as many statements after a long history as after a short one, and
each of them reads a range of an index. Held on both databases by their own plans; never by a clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, event, select

from tests.api.test_cost import bounded
from tests.world import World
from tracker.actions import statuses
from tracker.public.tables import facet
from tracker.store.database import db

STATES = ("underway", "stalled", "not_started", "committed")
Statement = tuple[str, Any]
#: What an approval and a proposal send that cite two items, without the hashes of the logs. Eight of an approval keep
#: the numbers of the process, at present and as of any day. One of each reads by what one would know that two items
#: show the same, and one finds the dates that the answer may meet. One of each reads which organization took the place
#: of which. Of an approval two find the recommendations that name this one and that it names, and one the
#: organizations that took the place of those whom it names. One of each finds the whole of which this is a part:
#: that their answers differ waits in the queue. One of an approval writes under what its recommendation is filed.
MOST_APPROVED, MOST_PROPOSED = 60, 29


@contextmanager
def watched(engine: Engine) -> Iterator[list[Statement]]:
    """The statements that are sent while the block lasts, with the values of one row for each."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        many = rest[-1]
        seen.append((statement, values[0] if many else values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def proposal(number: int, subject: str, items: Sequence[str]) -> dict[str, Any]:
    return {
        "subject": subject,
        "track": "implementation",
        "state": STATES[number % len(STATES)],
        "effective_on": date(2025, 6, 1) + timedelta(days=number),
        "reason": "Because it is so.",
        "citations": [{"evidence": item, "stance": "supports"} for item in items],
    }


def answer(world: World, subject: str, items: Sequence[str], numbers: Iterable[int]) -> None:
    """Many answers on one line, each another state than the one before it, in a few units."""
    for number in numbers:
        with world.act(world.editor) as act:
            change = statuses.propose_status_change(act, proposal(number, subject, items)).id
        with world.act(world.approver) as act:
            statuses.approve_status_change(act, change)


def approved(world: World, subject: str, items: Sequence[str], number: int) -> list[Statement]:
    """The statements of one approval, by somebody who has read nothing before."""
    with world.act(world.editor) as act:
        change = statuses.propose_status_change(act, proposal(number, subject, items)).id
    world.session.rollback()
    world.session.expunge_all()
    with watched(db.engine) as seen, world.act(world.approver) as act:
        statuses.approve_status_change(act, change)
    return seen


def test_an_approval_sends_as_many_statements_after_a_long_history_as_after_a_short_one(world: World) -> None:
    items = [world.item(), world.item()]
    subject = world.recommendation("R1")
    answer(world, subject, items, range(10))
    short = [statement for statement, _values in approved(world, subject, items, 10)]
    answer(world, subject, items, range(11, 130))  # longer than the history that a document carries
    long = [statement for statement, _values in approved(world, subject, items, 130)]
    assert _without_hashes(long) == _without_hashes(short)


def test_an_approval_and_a_proposal_send_no_more_statements_than_they_need(world: World) -> None:
    """Raise the bound where one more is needed, and say why."""
    items = [world.item(), world.item()]
    subject = world.recommendation("R1")
    answer(world, subject, items, range(3))
    assert len(_without_hashes([one for one, _values in approved(world, subject, items, 3)])) <= MOST_APPROVED
    world.session.rollback()
    world.session.expunge_all()
    with watched(db.engine) as seen, world.act(world.editor) as act:
        statuses.propose_status_change(act, proposal(4, subject, items))
    assert len(_without_hashes([one for one, _values in seen])) <= MOST_PROPOSED


@contextmanager
def counted_steps() -> Iterator[list[int]]:
    """How many tens of steps SQLite's machine takes inside, in one entry."""
    found = [0]

    def step() -> bool:
        found[0] += 1
        return False

    driver = db.session.connection().connection.dbapi_connection
    assert driver is not None
    driver.set_progress_handler(step, 10)
    try:
        yield found
    finally:
        driver.set_progress_handler(None, 10)


def test_an_approval_takes_no_more_steps_where_many_other_acts_name_the_same_organizations(
    world: World,
) -> None:
    """A statement may read an index, and yet all of what stands there under one organization."""
    items = [world.item(), world.item()]
    subject = world.recommendation("R1")

    def approve(number: int) -> int:
        with world.act(world.editor) as act:
            change = statuses.propose_status_change(act, proposal(number, subject, items)).id
        world.session.expunge_all()
        with counted_steps() as steps, world.act(world.approver) as act:
            statuses.approve_status_change(act, change)
        return steps[0]

    answer(world, subject, items, range(3))
    few = approve(3)
    others = [world.recommendation(f"R{number}") for number in range(2, 32)]
    for number, other in enumerate(others):
        answer(world, other, items, [number])
    assert approve(4) <= few * 1.15


def test_what_moves_with_each_act_stands_in_two_entries_of_a_thing(world: World) -> None:
    """It is in an index: each entry more is a page more that each act writes."""
    subject = world.recommendation("R1")
    answer(world, subject, [world.item(), world.item()], range(2))
    entries = world.session.execute(select(facet).where(facet.c.id == subject)).all()
    assert {one.facet for one in entries if one.moment is not None} == {"all", "process"}
    assert len(entries) > 10


def test_a_mandate_more_writes_one_row_and_sends_as_many_statements_beside_many_as_beside_few(
    world: World,
) -> None:
    def adopt(number: int) -> tuple[int, list[str]]:
        world.session.rollback()
        world.session.expunge_all()
        with watched(db.engine) as seen:
            world.add(world.committee, "mandates", instrument=f"Decree {number}", adopted_on=date(2025, 3, 9))
        sent = _without_hashes([statement for statement, _values in seen])
        return len(sent), [one.split(" (")[0].split(" WHERE")[0] for one in sent if _changes(one, "mandate")]

    costs = [adopt(number) for number in range(12)]
    assert costs[11] == costs[2]
    assert (
        costs[11][1] == ["INSERT INTO mandate"] * 2
    )  # tried where it is proposed, done where it is approved


def _changes(statement: str, table: str) -> bool:
    return re.match(rf"(INSERT INTO|DELETE FROM|UPDATE) {table} ", statement) is not None


def _without_hashes(statements: list[str]) -> list[str]:
    """Of a log that grows, an entry completes now one subtree and now several."""
    return [one for one in statements if "_log_hash" not in one]


def test_every_statement_of_an_approval_reads_an_index(record: World) -> None:
    items = [record.item(), record.item()]
    subject = record.recommendation("R1")
    record.deadline(owner_id=subject, type="government_response_due")
    answer(record, subject, items, range(3))
    seen = approved(record, subject, items, 3)
    record.answer(subject, "implementation", "underway", effective_on=date(2025, 5, 1), cites=(items[0],))
    change = record.propose(items[0], "verification", "disputed", proposer=record.reviewer).id
    with watched(db.engine) as fallen, record.act(record.approver) as act:
        statuses.approve_status_change(act, change)
    assert faults(db.engine, [*seen, *fallen]) == []


def faults(engine: Engine, seen: list[Statement]) -> list[str]:
    """The statements whose plan reads a whole table, with the line that says so."""
    sqlite = engine.dialect.name == "sqlite"
    sign, explain = ("SCAN ", "EXPLAIN QUERY PLAN ") if sqlite else ("Seq Scan", "EXPLAIN ")
    wrong = set()
    with engine.connect() as connection:
        if not sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, values in dict(seen).items():
            if not statement.startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
                continue
            for row in connection.exec_driver_sql(explain + statement, values):
                line = str(row[-1])
                if sign in line and not bounded(line, statement) and not _known(line):
                    wrong.add(f"{line}: {statement}")
    return sorted(wrong)


def _known(line: str) -> bool:
    """The organizations above one, which are walked up; and words, which are looked up by their number."""
    return "SCAN walk" in line or "VIRTUAL TABLE INDEX" in line
