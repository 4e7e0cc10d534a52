"""What a table of an export is: columns, each with its meaning and the path to its value in a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]
Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """``path`` leads to the value in a record, member by member; in a list it leads into each of its items."""

    name: str
    meaning: str
    path: str


@dataclass(frozen=True, slots=True)
class Table:
    """``kind`` is that of the records that give its rows."""

    name: str
    kind: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    def make_row(self, record: Record) -> list[Cell]:
        return [_read_cell(record, column.path) for column in self.columns]


def read_columns(*rows: str) -> tuple[Column, ...]:
    """Columns, each written as ``name: what it says`` or ``name < path: what it says``."""
    columns = []
    for row in rows:
        head, _, meaning = row.partition(": ")
        name, _, path = head.partition(" < ")
        columns.append(Column(name, meaning, path or name))
    return tuple(columns)


def _read_cell(record: Any, path: str) -> Cell:
    value = _read_path(record, path.split("."))
    return "; ".join(str(one) for one in value) if isinstance(value, list) else value


def _read_path(value: Any, path: list[str]) -> Any:
    """The value at the end of a path; of a list all of them, None where there is nothing."""
    if isinstance(value, list):
        return [found for found in (_read_path(one, path) for one in value) if found is not None]
    if not path or value is None:
        return value
    return _read_path(value.get(path[0]), path[1:])
