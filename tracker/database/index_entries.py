"""The entries of a list index: what a thing is filed under, read and written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    text,
)

from tracker.database.columns import SORTED
from tracker.database.prepared import Prepared

#: What everything is filed under.
ALL: Final = ("all", "")

#: The entries that are sorted by the moment: an index holds them alone.
DATED: Final = "moment IS NOT NULL"


def make_index_table(name: str, metadata: MetaData) -> Table:
    """The table: ``sort_key`` is what a thing is sorted by for people, ``moment`` an instant as text, in the entries by
    which it is sorted so; ``first_on`` and ``last_on`` the earliest and the latest day that its own day may mean, empty
    where it has none."""
    return Table(
        name,
        metadata,
        Column("kind", String(16), primary_key=True),
        Column("facet", String(32), primary_key=True),
        Column("value", String(128), primary_key=True),
        Column("sort_key", SORTED, primary_key=True),
        Column("id", String(30), primary_key=True),
        Column("moment", String(27), nullable=True),
        Column("first_on", SORTED, nullable=False),
        Column("last_on", SORTED, nullable=False),
        Index(f"ix_{name}_first_on", "kind", "facet", "value", "first_on", "id", "last_on"),
        Index(
            f"ix_{name}_moment",
            *("kind", "facet", "value", "moment", "id"),
            sqlite_where=text(DATED),
            postgresql_where=text(DATED),
        ),
        Index(f"ix_{name}_id", "id"),
    )


@dataclass(frozen=True, slots=True)
class Filing:
    """What a thing is filed under, and what it is sorted by; ``first_on`` and ``last_on`` are the days that its own day
    may mean. ``dated`` are the facets whose entries are sorted by the moment, None: all. A moment that moves with each
    act would else be written into dozens of entries, each on a page of its own."""

    kind: str
    id: str
    sort_key: str
    moment: str
    under: frozenset[tuple[str, str]]
    first_on: str = ""
    last_on: str = ""
    dated: frozenset[str] | None = None

    def rows(self) -> dict[tuple[str | None, ...], dict[str, str | None]]:
        """Its entries by all that is in them."""
        entries: dict[tuple[str | None, ...], dict[str, str | None]] = {}
        for facet, value in sorted({*self.under, ALL}):
            row: dict[str, str | None] = {
                "kind": self.kind,
                "facet": facet,
                "value": value,
                "sort_key": self.sort_key,
                "id": self.id,
                "moment": self.moment if self.dated is None or facet in self.dated else None,
                "first_on": self.first_on,
                "last_on": self.last_on,
            }
            entries[tuple(row.values())] = row
        return entries


def read_entries(connection: Connection, table: Table, thing: str) -> set[tuple[str | None, ...]]:
    """The entries of a thing as they stand there."""
    return set(_statements(table)["held"].rows(connection, thing=thing))


def write_entries(connection: Connection, table: Table, thing: str, filing: Filing | None) -> None:
    """File a thing under this and nothing else; under nothing at all with None. Only what differs is written: a column
    that is set to what it was is written again into every index that has it."""
    statements = _statements(table)
    before = read_entries(connection, table, thing)
    after = {} if filing is None else filing.rows()
    stay = {one[:5] for one in before} & {one[:5] for one in after}
    if gone := [one for one in before if one[:5] not in stay]:
        names = ("kind", "facet", "value", "sort_key", "id")
        statements["drop"].run_all(connection, [dict(zip(names, one, strict=False)) for one in gone])
    if filing is not None:
        stayed = [one for one in before if one[:5] in stay]
        if any(one[5] not in (None, filing.moment) for one in stayed):
            statements["date"].run(connection, thing=thing, to=filing.moment)
        days = (filing.first_on, filing.last_on)
        if any(one[6:] != days for one in stayed):
            statements["move"].run(connection, thing=thing, first=days[0], last=days[1])
    if new := [row for one, row in after.items() if one[:5] not in stay]:
        statements["add"].run_all(connection, new)


@lru_cache(maxsize=8)
def _statements(table: Table) -> Mapping[str, Prepared]:
    c = table.c
    names = ("kind", "facet", "value", "sort_key", "id")
    moved = ("moment", "first_on", "last_on")
    return {
        "held": Prepared(select(*(c[name] for name in (*names, *moved))).where(c.id == bindparam("thing"))),
        "add": Prepared(insert(table)),
        "drop": Prepared(delete(table).where(*(c[name] == bindparam(name) for name in names))),
        "date": Prepared(
            table.update()
            .where(c.id == bindparam("thing"), c.moment.is_not(None))
            .values(moment=bindparam("to"))
        ),
        "move": Prepared(
            table.update()
            .where(c.id == bindparam("thing"))
            .values(first_on=bindparam("first"), last_on=bindparam("last"))
        ),
    }


def drop_other_entries(connection: Connection, table: Table, things: Collection[str]) -> None:
    """Drop the entries of what is none of these things."""
    connection.execute(delete(table).where(table.c.id.not_in(things)))
