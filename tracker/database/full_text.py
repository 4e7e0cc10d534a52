"""Full text on SQLite (FTS5) and on PostgreSQL (`tsvector`), behind the same few functions for either side.

Both engines are handed words that `tracker.domain.search` has folded, never a text and never a query of somebody: so
they find the same things, in the same order, and nothing that is typed can be syntax.

A hit stands on one of three steps: every word is in what the thing is called; some are; none is. On a step hits come
by their number, which follows from the id alone. Steps do not shift when other things come or go, as a score would:
a cursor neither skips nor repeats, and no page needs more than it shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
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

from tracker.database.prepared import Prepared
from tracker.domain.search import Entry, Term, list_index_words

#: What is searched in: everything, what a thing is called. SQLite columns and PostgreSQL weights.
_ALL, _NAMES = ("{names body}", "AB"), ("{names}", "A")
_STEPS: Final = 3


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
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        Column("id", String(30), nullable=False, unique=True),
        Column("kind", String(16), nullable=False),
        Column("process_id", String(30), nullable=True),
        Column("title", Text, nullable=False),
        Column("names", Text, nullable=False),
        Column("text", Text, nullable=False),
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


def number_of(id: str) -> int:
    """The number of a thing, from its id: the same after every rebuilding, and saying nothing of time or count."""
    return int.from_bytes(hashlib.sha256(id.encode()).digest()[:8], "big") >> 2


def write_entry(connection: Connection, at: Index, entry: Entry) -> None:
    """Make a thing findable by this entry; nothing is written where it is so already."""
    row, statements = _make_row(entry), _statements(at, connection.dialect.name)
    before = statements["held"].first(connection, number=row["number"])
    if before is not None and before._asdict() == row:
        return
    if before is not None:
        drop_entry(connection, at, entry.id)
    statements["add"].run(connection, **row)
    statements["add_words"].run(connection, number=row["number"], **_make_words(connection, _to_words(entry)))


def drop_entry(connection: Connection, at: Index, id: str) -> None:
    """A thing is found no more."""
    own, statements = number_of(id), _statements(at, connection.dialect.name)
    if statements["drop"].run(connection, number=own):
        statements["drop_words"].run(connection, number=own)


@lru_cache(maxsize=8)
def _statements(at: Index, dialect: str) -> Mapping[str, Prepared]:
    """What an index is written by, built once."""
    own = at.table.c.number == bindparam("number")
    if dialect == "sqlite":
        number, columns, given = "rowid", "rowid, names, body, filed", ":number, :names, :body, :filed"
    else:
        number, columns, given = "number", "number, words", ":number, CAST(:words AS tsvector)"
    return {
        "held": Prepared(at.table.select().where(own)),
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
    column, _ = _dialect_of(connection)
    own = set(known)
    entries = {row.number: row.id for row in connection.execute(select(at.table.c.number, at.table.c.id))}
    numbers = connection.scalars(text(f"SELECT {column} FROM {at.found_by}"))  # noqa: S608  # our own names
    expected = {number_of(id) for id in own}
    words_only = {str(one) for one in numbers if one not in entries and one not in expected}
    return sorted({id for id in entries.values() if id not in own} | words_only)


def has_entry(connection: Connection, at: Index, id: str, entry: Entry | None) -> bool:
    """Whether a thing is found by this entry and by nothing else; by nothing at all for None."""
    own = number_of(id)
    row = connection.execute(at.table.select().where(at.table.c.id == id)).first()
    column, _ = _dialect_of(connection)
    query = f"SELECT count(*) FROM {at.found_by} WHERE {column} = :number"  # noqa: S608  # our own names
    values: dict[str, Any] = {"number": own}
    if entry is None:
        return row is None and connection.scalar(text(query), values) == 0
    values |= _make_words(connection, _to_words(entry))
    if connection.dialect.name == "sqlite":
        query += " AND names = :names AND body = :body AND filed = :filed"
    else:
        query += " AND words = CAST(:words AS tsvector)"
    same = row is not None and dict(row._mapping) == _make_row(entry)
    return same and connection.scalar(text(query), values) == 1


def _make_row(entry: Entry) -> dict[str, Any]:
    return {
        "number": number_of(entry.id),
        "id": entry.id,
        "kind": entry.kind,
        "process_id": entry.process,
        "title": entry.title,
        "names": entry.names,
        "text": entry.text,
    }


def _to_words(entry: Entry) -> dict[str, set[str]]:
    """The words of an entry, each once, and under ``filed`` what searches are narrowed by."""
    narrowed = {_add_filters("kind", entry.kind)} | (
        {_add_filters("process", entry.process)} if entry.process else set()
    )
    return {
        "names": list_index_words(entry.names),
        "body": list_index_words(entry.text),
        "filed": narrowed,
    }


def _add_filters(name: str, value: str) -> str:
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


def _dialect_of(connection: Connection) -> tuple[str, str]:
    """What the number is called beside the words, and how words are matched."""
    if connection.dialect.name == "sqlite":
        return "rowid", "{table} MATCH :words"
    return "number", "words @@ CAST(:words AS tsquery)"


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found, on which step, with its number: the key of a page."""

    id: str
    kind: str
    process: str | None
    title: str
    text: str
    step: int
    number: int


def find_hits(
    connection: Connection,
    at: Index,
    looked_for: Sequence[Term],
    filters: Collection[tuple[str, str]],
    after: tuple[int, int] | None,
    limit: int,
) -> list[Hit]:
    """The best hits after this key. ``filters`` are pairs of `kind` or `process` and a value."""
    if not looked_for:
        return []
    found: list[Hit] = []
    first, place = after or (0, -1)
    for step in range(first, _STEPS):
        found += _on_step(connection, at, step, looked_for, filters, place, limit - len(found))
        if len(found) >= limit:
            break
        place = -1
    return found


def _on_step(
    connection: Connection,
    at: Index,
    step: int,
    looked_for: Sequence[Term],
    filters: Collection[tuple[str, str]],
    after: int,
    limit: int,
) -> Iterator[Hit]:
    column, matches = _dialect_of(connection)
    sqlite = connection.dialect.name == "sqlite"
    write = _make_fts5_query if sqlite else _make_tsquery
    # FTS5 yields hits by number. PostgreSQL would walk the numbers and match one by one, were it not for the sum.
    order = column if sqlite else f"{column} + 0"
    query = (
        f"SELECT e.id, e.kind, e.process_id, e.title, e.text, e.number FROM"  # noqa: S608  # our own names; words are bound
        f" (SELECT {column} AS number FROM {at.found_by} WHERE {matches.format(table=at.found_by)}"
        f" AND {column} > :after ORDER BY {order} LIMIT :limit) AS w"
        f" JOIN {at.table.name} AS e ON e.number = w.number ORDER BY e.number"
    )
    values = {"words": write(step, looked_for, filters), "after": after, "limit": limit}
    for row in connection.execute(text(query), values):
        yield Hit(row.id, row.kind, row.process_id, row.title, row.text, step, row.number)


def _make_fts5_query(step: int, looked_for: Sequence[Term], filters: Collection[tuple[str, str]]) -> str:
    """A query for FTS5: every word in quotes, every place named."""

    def each(place: str, joined: str) -> str:
        said = (f'{place} : "{term.word}"{" *" if term.begins else ""}' for term in looked_for)
        return "(" + f" {joined} ".join(said) + ")"

    narrowed = "".join(f' AND {{filed}} : "{_add_filters(*one)}"' for one in filters)
    every = each(_ALL[0], "AND") + narrowed
    if step == 0:
        return each(_NAMES[0], "AND") + narrowed
    if step == 1:
        return f"({every} AND {each(_NAMES[0], 'OR')}) NOT {each(_NAMES[0], 'AND')}"
    return f"({every}) NOT {each(_NAMES[0], 'OR')}"


def _make_tsquery(step: int, looked_for: Sequence[Term], filters: Collection[tuple[str, str]]) -> str:
    """The same for PostgreSQL."""

    def each(weights: str, joined: str) -> str:
        said = (f"'{term.word}':{'*' if term.begins else ''}{weights}" for term in looked_for)
        return "(" + f" {joined} ".join(said) + ")"

    narrowed = "".join(f" & '{_add_filters(*one)}':C" for one in filters)
    every = each(_ALL[1], "&") + narrowed
    if step == 0:
        return each(_NAMES[1], "&") + narrowed
    if step == 1:
        return f"{every} & {each(_NAMES[1], '|')} & !{each(_NAMES[1], '&')}"
    return f"{every} & !{each(_NAMES[1], '|')}"
