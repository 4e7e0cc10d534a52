"""Tables into rows: which column is which member, and what a cell says in the shape of that member.

An empty cell says nothing. What is a number, a truth value or a day in the shape is read as one; a list is cut at the
separator, and columns of one list of objects (`addressees.organization`, `addressees.role`) are cut alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click
from marshmallow import Schema, fields

from tracker.actions.support.import_report import GivenRow
from tracker.actions.support.registry import KINDS
from tracker.cli.date_formats import read_date
from tracker.cli.import_maps import ImportMap
from tracker.cli.row_files import Rows
from tracker.cli.table_files import Table, TableRow
from tracker.domain.errors import FieldError


def make_rows(table: Table, kind: str, plan: ImportMap) -> Rows:
    """The rows of a table. A map that does not fit is the caller's mistake; what is wrong with a cell is said of its
    row."""
    shape = KINDS[kind].given()
    columns = plan.columns or {name: name for name in table.columns}
    _check_columns(shape, columns, plan.constants, table.columns)
    rows = [_RowReader(shape, columns, plan).read(kind, row) for row in table.rows]
    unread = [name for name in table.columns if name not in columns]
    return Rows(rows, {member: name for name, member in columns.items()}, unread, table.notes)


def _check_columns(
    shape: Schema, columns: dict[str, str], constants: dict[str, str], header: Sequence[str]
) -> None:
    missing = [name for name in columns if name not in header]
    if missing:
        raise click.BadParameter(f"there is no column {missing[0]!r}; there are: {', '.join(header)}")
    members = [*columns.values(), *constants]
    twice = [name for name, count in Counter(members).items() if count > 1]
    if twice:
        raise click.BadParameter(f"the member {twice[0]!r} is filled twice; fill it once")
    for member in members:
        if not _is_known(shape, member.split(".")):
            raise click.BadParameter(f"there is no member {member!r}; there are: {', '.join(shape.fields)}")


def _is_known(shape: Schema, path: Sequence[str]) -> bool:
    member = shape.fields.get(path[0])
    inner = member.inner if isinstance(member, fields.List) else member
    if isinstance(inner, fields.Nested):
        return len(path) > 1 and _is_known(inner.schema, path[1:])
    if isinstance(inner, fields.Dict):
        return len(path) == 2
    return inner is not None and len(path) == 1


class _RowReader:
    """Reads one row, and writes down what is wrong with its cells."""

    def __init__(self, shape: Schema, columns: dict[str, str], plan: ImportMap) -> None:
        self.shape, self.columns, self.plan = shape, columns, plan
        self.given: dict[str, Any] = {}
        self.faults: list[FieldError] = []

    def read(self, kind: str, row: TableRow) -> GivenRow:
        for name, why in row.faults.items():
            if not name:
                return GivenRow(kind, None, row.place, (FieldError("", why),))
            if name in self.columns:
                self.faults.append(FieldError(_point(self.columns[name].split(".")), why))
        for name, member in self.columns.items():
            if cell := row.cells[name]:
                self._say(member.split("."), cell)
        for member, said in self.plan.constants.items():
            self._say_constant(member.split("."), said)
        return GivenRow(kind, self.given, row.place, tuple(self.faults))

    def _say(self, path: Sequence[str], cell: str) -> None:
        self._put(self.shape, self.given, path, cell, _point(path))

    def _say_constant(self, path: Sequence[str], said: str) -> None:
        """A constant of a list that columns fill is said in each of its pieces."""
        head, inner = path[0], path[1:]
        pieces = self.given.get(head)
        read = {member.split(".")[0] for member in self.columns.values()}
        if isinstance(pieces, list) and inner:
            self._say(path, self.plan.separator.join([said] * len(pieces)))
        elif not (inner and head in read and isinstance(self.shape.fields[head], fields.List)):
            self._say(path, said)

    def _put(
        self, shape: Schema, given: dict[str, Any], path: Sequence[str], cell: str, pointer: str
    ) -> None:
        """Say a cell in the member that a path leads to."""
        name, rest = path[0], path[1:]
        member = shape.fields[name]
        separator = self.plan.separator
        if isinstance(member, fields.List) and isinstance(member.inner, fields.Nested):
            parts = [part.strip() for part in cell.split(separator)]
            pieces = given.setdefault(name, [{} for _part in parts])
            if len(pieces) != len(parts):
                detail = f"{'.'.join(path)} has {len(parts)} pieces where {name} has {len(pieces)}"
                self.faults.append(FieldError(pointer, detail))
                return
            for piece, part in zip(pieces, parts, strict=True):
                if part:
                    self._put(member.inner.schema, piece, rest, part, pointer)
        elif isinstance(member, fields.List):
            given[name] = [part.strip() for part in cell.split(separator) if part.strip()]
        elif isinstance(member, fields.Nested):
            self._put(member.schema, given.setdefault(name, {}), rest, cell, pointer)
        elif isinstance(member, fields.Dict):
            given.setdefault(name, {})[rest[0]] = cell
        elif isinstance(member, fields.Date):
            given[name], fault = read_date(cell, self.plan.date_formats)
            if fault is not None:
                self.faults.append(FieldError(pointer, fault))
        else:
            given[name] = _to_type(member, cell)


def _point(path: Sequence[str]) -> str:
    return "".join(f"/{step}" for step in path)


def _to_type(member: fields.Field[Any], cell: str) -> Any:
    if isinstance(member, fields.Integer) and cell.isascii() and cell.isdigit():
        return int(cell)
    if isinstance(member, fields.Boolean) and cell in ("true", "false"):
        return cell == "true"
    return cell
