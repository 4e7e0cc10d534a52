"""What the driver runs by itself: the same rows, types and refusals as of SQLAlchemy, in the same transaction."""

from __future__ import annotations

from typing import Any, Final

import pytest
from sqlalchemy import bindparam, event, func, insert, null, select
from sqlalchemy.exc import IntegrityError

from tests.world import World
from tracker.actions.following_changes import take_back_change
from tracker.database.prepared import Prepared
from tracker.store.audit import AuditEntry
from tracker.store.database import core_connection, db
from tracker.store.people import Person
from tracker.store.statuses import StatusChange

PEOPLE: Final[Any] = Person.__table__
NAMED: Final = Prepared(
    select(PEOPLE).where(PEOPLE.c.name.in_(bindparam("names", expanding=True))).order_by(PEOPLE.c.name)
)
COUNT: Final = Prepared(select(func.count()).select_from(AuditEntry))


def test_rows_have_the_types_of_their_columns(world: World) -> None:
    [row] = NAMED.rows(core_connection(world.session), names=["editor"])
    person = world.session.get_one(Person, world.editor.id)
    assert row._asdict() == {column.name: getattr(person, column.name) for column in PEOPLE.c}
    assert (row.roles, row.unnamed, row.created_at.tzinfo is not None) == (["editor"], False, True)


@pytest.mark.parametrize("length", [0, 1, 2, 4, 5, 6, 8, 9, 33])
def test_a_list_of_any_length_finds_what_is_in_it(world: World, length: int) -> None:
    names = [*(["editor", "reviewer"][:length]), *(f"nobody-{number}" for number in range(length - 2))]
    found = [row.name for row in NAMED.rows(core_connection(world.session), names=names)]
    assert found == ["editor", "reviewer"][:length]


def test_few_texts_serve_lists_of_every_length(world: World) -> None:
    texts: set[str] = set()

    def note(*given: Any) -> None:
        texts.update([given[2]] if given[2].startswith("SELECT") else [])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for length in range(1, 100):
            NAMED.rows(core_connection(world.session), names=["x"] * length)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(texts) == 9  # 1 to 4, 8, 16, 32, 64, 128


def test_a_proposal_that_was_judged_on_no_version_holds_none(world: World) -> None:
    given = world.answer(world.recommendation("R1"), "implementation", "no_evidence").id
    with world.act(world.approver) as act:
        take_back_change(act, given, world.editor.id, "It was not so.")
    query = select(func.count()).where(StatusChange.corrects_id == given, StatusChange.versions.is_(null()))
    assert world.session.scalar(query) == 1


def test_it_is_part_of_the_transaction(world: World) -> None:
    with world.act(world.editor) as act:
        before = COUNT.value(act.connection)
        act.audit("publish", world.press)
        assert COUNT.value(act.connection) == before + 1
        act.session.rollback()
        assert COUNT.value(act.connection) == before


def test_what_a_constraint_refuses_is_an_error_of_sqlalchemy(world: World) -> None:
    twice = Prepared(insert(PEOPLE))
    person = NAMED.first(core_connection(world.session), names=["editor"])
    assert person is not None
    with pytest.raises(IntegrityError):
        twice.run(core_connection(world.session), **person._asdict())
    world.session.rollback()
    assert NAMED.first(core_connection(world.session), names=["editor"]) == person
