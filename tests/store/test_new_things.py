"""A new thing is written past the session, to the letter as the session would write it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import inspect, or_, select

from tests.world import World
from tracker.domain.partial_days import parse_day
from tracker.store.figures import Figure
from tracker.store.new_things import write_new
from tracker.store.organizations import Alias, Organization
from tracker.store.recommendations import Addressee, Recommendation


def make_organization(world: World, id: str, now: datetime) -> Any:
    aliases = [Alias(name="وزارة", note="as it writes itself"), Alias(name="The ministry")]
    return Organization(
        id=id, slug=id[-6:], name="Ministry", type="authority", created_at=now, aliases=aliases
    )


def make_recommendation(world: World, id: str, now: datetime) -> Any:
    figure = Figure(
        figure="counted", of="graves", amount=Decimal("3.5"), as_of=parse_day("2025-03"), source="list"
    )
    return Recommendation(
        id=id,
        process_id=world.process,
        created_at=now,
        created_by=world.editor.id,
        reference=id[-6:],
        issuer_id=world.watchdog,
        issued_on=parse_day("2025"),
        title="Vet",
        text="Vet the forces.",
        language="en",
        type="vetting",
        addressees=[
            Addressee(organization_id=world.ministry, role="supporting"),
            Addressee(organization_id=world.press),
        ],
        tags=[{"scheme": "sdg", "code": "16.6"}],
        figures=[figure],
    )


@pytest.mark.parametrize("make", [make_organization, make_recommendation])
def test_a_new_thing_is_written_as_a_flush_writes_it(world: World, make: Any) -> None:
    kind = make.__name__.removeprefix("make_")
    written, now = [], world.clock()
    for by_hand in (True, False):
        with world.act(world.editor) as act:
            row = make(world, act.new_id(kind), now)
            act.audit("create", row.id)
            act.wrote(row)
            if by_hand:
                write_new(act.session, row)
            else:
                act.session.add(row)
            id = row.id
        written.append(list_rows(world, type(row), id))
    assert written[0] == written[1]
    assert len(written[0]) > 1, "its parts, too"


def list_rows(world: World, model: type[Any], id: str) -> list[Any]:
    """All rows of a thing and of its parts, without their numbers and its name."""
    tables = [
        inspect(model).tables,
        *([one.mapper.local_table] for one in inspect(model).relationships if one.uselist),
    ]
    found = []
    for table in (table for some in tables for table in some):
        numbered = table.autoincrement_column
        for row in world.session.execute(
            select(table).where(or_(*(column == id for column in own_keys(table))))
        ):
            said = {
                name: value
                for name, value in row._mapping.items()
                if numbered is None or name != numbered.name
            }
            found.append((table.name, repr(said).replace(id, "…").replace(id[-6:], "…")))
    return found


def own_keys(table: Any) -> list[Any]:
    """The columns by which the rows of a thing are its own."""
    return [
        table.c[name]
        for name in ("id", "subject_id", "recommendation_id", "organization_id")
        if name in table.c
    ]
