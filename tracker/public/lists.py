"""Pages of public documents: now, as of a day, as known at a moment.

Now: a page is an index range joined to finished bytes. What lists find a thing by may have turned with the day since
it was written; the few things to which that happened are computed in memory and put in their place.

Then: see `tracker.public.past_lists`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from tracker.database import list_index
from tracker.database.list_index import Key, Search
from tracker.domain.canonical import format_instant
from tracker.public import filters, past_lists
from tracker.public.list_pages import (
    COMPUTED,
    MOST_TURNED,
    Item,
    Page,
    count_fitting,
    make_item,
    make_page,
    recompute_documents,
)
from tracker.public.tables import document, facet


def list_documents(
    connection: Connection,
    sought: Search,
    limit: int,
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Page:
    """A page of the public documents that are filed under all that is sought."""
    if as_of is not None or known_at is not None:
        return past_lists.list_past(connection, sought, limit, now, as_of, known_at)
    moves = filters.moving_keys(sought.kind, sought.filed)
    turned = list_expired(connection, sought.kind, now) if moves else []
    if len(turned) > MOST_TURNED:
        return past_lists.list_past(connection, sought, limit, now, None, None)
    most = limit + 1 + len(turned)  # of what is filed there, what has turned is left out
    filed, end = _read_filed(connection, sought, most, now, moves)
    by_id = {item.key[1]: item for item in filed}
    if end is None and len(by_id) <= limit:
        end = list_index.find_last_key(connection, facet, sought)
    for item in filter_fitting(connection, sought, turned, now):
        if sought.after is None or sought.order.follows(item.key, sought.after):
            by_id[item.key[1]] = item
    items = sorted(by_id.values(), key=lambda item: item.key, reverse=sought.order.descending)
    if end is not None:
        items = [item for item in items if not sought.order.follows(item.key, end)]
    number = count_fitting(items[:limit])
    last = items[number - 1].key if len(items) > number else end
    return make_page(_read(connection, items[:number]), last)


_BRIEF_OF: Final = select(document.c.id, document.c.brief).where(
    document.c.id.in_(bindparam("things", expanding=True))
)


def _read(connection: Connection, items: Sequence[Item]) -> list[Item]:
    """The same with their bytes, without what was withdrawn a moment ago."""
    things = [item.key[1] for item in items if item.brief is None]
    rows = connection.execute(_BRIEF_OF, {"things": things}) if things else ()
    briefs = {row.id: row.brief for row in rows}
    whole = (item if item.brief else replace(item, brief=briefs.get(item.key[1])) for item in items)
    return [item for item in whole if item.brief]


@lru_cache(maxsize=512)
def _joined(keys: Select[Any], moves: bool) -> Select[Any]:
    """The keys of a page with the finished documents that they name."""
    wanted = keys.subquery("wanted")
    query = select(
        wanted.c.key,
        document.c.id,
        func.length(document.c.brief).label("size"),
        document.c.etag,
        document.c.good_until,
    ).join(document, document.c.id == wanted.c.id)
    if moves:
        query = query.where(_still_filed(document))
    return query


def _still_filed(at: Any) -> Any:
    return at.c.filed_until.is_(None) | (at.c.filed_until > bindparam("moment"))


def _read_filed(
    connection: Connection, sought: Search, limit: int, now: datetime, moves: bool
) -> tuple[list[Item], Key | None]:
    """What is filed there and still belongs there. A document whose computed part has turned is computed again: of
    `COMPUTED` at most, then with the key up to which was read."""
    query = _joined(list_index.select_keys(facet, sought), moves)
    moment = format_instant(now)
    rows = connection.execute(query, {**sought.values(limit), "moment": moment}).all()
    old = [place for place, row in enumerate(rows) if row.good_until is not None and row.good_until <= moment]
    end = None
    if len(old) > COMPUTED:
        rows, old = rows[: old[COMPUTED]], old[:COMPUTED]
        end = (rows[-1].key, rows[-1].id)
    turned = [rows[place].id for place in old]
    fresh = {filing.id: made for filing, made in recompute_documents(connection, turned, now)} if old else {}
    keys = ((row, (row.key, row.id), fresh.get(row.id)) for row in rows)
    return [
        Item(key, row.size, row.etag) if made is None else make_item(key, made) for row, key, made in keys
    ], end


_TURNED: Final = (
    select(document.c.id)
    .where(document.c.kind == bindparam("kind"), document.c.filed_until <= bindparam("moment"))
    .limit(MOST_TURNED + 1)
)


def list_expired(connection: Connection, kind: str, now: datetime) -> list[str]:
    """Things of a kind that lists may find by something that has turned since it was written; a few of them at most."""
    return list(connection.scalars(_TURNED, {"kind": kind, "moment": format_instant(now)}))


def filter_fitting(
    connection: Connection, sought: Search, things: Sequence[str], now: datetime
) -> Iterator[Item]:
    """Of these things those that belong into the list as they stand now."""
    for filing, made in recompute_documents(connection, things, now) if things else ():
        if sought.takes(filing):
            yield make_item((getattr(filing, sought.order.column), filing.id), made)
