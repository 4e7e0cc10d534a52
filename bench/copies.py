"""Copies of the template process, or of all that is in it: the same rows under another marker, written in bulk.

What the acts wrote stays what the acts wrote: ids, places in the order and entity tags are all that differs.
`bench.checked` holds the copies against the acts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Engine, Integer, LargeBinary, Table

from bench.template import NAMES, marker
from tracker.migrations import METADATA
from tracker.public import documents

Row = tuple[Any, ...]
#: The logs follow the acts: what is copied enters them afterwards. No round searches: that is not copied either.
TABLES: Final = [
    table
    for metadata in METADATA
    for table in metadata.sorted_tables
    if not any(part in table.name for part in ("_log_", "log_anchor", "_search"))
]
#: Where a document says which entry of the log the last act on it is.
_LAST_ACT: Final = re.compile(rb'(?<="last_act":)({"event":"[^"]*","index":)([0-9]+)(?=})')
#: Places in an order: each copy gets the places that follow those of the one before.
_PLACES: Final = {
    ("public_event", "seq"),
    ("public_mention", "seq"),
    ("public_head", "seq"),
    ("public_thing", "content_seq"),
    ("public_thing", "last_seq"),
    ("status_change", "number"),
}
#: Tables of which a row belongs to a process, and columns that say what a row is about.
_OF_PROCESS: Final = {"public_head", "public_tally"}
_ABOUT: Final = ("id", "subject_id", "thing_id", "about")
#: How many copies are written per transaction.
_BATCH: Final = 20


class Copier:
    """Reads the rows of the template once; writes them for as many processes as are wanted. ``process``: the id of the
    template process, where the copies belong into it."""

    def __init__(self, engine: Engine, process: str | None = None) -> None:
        self._engine, self._sqlite, self._process = engine, engine.dialect.name == "sqlite", process
        mark = marker(0)
        raw = engine.raw_connection()
        try:
            self._rows = {table: self._read(raw.cursor(), table, mark) for table in TABLES}
        finally:
            raw.close()
        if process is not None:
            self._leave_process()
        self._shifts = {
            table: [self._stride(table, name) for name in column_names(table)] for table in TABLES
        }
        event = next(one for one in TABLES if one.name == "public_event")
        self._acts = self._stride(event, "seq")

    def write(self, first: int, until: int, say: Callable[[int], None] = lambda _number: None) -> None:
        """Write the copies of these numbers."""
        raw = self._engine.raw_connection()
        cursor = raw.cursor()
        if self._sqlite:
            for pragma in ("synchronous = OFF", "foreign_keys = OFF", "cache_size = -262144"):
                cursor.execute(f"PRAGMA {pragma}")
        for start in range(first, until, _BATCH):
            numbers = range(start, min(start + _BATCH, until))
            if self._sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            for table, rows in self._rows.items():
                if rows:
                    self._insert(
                        cursor, table, chain.from_iterable(self._copy(table, one) for one in numbers)
                    )
            raw.commit()
            say(numbers[-1])
        raw.close()
        if self._process is not None:
            self._grow(until)
        self._settle()

    def _grow(self, times: int) -> None:
        """What the one process, which so many times as much is in, says of all of it."""
        with self._engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE public_tally SET number = number * {times:d}")
            connection.exec_driver_sql("UPDATE public_head SET seq = (SELECT max(seq) FROM public_event)")

    def _settle(self) -> None:
        """As a database is after a day of use: journal folded in, counters past what was written."""
        self._engine.dispose()
        raw = self._engine.raw_connection()
        cursor = raw.cursor()
        if self._sqlite:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for table in TABLES:
                column = table.autoincrement_column
                if column is not None and self._rows[table]:
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', '{column.name}'), "
                        f'(SELECT max({column.name}) FROM "{table.name}"))'
                    )
            raw.commit()
            cursor.execute("ANALYZE")
            raw.commit()
        raw.close()

    def _read(self, cursor: Any, table: Table, mark: str) -> list[Row]:
        columns = ", ".join(
            f'"{column.name}"'
            if self._sqlite or isinstance(column.type, (Integer, LargeBinary))
            else f'"{column.name}"::text'
            for column in table.columns
        )
        cursor.execute(f'SELECT {columns} FROM "{table.name}"')
        return [tuple(map(_plain, row)) for row in cursor.fetchall() if _carries(row, mark)]

    def _leave_process(self) -> None:
        """Leave out what is about the template process itself, and what its own acts mention."""
        acts = {
            row[0] for table, row in self._every() if table.name == "public_event" and self._owns(table, row)
        }
        for table, rows in self._rows.items():
            place = column_names(table).index("seq") if table.name == "public_mention" else None
            self._rows[table] = [
                row for row in rows if not (self._owns(table, row) if place is None else row[place] in acts)
            ]

    def _every(self) -> Iterator[tuple[Table, Row]]:
        return ((table, row) for table, rows in self._rows.items() for row in rows)

    def _owns(self, table: Table, row: Row) -> bool:
        """Whether a row is about the template process itself, into which the copies belong."""
        own = dict(zip(column_names(table), row, strict=True))
        return table.name in _OF_PROCESS or self._process in (own.get(name) for name in _ABOUT)

    def _stride(self, table: Table, name: str) -> int:
        """By how much a column grows from copy to copy; 0 for one that stays."""
        column = table.columns[name]
        counted = column.primary_key and isinstance(column.type, Integer)
        if not counted and (table.name, name) not in _PLACES:
            return 0
        act = name.endswith("seq")  # the place of a public act, whatever table it stands in
        source = next(one for one in TABLES if one.name == "public_event") if act else table
        place = column_names(source).index("seq" if act else name)
        found = [row[place] for row in self._rows[source] if row[place] is not None]
        return max(found) - min(found) + 1 if found else 0

    def _copy(self, table: Table, number: int) -> Iterator[Row]:
        before, after = marker(0), marker(number)
        kept = [name for name in (self._process, *NAMES) if self._process and name]
        swaps = [(before, after), *((name.replace(before, after), name) for name in kept)]

        def mark(value: Any) -> Any:
            for old, new in swaps:
                value = (
                    value.replace(old, new)
                    if isinstance(value, str)
                    else value.replace(old.encode(), new.encode())
                )
            return value

        shifts = [shift * number for shift in self._shifts[table]]
        tagged = table.name == "public_document"
        names = column_names(table)
        for row in self._rows[table]:
            copied: list[Any] = [
                mark(value)
                if isinstance(value, (str, bytes))
                else value + shift
                if shift and value is not None
                else value
                for value, shift in zip(row, shifts, strict=True)
            ]
            if tagged:
                place = {name: names.index(name) for name in ("brief", "history", "etag")}
                copied[place["brief"]] = _LAST_ACT.sub(
                    lambda found: found[1] + str(int(found[2]) + self._acts * number).encode(),
                    copied[place["brief"]],
                )
                copied[place["etag"]] = documents.make_etag(copied[place["brief"]], copied[place["history"]])
            yield tuple(copied)

    def _insert(self, cursor: Any, table: Table, rows: Iterator[Row]) -> None:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        if self._sqlite:
            marks = ", ".join("?" * len(table.columns))
            cursor.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', rows)
            return
        with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


def column_names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _carries(row: Sequence[Any], mark: str) -> bool:
    return any(
        mark in value if isinstance(value, str) else isinstance(value, bytes) and mark.encode() in value
        for value in row
    )
