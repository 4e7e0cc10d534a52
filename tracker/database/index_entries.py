"""The entries of a list index: what a thing is filed under, read and written.

A thing has an entry under each of these, in the order of its list; and one filing, which says all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)

from tracker.database.columns import KEY_ONLY, SORTED
from tracker.database.prepared import Prepared
from tracker.domain.canonical import encode_json

#: A name and a value under which a thing is filed.
Drawer = tuple[str, str]
#: What everything is filed under.
ALL: Final = ("all", "")
_DAYS: Final = ("first_on", "last_on")


@dataclass(frozen=True, slots=True)
class Order:
    """One of the columns that entries are sorted by, and which way. ``facets`` are those whose entries are sorted so,
    None: all."""

    column: str
    descending: bool = False
    facets: frozenset[str] | None = None

    def follows(self, key: tuple[str, str], after: tuple[str, str]) -> bool:
        return key < after if self.descending else key > after


@dataclass(frozen=True, slots=True)
class ListTables:
    """What lists of one side find things by. All entries are sorted by one column, ``order``: ``sort_key`` or
    ``moment``. By the other of both and by the day only those of the ``wide`` facets are; a list that is narrowed by
    something else looks that up for each of them. Each order of each entry is a row on a page of its own, and what
    moves with an act would be written into dozens of them."""

    entries: Table
    filings: Table
    order: str
    wide: frozenset[str]

    @property
    def other(self) -> str:
        return "moment" if self.order == "sort_key" else "sort_key"

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name an entry."""
        return ("kind", "facet", "value", self.order, "id")

    def sort_by(self, column: str, *, descending: bool = False) -> Order:
        """The order of lists by a column; ``first_on`` is the day."""
        return Order(column, descending, None if column == self.order else self.wide)


def make_list_tables(side: str, metadata: MetaData, *, order: str, wide: Iterable[str]) -> ListTables:
    """The tables: ``sort_key`` is what a thing is sorted by for people, ``moment`` an instant as text; the one that is
    not the ``order`` stands in entries of the ``wide`` facets alone. ``first_on`` and ``last_on`` are the earliest and
    the latest day that its own day may mean, empty where it has none; ``under`` what it is filed under, as JSON."""
    columns = {"sort_key": SORTED, "moment": String(27)}
    facets = frozenset(wide)
    other = next(name for name in columns if name != order)
    entries = Table(
        f"{side}_facet",
        metadata,
        Column("kind", String(16), primary_key=True),
        Column("facet", String(32), primary_key=True),
        Column("value", String(128), primary_key=True),
        Column(order, columns[order], primary_key=True),
        Column("id", String(30), primary_key=True),
        Column(other, columns[other], nullable=True),
        Column("first_on", SORTED, nullable=False),
        Column("last_on", SORTED, nullable=False),
        _partial(f"ix_{side}_facet_first_on", facets, "first_on", "id", "last_on"),
        _partial(f"ix_{side}_facet_{other}", facets, other, "id"),
        info={"order": order},
        **KEY_ONLY,
    )
    filings = Table(
        f"{side}_filing",
        metadata,
        Column("id", String(30), primary_key=True),
        Column("kind", String(16), nullable=False),
        Column("sort_key", SORTED, nullable=False),
        Column("moment", String(27), nullable=False),
        Column("first_on", SORTED, nullable=False),
        Column("last_on", SORTED, nullable=False),
        Column("under", Text, nullable=False),
    )
    return ListTables(entries, filings, order, facets)


def _partial(name: str, facets: frozenset[str], *columns: str) -> Index:
    """An index of the entries of these facets, one range for each drawer."""
    where = text(is_in(facets))
    return Index(name, "kind", "facet", "value", *columns, sqlite_where=where, postgresql_where=where)


def is_in(facets: Iterable[str]) -> str:
    """The condition of the indexes that hold the entries of these facets alone. A statement that reads one says it
    too, to the letter."""
    return "facet IN ({})".format(", ".join(f"'{facet}'" for facet in sorted(facets)))


@dataclass(frozen=True, slots=True)
class Filing:
    """What a thing is filed under, and what it is sorted by; ``first_on`` and ``last_on`` are the days that its own day
    may mean."""

    kind: str
    id: str
    sort_key: str
    moment: str
    under: frozenset[Drawer]
    first_on: str = ""
    last_on: str = ""

    @property
    def drawers(self) -> frozenset[Drawer]:
        """Where its entries are: one more than what it is filed under."""
        return self.under | {ALL}

    def key(self, tables: ListTables) -> str:
        """What its entries are sorted by."""
        key: str = getattr(self, tables.order)
        return key

    def list_entries(self, tables: ListTables, drawers: Iterable[Drawer]) -> list[dict[str, Any]]:
        """Its entries in these drawers, in one order."""
        return [
            {
                "kind": self.kind,
                "facet": facet,
                "value": value,
                tables.order: self.key(tables),
                "id": self.id,
                tables.other: getattr(self, tables.other) if facet in tables.wide else None,
                "first_on": self.first_on,
                "last_on": self.last_on,
            }
            for facet, value in sorted(drawers)
        ]


def read_filing(connection: Connection, tables: ListTables, thing: str) -> Filing | None:
    """What a thing is filed under; None for one that no list finds."""
    row = _statements(tables)["read"].first(connection, thing=thing)
    return None if row is None else _read_row(row)


def _read_row(row: Any) -> Filing:
    return Filing(
        row.kind, row.id, row.sort_key, row.moment, _read_drawers(row.under), row.first_on, row.last_on
    )


@lru_cache(maxsize=64)  # the entries of one thing may follow each other
def _read_drawers(under: str) -> frozenset[Drawer]:
    return frozenset((name, value) for name, value in json.loads(under))


def write_entries(connection: Connection, tables: ListTables, thing: str, filing: Filing | None) -> None:
    """File a thing under this and nothing else; under nothing at all with None. Only what differs is written: a column
    that is set to what it was is written again into every index that has it."""
    before = read_filing(connection, tables, thing)
    if before == filing:
        return
    statements = _statements(tables)
    stay: frozenset[Drawer] = frozenset()
    if before and filing and (before.kind, before.key(tables)) == (filing.kind, filing.key(tables)):
        stay = before.drawers & filing.drawers
    if before and (gone := before.drawers - stay):
        rows = before.list_entries(tables, gone)
        statements["drop"].run_all(connection, [{name: row[name] for name in tables.key} for row in rows])
    if filing is None:
        statements["forget"].run(connection, thing=thing)
        return
    if before:
        _move(connection, tables, before, filing, stay)
    if new := filing.drawers - stay:
        statements["add"].run_all(connection, filing.list_entries(tables, new))
    row = {name: getattr(filing, name) for name in ("id", "kind", "sort_key", "moment", *_DAYS)}
    row["under"] = encode_json(sorted(filing.under)).decode()
    statements["refile" if before else "file"].run(connection, **row)


def _move(
    connection: Connection, tables: ListTables, before: Filing, filing: Filing, stay: frozenset[Drawer]
) -> None:
    """Let the entries that stay say the days of now, and what else they are sorted by."""
    statements = _statements(tables)
    if (before.first_on, before.last_on) != (filing.first_on, filing.last_on):
        if stay:
            statements["move"].run_all(connection, filing.list_entries(tables, stay))
    elif getattr(before, tables.other) != getattr(filing, tables.other) and (
        wide := [drawer for drawer in stay if drawer[0] in tables.wide]
    ):
        rows = filing.list_entries(tables, wide)
        columns = (*tables.key, tables.other)
        statements["sort"].run_all(connection, [{name: row[name] for name in columns} for row in rows])


@lru_cache(maxsize=8)
def _statements(tables: ListTables) -> Mapping[str, Prepared]:
    entries, filings = tables.entries, tables.filings
    own = and_(*(entries.c[name] == bindparam(name) for name in tables.key))
    sorts: dict[str, Any] = {tables.other: bindparam(tables.other)}
    days: dict[str, Any] = {name: bindparam(name) for name in _DAYS}
    refiled: dict[str, Any] = {
        column.name: bindparam(column.name) for column in filings.c if column.name != "id"
    }
    of_thing = filings.c.id == bindparam("thing")
    return {
        "read": Prepared(select(filings).where(of_thing)),
        "find": Prepared(select(entries).where(own)),
        "file": Prepared(insert(filings)),
        "refile": Prepared(update(filings).where(filings.c.id == bindparam("id")).values(refiled)),
        "forget": Prepared(delete(filings).where(of_thing)),
        "add": Prepared(insert(entries)),
        "drop": Prepared(delete(entries).where(own)),
        "sort": Prepared(update(entries).where(own).values(sorts)),
        "move": Prepared(update(entries).where(own).values(sorts | days)),
    }


def clear_entries(connection: Connection, tables: ListTables) -> None:
    """Nothing is filed, until it is written again."""
    for table in (tables.entries, tables.filings):
        connection.execute(delete(table))


def is_filed(connection: Connection, tables: ListTables, thing: str, filing: Filing | None) -> bool:
    """Whether a thing is filed under this, and has each of the entries that follow from it."""
    if read_filing(connection, tables, thing) != filing:
        return False
    find = _statements(tables)["find"]
    entries = filing.list_entries(tables, filing.drawers) if filing else ()
    return all(
        (row := find.first(connection, **{name: entry[name] for name in tables.key})) is not None
        and row._asdict() == entry
        for entry in entries
    )


def list_strays(connection: Connection, tables: ListTables) -> Iterator[str]:
    """The things of which an entry is there that does not follow from their filing."""
    entries, filings = tables.entries, tables.filings
    query = select(entries.c.facet, entries.c.value, entries.c.id.label("thing"), filings).join_from(
        entries,
        filings,
        and_(*(entries.c[name] == filings.c[name] for name in ("id", "kind", tables.order))),
        isouter=True,
    )
    strays = {
        row.thing
        for row in connection.execute(query)
        if row.id is None or (row.facet, row.value) not in _read_row(row).drawers
    }
    yield from sorted(strays)
