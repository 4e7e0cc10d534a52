"""What lists find things by, in the orders in which they are read: one table of this shape on each side.

A thing is filed once under everything that a list can be narrowed by, each time with what that list is sorted by; and
once under `ALL`. A page is a range of an index, at any depth. Where several filters are given, or days, the range is
that of the first filter and the rest is looked up for each entry; of one range `WALK` entries are read for a page and
no more, so a page may end before it is full, with the place to go on from. Sorted by another column than that of all
entries, as the day, the range is that of the first filter whose entries are sorted so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    select,
    text,
    tuple_,
)

from tracker.database.index_entries import ALL, Filing, Order, is_in

#: How many entries of a range are looked at for one page where further filters are looked up for each.
WALK: Final = 2_000

Key = tuple[str, str]
Filed = tuple[tuple[str, str], ...]
#: The first and the last day of a span, as texts.
Span = tuple[str, str]


NATURAL: Final = Order("sort_key")


@dataclass(frozen=True, slots=True)
class Search:
    """A question to a list: what things of a kind have to be filed under, all of it; the first and the last day of the
    ``span`` in which their own day may lie; and where the page begins."""

    kind: str
    filed: Filed = ()
    order: Order = NATURAL
    after: Key | None = None
    span: Span | None = None

    @property
    def entries(self) -> Filed:
        """The entries that a thing has to have; the first is the range that is read, in the order that is asked for."""
        filed = self.filed or (ALL,)
        if self.order.facets is None:
            return filed
        first = next((one for one in filed if one[0] in self.order.facets), ALL)
        return (first, *(one for one in filed if one != first))

    @property
    def parts(self) -> int:
        """How many entries, or days, decide on one thing."""
        return len(self.entries) + (self.span is not None)

    def takes(self, filing: Filing) -> bool:
        """Whether a thing that is filed so is asked for."""
        if self.span is not None and not (filing.last_on >= self.span[0] and filing.first_on <= self.span[1]):
            return False
        return filing.under.issuperset(self.filed)

    def values(self, limit: int) -> dict[str, Any]:
        """The values that the statements of `keys` take."""
        bound: dict[str, Any] = {"kind": self.kind, "limit": limit, "walk": WALK}
        if self.span is not None:
            bound["since"], bound["until"] = self.span
            bound["year"] = f"{self.span[0][:4]}-01-01"
        for place, (facet, value) in enumerate(self.entries):
            bound |= {f"facet_{place}": facet, f"value_{place}": value}
        if self.after is not None:
            bound["after_key"], bound["after_id"] = self.after
        return bound


#: What else is asked of an entry, which is given as what a statement selects from.
Require = Callable[[Any], ColumnElement[bool]]


def select_keys(table: Table, sought: Search, require: Require | None = None) -> Select[Any]:
    """The statement for a page of (key, id): an index range, what else is asked looked up for each of its entries."""
    return _keys(
        table, len(sought.entries), sought.order, sought.after is not None, sought.span is not None, require
    )


def _make_entry(at: Any, place: int) -> ColumnElement[bool]:
    return and_(
        at.c.kind == bindparam("kind"),
        at.c.facet == bindparam(f"facet_{place}"),
        at.c.value == bindparam(f"value_{place}"),
    )


def _select_range(table: Table, order: Order, further: bool, spanned: bool) -> Select[Any]:
    """The entries of the first filter, in their order. What is sorted by the day is read from the year of the span on:
    a day that is known to the year lies in one year."""
    key = table.c[order.column]
    query = select(key.label("key"), table.c.id).where(_make_entry(table, 0))
    if order.facets is not None:
        query = query.where(text(is_in(order.facets)))
    if further:
        query = query.where(_after_key(key, table.c.id, order))
    if spanned and order.column == "first_on":
        query = query.where(key >= bindparam("year"), key <= bindparam("until"))
    return query.order_by(*_order_clause(key, table.c.id, order))


def _in_span(at: Any) -> ColumnElement[bool]:
    return and_(at.c.last_on >= bindparam("since"), at.c.first_on <= bindparam("until"))


@lru_cache(maxsize=256)
def _keys(
    table: Table, filters: int, order: Order, further: bool, spanned: bool, require: Require | None
) -> Select[Any]:
    query = _select_range(table, order, further, spanned)
    if filters == 1 and not spanned and require is None:
        return query.limit(bindparam("limit"))
    columns = [table.c[name] for name in (table.info["order"], "first_on", "last_on")]
    walked = query.add_columns(*columns).limit(bindparam("walk")).subquery("walked")
    rest = [_require_other_keys(table, walked, place) for place in range(1, filters)]
    if spanned:
        rest.append(_in_span(walked))
    if require is not None:
        rest.append(require(walked))
    matches = select(walked.c.key, walked.c.id).where(*rest)
    return matches.order_by(*_order_clause(walked.c.key, walked.c.id, order)).limit(bindparam("limit"))


def _require_other_keys(table: Table, at: Any, place: int) -> ColumnElement[bool]:
    """That the same thing is filed under the filter of this place, too."""
    other, order = table.alias(f"also_{place}"), table.info["order"]
    return exists().where(_make_entry(other, place), other.c[order] == at.c[order], other.c.id == at.c.id)


def _after_key(key: Any, thing: Any, order: Order) -> ColumnElement[bool]:
    place = tuple_(bindparam("after_key"), bindparam("after_id"))
    return tuple_(key, thing) < place if order.descending else tuple_(key, thing) > place


def _order_clause(key: Any, thing: Any, order: Order) -> tuple[Any, ...]:
    return (key.desc(), thing.desc()) if order.descending else (key, thing)


@lru_cache(maxsize=64)
def _end(table: Table, order: Order, further: bool, spanned: bool) -> Select[Any]:
    return _select_range(table, order, further, spanned).offset(WALK - 1).limit(1)


def find_last_key(
    connection: Connection, table: Table, sought: Search, *, required: bool = False
) -> Key | None:
    """The last entry that a page was looked for in; None where that was the end of the range. ``required``: whether
    something else was asked of each."""
    if sought.parts < 2 and not required:
        return None
    query = _end(table, sought.order, sought.after is not None, sought.span is not None)
    row = connection.execute(query, sought.values(0)).first()
    return None if row is None else (row[0], row[1])


@dataclass(frozen=True, slots=True)
class Walk:
    """Keys in their order, at most as many as asked, and where to go on; None at the end."""

    keys: tuple[Key, ...]
    end: Key | None


def merge_walks(order: Order, walks: Sequence[Walk], limit: int) -> Walk:
    """Walks of the same order as one. What lies beyond the nearest end of one of them is not known yet."""
    ends = sorted((one.end for one in walks if one.end is not None), reverse=order.descending)
    keys = sorted((key for one in walks for key in one.keys), reverse=order.descending)
    known = [key for key in keys if not (ends and order.follows(key, ends[0]))]
    if len(known) > limit:
        return Walk(tuple(known[:limit]), known[limit - 1])
    return Walk(tuple(known), ends[0] if ends else None)


def walk_index(
    connection: Connection,
    table: Table,
    sought: Search,
    limit: int,
    require: Require | None = None,
    values: Mapping[str, Any] = MappingProxyType({}),
) -> Walk:
    """At most ``limit`` keys of what is filed under all that is sought, and of which what else is asked holds for these
    ``values``."""
    query = select_keys(table, sought, require)
    rows = connection.execute(query, {**sought.values(limit + 1), **values}).all()
    keys = tuple((row[0], row[1]) for row in rows)
    if len(keys) > limit:
        return Walk(keys[:limit], keys[limit - 1])
    return Walk(keys, find_last_key(connection, table, sought, required=require is not None))


def count_entries(table: Table, sought: Search) -> Select[Any]:
    """The statement that counts what is filed under all that is sought; it reads index entries and nothing else."""
    first = table.alias("first")
    query = select(func.count()).select_from(first).where(_make_entry(first, 0))
    for place in range(1, len(sought.entries)):
        query = query.where(_require_other_keys(table, first, place))
    return query if sought.span is None else query.where(_in_span(first))
