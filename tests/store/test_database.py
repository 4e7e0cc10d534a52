"""The record is opened safely, written by one at a time, and only through a unit of work: whole, with its audit entry,
or not at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update

from tests.conftest import Clock
from tests.revising import revise_record
from tests.savings import PRAGMAS
from tests.world import World
from tracker.actions import statuses
from tracker.actions.support.unit import Unguarded, open_unit
from tracker.cli.serve import serve
from tracker.domain.errors import Refusal, StaleEdit
from tracker.domain.people import Actor
from tracker.store import database
from tracker.store.audit import AuditEntry
from tracker.store.base import UtcInstant
from tracker.store.database import db
from tracker.store.organizations import Organization
from tracker.store.statuses import StatusChange
from tracker.store.statuses import list_approved as approved_changes

# ---------------------------------------------------------------- how it is opened


def test_each_thread_of_a_server_finds_a_connection_for_each_side(app: Flask) -> None:
    [threads] = [one.default for one in serve.params if one.name == "threads"]
    with app.app_context(), ExitStack() as held:
        for _ in range(2 * threads):
            held.enter_context(db.engine.connect())


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("busy_timeout", 10000),
    ],
)
def test_sqlite_is_opened_so_that_nothing_is_lost_or_left_behind(
    pragma: str, value: object, app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "_PRAGMAS", PRAGMAS)  # not as tests are
    with app.app_context(), db.engine.connect() as one, db.engine.connect() as other:
        for connection in (one, other):  # every connection, not the first only
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_an_instant_without_its_time_zone_is_refused():
    with pytest.raises(ValueError, match="an instant needs its time zone"):
        UtcInstant().process_bind_param(datetime(2025, 3, 9), None)  # type: ignore[arg-type]  # noqa: DTZ001


def test_an_instant_comes_back_as_the_same_moment_in_utc(record: World):
    damascus = datetime(2025, 3, 9, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=3)))
    with record.act(record.editor) as act:
        record.session.add(
            AuditEntry(
                at=damascus,
                person_id=record.editor.id,
                verb="test",
                target_id=act.by.id,
                detail={},
                salt=bytes(32),
            )
        )
    record.session.expire_all()
    found = record.session.scalars(select(AuditEntry).where(AuditEntry.verb == "test")).one()

    assert found.at == damascus
    assert (found.at.tzinfo, found.at.hour, found.at.day) == (UTC, 22, 8)


# ---------------------------------------------------------------- writers take turns

#: Four answers for which a reason is enough and between which every move is allowed.
STATES = ("no_evidence", "not_started", "stalled", "not_implemented")
WRITERS, ACTS = 4, 6


def test_writers_take_turns_and_no_link_of_the_history_is_wrong(record: World, stored: Flask, clock: Clock):
    subject = record.recommendation("C1")
    others = record.session.scalar(
        select(func.count()).select_from(StatusChange).where(StatusChange.number > 0)
    )
    editor, approver = record.editor, record.approver
    db.session.remove()

    def act(by: Actor, does: Callable[[Any], Any]) -> Any:
        with open_unit(db.session(), by, clock(), secrets.token_bytes) as opened:
            return does(opened)

    def write(writer: int) -> int:
        approved = 0
        with stored.app_context():
            for turn in range(ACTS):
                data = {
                    "subject": subject,
                    "track": "implementation",
                    "state": STATES[(writer + turn) % len(STATES)],
                    "effective_on": date(2025, 6, 1),
                    "reason": f"Writer {writer}, turn {turn}.",
                }
                try:
                    change = act(
                        editor, lambda opened, data=data: statuses.propose_status_change(opened, data)
                    ).id
                    act(
                        approver, lambda opened, change=change: statuses.approve_status_change(opened, change)
                    )
                    approved += 1
                except Refusal:
                    pass  # somebody else has just said the same
                finally:
                    db.session.remove()
        return approved

    with ThreadPoolExecutor(WRITERS) as pool:
        approved = sum(pool.map(write, range(WRITERS)))
    line = approved_changes(db.session(), subject)
    numbers = list(db.session.scalars(select(StatusChange.number).where(StatusChange.number > 0)))

    assert len(line) == approved >= ACTS
    assert sorted(numbers) == list(range(1, (others or 0) + approved + 1))
    assert [change.from_state for change in line] == [
        "not_assessed",
        *(change.to_state for change in line[:-1]),
    ]


def test_a_reader_during_a_write_sees_what_was_there_before(record: World, stored: Flask):
    def read() -> str:
        with stored.app_context():
            return db.session.scalars(select(Organization.name).where(Organization.id == record.press)).one()

    with ThreadPoolExecutor(1) as another:
        with record.act(record.editor) as act:
            version = record.session.get_one(Organization, record.press).version
            revise_record(act, record.press, "organization", {"name": "The Gazette"}, version)
            record.session.flush()
            assert another.submit(read).result(timeout=20) == "Press"
        assert another.submit(read).result(timeout=20) == "The Gazette"


def test_of_two_who_edit_what_they_read_the_second_is_told(record: World):
    version = record.session.get_one(Organization, record.press).version
    with record.act(record.editor) as act:
        revise_record(act, record.press, "organization", {"name": "First"}, version)
    with pytest.raises(StaleEdit), record.act(record.editor) as act:
        revise_record(act, record.press, "organization", {"name": "Second"}, version)

    assert name_of(record, record.press) == "First"


# ---------------------------------------------------------------- whole, or not at all


def name_of(record: World, organization: str) -> str:
    record.session.expire_all()
    return record.session.get_one(Organization, organization).name


def audited(record: World) -> int:
    return record.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def rename_and_fail(record: World) -> None:
    with record.act(record.editor) as act:
        record.session.get_one(Organization, record.press).name = "Something else"
        act.audit("revise", record.press)
        record.session.flush()
        raise ZeroDivisionError


def test_what_raises_leaves_the_record_as_it_was(record: World):
    before = audited(record)
    with pytest.raises(ZeroDivisionError):
        rename_and_fail(record)

    assert name_of(record, record.press) == "Press"
    assert audited(record) == before


def test_only_a_unit_of_work_commits(record: World):
    record.session.get_one(Organization, record.press).name = "Something else"
    with pytest.raises(Unguarded, match="only a unit of work commits"):
        record.session.commit()
    record.session.rollback()

    assert name_of(record, record.press) == "Press"


def test_after_a_unit_is_over_nothing_commits_in_its_name(record: World):
    with record.act(record.editor) as act:
        act.audit("revise", record.press)
    with pytest.raises(Unguarded, match="only a unit of work commits"):
        record.session.commit()
    record.session.rollback()


def test_a_write_without_its_audit_entry_is_refused(record: World):
    with pytest.raises(Unguarded, match="a write without its audit entry"), record.act(record.editor):
        record.session.get_one(Organization, record.press).name = "Something else"

    assert name_of(record, record.press) == "Press"


def test_one_act_does_not_pay_for_the_next(record: World):
    with record.act(record.editor) as act:
        act.audit("revise", record.press)
    with pytest.raises(Unguarded, match="a write without its audit entry"), record.act(record.editor):
        record.session.get_one(Organization, record.press).name = "Something else"


@pytest.mark.parametrize(
    "statement",
    [
        update(Organization).values(name="Everybody"),
        delete(Organization),
        insert(Organization).values(name="Nobody"),
    ],
    ids=lambda statement: type(statement).__name__,
)
def test_statements_over_many_rows_at_once_pass_by_the_audit_and_are_refused(statement: Any, record: World):
    with pytest.raises(Unguarded, match="bulk statements"):
        record.session.execute(statement)
    with pytest.raises(Unguarded, match="bulk statements"), record.act(record.editor):
        record.session.execute(statement)

    assert name_of(record, record.press) == "Press"
