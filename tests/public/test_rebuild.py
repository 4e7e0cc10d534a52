"""`tracker public rebuild --check` finds whatever somebody with the database file in hand has done to either side,
and names what it was done to. On an untouched database it finds nothing; writing all anew gives the same bytes.
"""

from __future__ import annotations

from copy import copy
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import MakeTemplate
from tests.public.assertions import dump, public, unguard
from tests.world import World
from tracker.actions import custody
from tracker.actions.operations import rebuild
from tracker.actions.support.unit import open_view
from tracker.files.files import Stored
from tracker.public.log import OutOfOrder
from tracker.store.database import db


class Things:
    """A world with one thing of every kind that tells, each public."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.item = world.item()
        self.asked = world.recommendation("C1")
        self.due = world.deadline()
        self.change = world.answer(self.asked, "implementation", "underway", cites=(self.item,)).id
        self.draft = world.recommendation("C2", publish=False)
        self.gone = world.recommendation("C3")
        stored = Stored("k" * 32, 1, "a" * 64)
        with world.act(world.editor) as act:
            given = custody.ReceivedFile("public_derivative", stored, None, "text/plain")
            copy = custody.add_file(act, self.item, given).id
        with world.act(world.approver) as act:
            custody.approve_copy(act, self.item, copy)
        world.withdraw(self.gone)

    def again(self, world: World) -> Things:
        """The same things in a copy of their database."""
        other = copy(self)
        other.world = world
        return other

    def sabotage(self, *statements: str, **values: object) -> None:
        """Raw SQL, past every rule of ours."""
        self.world.session.rollback()
        names = vars(self) | {"process": self.world.process, "press": self.world.press} | values
        with db.engine.connect() as connection:
            unguard(connection)
            for statement in statements:
                bound = {name: value for name, value in names.items() if f":{name}" in statement}
                assert connection.execute(text(statement), bound).rowcount > 0
            connection.commit()
        self.world.session.expire_all()

    def found(self) -> list[str]:
        world = self.world
        with open_view(world.session, world.editor, world.clock(), world.entropy) as act:
            return rebuild.check_public_side(act)

    def rebuild(self) -> int:
        with self.world.act(self.world.editor) as act:
            return rebuild.rebuild_public_side(act)


@pytest.fixture(scope="module")
def own_template(make_template: MakeTemplate[Things]) -> tuple[Path, Things]:
    return make_template(Things)


@pytest.fixture
def things(world: World, own_template: tuple[Path, Things]) -> Things:
    return own_template[1].again(world)


def test_on_an_untouched_database_nothing_is_found(things: Things) -> None:
    assert things.found() == []


def test_writing_all_anew_gives_the_same_bytes(things: Things) -> None:
    before = public(things.world.session)
    assert things.rebuild() == len(before["public_document"])
    assert public(things.world.session) == before


#: What was done -> the name under which it must be found.
OF_DOCUMENTS = {
    "the text of a document was edited": (
        "UPDATE public_document SET brief = replace(brief, 'Vet', 'Pet') WHERE id = :asked",
        "asked",
    ),
    "its history was edited": (
        "UPDATE public_document SET history = replace(history, 'underway', 'stalled') WHERE id = :asked",
        "asked",
    ),
    "its tag was edited": ("UPDATE public_document SET etag = 'x' WHERE id = :asked", "asked"),
    "its title was edited": ("UPDATE public_document SET title = 'x' WHERE id = :asked", "asked"),
    "it was said to hold for ever": (
        "UPDATE public_document SET good_until = NULL WHERE id = :due",
        "due",
    ),
    "it was moved in its list": ("UPDATE public_document SET sort_key = 'x' WHERE id = :due", "due"),
    "it was taken away": ("DELETE FROM public_document WHERE id = :asked", "asked"),
    "a tombstone was taken away": ("DELETE FROM public_document WHERE id = :gone", "gone"),
    "the reason on a tombstone was edited": (
        "UPDATE public_document SET withdrawn = 'x' WHERE id = :gone",
        "gone",
    ),
    "a document was put there": (
        "INSERT INTO public_document SELECT 'rec_" + "7" * 26 + "', kind, process_id, slug, title, sort_key,"
        " withdrawn, brief, history, etag, good_until, filed_until, first_day FROM public_document WHERE id = :asked",
        "rec_" + "7" * 26,
    ),
    "an entry of a list was taken away": (
        "DELETE FROM public_facet WHERE id = :asked AND facet = 'implementation'",
        "asked",
    ),
    "an entry of a list was put there": (
        "INSERT INTO public_facet VALUES ('recommendation', 'implementation', 'implemented', 'x', :asked, 'x', '', '')",
        "asked",
    ),
    "an entry of a list was moved": (
        "UPDATE public_facet SET moment = '2020' WHERE id = :asked AND facet = 'all'",
        "asked",
    ),
    "lists were said to hold for years": (
        "UPDATE public_document SET filed_until = '2036' WHERE id = :due",
        "due",
    ),
    "what stands of a thing was edited": (
        "UPDATE public_thing SET revised_at = '2020' WHERE id = :asked",
        "asked",
    ),
    "what stands was put there of no thing": (
        "INSERT INTO public_thing SELECT 'rec_"
        + "7" * 26
        + "', process_id, content_seq, published_at, revised_at, text_seq,"
        " changed_at, last_act, last_seq, withdrawn, told_until FROM public_thing WHERE id = :asked",
        "rec_" + "7" * 26,
    ),
    "a status change that stands was edited": (
        "UPDATE public_change SET state = 'implemented' WHERE subject_id = :asked",
        "asked",
    ),
    "a status change that stands was made history": (
        "UPDATE public_change SET part = NULL WHERE subject_id = :asked",
        "asked",
    ),
    "a status change that stands was taken away": (
        "DELETE FROM public_change WHERE subject_id = :asked",
        "asked",
    ),
    "the public copy of an item was exchanged": ("UPDATE public_file SET key = 'x'", "item"),
    "its digest was edited": ("UPDATE public_file SET sha256 = 'x'", "item"),
    "its size was edited": ("UPDATE public_file SET size = 2", "item"),
    "its media type was edited": ("UPDATE public_file SET media_type = 'x'", "item"),
    "it was taken from the public side": ("DELETE FROM public_file", "item"),
    "it was given to another thing": ("UPDATE public_file SET evidence_id = :asked", "asked"),
    "bytes were made public past all rules": (
        "INSERT INTO public_file SELECT 'evi_"
        + "7" * 26
        + "', key, sha256, size, media_type FROM public_file",
        "evi_" + "7" * 26,
    ),
    "the calendar of a process was edited": (
        "UPDATE public_head SET content = replace(content, 'Damascus', 'Dubai') WHERE process_id = :process",
        "process",
    ),
    "a feed was made to stand still": (
        "UPDATE public_head SET seq = 1 WHERE process_id = :process",
        "process",
    ),
    "the feeds of a process were taken away": (
        "UPDATE public_head SET withdrawn = 'x' WHERE process_id = :process",
        "process",
    ),
}


@pytest.mark.parametrize("done", OF_DOCUMENTS)
def test_what_was_done_to_a_document_is_found_and_mended(things: Things, done: str) -> None:
    before = public(things.world.session)
    statement, name = OF_DOCUMENTS[done]
    things.sabotage(statement)
    named = vars(things).get(name) or getattr(things.world, name, name)
    assert any(str(named) in finding for finding in things.found())
    things.rebuild()
    assert things.found() == []
    after = public(things.world.session)
    assert {name: rows for name, rows in after.items() if name != "public_head"} == {
        name: rows for name, rows in before.items() if name != "public_head"
    }


#: What was done to the acts or to the record, which no writing anew can mend -> what must be named.
OF_ACTS_AND_RECORD = {
    "the text of an act was edited": (
        "UPDATE public_event SET body = replace(body, 'Vet', 'Pet') WHERE subject_id = :asked",
        "asked",
    ),
    "the status in an act was edited": (
        'UPDATE public_event SET body = replace(body, \'"to":"underway"\', \'"to":"stalled"\')'
        " WHERE subject_id = :asked AND kind = 'status.changed'",
        "change",
    ),
    "what an act cites was edited": (
        "UPDATE public_event SET body = replace(body, '\"supports\"', '\"context\"')"
        " WHERE subject_id = :asked AND kind = 'status.changed'",
        "change",
    ),
    "an act was taken away": (
        "DELETE FROM public_event WHERE subject_id = :asked AND kind = 'status.changed'",
        "asked",
    ),
    "a withdrawal was taken away": (
        "DELETE FROM public_event WHERE subject_id = :gone AND kind = 'subject.withdrawn'",
        "gone",
    ),
    "all acts about a thing were taken away": ("DELETE FROM public_event WHERE subject_id = :asked", "asked"),
    "the hour of an act was edited": (
        "UPDATE public_event SET at = '2020-01-01T00:00:00.000000Z' WHERE subject_id = :due",
        "evt_",
    ),
    "an act was given to another process": (
        "UPDATE public_event SET process_id = NULL WHERE subject_id = :due",
        "evt_",
    ),
    "the record behind a document was edited": (
        "UPDATE recommendation SET title = 'x' WHERE id = :asked",
        "asked",
    ),
    "the record of an organization was edited": (
        "UPDATE organization SET name = 'x' WHERE id = :press",
        "press",
    ),
    "the record of a status was edited": (
        "UPDATE status_change SET reason = 'x' WHERE id = :change",
        "change",
    ),
    "the record of what it cites was edited": (
        "UPDATE citation SET stance = 'context' WHERE change_id = :change",
        "change",
    ),
    "the verification that it stands on was edited": (
        "UPDATE status_change SET to_state = 'refuted' WHERE subject_id = :item",
        "change",
    ),
    "a public thing was made a draft": (
        "UPDATE subject SET publication = 'draft', published_at = NULL WHERE id = :asked",
        "asked",
    ),
    "a draft was made public past all rules": (
        "UPDATE subject SET publication = 'published', published_at = created_at WHERE id = :draft",
        "draft",
    ),
    "a public thing was withdrawn past all rules": (
        "UPDATE subject SET publication = 'withdrawn', withdrawn_at = created_at, withdrawn_because = 'x'"
        " WHERE id = :asked",
        "asked",
    ),
}


@pytest.mark.parametrize("done", OF_ACTS_AND_RECORD)
def test_what_was_done_to_the_acts_or_to_the_record_is_found_even_after_all_was_written_anew(
    things: Things, done: str
) -> None:
    statement, name = OF_ACTS_AND_RECORD[done]
    things.sabotage(statement)
    named = vars(things).get(name) or getattr(things.world, name, name)
    assert any(str(named) in finding for finding in things.found())
    if done == "a withdrawal was taken away":  # the last act: the log has it, and nothing more is written
        with pytest.raises(OutOfOrder):
            things.rebuild()
    else:
        things.rebuild()
    assert any(str(named) in finding for finding in things.found())


def test_what_the_record_has_never_had_is_found(things: Things) -> None:
    things.sabotage(
        "UPDATE public_event SET subject_id = 'ddl_" + "7" * 26 + "' WHERE subject_id = :due",
    )
    assert any("ddl_" + "7" * 26 in finding for finding in things.found())


def test_time_passing_is_no_finding_and_hides_none(things: Things, clock: object) -> None:
    """A document past its day is answered anew, but what lists and names take from it is still stored."""
    clock.move(days=3)  # type: ignore[attr-defined]  # the clock of a test
    assert things.found() == []
    things.sabotage("UPDATE public_document SET title = 'x' WHERE id = :due")
    assert any(things.due in finding for finding in things.found())


def test_checking_writes_nothing(things: Things) -> None:
    before = dump(things.world.session)
    things.found()
    assert dump(things.world.session) == before
