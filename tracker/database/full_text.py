"""Full text on SQLite (FTS5) and on PostgreSQL (`tsvector`), behind the same few functions for either side.

Both engines are handed words that `tracker.domain.search` has folded, never a text and never a query of somebody: so
they find the same things, in the same order, and nothing that is typed can be syntax.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    event,
    select,
    text,
)
from sqlalchemy.schema import DDL

from tracker.database.columns import PLACE, SORTED
from tracker.database.prepared import Prepared
from tracker.domain.partial_days import FOREVER
from tracker.domain.search import list_index_words
from tracker.domain.search_entries import Entry


@dataclass(frozen=True, slots=True)
class Index:
    """A table of entries, and beside it what the engine finds them by."""

    table: Table

    @property
    def found_by(self) -> str:
        return f"{self.table.name}_words"


def make_index(name: str, metadata: MetaData) -> Index:
    """Declare an index: both of its tables are made and dropped with the metadata."""
    table = Table(
        name,
        metadata,
        Column("number", PLACE, primary_key=True, autoincrement=False),
        Column("id", String(30), nullable=False, index=True),
        Column("kind", String(16), nullable=False),
        Column("process_id", String(30), nullable=True),
        Column("title", Text, nullable=False),
        Column("names", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("from_on", SORTED, nullable=False),
        Column("until_on", SORTED, nullable=False),
    )
    for dialect in ("sqlite", "postgresql"):
        for statement in create_statements(name, dialect):
            event.listen(table, "after_create", _ddl_statements(statement).execute_if(dialect=dialect))
    event.listen(table, "before_drop", _ddl_statements(f"DROP TABLE {name}_words"))
    return Index(table)


def create_statements(name: str, dialect: str) -> tuple[str, ...]:
    """The statements that make what entries are found by. Only ASCII signs part words on SQLite: ours are parted."""
    if dialect == "sqlite":
        return (
            f"CREATE VIRTUAL TABLE {name}_words USING fts5(names, body, filed, tokenize='ascii',"
            " detail='column', columnsize=0, prefix='1 2 3')",
        )
    return (
        f"CREATE TABLE {name}_words (number BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        f"CREATE INDEX ix_{name}_words ON {name}_words USING gin (words)",
    )


def _ddl_statements(statement: str) -> DDL:
    return DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy left it so


def is_index_table(name: str | None) -> bool:
    """Whether a table is made here, by hand, and not from the models."""
    return name is not None and "_search_words" in name


def number_of(id: str, until: str = FOREVER) -> int:
    """The number of a thing, or of what it said until a day, from its id: the same after every rebuilding, and saying
    nothing of time or count."""
    named = id if until == FOREVER else f"{id} {until}"
    return int.from_bytes(hashlib.sha256(named.encode()).digest()[:8], "big") >> 2


def write_entries(connection: Connection, at: Index, id: str, entries: Sequence[Entry]) -> None:
    """Make a thing findable by these entries and by nothing else, or not at all; what is so already is not written."""
    statements = _statements(at, connection.dialect.name)
    stored = {row.number: row._asdict() for row in statements["held"].rows(connection, thing=id)}
    wanted = {number_of(id, one.until_on): one for one in entries}
    stay = {number for number, one in wanted.items() if stored.get(number) == _make_row(one)}
    for number in stored.keys() - stay:
        statements["drop"].run(connection, number=number)
        statements["drop_words"].run(connection, number=number)
    for number, entry in wanted.items():
        if number not in stay:
            statements["add"].run(connection, **_make_row(entry))
            statements["add_words"].run(
                connection, number=number, **_make_words(connection, _to_words(entry))
            )


@lru_cache(maxsize=8)
def _statements(at: Index, dialect: str) -> Mapping[str, Prepared]:
    """What an index is written by, built once."""
    own = at.table.c.number == bindparam("number")
    if dialect == "sqlite":
        number, columns, given = "rowid", "rowid, names, body, filed", ":number, :names, :body, :filed"
    else:
        number, columns, given = "number", "number, words", ":number, CAST(:words AS tsvector)"
    return {
        "held": Prepared(at.table.select().where(at.table.c.id == bindparam("thing"))),
        "add": Prepared(at.table.insert()),
        "drop": Prepared(at.table.delete().where(own)),
        "add_words": Prepared(text(f"INSERT INTO {at.found_by} ({columns}) VALUES ({given})")),  # noqa: S608  # our own
        "drop_words": Prepared(text(f"DELETE FROM {at.found_by} WHERE {number} = :number")),  # noqa: S608  # names
    }


def clear_index(connection: Connection, at: Index) -> None:
    """Nothing is found any more."""
    connection.execute(at.table.delete())
    connection.execute(text(f"DELETE FROM {at.found_by}"))  # noqa: S608  # our own name


def forget_dropped(connection: Connection, at: Index) -> None:
    """Leave no word of what was dropped. PostgreSQL needs a VACUUM.

    FTS5 only marks a word as gone until segments happen to be merged, and merging them on purpose passes over a single
    segment. So what it finds by is made again from the entries that are left.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"INSERT INTO {at.found_by} ({at.found_by}) VALUES ('rebuild')"))  # noqa: S608  # our own


def find_strangers(connection: Connection, at: Index, known: Collection[str]) -> list[str]:
    """What is found and is none of these: its id, or its number where words lead to no entry at all."""
    column, _ = find_dialect(connection)
    own = set(known)
    entries = {row.number: row.id for row in connection.execute(select(at.table.c.number, at.table.c.id))}
    numbers = connection.scalars(text(f"SELECT {column} FROM {at.found_by}"))  # noqa: S608  # our own names
    expected = {number_of(id) for id in own}
    words_only = {str(one) for one in numbers if one not in entries and one not in expected}
    return sorted({id for id in entries.values() if id not in own} | words_only)


def has_entries(connection: Connection, at: Index, id: str, entries: Sequence[Entry]) -> bool:
    """Whether a thing is found by these entries and by nothing else."""
    rows = connection.execute(at.table.select().where(at.table.c.id == id)).mappings()
    stored = sorted((dict(row) for row in rows), key=itemgetter("number"))
    wanted = sorted(map(_make_row, entries), key=itemgetter("number"))
    if entries:
        return stored == wanted and all(_has_words(connection, at, id, one) for one in entries)
    return not stored and _has_words(connection, at, id, None)


def _has_words(connection: Connection, at: Index, id: str, entry: Entry | None) -> bool:
    own = number_of(id, FOREVER if entry is None else entry.until_on)
    column, _ = find_dialect(connection)
    query = f"SELECT count(*) FROM {at.found_by} WHERE {column} = :number"  # noqa: S608  # our own names
    values: dict[str, Any] = {"number": own}
    if entry is None:
        return bool(connection.scalar(text(query), values) == 0)
    values |= _make_words(connection, _to_words(entry))
    if connection.dialect.name == "sqlite":
        query += " AND names = :names AND body = :body AND filed = :filed"
    else:
        query += " AND words = CAST(:words AS tsvector)"
    return bool(connection.scalar(text(query), values) == 1)


#: Under what an entry is filed that holds no more.
PAST: Final = "past"


def _make_row(entry: Entry) -> dict[str, Any]:
    return {
        "number": number_of(entry.id, entry.until_on),
        "id": entry.id,
        "kind": entry.kind,
        "process_id": entry.process,
        "title": entry.title,
        "names": entry.names,
        "text": entry.text,
        "from_on": entry.from_on,
        "until_on": entry.until_on,
    }


def _to_words(entry: Entry) -> dict[str, set[str]]:
    """The words of an entry, each once, and under ``filed`` what searches are narrowed by, and whether it is past."""
    narrowed = {name_filter("kind", entry.kind)} | (
        {name_filter("process", entry.process)} if entry.process else set()
    )
    narrowed |= {PAST} if entry.is_past else set()
    return {
        "names": list_index_words(entry.names),
        "body": list_index_words(entry.text),
        "filed": narrowed,
    }


def name_filter(name: str, value: str) -> str:
    """A filter as a word: one letter and digits, so that both engines take it for one word and no word of a text can
    be meant, for it is looked for in a place of its own."""
    return f"{name}{value}".replace("_", "")


def _make_words(connection: Connection, filed: dict[str, set[str]]) -> dict[str, str]:
    """The same as each engine is handed it."""
    if connection.dialect.name == "sqlite":
        return {name: " ".join(sorted(of)) for name, of in filed.items()}
    return {"words": _make_vector(filed)}


def _make_vector(filed: dict[str, set[str]]) -> str:
    """Words as PostgreSQL writes them, with a weight for each place. They hold letters and digits only."""
    weights: dict[str, list[str]] = {}
    for place, (name, weight) in enumerate((("names", "A"), ("body", "B"), ("filed", "C")), start=1):
        for word in filed[name]:
            weights.setdefault(word, []).append(f"{place}{weight}")
    return " ".join(f"'{word}':{','.join(places)}" for word, places in sorted(weights.items()))


def find_dialect(connection: Connection) -> tuple[str, str]:
    """What the number is called beside the words, and how words are matched."""
    if connection.dialect.name == "sqlite":
        return "rowid", "{table} MATCH :words"
    return "number", "words @@ CAST(:words AS tsquery)"
