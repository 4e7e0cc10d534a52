"""The unit of work: one act, one transaction, and never a write without its audit entry."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from tests.public.assertions import dump, refused
from tests.world import World
from tracker.actions import organizations
from tracker.actions.support.unit import Unguarded
from tracker.domain import errors
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
