"""Pages of public documents: now, as of a day, as known at a moment; and how many there are.

Now: a page is an index range joined to finished bytes. What lists find a thing by may have turned with the day since
it was written; the few things to which that happened are computed in memory and put in their place.

Then: candidates are read in their order, narrowed by what no day changes, folded from the public acts together, and
kept where they match. A page looks at a bounded number of candidates, so that it may end before it is full.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, exists, func, select

from tracker.database import list_index
from tracker.database.list_index import Filing, Key, Search
from tracker.domain.errors import InvalidInput
from tracker.public import documents, filters, rendering
from tracker.public.document_model import Document
from tracker.public.events import encode_json, format_instant
from tracker.public.tables import document, facet

#: How many candidates a page of a list as of a day looks at, beyond the first page of them.
CANDIDATES: Final = 400
#: How many candidates a count as of a day looks at, where a state of that day decides.
COUNTED: Final = 500
#: The most bytes of documents on one page; one always fits.
MOST: Final = 1_000_000
#: How many things that turned with the day are computed for one page. Beyond, the list is read as if as of today.
TURNED: Final = 200


@dataclass(frozen=True, slots=True)
class Page:
    """One page of finished documents and, where there may be more, the key to go on from.

    ``tag`` follows from the tags of the documents: what is said of them changes with them.
    """

    items: tuple[bytes, ...]
    tag: str
    last: Key | None


@dataclass(frozen=True, slots=True)
class _Item:
    """A document of a page; its bytes are read when it is known that the page has room for them."""

    key: Key
    size: int
    tag: str
    brief: bytes | None = None


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
        return _list_past(connection, sought, limit, now, as_of, known_at)
    moves = filters.moving_keys(sought.kind, sought.filed)
    turned = _list_expired(connection, sought.kind, now) if moves else []
    if len(turned) > TURNED:
        return _list_past(connection, sought, limit, now, None, None)
    most = limit + 1 + len(turned)  # of what is filed there, what has turned is left out
    found = {item.key[1]: item for item in _filed_condition(connection, sought, most, now, moves)}
    end = list_index.find_last_key(connection, facet, sought) if len(found) <= limit else None
    for item in _filter_fitting(connection, sought, turned, now):
        if sought.after is None or sought.order.follows(item.key, sought.after):
            found[item.key[1]] = item
    items = sorted(found.values(), key=lambda item: item.key, reverse=sought.order.descending)
    if end is not None:
        items = [item for item in items if not sought.order.follows(item.key, end)]
    number = _fitting_in(items[:limit])
    last = items[number - 1].key if len(items) > number else end
    return _make_page(_read(connection, items[:number]), last)


def _fitting_in(items: Sequence[_Item]) -> int:
    """How many of these a page has room for; at least one."""
    return max(1, sum(1 for size in accumulate(item.size for item in items) if size <= MOST))


_BRIEF_OF: Final = select(document.c.id, document.c.brief).where(
    document.c.id.in_(bindparam("things", expanding=True))
)


def _read(connection: Connection, items: Sequence[_Item]) -> list[_Item]:
    """The same with their bytes, without what was withdrawn a moment ago."""
    things = [item.key[1] for item in items if item.brief is None]
    rows = connection.execute(_BRIEF_OF, {"things": things}) if things else ()
    briefs = {row.id: row.brief for row in rows}
    whole = (item if item.brief else replace(item, brief=briefs.get(item.key[1])) for item in items)
    return [item for item in whole if item.brief]


def _make_page(items: Sequence[_Item], last: Key | None) -> Page:
    digest = hashlib.sha256("".join([*(item.tag for item in items), repr(last)]).encode()).hexdigest()[:32]
    return Page(tuple(item.brief or b"" for item in items), digest, last)


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


def _filed_condition(
    connection: Connection, sought: Search, limit: int, now: datetime, moves: bool
) -> Iterator[_Item]:
    """What is filed there and still belongs there. A document whose computed part has turned is computed anew."""
    query = _joined(list_index.select_keys(facet, sought), moves)
    moment = format_instant(now)
    rows = connection.execute(query, {**sought.values(limit), "moment": moment}).all()
    old = [row.id for row in rows if row.good_until is not None and row.good_until <= moment]
    fresh = {filing.id: made for filing, made in _recompute(connection, old, now)} if old else {}
    for row in rows:
        key, made = (row.key, row.id), fresh.get(row.id)
        yield _Item(key, row.size, row.etag) if made is None else _make_item(key, made)


_TURNED: Final = select(document.c.id).where(
    document.c.kind == bindparam("kind"), document.c.filed_until <= bindparam("moment")
)
_SOME_TURNED: Final = _TURNED.limit(TURNED + 1)


def _list_expired(
    connection: Connection, kind: str, now: datetime, query: Select[Any] = _SOME_TURNED
) -> list[str]:
    """Things of a kind that lists may find by something that has turned since it was written."""
    return list(connection.scalars(query, {"kind": kind, "moment": format_instant(now)}))


def _recompute(
    connection: Connection,
    things: Sequence[str],
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Iterator[tuple[Filing, Document]]:
    """These things as they stand on that day, with what lists would find them by."""
    for facts, made in rendering.render_document(connection, things, now, as_of, known_at):
        yield documents.index_entry(facts, made), made


def _make_item(key: Key, made: Document) -> _Item:
    brief, history = encode_json(made.brief), encode_json(made.history)
    return _Item(key, len(brief), documents.make_etag(brief, history), brief)


def _filter_fitting(
    connection: Connection, sought: Search, things: Sequence[str], now: datetime
) -> Iterator[_Item]:
    """Of these things those that belong into the list as they stand now."""
    for filing, made in _recompute(connection, things, now) if things else ():
        if sought.takes(filing):
            yield _make_item((getattr(filing, sought.order.column), filing.id), made)


def _list_past(
    connection: Connection,
    sought: Search,
    limit: int,
    now: datetime,
    as_of: date | None,
    known_at: datetime | None,
) -> Page:
    """A page by folding candidates, which come in the order of today."""
    under = filters.fixed_keys(sought.kind, sought.filed, edits=known_at is None)
    found: list[_Item] = []
    size = 0
    at: Search = replace(sought, filed=under, span=sought.span if known_at is None else None)
    for most in (limit, CANDIDATES):
        walk = list_index.walk_index(connection, facet, at, most)
        keys = {id: (key, id) for key, id in walk.keys}
        for filing, made in _recompute(connection, list(keys), now, as_of, known_at):
            if sought.takes(filing):
                found.append(_make_item(keys[filing.id], made))
                size += found[-1].size
            if len(found) == limit or (size > MOST and found):
                last = keys[filing.id]
                return _make_page(found, None if walk.end is None and last == walk.keys[-1] else last)
        if walk.end is None:
            return _make_page(found, None)
        at = replace(at, after=walk.end)
    return _make_page(found, at.after)


def count_documents(
    connection: Connection,
    sought: Search,
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> int:
    """How many public things are filed under all that is sought. Reads an index range; what has turned with the day
    is computed.

    As of a day, or as known at a moment, `InvalidInput` where too many would have to be computed for one answer.
    """
    if as_of is not None or known_at is not None:
        return _count_past(connection, sought, now, as_of, known_at)
    moves = filters.moving_keys(sought.kind, sought.filed)
    number = int(
        connection.scalar(_count(sought, moves), {**sought.values(0), "moment": format_instant(now)}) or 0
    )
    if moves:
        turned = _list_expired(connection, sought.kind, now, _TURNED)
        for start in range(0, len(turned), TURNED):
            number += sum(1 for _ in _filter_fitting(connection, sought, turned[start : start + TURNED], now))
    return number


def _count_past(
    connection: Connection, sought: Search, now: datetime, as_of: date | None, known_at: datetime | None
) -> int:
    under = filters.fixed_keys(sought.kind, sought.filed, edits=known_at is None)
    fixed = replace(sought, filed=under, span=sought.span if known_at is None else None)
    if known_at is None and len(under) == len(sought.filed):  # then the first day alone decides
        query = list_index.count_entries(facet, fixed)
        first = query.get_final_froms()[0]
        begun = exists().where(document.c.id == first.c.id, document.c.first_day <= bindparam("day"))
        values = {**fixed.values(0), "day": (as_of or date.max).isoformat()}
        return int(connection.scalar(query.where(begun), values) or 0)
    walk = list_index.walk_index(connection, facet, fixed, COUNTED)
    if walk.end is not None:
        name = "as_of" if known_at is None else "known_at"
        raise InvalidInput.at(
            name, f"takes more than {COUNTED} things to count; narrow it by process, committee, issuer or tag"
        )
    made = _recompute(connection, [id for _key, id in walk.keys], now, as_of, known_at)
    return sum(1 for filing, _made in made if sought.takes(filing))


def _count(sought: Search, moves: bool) -> Select[Any]:
    query = list_index.count_entries(facet, sought)
    if not moves:
        return query
    first = query.get_final_froms()[0]
    turned = exists().where(document.c.id == first.c.id, document.c.filed_until <= bindparam("moment"))
    return query.where(~turned)
