"""The hottest reads: on either database what SQLAlchemy reads, and nobody waits for a server that says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Float, bindparam, create_engine, func, select, text

from tests.world import World
from tracker.database import patient_connections
from tracker.domain.service_errors import Busy, Unavailable
from tracker.public import queries
from tracker.public.driver_queries import Connections, Hot
from tracker.public.feeds import process_head
from tracker.store.database import db, prepare_engine

#: What keeps a server of PostgreSQL busy for so many seconds.
SLEEP = select(func.pg_sleep(bindparam("seconds", type_=Float)))


@pytest.fixture
def connections(record: World) -> Iterator[Connections]:
    """On either database."""
    made = Connections(db.engine)
    yield made
    made.close()


def read_twice(connections: Connections, statement: Any, **values: object) -> list[Any]:
    hot = Hot.compiled(db.engine, connections, statement)
    return [hot.first(**values) for _time in range(2)]


def test_a_read_has_the_values_and_types_of_the_same_statement_elsewhere(
    record: World, connections: Connections
) -> None:
    thing = record.recommendation("R1")
    before = record.session.scalar(select(func.max(process_head.event.c.seq)))
    for statement, values in (
        (queries.ONE, {"thing": thing}),
        (queries.LAST_ACT, {}),
        (process_head.HEAD, {"slug": "coast"}),
        (process_head.PLACE_BEFORE, {"process": record.process, "before": before}),
    ):
        row = record.session.connection().execute(statement, values).one()
        assert any(value is not None for value in row)
        assert read_twice(connections, statement, **values) == [tuple(row)] * 2
    for named in ("nothing", "x'; DROP TABLE person; --\\ ظ %s $1", ""):
        assert read_twice(connections, queries.ONE, thing=named) == [None] * 2


def test_of_several_statements_each_answers_its_own_question(record: World, connections: Connections) -> None:
    one, last = (
        Hot.compiled(db.engine, connections, statement) for statement in (queries.ONE, queries.LAST_ACT)
    )
    things = [record.recommendation(reference) for reference in ("R1", "R2")]
    etags = {(one.first(thing=thing) or ())[2] for thing in [*things, *things]}
    assert len(etags) == 2
    assert last.first() == read_twice(connections, queries.LAST_ACT)[0]


def test_who_waits_for_a_statement_too_long_is_told_and_the_next_is_answered(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    prepare_engine(engine, 0.1)
    connections = Connections(engine)
    sleep = Hot.compiled(engine, connections, SLEEP)
    assert sleep.first(seconds=0) is not None
    with pytest.raises(Busy):
        sleep.first(seconds=30)
    assert sleep.first(seconds=0) is not None
    engine.dispose()


def test_a_server_that_says_nothing_is_given_up_by_single_reads_too(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_connections, "_GRACE", 0.0)
    engine = create_engine(postgres_url)
    prepare_engine(engine, 0.1)
    connections = Connections(engine)
    unlimited = select(func.set_config("statement_timeout", "0", False))
    assert Hot.compiled(engine, connections, unlimited).first() == ("0",)
    with pytest.raises(Unavailable):
        Hot.compiled(engine, connections, SLEEP).first(seconds=30)
    engine.dispose()


def test_a_table_that_has_changed_meanwhile_is_read_as_it_is(postgres_url: str) -> None:
    """What was prepared for the table of before is of no use."""
    engine = create_engine(postgres_url)
    prepare_engine(engine, 5)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE moved (what integer)"))
        connection.execute(text("INSERT INTO moved VALUES (1)"))
    connections = Connections(engine)
    read = Hot.compiled(engine, connections, text("SELECT what FROM moved").columns())
    assert read.first() == (1,)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE moved ALTER what TYPE text"))
    assert read.first() == ("1",)
    engine.dispose()
