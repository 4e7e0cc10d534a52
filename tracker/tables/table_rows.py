"""Tables into rows: which column is which member, and what a cell says in the shape of that member.

An empty cell says nothing. What is a number, a truth value or a day in the shape is read as one; a list is cut at the
separator, and columns of one list of objects (`addressees.organization`, `addressees.role`) are cut alike. A map may
translate the words of a column, and use the beginning of a text as its title.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from marshmallow import Schema, fields, validate

from tracker.actions.support.import_changes import CHANGE
from tracker.actions.support.import_kinds import IMPORTS
from tracker.actions.support.import_report import GivenRow
from tracker.domain.errors import FieldError
from tracker.domain.sentences import sentence
from tracker.domain.text import compose_label, read_digits, strip_word, to_ascii_digits
from tracker.schemas.amounts import Amount
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import Text
from tracker.tables.date_formats import read_date
from tracker.tables.import_plan import ImportMap, Use
from tracker.tables.map_checks import check_names, check_organizations, check_uses, is_known
from tracker.tables.row_files import Rows
from tracker.tables.table_files import Table, TableRow

#: How long the reference is that is made from a digest.
_DIGITS: Final = 16
#: Numbers of things, of which Excel makes days without being asked.
_NUMBERS: Final = ("reference", "printed_number", "former_numbers")
_MADE_A_DAY: Final = sentence(
    "is kept as a day, which Excel makes of numbers such as 1-2 or 3/24; format the column as text, and write the"
    " number again"
)


def make_rows(table: Table, kind: str, plan: ImportMap) -> Rows:
    """The rows of a table, each followed by the status changes that the map finds in it. A map that does not fit is the
    caller's mistake; what is wrong with a cell is said of its row."""
    shape = IMPORTS[kind].given()
    if not plan.columns:
        check_names(shape, table)
    uses = _list_uses({**_name_others(shape, table, plan), **plan.columns})
    check_uses(shape, uses, plan.constants, table)
    table.require_columns(plan.identified_by, "/identified_by")
    change = IMPORTS[CHANGE].given()
    facts = [(_list_uses(one.columns), one.constants, one.needs) for one in plan.changes]
    for columns, constants, _needs in facts:
        check_uses(change, columns, constants, table)
    check_organizations([shape, change] if facts else [shape], plan)
    rows, columns_of = list[GivenRow](), list[Mapping[str, str]]()
    own, of_facts = _name_columns(uses), [_name_columns(columns) for columns, *_said in facts]
    for row in table.rows:
        made = _RowReader(shape, uses, plan, plan.constants).read(kind, row)
        if plan.identified_by and isinstance(made.value, dict) and "printed_number" not in made.value:
            made.value.setdefault("reference", _digest_columns(row, plan.identified_by))
        rows.append(made)
        columns_of.append(own)
        for (columns, constants, needs), names in zip(facts, of_facts, strict=True):
            fact = _RowReader(change, columns, plan, constants).read(CHANGE, row)
            if isinstance(fact.value, dict) and all(map(fact.value.get, needs)):
                rows.append(replace(fact, value={**_name_subject(kind, made.value), **fact.value}))
                columns_of.append(names)
    read = {name for said in (uses, *(columns for columns, *_said in facts)) for name, _use in said}
    unread = [name for name in table.columns if name not in read and name not in plan.identified_by]
    return Rows(rows, columns_of, unread, table.notes, plan.new_organizations)


def _name_columns(uses: Sequence[tuple[str, Use]]) -> dict[str, str]:
    """By the member, the column that says it; or both, where one is put behind the other."""
    columns: dict[str, str] = {}
    for name, use in uses:
        columns[use.member] = f"{columns[use.member]} and {name}" if use.member in columns else name
    return columns


def _name_others(shape: Schema, table: Table, plan: ImportMap) -> dict[str, list[Use]]:
    """The columns that are called as their member is: all where there is no map. Where a map says which other column
    is that member, the one that is called so is not read."""
    if not plan.columns:
        return {name: [Use(name)] for name in table.columns}
    filled = {use.member for _name, use in _list_uses(plan.columns)}
    names = table.columns if plan.others else ()
    return {
        name: [Use(name)]
        for name in names
        if name not in plan.columns and name not in filled and is_known(shape, name.split("."))
    }


def _digest_columns(row: TableRow, columns: Sequence[str]) -> str:
    """A reference for a row that has no number: the same whenever these columns say the same."""
    text = "\0".join(" ".join(row.cells[name].split()) for name in columns)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _list_uses(columns: dict[str, list[Use]]) -> list[tuple[str, Use]]:
    return [(name, use) for name, several in columns.items() for use in several]


def _name_subject(kind: str, value: Any) -> dict[str, Any]:
    """How a status change names the thing that its row records."""
    number = value.get("reference") or value.get("printed_number") if isinstance(value, dict) else None
    process = {"process": value["process"]} if isinstance(value, dict) and "process" in value else {}
    return {**process, **({"subject": number, "subject_kind": kind} if number else {})}


class _RowReader:
    """Reads one row, and writes down what is wrong with its cells."""

    def __init__(
        self, shape: Schema, uses: Sequence[tuple[str, Use]], plan: ImportMap, constants: Mapping[str, str]
    ) -> None:
        self.shape, self.uses, self.plan, self.constants = shape, uses, plan, constants
        self.given: dict[str, Any] = {}
        self.faults: list[FieldError] = []

    def read(self, kind: str, row: TableRow) -> GivenRow:
        if "" in row.faults:
            return GivenRow(kind, None, row.place, (FieldError("", row.faults[""]),))
        for name, use in self.uses:
            path = use.member.split(".")
            if name in row.faults:
                self.faults.append(FieldError(_point(path), row.faults[name]))
            elif cell := self._take_part(row.cells[name], use):
                if name in row.days and path[0] in _NUMBERS:
                    self._blame(use, _MADE_A_DAY)
                self._say(path, cell, use)
        for value in self.given.values():
            while isinstance(value, list) and len(value) > 1 and not value[-1]:
                value.pop()
        for member, constant in self.constants.items():
            self._say_constant(member.split("."), constant)
        return GivenRow(kind, self.given, row.place, tuple(self.faults))

    def _take_part(self, cell: str, use: Use) -> str:
        """What a pattern finds in a cell, of a list in each of its pieces."""
        if use.pattern is None:
            return cell
        separator = use.separator or self.plan.separator
        pieces = cell.split(separator) if self._is_list(use.member.split(".")[0]) else [cell]
        matches = [match for piece in pieces if (match := use.pattern.search(piece))]
        return separator.join(match.group(1 if match.re.groups else 0) or "" for match in matches)

    def _is_list(self, member: str) -> bool:
        return isinstance(self.shape.fields[member], fields.List)

    def _say(self, path: Sequence[str], cell: str, use: Use) -> None:
        self._put(self.shape, self.given, path, cell, use)

    def _say_constant(self, path: Sequence[str], value: str) -> None:
        """A constant of a list that columns fill is said in each of its pieces."""
        head, inner, use = path[0], path[1:], Use(".".join(path))
        pieces = self.given.get(head)
        read = {one.member.split(".")[0] for _name, one in self.uses}
        if isinstance(pieces, list) and inner:
            self._say(path, self.plan.separator.join([value] * len(pieces)), use)
        elif not (inner and head in read and isinstance(self.shape.fields[head], fields.List)):
            self._say(path, value, use)

    def _put(self, shape: Schema, given: dict[str, Any], path: Sequence[str], cell: str, use: Use) -> None:
        """Say a cell in the member that a path leads to."""
        name, rest = path[0], path[1:]
        member = shape.fields[name]
        separator = use.separator or self.plan.separator
        if isinstance(member, fields.List) and isinstance(member.inner, fields.Nested):
            parts = [part.strip() for part in cell.split(separator)]
            pieces = given.setdefault(name, [{} for _part in parts])
            while len(parts) > len(pieces) and not parts[-1]:  # nothing stands behind the last separator
                parts.pop()
            if not any(pieces[len(parts) :]):
                parts += [""] * (len(pieces) - len(parts))
            if len(pieces) != len(parts):
                self._blame(
                    use,
                    sentence(
                        "%(member)s has %(parts)s pieces where %(name)s has %(pieces)s",
                        member=use.member,
                        parts=len(parts),
                        name=name,
                        pieces=len(pieces),
                    ),
                )
                return
            for piece, part in zip(pieces, parts, strict=True):
                if part:
                    self._put(member.inner.schema, piece, rest, part, use)
        elif isinstance(member, fields.List):
            parts = [part.strip() for part in cell.split(separator)]
            words = [self._translate(part, use) for part in parts if part]
            given[name] = [self._to_type(member.inner, word, use) for word in words]
        elif isinstance(member, fields.Nested):
            self._put(member.schema, given.setdefault(name, {}), rest, cell, use)
        elif isinstance(member, fields.Dict):
            given.setdefault(name, {})[rest[0]] = cell
        else:
            value = self._to_type(member, self._translate(cell, use), use)
            given[name] = f"{given[name]}{use.after}{value}" if use.after and given.get(name) else value

    def _translate(self, cell: str, use: Use) -> str:
        """A cell in our words, where the map says them."""
        if use.beginning is not None:
            return cut_text(cell, use.beginning)
        if use.values is None:
            return cell
        word = compose_label(cell)
        if word not in use.values:
            self._blame(
                use,
                sentence(
                    "the map has no value for %(word)s; it has: %(values)s",
                    word=repr(word[:60]),
                    values=", ".join(use.values),
                ),
            )
        return use.values.get(word, cell)

    def _to_type(self, member: fields.Field[Any], cell: str, use: Use) -> Any:
        if _is_word(member):
            cell = strip_word(cell)
        if isinstance(member, (fields.Integer, Amount)):
            cell = to_ascii_digits(cell)
        if isinstance(member, fields.Integer) and (number := read_digits(cell)) is not None:
            return number
        if isinstance(member, fields.Boolean) and cell.lower() in (
            "true",
            "false",
        ):  # a CSV of Excel says TRUE
            return cell.lower() == "true"
        if isinstance(member, (fields.Date, PartialDay)):
            cell, fault = read_date(cell, self.plan.date_formats)
            if fault is not None:
                self._blame(use, fault)
        return cell

    def _blame(self, use: Use, detail: str) -> None:
        self.faults.append(FieldError(_point(use.member.split(".")), detail))


def _is_word(member: fields.Field[Any]) -> bool:
    """Whether a member is a code, a number, a day or a short name, and no free text."""
    return type(member) is not Text or any(isinstance(one, validate.Regexp) for one in member.validators)


def _point(path: Sequence[str]) -> str:
    return "".join(f"/{step}" for step in path)


def cut_text(text: str, most: int) -> str:
    """The first line of a text, or as many whole words of it as there is room for, with a sign that there is more."""
    line = text.strip().split("\n")[0].strip()
    if len(line) <= most:
        return line
    room = line[: most - 1]
    whole = room if line[most - 1].isspace() else room.rpartition(" ")[0]
    return (whole or room).rstrip(" ,;:.–—-") + "…"
