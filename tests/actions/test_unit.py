"""The unit of work: one act, one transaction, and never a write without its audit entry."""

from __future__ import annotations

import ast
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tests.public.assertions import dump, refused
from tests.world import World
from tracker.actions import organizations, proposals, publication
from tracker.actions.support import public_events, unit
from tracker.actions.support.unit import Unguarded, open_part, open_unit
from tracker.domain import errors
from tracker.public import documents
from tracker.store.organizations import Organization


def test_what_raises_leaves_the_database_as_it_was(world: World) -> None:
    before = dump(world.session)
    with pytest.raises(ZeroDivisionError), world.act(world.editor) as act:  # noqa: PT012  # the act, then the accident
        organizations.create_organization(act, {"slug": "new", "name": "New", "type": "media"})
        raise ZeroDivisionError
    assert dump(world.session) == before


def test_nothing_is_committed_outside_of_a_unit(world: World) -> None:
    row = world.session.get_one(Organization, world.press)
    row.name = "Changed"
    with pytest.raises(Unguarded, match="only a unit of work commits"):
        world.session.commit()
    world.session.rollback()


def test_no_unit_opens_on_a_session_that_keeps_nothing_in_step(world: World) -> None:
    bare = Session(world.session.get_bind())
    with (
        pytest.raises(Unguarded, match="nothing keeps derived data in step"),
        open_unit(bare, world.editor, datetime(2026, 11, 23, tzinfo=UTC), bytes),
    ):
        pytest.fail("the unit was opened")


def test_a_verb_that_nobody_declared_is_refused(world: World) -> None:
    """The trail is asked by verb: what is not declared could not be asked for."""
    before = dump(world.session)
    with pytest.raises(ValueError, match="no verb of the audit trail"), world.act(world.editor) as act:
        act.audit("look", world.press)
    assert dump(world.session) == before


def test_a_write_without_its_audit_entry_is_refused(world: World) -> None:
    before = dump(world.session)
    with pytest.raises(Unguarded, match="without its audit entry"), world.act(world.editor) as act:
        act.session.get_one(Organization, world.press).name = "Changed"
    assert dump(world.session) == before


@pytest.mark.parametrize(
    "statement", [delete(Organization), update(Organization).values(name="x")], ids=["delete", "update"]
)
def test_statements_that_pass_by_the_audit_are_refused(world: World, statement: object) -> None:
    with pytest.raises(Unguarded, match="pass by the audit"), world.act(world.editor) as act:
        act.session.execute(statement)  # type: ignore[call-overload]  # it is a statement


def test_a_row_that_somebody_else_changed_meanwhile_is_a_stale_edit(world: World) -> None:
    world.session.get_one(Organization, world.press)
    with refused(world, errors.StaleEdit), world.act(world.editor) as act:
        row = act.session.get_one(Organization, world.press)
        act.connection.exec_driver_sql("UPDATE organization SET version = version + 1")
        row.name = "Mine"
        row.touch()
        act.audit("revise", row.id)


def test_documents_are_written_once_a_unit_however_many_acts_touch_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [world.recommendation(name, publish=False) for name in ("C1", "C2")]
    written: list[list[str]] = []
    refresh = documents.refresh_documents
    monkeypatch.setattr(
        documents, "refresh_documents", lambda *given: (written.append(list(given[1])), refresh(*given))[1]
    )
    with world.act(world.editor) as act:
        waits = [publication.propose_publication(act, [one]) for one in asked]
    with world.act(world.reviewer) as act:
        for one, proposal in zip(asked, waits, strict=True):
            proposals.approve_proposal(act, proposal)
            public_events.refresh_documents(act, act.session.get_one(Organization, world.press), [one])
    assert written == [asked]


def test_what_a_part_touched_that_was_undone_is_not_looked_at(world: World) -> None:
    with world.act(world.editor) as act:
        act.changed("a hook", ["before"])
        with open_part(act) as undo:
            act.changed("a hook", ["before", "inside"])
            act.changed("another", ["inside"])
            undo()
        assert [list(act.changes(name)) for name in ("a hook", "another")] == [["before"], []]


@pytest.mark.parametrize("fails", [False, True])
def test_a_part_that_is_undone_takes_back_what_it_wrote_by_statement_alone(
    record: World, fails: bool
) -> None:
    with record.act(record.editor) as act:
        act.audit("revise", record.press)
        before = dump(record.session)
        with suppress(ZeroDivisionError), open_part(act) as undo:
            act.audit("revise", record.daily)
            if fails:
                raise ZeroDivisionError
            undo()
        assert dump(record.session) == before


def test_the_unit_of_work_knows_no_kind_of_derived_data() -> None:
    tree = ast.parse(Path(unit.__file__).read_text(encoding="utf-8"))
    named = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert not [name for name in named if name and name.startswith(("tracker.actions", "tracker.public"))]
