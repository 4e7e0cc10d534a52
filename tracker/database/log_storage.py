"""How a transparency log is kept in a database: two logs of the same kind, one on each side of the record.

The public log (`tracker.public.log`) holds an entry for each public act, the internal one (`tracker.store.audit`) one
for each act of the audit trail. `tracker.tlog` knows what a log is; here it gets its rows. Entries and the hashes of
complete subtrees are only ever added to: triggers of the database refuse the rest (`migrations/tables/triggers.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Select,
    SmallInteger,
    Table,
    bindparam,
    func,
    insert,
    select,
)

from tracker.database.columns import KEY_ONLY, PLACE
from tracker.database.prepared import Prepared
from tracker.tlog import tree
from tracker.tlog.tiles import Tile, bundle

#: What an entry may take; ours take a quarter of it.
LONGEST: Final = 4096
#: How many entries are added at a time, where many are.
_BATCH: Final = 1000
#: How many hashes a reader remembers.
_HELD: Final = 4096


@dataclass(frozen=True, slots=True)
class Log:
    """The tables of one log."""

    entry: Table
    hash: Table

    def size(self, connection: Connection) -> int:
        """How many entries there are. Their indexes have no gap: the caller that adds one holds the right to write."""
        last: int | None = _statements(self)["last"].value(connection)
        return 0 if last is None else last + 1

    def append(self, connection: Connection, size: int, entries: Iterable[bytes]) -> None:
        """Add entries to a log of this size, and the hashes of the subtrees that they complete."""
        waiting = iter(entries)
        while batch := list(islice(waiting, _BATCH)):
            self._append(connection, size, batch)
            size += len(batch)

    def _append(self, connection: Connection, size: int, entries: list[bytes]) -> None:
        if not all(1 <= len(entry) <= LONGEST for entry in entries):
            raise ValueError(f"an entry has 1 to {LONGEST} bytes")
        made: dict[tuple[int, int], bytes] = {}

        def read(level: int, n: int) -> bytes:
            return made[level, n] if (level, n) in made else self.read(connection, level, n)

        for index, entry in enumerate(entries, size):
            for level, n, digest in tree.append(index, tree.leaf_hash(entry), read):
                made[level, n] = digest
        rows = [{"idx": index, "entry": entry} for index, entry in enumerate(entries, size)]
        _statements(self)["add"].run_all(connection, rows)
        hashes = [{"level": level, "n": n, "hash": found} for (level, n), found in made.items()]
        _statements(self)["add_hash"].run_all(connection, hashes)

    def read(self, connection: Connection, level: int, n: int) -> bytes:
        """The hash of a complete subtree. LookupError where it is not there."""
        digest = _statements(self)["hash"].value(connection, level=level, n=n)
        if digest is None:
            raise LookupError(f"the hash of the subtree {level}/{n} is missing")
        return encode_entry(digest)

    def reader(self, connection: Connection) -> tree.Read:
        """The same for `tracker.tlog.tree`. Proofs share most of their way, which is read once."""
        return lru_cache(_HELD)(partial(self.read, connection))

    def root(self, connection: Connection, size: int) -> bytes:
        """The root of the first entries: one look-up for each bit of the size."""
        return tree.root(size, partial(self.read, connection))

    def content(self, connection: Connection, tile: Tile) -> bytes:
        """The bytes of a tile or of an entry bundle that is all there."""
        last = tile.first + tile.width
        if tile.level is None:
            return bundle(self.entries(connection, tile.first, last))
        column = self.hash.c
        query = select(column.hash).where(
            column.level == 8 * tile.level, column.n >= tile.first, column.n < last
        )
        return b"".join(encode_entry(found) for found in connection.scalars(query.order_by(column.n)))

    def entries(self, connection: Connection, first: int, last: int) -> list[bytes]:
        """The entries from one index up to, and without, another."""
        column = self.entry.c
        query = select(column.entry).where(column.idx >= first, column.idx < last).order_by(column.idx)
        return [encode_entry(entry) for entry in connection.scalars(query)]

    def all(self, connection: Connection) -> Iterator[tuple[int, bytes]]:
        """Every entry with its index, in order, a batch at a time."""
        column = self.entry.c
        query = select(column.idx, column.entry).where(column.idx > bindparam("after")).order_by(column.idx)
        for row in make_tables(connection, in_batches(query), -1):
            yield row.idx, encode_entry(row.entry)


@lru_cache(maxsize=8)
def _statements(log: Log) -> Mapping[str, Prepared]:
    """What every act asks of a log, built once."""
    entry, hash = log.entry.c, log.hash.c
    return {
        "last": Prepared(select(func.max(entry.idx))),
        "hash": Prepared(select(hash.hash).where(hash.level == bindparam("level"), hash.n == bindparam("n"))),
        "add": Prepared(insert(log.entry)),
        "add_hash": Prepared(insert(log.hash)),
    }


def in_batches(query: Select[Any]) -> Prepared:
    """A query for `make_tables`. It takes the rows beyond ``:after``, in the order of its first column."""
    return Prepared(query.limit(_BATCH))


def make_tables(connection: Connection, query: Prepared, after: int) -> Iterator[Any]:
    """The rows of a query, a batch at a time."""
    while True:
        rows = query.rows(connection, after=after)
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1][0]


def encode_entry(value: Any) -> bytes:
    """What is in a column of bytes. SQLite hands out whatever somebody has put there, a text too."""
    return value.encode() if isinstance(value, str) else bytes(value)


def open_log(name: str, metadata: MetaData) -> Log:
    """Declare the tables of a log."""
    return Log(
        Table(
            f"{name}_entry",
            metadata,
            Column("idx", PLACE, primary_key=True, autoincrement=False),
            Column("entry", LargeBinary, nullable=False),
        ),
        Table(
            f"{name}_hash",
            metadata,
            Column("level", SmallInteger, primary_key=True, autoincrement=False),
            Column("n", BigInteger, primary_key=True, autoincrement=False),
            Column("hash", LargeBinary, CheckConstraint("length(hash) = 32", name="hash"), nullable=False),
            **KEY_ONLY,
        ),
    )
