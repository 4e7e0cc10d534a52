"""A redaction keeps what a list names and destroys the rest. No word of it is left in the search indexes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, Column, Integer, inspect, text
from sqlalchemy.engine import make_url

from tests.actions.factories import KINDS, MARK, both, keepers, left, marked
from tests.actions.fts5 import words
from tests.revising import revise_record
from tests.world import World
from tracker.actions import custody, evidence, publication, redaction, redaction_fields
from tracker.actions.proposals import propose_act
from tracker.files.files import Stored
from tracker.store import models
from tracker.store.base import Base
from tracker.store.custody import list_files
from tracker.store.database import db
from tracker.store.evidence import Evidence
from tracker.store.import_batches import write_acts
from tracker.store.processes import Process
from tracker.store.proposals import Proposal

INDEXES = ("record_search_words", "public_search_words")
#: A word that begins as the marker does: beside it only the end of the marker is written down.
NEIGHBOUR = MARK[:-4] + "aaaa"
#: Tables whose rows are destroyed with the thing, and those that hold no word of one.
GONE_WITH_IT = {
    *("organization_alias", "committee_member", "mandate", "recommendation_addressee"),
    *("figure", "evidence_box", "evidence_consent", "evidence_share"),
    *("publication_release", "kept_form", "desk_note"),
    *("answer_given", "saved_filter"),
}
FOLLOWS_FROM_THE_RECORD = {"record_facet", "record_filing", "record_search", "open_work"}
CODES_AND_IDS = {
    *("audit_entry", "internal_log_entry", "internal_log_hash", "log_anchor", "custody_event"),
    *("handling", "person", "credential", "key", "key_origin", "pending_update", "batch_act", "idempotency"),
    *("session", "login_try", "second_factor", "recovery_code", "entry_link", "job"),
    *("passkey", "identity", "spent_challenge"),
    *("webhook", "webhook_message", "webhook_delivery"),
    *("letter", "mailbox", "follower"),  # addresses; what news say is written when they leave
    "transition",
}
#: Sealed, of no thing: its sender destroys it, or two custodians, or the day on which it is kept no longer.
TIPS = {"tip_box", "tip", "tip_message", "tip_file"}
WHILE_IT_STANDS_NOTHING_IS_DESTROYED = {"legal_hold"}
#: Kept in the row of its kind.
PART_OF_ITS_KIND = {"subject"}


def mapped() -> dict[str, type[Any]]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def remains(world: World) -> list[str]:
    connection = world.session.connection()
    return [
        f"{table}: {word}"
        for table in INDEXES
        for word in words(connection, table)
        if word.startswith(MARK[:3])
    ]


# ---------------------------------------------------------------- lists


def test_of_every_table_somebody_has_said_what_a_redaction_makes_of_it() -> None:
    said = [
        *(set(redaction_fields.KEEPS), GONE_WITH_IT, FOLLOWS_FROM_THE_RECORD, CODES_AND_IDS, TIPS),
        *(WHILE_IT_STANDS_NOTHING_IS_DESTROYED, PART_OF_ITS_KIND),
    ]
    assert sum(map(len, said)) == len(set().union(*said))
    assert set().union(*said) == set(models.metadata.tables)


def test_every_column_is_kept_by_name_or_can_be_destroyed() -> None:
    for name, keeps in redaction_fields.KEEPS.items():
        attributes = inspect(mapped()[name]).column_attrs
        columns = {one.key: one.columns[0] for one in attributes if isinstance(one.columns[0], Column)}
        assert keeps <= set(columns), name
        for key in columns.keys() - keeps:
            redaction_fields.empty_value(f"{name}.{key}", columns[key])


def test_a_new_column_that_must_hold_something_asks_what_a_redaction_makes_of_it() -> None:
    made = Column("made", JSON, default=list, nullable=False)
    assert redaction_fields.empty_value("thing.made", made) == []
    with pytest.raises(TypeError, match=r"thing\.count must hold something: say in KEEPS or _INSTEAD"):
        redaction_fields.empty_value("thing.count", Column("count", Integer, nullable=False))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_kept_is_destroyed(world: World, kind: str) -> None:
    thing, two = marked(world, kind), keepers(world)
    row = world.session.get_one(mapped()[kind], thing)
    with world.act(world.reviewer) as act:
        if kind == "evidence":
            stored = Stored("0" * 32, 5, "0" * 64)
            sent = custody.ReceivedFile("evidentiary_copy", stored, f"text/{MARK}", "text/plain")
            custody.add_file(act, thing, sent)
        if kind == "recommendation":
            row.language = f"en-x-{MARK[:8]}"
            act.audit("revise", thing)
    if kind in KINDS[:2]:
        world.withdraw(thing)
    both(world, two, thing)
    rows = [row, *(list_files(world.session, thing) if isinstance(row, Evidence) else ())]
    for one in rows:
        table = one.__tablename__
        for attribute in inspect(type(one)).column_attrs:
            column = attribute.columns[0]
            if isinstance(column, Column) and attribute.key not in redaction_fields.KEEPS[table]:
                empty = redaction_fields.empty_value(f"{table}.{attribute.key}", column)
                assert getattr(one, attribute.key) == empty, attribute.key
    assert left(world) == []


# ---------------------------------------------------------------- words


def test_the_pages_of_an_index_are_read_as_they_lie_there(world: World) -> None:
    thing = world.recommendation("C1", title=f"{MARK} {NEIGHBOUR}")
    assert {MARK, NEIGHBOUR, MARK[:3]} <= words(world.session.connection(), INDEXES[0])
    with world.act(world.editor) as act:
        revise_record(
            act,
            thing,
            "recommendation",
            {"title": "Other"},
            world.session.get_one(mapped()["recommendation"], thing).version,
        )
    assert MARK in words(world.session.connection(), INDEXES[0])  # no search finds it, and it lies there


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_a_redacted_thing_is_left_in_an_index(world: World, kind: str) -> None:
    two = keepers(world)
    world.recommendation("C9", title="A neighbour that stays")
    thing = marked(world, kind)
    assert remains(world)
    if kind in KINDS[:2]:
        world.withdraw(thing)
    both(world, two, thing)
    assert remains(world) == []
    assert "neighbour" in words(world.session.connection(), INDEXES[0])


def test_no_word_that_was_replaced_before_is_left_either(world: World) -> None:
    """Every older text of the thing, and the names of people who have left it."""
    two, thing = keepers(world), world.make_committee("panel", name="Panel")
    world.add(thing, "members", name=MARK, from_on=date(2025, 3, 9))
    with world.act(world.editor) as act:
        row = world.session.get_one(mapped()["committee"], thing)
        revise_record(act, thing, "committee", {"name": f"Of {MARK}"}, row.version)
    with world.act(world.editor) as act:
        revise_record(act, thing, "committee", {"name": "Panel"}, row.version)
    both(world, two, thing)
    assert remains(world) == []


def test_the_words_of_an_older_version_leave_the_index_with_their_act(world: World) -> None:
    two, thing = keepers(world), world.recommendation("C1", title=MARK)
    act_id = world.session.execute(
        text("SELECT id FROM public_event WHERE subject_id = :id ORDER BY seq LIMIT 1"), {"id": thing}
    ).scalar_one()
    row = world.session.get_one(mapped()["recommendation"], thing)
    with world.act(world.editor) as act:
        revise_record(act, thing, "recommendation", {"title": "Another"}, row.version)
    for one in two:
        with world.act(one) as act:
            redaction.redact_words(act, act_id, "witness_safety")
    assert remains(world) == []


def test_the_end_of_a_word_whose_beginning_a_neighbour_shares_is_in_no_file(app: Flask, world: World) -> None:
    """By bytes, too: the index wrote only the end of the word, so its beginning is not looked for."""
    two = keepers(world)
    world.recommendation("C9", title=NEIGHBOUR)
    thing = marked(world, "process")
    world.withdraw(thing)
    both(world, two, thing)
    world.recommendation("C10", title="Something later")
    world.session.rollback()
    folder = Path(str(make_url(str(db.engine.url)).database)).parent
    tail = MARK[-4:].encode()
    assert [file.name for file in folder.glob("tracker.db*") if tail in file.read_bytes()] == []


def test_a_draft_that_was_never_public_leaves_no_word(world: World) -> None:
    two = keepers(world)
    with world.act(world.editor) as act:
        data = {"process_id": world.process, "type": "statement", "title": MARK, "protection": "confidential"}
        item = evidence.submit_evidence(act, {**data, "acquired_from": "public_source"}).id
    both(world, two, item)
    assert remains(world) == []


def test_why_several_things_were_proposed_at_once_goes_with_each_of_them(world: World) -> None:
    two = keepers(world)
    first, second, third = (world.recommendation(name, publish=False) for name in ("R1", "R2", "R3"))
    with world.act(world.editor) as act:
        together = publication.propose_publication(act, [first, second], reason=MARK).id
        batch = propose_act(act, "import", second, act.session.get_one(Process, world.process), reason=MARK)
        write_acts(act.session, batch.id, [(first, 1), (second, 1)])
        own = publication.propose_publication(act, [third], reason="R3.").id
    both(world, two, second)
    assert left(world) == []
    assert world.session.get_one(Proposal, together).decision == "proposed"
    assert world.session.get_one(Proposal, own).reason == "R3."
