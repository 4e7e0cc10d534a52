"""CSV into rows: which column is which member, and what a cell says in the shape of that member.

A cell is text and stays what it is, whatever a spreadsheet would make of it: `=1+1` is four characters; only a line
break is one line feed, however the file writes it. An empty cell says nothing. What is a number or a truth value in
the shape is read as one; a list is cut at the separator, and columns of one list of objects
(`addressees.organization`, `addressees.role`) are cut alike.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
from marshmallow import Schema, fields

from tracker.actions.support.registry import KINDS
from tracker.cli.row_files import Rows, read_text
from tracker.domain.errors import InvalidInput


@dataclass(slots=True)
class Plan:
    """``columns`` maps a column to a member, dotted where nested; ``constants`` a member to what every row says."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    separator: str = ";"
    delimiter: str = ","


def read_csv_rows(raw: bytes, kind: str, plan: Plan) -> Rows:
    """The rows of a CSV file. A plan that does not fit is the caller's mistake, a file that reads badly a refusal."""
    shape = KINDS[kind].given()
    table = _read_table(read_text(raw), plan.delimiter)
    _line, header = next(table, (1, []))
    header = [name.strip() for name in header]
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise InvalidInput(f"line 1: the column {twice[0]!r} stands there twice")
    columns = plan.columns or {name: name for name in header}
    _check_header(shape, columns, plan.constants, header)
    found, places = [], []
    for line, cells in table:
        if len(cells) != len(header):
            raise InvalidInput(f"line {line}: there are {len(cells)} cells under {len(header)} columns")
        said = dict(zip(header, cells, strict=True))
        found.append((kind, _read_row(shape, {columns[name]: said[name] for name in columns}, plan, line)))
        places.append(f"line {line}")
    unread = [name for name in header if name not in columns]
    return Rows(found, places, {member: name for name, member in columns.items()}, unread)


def _read_table(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Each row that is not blank, with the line on which it begins: a cell in quotes may go over several."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            if any(cells):
                yield begins, [cell.replace("\r\n", "\n") for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput(f"line {begins}: this is no CSV ({error})") from None


def _check_header(
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
        if not _require_known(shape, member.split(".")):
            raise click.BadParameter(f"there is no member {member!r}; there are: {', '.join(shape.fields)}")


def _require_known(shape: Schema, path: Sequence[str]) -> bool:
    member = shape.fields.get(path[0])
    inner = member.inner if isinstance(member, fields.List) else member
    if isinstance(inner, fields.Nested):
        return len(path) > 1 and _require_known(inner.schema, path[1:])
    if isinstance(inner, fields.Dict):
        return len(path) == 2
    return inner is not None and len(path) == 1


def _read_row(shape: Schema, cells: dict[str, str], plan: Plan, line: int) -> dict[str, Any]:
    given: dict[str, Any] = {}
    read = {member.split(".")[0] for member in cells}
    try:
        for member, cell in cells.items():
            if cell:
                _put_value(shape, given, member.split("."), cell, plan.separator)
        for member, said in plan.constants.items():
            head, *inner = member.split(".")
            pieces = given.get(head)
            if isinstance(pieces, list) and inner:  # a list that is filled already: in each of its pieces
                said_of_all = plan.separator.join([said] * len(pieces))
                _put_value(shape, given, [head, *inner], said_of_all, plan.separator)
            elif not (inner and head in read and isinstance(shape.fields[head], fields.List)):
                _put_value(shape, given, [head, *inner], said, plan.separator)
    except _Uneven as uneven:
        raise InvalidInput(f"line {line}: {uneven.args[0]}") from None
    return given


class _Uneven(ValueError):
    """Two columns of one list are cut into different numbers of pieces."""


def _put_value(shape: Schema, given: dict[str, Any], path: Sequence[str], cell: str, separator: str) -> None:
    """Say a cell in the member that a path leads to."""
    name, rest = path[0], path[1:]
    member = shape.fields[name]
    if isinstance(member, fields.List) and isinstance(member.inner, fields.Nested):
        parts = [part.strip() for part in cell.split(separator)]
        pieces = given.setdefault(name, [{} for _part in parts])
        if len(pieces) != len(parts):
            raise _Uneven(f"{'.'.join(path)} has {len(parts)} pieces where {name} has {len(pieces)}")
        for piece, part in zip(pieces, parts, strict=True):
            if part:
                _put_value(member.inner.schema, piece, rest, part, separator)
    elif isinstance(member, fields.List):
        given[name] = [part.strip() for part in cell.split(separator) if part.strip()]
    elif isinstance(member, fields.Nested):
        _put_value(member.schema, given.setdefault(name, {}), rest, cell, separator)
    elif isinstance(member, fields.Dict):
        given.setdefault(name, {})[rest[0]] = cell
    else:
        given[name] = _to_type(member, cell)


def _to_type(member: fields.Field[Any], cell: str) -> Any:
    if isinstance(member, fields.Integer) and cell.isascii() and cell.isdigit():
        return int(cell)
    if isinstance(member, fields.Boolean) and cell in ("true", "false"):
        return cell == "true"
    return cell
