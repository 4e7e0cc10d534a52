"""The spans of each thing (`tracker.public.timelines`) as they are kept, and the numbers of a process by the days on
which they change. So what was so on a day is read, and nobody computes it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from tracker.database.prepared import Prepared
from tracker.domain.partial_days import FOREVER
from tracker.public import rendering, surroundings
from tracker.public.document_model import World
from tracker.public.projection import Facts
from tracker.public.scoreboard import Score
from tracker.public.tables import LISTED, span
from tracker.public.tally import Changed, spread_over_periods
from tracker.public.timelines import Look, Row, build_spans, join_spans, reach_back

_HELD: Final = Prepared(
    select(span)
    .where(span.c.id == bindparam("thing"), span.c.until_on >= bindparam("since"))
    .order_by(span.c.from_on)
)
_DROP: Final = Prepared(
    delete(span).where(span.c.id == bindparam("thing"), span.c.until_on >= bindparam("since"))
)
_ADD: Final = Prepared(insert(span))


def write_spans(
    connection: Connection, facts: Facts, world: World, sort_key: str, since: str, today: Look | None
) -> Changed:
    """Keep what is so of a thing from a day on, which is "" for all days; nothing is kept of what is withdrawn, of
    which nothing is so ``today``. Returns by how much that changes the numbers of its process."""
    stored = _read_held(connection, facts.id, since)
    if not stored or stored[-1]["sort_key"] != sort_key:
        since = ""
        stored = _read_held(connection, facts.id, since)
    rows = [] if today is None else _build(connection, facts, world, sort_key, since, stored, today)
    if rows == stored:
        return Counter()
    if stored:
        _DROP.run(connection, thing=facts.id, since=since)
    if rows:
        _ADD.run_all(connection, rows)
    return _count(rows, stored)


def _read_held(connection: Connection, thing: str, since: str) -> list[Row]:
    return [row._asdict() for row in _HELD.rows(connection, thing=thing, since=since)]


def _build(
    connection: Connection,
    facts: Facts,
    world: World,
    sort_key: str,
    since: str,
    stored: list[Row],
    today: Look,
) -> list[Row]:
    """What is to be kept in place of what is held from a day on. The first span of that may have begun before, and
    goes on where nothing turns on that day."""
    known = reach_back(facts, world, since)
    if known is None:
        [whole] = rendering.read_facts(connection, [facts.id])
        [around] = surroundings.read_worlds(connection, [whole], rendering.read_facts)
        known = whole, around
    kept = [{**row, "until_on": since} for row in stored if row["from_on"] < since]
    same = known[0] is facts and known[1] is world
    return join_spans([*kept, *build_spans(*known, since, sort_key, today if same else None)])


def _count(rows: Iterable[Row], stored: Iterable[Row]) -> Changed:
    """By how much the numbers of processes change on which days."""
    changed: Changed = Counter()
    for some, sign in ((stored, -1), (rows, 1)):
        for row in some:
            numbers, process = json.loads(row["counts"] or "{}"), row["process_id"]
            for day, way in ((row["from_on"], sign), (row["until_on"], -sign)):
                for name, number in numbers.items() if day != FOREVER else ():
                    changed[process, day, name] = changed.get((process, day, name), 0) + way * number
    return spread_over_periods(changed)


def drop_spans_of(connection: Connection, process: str) -> None:
    """Nothing is kept of what was so in a process."""
    connection.execute(delete(span).where(span.c.process_id == process))


def clear_spans(connection: Connection) -> None:
    """Nothing is kept, until documents are written again."""
    connection.execute(delete(span))


_LISTED: Final = (
    select(span.c.sort_key, span.c.id, span.c.listed)
    .where(
        span.c.process_id == bindparam("process"),
        span.c.kind == bindparam("kind"),
        text(LISTED),
        span.c.from_on <= bindparam("day"),
        span.c.until_on > bindparam("day"),
        span.c.listed.like(bindparam("list")),
    )
    .order_by(span.c.sort_key, span.c.id)
    .limit(bindparam("most"))
)


def list_first(
    connection: Connection, process: str, day: str, most: int, kind: str, name: str
) -> Iterator[Score]:
    """The first documents of a kind that a list of the scoreboard names as of a day, in their order."""
    asked = {"process": process, "kind": kind, "day": day, "list": f'%"{name}":%', "most": most}
    for row in connection.execute(_LISTED, asked):
        yield Score(kind, row.id, row.sort_key, {}, json.loads(row.listed))


def find_differences(connection: Connection, facts: Facts, world: World, sort_key: str) -> Iterator[str]:
    """Whether what is kept of a thing is not what all acts about it give."""
    gone = facts.withdrawn is not None or facts.content is None
    wanted = [] if gone else build_spans(facts, world, "", sort_key)
    if _read_held(connection, facts.id, "") != wanted:
        yield f"{facts.id}: what is kept of past days is not what the public acts give"


def sum_up(connection: Connection) -> Changed:
    """The numbers of all processes by the days on which they change, as the spans give them."""
    rows = connection.execute(select(span).where(span.c.counts.is_not(None))).mappings()
    return _count(map(dict, rows), ())


def find_strangers(connection: Connection, known: Collection[str]) -> Iterator[str]:
    """What is kept of none of these things."""
    for stranger in sorted(set(connection.scalars(select(span.c.id).distinct())) - set(known)):
        yield f"{stranger}: something is kept of its past days, and no public act is about it"
