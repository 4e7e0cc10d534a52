"""Each public act has its entry in the log, in the same transaction and order, and the entry says no more than it may:
codes, opaque ids, the instant of publication, and a commitment that the text of the act and its salt open.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import rfc8785
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData, create_engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.conftest import Clock, MakeTemplate
from tests.public.assertions import unguard
from tests.world import World
from tracker.actions import statuses
from tracker.actions.operations import auditing, signing
from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import open_view
from tracker.database import log_storage
from tracker.public import log
from tracker.public.log import Act
from tracker.public.tables import event
from tracker.public.tables import log as public_log
from tracker.store.audit import TRAIL, AuditEntry
from tracker.store.database import db
from tracker.tlog import tree
from tracker.tlog.commitment import opens

#: All that an entry may say, whatever it is about.
MEMBERS = {"v", "kind", "at", "prev", "commit", "subject", "assessor", "track", "from", "to", "ref", "reason"}


def act_out(record: World) -> World:
    """A status, its correction, an item that fell, something withdrawn, an anchor: every kind of act."""
    item, other = record.item(), record.item(title="Another")
    asked = record.recommendation("C1")
    first = record.answer(asked, "implementation", "underway", cites=(item,))
    record.answer(
        asked, "implementation", "stalled", corrects=first.id, effective_on=first.effective_on, cites=(other,)
    )
    record.answer(item, "verification", "refuted", proposer=record.reviewer)
    record.withdraw(record.recommendation("C3"))
    with record.act(OPERATOR) as act:
        signing.anchor_internal_log(act)
    return record


@pytest.fixture(scope="module")
def own_template(make_template: MakeTemplate[World]) -> tuple[Path, World]:
    return make_template(act_out)


@pytest.fixture
def acted(record: World, own_template: tuple[Path, World]) -> World:
    """These acts on either database: copied on SQLite, done again on PostgreSQL."""
    if record.session.get_bind().dialect.name == "sqlite":
        return record.go_on(own_template[1])
    return act_out(record)


def entries(world: World) -> list[dict[str, object]]:
    connection = world.session.connection()
    return [json.loads(entry) for _idx, entry in public_log.all(connection)]


def test_there_is_an_entry_for_each_act_in_its_order(acted: World) -> None:
    acts = list(log.read_events(acted.session.connection()))
    found = entries(acted)
    assert [act.seq for act in acts] == list(range(1, len(acts) + 1))
    assert len(found) == len(acts) > 15
    for act, entry in zip(acts, found, strict=True):
        said = json.loads(act.body)
        assert (entry["kind"], entry["at"], entry.get("subject")) == (said["kind"], said["at"], act.subject)
    assert {entry["kind"] for entry in found} >= {
        "subject.published",
        "subject.withdrawn",
        "status.changed",
        "status.corrected",
        "basis.changed",
        "internal.anchor",
    }


def test_an_entry_says_codes_and_ids_and_nothing_else(acted: World) -> None:
    for _idx, raw in public_log.all(acted.session.connection()):
        entry = json.loads(raw)
        assert set(entry) <= MEMBERS
        assert raw.isascii()
        assert raw == rfc8785.dumps(entry)
        assert len(raw) < log_storage.LONGEST


def test_the_text_of_an_act_and_its_salt_open_its_entry_and_nothing_else_does(acted: World) -> None:
    acts = [act for act in log.read_events(acted.session.connection()) if act.salt is not None]
    found = entries(acted)
    for act, other in zip(acts, acts[1:] + acts[:1], strict=True):
        commitment = str(found[act.seq - 1]["commit"])
        assert opens(commitment, act.salt or b"", act.body)
        assert not opens(commitment, other.salt or b"", act.body)
        assert not opens(commitment, act.salt or b"", other.body)
    assert len({act.salt for act in acts}) == len(acts)


def test_an_entry_names_the_one_before_it_on_the_same_thing_and_a_correction_what_it_corrects(
    acted: World,
) -> None:
    found, last = entries(acted), dict[object, int]()
    for index, entry in enumerate(found):
        assert entry["prev"] == last.get(entry.get("subject"), -1) or "subject" not in entry
        last[entry.get("subject")] = index
    corrected = next(entry for entry in found if entry["kind"] == "status.corrected")
    assert found[int(str(corrected["ref"]))]["kind"] == "status.changed"
    assert found[int(str(corrected["ref"]))]["subject"] == corrected["subject"]


def test_stored_hashes_are_those_of_the_tree_and_there_are_no_others(acted: World) -> None:
    connection = acted.session.connection()
    for one in (public_log, TRAIL):
        leaves = [tree.leaf_hash(entry) for _idx, entry in one.all(connection)]
        assert one.root(connection, len(leaves)) == tree.fold(leaves)
        stored = connection.execute(select(one.hash.c.level, one.hash.c.n)).all()
        wanted = {
            (level, n) for level in range(len(leaves).bit_length()) for n in range(len(leaves) >> level)
        }
        assert {tuple(row) for row in stored} == wanted


def test_each_row_of_the_trail_has_its_entry_in_the_internal_log(acted: World) -> None:
    numbers = acted.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all()
    connection = acted.session.connection()
    assert [json.loads(entry)["n"] for _idx, entry in TRAIL.all(connection)] == list(numbers)


def test_an_audit_reads_one_view_and_finds_nothing(acted: World) -> None:
    with open_view(acted.session, OPERATOR, acted.clock(), acted.entropy) as looked:
        assert auditing.audit_logs(looked.session, None) == []


def test_an_act_that_is_undone_leaves_no_entry(record: World) -> None:
    before = public_log.size(record.session.connection())

    def undone() -> None:
        with record.act(OPERATOR) as act:
            signing.anchor_internal_log(act)
            log.extend_log(act.connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert (
        public_log.size(record.session.connection())
        == before
        == len(list(log.read_events(record.session.connection())))
    )


TABLES = [
    *(f"{name}_{part}" for name in ("public_log", "internal_log") for part in ("entry", "hash")),
    "public_log_checkpoint",
    "public_log_cosignature",
    "public_log_name",
    "public_log_succession",
    "log_anchor",
    "audit_entry",
    "public_event",
]


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_change_or_to_delete_what_is_in_the_history(acted: World, table: str) -> None:
    columns = {"public_event": "at", "audit_entry": "verb", "log_anchor": "checkpoint"}
    column = columns.get(table) or db.metadata.tables.get(table, public_log.entry).columns.keys()[-1]
    column = {
        "public_log_entry": "entry",
        "public_log_hash": "hash",
        "public_log_checkpoint": "note",
        "public_log_cosignature": "line",
        "public_log_name": "origin",
        "public_log_succession": "statement",
    }.get(table, column)
    fill = {
        "public_log_checkpoint": "INSERT INTO public_log_checkpoint VALUES (1, :raw, 'x')",
        "public_log_cosignature": "INSERT INTO public_log_cosignature VALUES (1, 'x', 'x')",
        "public_log_name": "INSERT INTO public_log_name VALUES ('x', 'x')",
        "public_log_succession": "INSERT INTO public_log_succession VALUES (0, 'x', 1, 'x')",
    }
    acted.session.rollback()
    with db.engine.connect() as connection:
        if table in fill:
            connection.execute(text(fill[table]), {"raw": b"x"} if ":raw" in fill[table] else {})
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() > 0  # noqa: S608  # our own
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):  # noqa: S608  # our own
            with (
                pytest.raises((IntegrityError, DBAPIError), match="only ever added to"),
                connection.begin_nested(),
            ):
                connection.execute(text(statement))
        if connection.dialect.name == "postgresql":
            with pytest.raises(DBAPIError, match="only ever added to"), connection.begin_nested():
                connection.execute(text(f"TRUNCATE {table} CASCADE"))
        connection.rollback()


def test_the_text_of_an_act_changes_only_as_its_salt_is_destroyed(acted: World) -> None:
    acted.session.rollback()
    with db.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="only ever added to"), connection.begin_nested():
            connection.execute(event.update().where(event.c.seq == 3).values(body=b"{}"))
        connection.execute(event.update().where(event.c.seq == 3).values(body=b"{}", salt=None))
        connection.rollback()


def test_where_the_last_acts_are_missing_nothing_more_is_written(record: World) -> None:
    record.session.rollback()
    with db.engine.connect() as connection:
        unguard(connection)
        connection.execute(text("DELETE FROM public_event WHERE seq = (SELECT max(seq) FROM public_event)"))
        connection.commit()
    size = public_log.size(record.session.connection())
    with pytest.raises(log.OutOfOrder):
        record.recommendation("C9")
    assert public_log.size(record.session.connection()) == size


def test_what_was_published_before_the_log_enters_it_with_the_next_act(acted: World) -> None:
    acted.session.rollback()
    wanted = [entry for _idx, entry in public_log.all(acted.session.connection())]
    acted.session.rollback()
    with db.engine.connect() as connection:
        unguard(connection)
        for table in (public_log.entry, public_log.hash, TRAIL.entry, TRAIL.hash):
            connection.execute(table.delete())
        connection.commit()
    acted.recommendation("C9")
    found = [entry for _idx, entry in public_log.all(acted.session.connection())]
    assert found[: len(wanted)] == wanted
    assert len(found) == len(wanted) + 1


@given(st.sampled_from(["", "é", "\u202e", "x" * 70_000, '"', "\ud7ff"]), st.binary(min_size=32, max_size=32))
def test_whatever_an_act_says_its_entry_stays_small_and_ascii(said: str, salt: bytes) -> None:
    body = json.dumps(
        {"kind": "subject.published", "at": "2026-11-24T00:00:00.000000Z", "content": {"text": said}}
    )
    made = log.find_entry(Act(1, "rec_" + "0" * 26, body.encode(), salt), None, lambda _change: None)
    assert made.isascii()
    assert len(made) < 400
    assert json.loads(made)["prev"] == -1


def test_an_act_without_a_salt_cannot_be_logged() -> None:
    body = b'{"kind":"subject.published","at":"x"}'
    with pytest.raises(Exception, match="32 bytes"):
        log.find_entry(Act(1, None, body, None), None, lambda _change: None)


def test_two_writers_at_once_leave_one_order_without_a_gap(
    stored: Flask, record: World, clock: Clock, entropy: Callable[[int], bytes]
) -> None:
    """Threads stand for processes: each has its own connection, and they meet at the database only."""
    asked = [record.recommendation(f"C{number}") for number in range(2)]
    before = public_log.size(record.session.connection())
    record.session.rollback()

    def write(subject: str) -> None:
        with stored.app_context():
            own = record.again(db.session(), clock, entropy)
            for number in range(20):
                with own.act(own.editor) as act:
                    change = statuses.propose_status_change(
                        act,
                        {
                            "subject": subject,
                            "track": "implementation",
                            "state": "stalled" if number % 2 else "not_started",
                            "effective_on": date(2025, 6, 1),
                            "reason": "As before.",
                        },
                    ).id
                with own.act(own.approver) as act:
                    statuses.approve_status_change(act, change)
            db.session.remove()

    threads = [threading.Thread(target=write, args=(subject,)) for subject in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection = record.session.connection()
    assert public_log.size(connection) == before + 40
    leaves = [tree.leaf_hash(entry) for _idx, entry in public_log.all(connection)]
    assert public_log.root(connection, len(leaves)) == tree.fold(leaves)


def test_a_log_grows_across_the_edge_of_a_tile_to_the_same_tree() -> None:
    """Added one by one, or many at a time, or both: the rows are those of the tree."""
    for sizes in ([255, 1, 1], [256], [257], [100, 155, 2], [511, 1, 1]):
        engine = create_engine("sqlite://")
        metadata = MetaData()
        own = log_storage.open_log("x", metadata)
        metadata.create_all(engine)
        with engine.connect() as connection:
            size = 0
            for count in sizes:
                own.append(connection, size, (b"leaf %d" % at for at in range(size, size + count)))
                size += count
            leaves = [tree.leaf_hash(b"leaf %d" % at) for at in range(size)]
            assert own.size(connection) == size
            assert own.root(connection, size) == tree.fold(leaves)
            for part in (1, 2, 3, 64, 100, 255, size - 1):
                assert own.root(connection, part) == tree.fold(leaves[:part])
        engine.dispose()


def test_an_entry_has_a_size() -> None:
    engine = create_engine("sqlite://")
    metadata = MetaData()
    own = log_storage.open_log("x", metadata)
    metadata.create_all(engine)
    with engine.connect() as connection:
        for wrong in (b"", b"x" * (log_storage.LONGEST + 1)):
            with pytest.raises(ValueError, match="1 to 4096"):
                own.append(connection, 0, [wrong])
        with pytest.raises(LookupError, match="0/0"):
            own.read(connection, 0, 0)
    engine.dispose()
