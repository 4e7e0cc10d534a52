"""Tables as people have them: CSV in any encoding and with any delimiter, and sheets of Excel.

What the bytes say holds, not the name of the file. A cell is text and stays what it is, whatever a spreadsheet would
make of it: `=1+1` is four characters; only a line break is one line feed, however the file writes it, and space around
it is left out. A cell of nothing but space is empty.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import Sentence, sentence
from tracker.domain.text import compose_label, strip_cell
from tracker.tables.encodings import decode_file
from tracker.tables.workbook_parts import OPERATORS, Most
from tracker.tables.workbooks import SheetRow, read_sheet

#: What may stand between cells, the likeliest first.
DELIMITERS: Final = (",", ";", "\t", "|")
_SPOKEN: Final = {
    ";": sentence("semicolons"),
    "\t": sentence("tabs"),
    "|": sentence("vertical bars"),
    ",": sentence("commas"),
}
#: How many rows are looked at to recognise the delimiter, and the names of columns.
_SAMPLE: Final = 50
#: How many rows are named that a sheet hides.
_NAMED_ROWS: Final = 5
#: The first line that Excel writes and reads to name the delimiter.
_NAMED: Final = "sep="


@dataclass(frozen=True, slots=True)
class TableRow:
    """``place`` is where it begins, as an editor or a spreadsheet counts; ``faults`` says of a column why its cell
    cannot be read; in the columns of ``days`` stand what Excel keeps as days."""

    place: str
    cells: dict[str, str]
    faults: dict[str, str]
    days: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` are called as `compose_label` writes them; ``notes`` says what was recognised, where it is not what
    one would expect; ``first`` what stands in the first rows, each with its number; ``others`` are the sheets that were
    not read."""

    columns: list[str]
    rows: list[TableRow]
    notes: list[str] = field(default_factory=list)
    first: list[tuple[int, set[str]]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def require_columns(self, names: Collection[str], at: str = "/map") -> None:
        """`InvalidInput` where one of these is not there; it says where else the names stand. ``at`` is what names
        them."""
        missing = [name for name in names if name not in self.columns]
        if not missing:
            return
        line = next((number for number, cells in self.first if cells.issuperset(names)), None)
        detail = sentence(
            "there is no column %(name)s; there are: %(names)s",
            name=repr(missing[0]),
            names=", ".join(self.columns),
        )
        if line is not None:
            detail = sentence(
                "%(detail)s. The names stand in line %(line)s: add --header %(line)s",
                detail=detail,
                line=line,
            )
        if self.others:
            names = ", ".join(self.others)
            detail = sentence(
                "%(detail)s. Other sheets: %(names)s; name one with --sheet", detail=detail, names=names
            )
        raise InvalidInput.at(at, detail)


def read_csv(raw: bytes, encoding: str | None = None, delimiter: str | None = None, header: int = 1) -> Table:
    """The table of a CSV whose columns are named in line ``header``; what stands before it is not read. Raises
    `InvalidInput` where the file as a whole cannot be read."""
    text, read_as = decode_file(raw, encoding)
    notes: list[str] = [] if read_as == "utf-8" else [sentence("read as %(encoding)s", encoding=read_as)]
    first = text.splitlines()[0] if text.startswith(_NAMED) else ""
    named = first[len(_NAMED) :] if len(first) == len(_NAMED) + 1 else None
    text = "".join(islice(io.StringIO(text, newline=""), header - 1, None))
    with _bounded_by_the_shape(text):
        chosen = delimiter or named or find_delimiter(text)
        rows = list(_split_rows(text, chosen, header))
    if delimiter is None and chosen != ",":
        between = _SPOKEN.get(chosen, repr(chosen))
        notes.append(sentence("cells are separated by %(between)s", between=between))
    sheet_rows = [SheetRow(line, dict(enumerate(cells))) for line, cells in rows[named is not None :]]
    return _make_table(sheet_rows, "line", notes, header=header)


@contextmanager
def _bounded_by_the_shape(text: str) -> Iterator[None]:
    """How long a text may be is said by its member, not by the reader of CSV, which has a bound of its own."""
    before = csv.field_size_limit(max(len(text), 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def read_workbook(raw: bytes, sheet: str | None = None, header: int = 1, most: Most = OPERATORS) -> Table:
    """The table of a sheet of Excel. Rows are counted as Excel does."""
    read = read_sheet(raw, sheet, most)
    others = read.others if sheet is None else []
    notes: list[str] = []
    if others:
        names = ", ".join(others)
        notes.append(sentence("not read: the other sheets, %(names)s; name one with --sheet", names=names))
    if hidden := [number for number in read.hidden if number > header]:
        named = ", ".join(map(str, hidden[:_NAMED_ROWS])) + (" …" if len(hidden) > _NAMED_ROWS else "")
        notes.append(
            sentence(
                "read too: %(number)s rows that the sheet hides (%(rows)s)", number=len(hidden), rows=named
            )
        )
    return _make_table([row for row in read.rows if row.number >= header], "row", notes, others, header)


def find_delimiter(text: str) -> str:
    """What cuts the first rows into equally many cells, the more the better; a comma where nothing does."""
    ranked = [(*_judge(text, one), -place, one) for place, one in enumerate(DELIMITERS)]
    return max(ranked)[-1]


def _judge(text: str, delimiter: str) -> tuple[bool, int]:
    """Whether all of the first rows have as many cells as the header, which has more than one; and how many."""
    widths: list[int] = []
    try:
        for _line, cells in islice(_split_rows(text, delimiter), _SAMPLE):
            widths.append(len(cells))
    except InvalidInput:
        widths.append(0)
    header = widths[0] if widths else 0
    return header > 1 and len(set(widths)) == 1, header


def _split_rows(text: str, delimiter: str, first: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line on which it begins, where the text begins on line ``first``: a cell in
    quotes may go over several."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    begins = first
    try:
        for cells in reader:
            if any(cells):
                yield begins, [cell.replace("\r\n", "\n") for cell in cells]
            begins = reader.line_num + first
    except csv.Error as error:
        why = _explain(error, delimiter)
        raise InvalidInput(
            sentence("line %(begins)s: this is no CSV; %(why)s", begins=begins, why=why)
        ) from None


def _explain(error: csv.Error, delimiter: str) -> str:
    if "end of data" in str(error):
        return sentence("a quotation mark that opens there is not closed")
    if "expected after" in str(error):
        between = _SPOKEN.get(delimiter, repr(delimiter))
        return sentence(
            "a cell that begins with a quotation mark goes on after the one that closes it; write a mark that belongs"
            " to the text twice (cells are separated by %(between)s)",
            between=between,
        )
    return str(error)


def _make_table(
    rows: Sequence[SheetRow], unit: str, notes: list[str], others: Sequence[str] = (), header: int = 1
) -> Table:
    """The rows under their header, the first row in which something stands."""
    rows = [row for row in rows if _says_something(row)]
    named = rows[0] if rows else SheetRow(0)
    at = _name_place(unit, named.number)
    if named.faults:
        raise InvalidInput(sentence("%(at)s: %(fault)s", at=at, fault=next(iter(named.faults.values()))))
    labels = {place: compose_label(name) for place, name in named.cells.items()}
    columns = {place: name for place, name in sorted(labels.items()) if name}
    if not columns and header > 1:
        raise InvalidInput.at(
            "/header",
            sentence("nothing stands in %(unit)s %(number)s and after it", unit=_UNITS[unit], number=header),
        )
    if not columns:
        detail = sentence("the table has no names of columns where it begins")
        for note in notes:
            detail = sentence("%(one)s; %(more)s", one=detail, more=note)
        raise InvalidInput(detail)
    twice = [name for name, count in Counter(columns.values()).items() if count > 1]
    if twice:
        raise InvalidInput(
            sentence(
                "%(at)s: the column %(name)s stands there twice; rename one of the two",
                at=at,
                name=repr(twice[0]),
            )
        )
    width = max(columns, default=-1) + 1 if unit == "line" else 0
    made = [_make_row(row, columns, width, unit) for row in rows[1:]]
    first = [(row.number, set(map(compose_label, row.cells.values()))) for row in rows[:_SAMPLE]]
    return Table(list(columns.values()), made, notes, first, list(others))


def _says_something(row: SheetRow) -> bool:
    return any(map(strip_cell, row.cells.values())) or bool(row.faults)


#: What a line of a table is called, by how the table was read.
_UNITS: Final = {"line": sentence("line"), "row": sentence("row")}


def _name_place(unit: str, number: int) -> Sentence:
    return sentence("%(unit)s %(number)s", unit=_UNITS[unit], number=number)


def _make_row(row: SheetRow, columns: dict[int, str], width: int, unit: str) -> TableRow:
    """Cells under no name are passed over where they are empty. A line that is cut short may have lost anything."""
    faults = {columns[place]: why for place, why in row.faults.items() if place in columns}
    cells = {place: strip_cell(cell) for place, cell in row.cells.items()}
    beside = [place for place, cell in cells.items() if cell and place not in columns]
    if all(compose_label(cells.get(place, "")) == name for place, name in columns.items()):
        faults[""] = sentence("this is the header again; delete this %(unit)s", unit=_UNITS[unit])
    elif len(cells) < width or (beside and beside[-1] >= width > 0):
        count = max(beside[-1] + 1, width) if beside else len(cells)
        faults[""] = sentence("there are %(count)s cells under %(width)s columns", count=count, width=width)
    elif beside:
        value = cells[beside[0]][:60]
        faults[""] = sentence(
            "%(value)s stands in column %(column)s, which has no name; name it in the first %(unit)s",
            value=repr(value), column=beside[0] + 1, unit=_UNITS[unit],
        )  # fmt: skip
    cells_by_name = {name: cells.get(place, "") for place, name in columns.items()}
    days = [columns[place] for place in row.days if place in columns]
    return TableRow(_name_place(unit, row.number), cells_by_name, faults, days)
