"""What each document adds to the numbers of its process, kept with the document; and the sums of it.

So the scoreboard of a process reads as many rows as it has numbers, however much is in the process. What a document
adds holds until what lists find it by changes (``filed_until``).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from tracker.database.prepared import Prepared
from tracker.domain.canonical import encode_json
from tracker.public import spans, tally
from tracker.public.projection import Facts
from tracker.public.scoreboard import Score
from tracker.public.tables import notable, score
from tracker.public.tally import PRESENT, Changed

Row = dict[str, Any]
_OWN: Final = Prepared(select(score).where(score.c.id == bindparam("thing")))
_DROP: Final = Prepared(delete(score).where(score.c.id == bindparam("thing")))
_REWRITE: Final = Prepared(
    update(score)
    .where(score.c.id == bindparam("id"))
    .values({column.name: bindparam(column.name) for column in score.c if column.name != "id"})
)
_INSERT: Final = Prepared(insert(score))
_UNLIST: Final = Prepared(delete(notable).where(notable.c.id == bindparam("thing")))
_LIST: Final = Prepared(insert(notable))


def make_row(facts: Facts, scored: Score, sort_key: str) -> Row:
    """What is kept of a document that is counted."""
    return {
        "id": facts.id,
        "process_id": facts.process,
        "kind": scored.kind,
        "sort_key": sort_key,
        "counts": encode_json(scored.counts).decode(),
        "listed": encode_json(scored.listed).decode() if scored.listed else None,
    }


def write_score(connection: Connection, thing: str, row: Row | None) -> Changed:
    """Keep what a document adds now in place of what it added, None for nothing more; nothing is written where both are
    the same. Returns by how much that changes the numbers of its process."""
    before = _read_own(connection, thing)
    if before == row:
        return Counter()
    if row is None:
        _DROP.run(connection, thing=thing)
    elif _REWRITE.run(connection, **row) == 0:
        _INSERT.run(connection, **row)
    if _list_rows(before) != _list_rows(row):
        _UNLIST.run(connection, thing=thing)
        if lists := _list_rows(row):
            _LIST.run_all(connection, lists)
    return _count(row, before)


def _read_own(connection: Connection, thing: str) -> Row | None:
    row = _OWN.first(connection, thing=thing)
    return None if row is None else dict(row._asdict())


def _count(row: Row | None, before: Row | None) -> Changed:
    changed: Changed = Counter()
    for some, sign in ((before, -1), (row, 1)):
        for name, number in json.loads(some["counts"]).items() if some else ():
            changed[some["process_id"], PRESENT, name] += sign * number  # type: ignore[index]  # there is a row
    return changed


def _list_rows(row: Row | None) -> list[Row]:
    """Under which lists of the scoreboard a document stands."""
    if row is None or row["listed"] is None:
        return []
    own = {name: row[name] for name in ("process_id", "kind", "sort_key", "id")}
    return [{"list": name, **own} for name in json.loads(row["listed"])]


def drop_scores_of(connection: Connection, process: str) -> None:
    """Nothing in a process is counted any more."""
    for table in (score, notable):
        connection.execute(delete(table).where(table.c.process_id == process))


def clear_scores(connection: Connection) -> None:
    """Nothing is counted, until documents are written again."""
    for table in (score, notable):
        connection.execute(delete(table))


_LISTED: Final = (
    select(score.c.sort_key, score.c.id, score.c.listed)
    .join(notable, notable.c.id == score.c.id)
    .where(
        notable.c.list == bindparam("list"),
        notable.c.process_id == bindparam("process"),
        notable.c.kind == bindparam("kind"),
    )
    .order_by(notable.c.sort_key, notable.c.id)
    .limit(bindparam("most"))
)
_SCORES: Final = select(score).where(score.c.id.in_(bindparam("things", expanding=True)))


def add_up(scores: Iterable[Score]) -> Counter[str]:
    """The numbers of all of these together."""
    sums: Counter[str] = Counter()
    for each in scores:
        sums.update(each.counts)
    return sums


def read_scores(connection: Connection, things: Collection[str]) -> list[Score]:
    """What these documents added as they were written."""
    rows = connection.execute(_SCORES, {"things": list(things)}) if things else ()
    return [Score(row.kind, row.id, row.sort_key, json.loads(row.counts)) for row in rows]


def list_first(connection: Connection, process: str, kind: str, name: str, most: int) -> Iterator[Score]:
    """The first documents of a kind that stand under a list of the scoreboard, in their order."""
    asked = {"process": process, "kind": kind, "list": name, "most": most}
    for row in connection.execute(_LISTED, asked):
        yield Score(kind, row.id, row.sort_key, {}, json.loads(row.listed))


def is_counted(connection: Connection, thing: str, row: Row | None) -> bool:
    """Whether this is what is kept of a document."""
    return _read_own(connection, thing) == row


def find_differences(connection: Connection, known: Sequence[str]) -> Iterator[str]:
    """Where the sums are not those of what is kept of each document, or something is counted that is no document."""
    sums, public = spans.sum_up(connection), set(known)
    lists = []
    for row in connection.execute(select(score).order_by(score.c.id)).mappings():
        if row["id"] not in public:
            yield f"{row['id']}: it is counted, and no public act is about it"
        sums.update(_count(dict(row), None))
        lists += _list_rows(dict(row))
    yield from tally.find_differences(connection, sums)
    listed = {tuple(sorted(row.items())) for row in connection.execute(select(notable)).mappings()}
    for differing in sorted(listed ^ {tuple(sorted(row.items())) for row in lists}):
        yield f"{dict(differing)['id']}: the lists of the scoreboard name it otherwise than its document does"
