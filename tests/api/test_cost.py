"""The cost of a list does not grow: every list, filter and order takes a few statements, as many for many things as for
few, and each reads a range of an index. Held on both databases by their own plans; never by a clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from tests.api.factories import Stage
from tests.conftest import Clock
from tests.world import World
from tracker.actions import redaction
from tracker.actions.support import record_index
from tracker.domain import ids
from tracker.public.content.allow_list import PLURALS
from tracker.public.filters import DAYS, FILTERS, Filter, list_sorts, name_span

Statement = tuple[str, Any]
#: The most statements that an answer takes: of a list as of a day, twice candidates with acts, names and dates; of the
#: scoreboard the same for three kinds of thing.
MOST = 16


@contextmanager
def watched(engine: Engine) -> Iterator[list[Statement]]:
    """The statements that are sent while the block lasts."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def value(world: World, one: Filter) -> str:
    known = {"organization": world.lead, "committee": world.committee, "process": world.process}
    if one.names:
        return known.get(one.names[0]) or ids.make_id(one.names[0], bytes(ids.RANDOM_BYTES))
    return (
        one.codes[0]
        if one.codes
        else {"country": "SY", "slug": "coast", "series": "0" * 26, "tag": "a:b"}.get(one.name, "R1")
    )


def spans(kind: str) -> Iterator[str]:
    """The days by which a list of a kind is narrowed."""
    if kind in DAYS:
        first, last = name_span(DAYS[kind])
        yield f"{first}=2024&{last}=2026-12"


def public_lists(world: World) -> Iterator[str]:
    for kind, filters in FILTERS.items():
        path = f"/v1/public/{PLURALS[kind]}"
        given = [f"{one.name}={value(world, one)}" for one in filters]
        together = "&".join(
            query for query in given if query != "due_soon=true"
        )  # nothing is that and overdue
        given = [f"addressee={world.government}&{one}" if one.startswith("follow=") else one for one in given]
        yield from (f"{path}?{query}" for query in ("", *given, together))
        yield from (f"{path}/count?{query}" for query in ("", *given, *spans(kind)))
        yield from (f"{path}?sort={sort}&{days}&limit=2" for days in spans(kind) for sort in list_sorts(kind))
        yield from (f"{path}?sort={sort}&{given[-1]}&limit=2" for sort in list_sorts(kind))
        yield f"{path}?as_of=2026-01-01&{given[0]}"
        yield f"{path}?known_at=2026-12-01T00:00:00Z&{given[-1]}&limit=2"


def record_lists(world: World) -> Iterator[str]:
    for kind, filters in record_index.FILTERS.items():
        path = f"/v1/{PLURALS[kind]}"
        given = [f"{one.name}={value(world, one)}" for one in filters]
        yield from (f"{path}?{query}" for query in ("", *given, "&".join(given)))
        for sort in record_index.list_sorts(kind):
            yield from (
                f"{path}?sort={sort}&limit=2{days}" for days in ("", *(f"&{one}" for one in spans(kind)))
            )
    named = {
        "process": world.process,
        "subject": world.committee,
        "assessor": world.lead,
        "track": "implementation",
        "decision": "proposed",
        "proposed_by": "me",
    }
    yield from (f"/v1/status-changes?{name}={value}&limit=2" for name, value in named.items())
    yield f"/v1/status-changes?process={world.process}&decision=proposed&limit=2"
    yield from (f"/v1/status-changes?sort={sort}" for sort in ("created_at", "-created_at", "effective_on"))
    yield "/v1/status-changes?sort=-effective_on&effective_from=2025&effective_to=2026&limit=2"
    for query in ("", f"process={world.process}", "kind=basis", f"kind=overdue&process={world.process}"):
        yield f"/v1/queue?limit=1&{query}"
        yield f"/v1/queue/count?{query}"


@pytest.fixture
def stage(stored: Flask, record: World, clock: Clock) -> Stage:
    stage = Stage(stored, stored.test_client(), record)
    for number in range(2, 6):
        record.answer(record.recommendation(f"R{number}"), "implementation", "stalled")
        record.deadline(rule=f"{600 + number} days")
    clock.move(days=30)  # some of it has turned
    record.session.rollback()
    stage.get("/v1/me")  # the first use of a key on a day is noted
    return stage


def asked(stage: Stage, path: str) -> list[Statement]:
    """The statements of a page, and of the one that follows it."""
    by = None if path.startswith("/v1/public/") else "editor"
    found: list[Statement] = []
    following: str | None = path
    for _ in range(2):
        if following is None:
            break
        with watched(stage.app.extensions["tracker"].engine) as seen:
            page = stage.get(following, by=by)
        assert len(seen) <= MOST, (following, len(seen))
        found, following = found + seen, page.get("next")
    return found


def faults(engine: Engine, seen: list[Statement]) -> list[str]:
    """The statements whose plan reads a whole table, or sorts what it has read; with the line that says so."""
    sqlite = engine.dialect.name == "sqlite"
    signs = ("SCAN ", "USE TEMP B-TREE FOR ORDER BY") if sqlite else ("Seq Scan",)
    wrong = set()
    with engine.connect() as connection:
        if not sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, parameters in dict(seen).items():
            explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
            for row in connection.exec_driver_sql(explain + statement, parameters):
                line = str(row[-1])
                if any(sign in line for sign in signs) and not bounded(line, statement):
                    wrong.add(f"{line}: {statement}")
    return sorted(wrong)


_HIDING = re.compile(r"WHERE NOT \(EXISTS \(SELECT .*?\)\)", re.DOTALL)


def bounded(line: str, statement: str) -> bool:
    """What is read whole, or sorted, although it is no more than a page or a walk of keys."""
    if any(name in line for name in ("SCAN wanted", "SCAN walked", "CONSTANT ROW")):
        return True
    if (
        "USING INDEX" in line or "USING COVERING INDEX" in line
    ):  # in the order of the index, as far as the page goes; a filter would be looked for all along it
        # …but that which hides what is sealed: it lets nearly everything through.
        rest = _HIDING.sub("", statement)
        return "LIMIT" in rest and "ORDER BY" in rest and "WHERE" not in rest
    # At most `WALK` keys where several filters are given; the parts of the things of one page.
    return "TEMP B-TREE" in line and ("walked" in statement or " IN (" in statement)


@pytest.mark.parametrize("half", [public_lists, record_lists])
def test_every_list_takes_a_few_statements_and_each_reads_an_index(
    stage: Stage, half: Callable[[World], Iterator[str]]
) -> None:
    seen = [one for path in half(stage.world) for one in asked(stage, path)]
    assert faults(stage.app.extensions["tracker"].engine, seen) == []


def test_many_things_take_as_many_statements_as_few(stage: Stage) -> None:
    paths = (
        "/v1/public/recommendations?stale=true&limit=200",
        "/v1/public/recommendations?as_of=2026-06-01&implementation=stalled&limit=200",
        "/v1/public/processes/{process}/scoreboard?as_of=2026-06-01",
        "/v1/recommendations?process={process}&limit=200",
        "/v1/queue?limit=200",
        "/v1/queue/count",
    )
    before = [len(asked(stage, path)) for path in paths]
    for number in range(6, 16):
        stage.world.answer(stage.world.recommendation(f"R{number}"), "implementation", "stalled")
    stage.world.session.rollback()
    assert [len(asked(stage, path)) for path in paths] == before


@pytest.mark.parametrize("path", ["/v1/public/redactions", "/v1/public/events/{emptied}"])
def test_what_is_told_of_redactions_reads_an_index_of_them_alone(stage: Stage, path: str) -> None:
    """However many acts there are: nobody walks through them for the few that are redactions."""
    item = stage.world.item()
    emptied = stage.get(f"/v1/public/evidence/{item}", by=None)["last_act"]["event"].rpartition("/")[2]
    for name in ("keeper", "second keeper"):
        with stage.world.act(stage.world.person(name, "custodian")) as act:
            redaction.redact_thing(act, item, "minor")
    stage.world.session.rollback()
    engine = stage.app.extensions["tracker"].engine
    with watched(engine) as seen:
        stage.get(path.replace("{emptied}", emptied), by=None)
    [asked] = [one for one in seen if "kind = 'record.redacted'" in one[0]]
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if not sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        plan = connection.exec_driver_sql(
            f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{asked[0]}", asked[1]
        ).all()
    assert "ix_public_event_redacted" in " ".join(str(row[-1]) for row in plan)
