"""An export as tables: CSV files in a zip with a README and a data dictionary, and one workbook. No cell is ever a
formula: a text that a spreadsheet would carry out has an apostrophe before it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tracker.domain.errors import NotFound
from tracker.public.export.columns import Cell, Record, Table
from tracker.public.export.lossless import Records
from tracker.public.export.tables import TABLES, list_answers, list_dictionary
from tracker.public.feeds.atom import clean_text

CSV_ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What spreadsheets take for the beginning of something to carry out, in letters of any width.
_CARRIED_OUT: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What a cell of a workbook holds, in UTF-16 units, and the rows of a sheet.
_LONGEST_CELL: Final = 32_767
_MOST_ROWS: Final = 1_048_575
_CUT: Final = " … [cut: the rest is in the lossless export]"
#: The instant that all files of an archive carry: the same record gives the same bytes.
_MADE: Final = (1980, 1, 1, 0, 0, 0)
_OF_KIND: Final = {table.kind: table for table in TABLES}
_DICTIONARY_HEADER: Final = ("table", "column", "meaning")
_README: Final = """# {title}: the public record

This is what the accountability tracker at {source} says in public of the process `{slug}`, as it stood on {as_of}
(the day where the process is), up to public act {last_act}.

The tables:
{tables}

`data-dictionary` says what each column means. Texts are UTF-8. Several values in a cell are separated by "; ".
If a cell of a CSV file begins with a sign that a spreadsheet would carry out (= + - @), an apostrophe stands before it.
Lists within a record (members, mandates, figures, readings of a date) are in the lossless exports alone: `export.json`
and `export.ndjson`.

Every act is an entry of a public log that only grows. Its checkpoint for this record:

{checkpoint}
"""


def write_csv_zip(about: dict[str, Any], records: Records, target: IO[bytes]) -> None:
    """A CSV file for each table. They are written one beside the other and then packed, so little is in memory."""
    with tempfile.TemporaryDirectory() as folder, ZipFile(target, "w") as archive:
        paths = {table.kind: Path(folder) / f"{table.name}.csv" for table in TABLES}
        with ExitStack() as opened:
            rows = {}
            for table in TABLES:
                file = opened.enter_context(paths[table.kind].open("w", encoding="utf-8", newline=""))
                rows[table.kind] = csv.writer(file)
                rows[table.kind].writerow(table.header)
            for table, record in _sort_rows(records):
                rows[table.kind].writerow(map(make_harmless, table.make_row(record)))
        _pack(archive, "README.md", io.BytesIO(make_readme(about).encode()))
        _pack(archive, "data-dictionary.csv", io.BytesIO(_write_dictionary()))
        for path in paths.values():
            with path.open("rb") as written:
                _pack(archive, path.name, written)


def make_harmless(cell: Cell) -> Cell:
    """A cell that no spreadsheet carries out."""
    harmful = isinstance(cell, str) and cell.lstrip(" ").startswith(_CARRIED_OUT)
    return f"'{cell}" if harmful else cell


def write_workbook(about: dict[str, Any], records: Records, target: IO[bytes]) -> None:
    """A sheet for each table, with the README and the data dictionary before them. `NotFound` where what writes
    workbooks is not installed."""
    if find_spec("xlsxwriter") is None:
        raise NotFound("this tracker writes no workbooks; take the CSV files, or ask its operator")
    # An extra: not every tracker has it. It ships no types.
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(target, {**options, "constant_memory": True})
    book.set_properties(
        {"title": clean_text(about["title"])[:200], "created": datetime(*_MADE[:3], tzinfo=UTC)}
    )
    _add_sheet(book, "README", ([line] for line in make_readme(about).splitlines()))
    _add_sheet(book, "data-dictionary", (_DICTIONARY_HEADER, *list_dictionary()))
    sheets = {table.kind: _add_sheet(book, table.name, [table.header]) for table in TABLES}
    rows = dict.fromkeys(sheets, 0)
    for table, record in _sort_rows(records):
        rows[table.kind] += 1
        if rows[table.kind] <= _MOST_ROWS:
            _write_row(sheets[table.kind], rows[table.kind], table.make_row(record))
    book.close()


def make_readme(about: dict[str, Any]) -> str:
    """What the export is, in words: for readers who find the files years later."""
    tables = "\n".join(f"- `{table.name}`: {table.meaning}" for table in TABLES)
    return _README.format(tables=tables, **{name: value or "none yet" for name, value in about.items()})


def _sort_rows(records: Records) -> Iterator[tuple[Table, Record]]:
    """Each record with the table that shows it, and the answers that stand on it with theirs."""
    for kind, text in records:
        record = json.loads(text)
        yield _OF_KIND[kind], record
        for answer in list_answers(record):
            yield _OF_KIND["answer"], answer


def _pack(archive: ZipFile, name: str, source: IO[bytes]) -> None:
    entry = ZipInfo(name, _MADE)
    entry.compress_type = ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as packed:
        shutil.copyfileobj(source, packed)


def _write_dictionary() -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows((_DICTIONARY_HEADER, *list_dictionary()))
    return written.getvalue().encode()


def _add_sheet(book: Any, name: str, rows: Iterable[Iterable[Cell]]) -> Any:
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        _write_row(sheet, number, row)
    return sheet


def _write_row(sheet: Any, number: int, row: Iterable[Cell]) -> None:
    for place, cell in enumerate(row):
        if isinstance(cell, bool):
            sheet.write_boolean(number, place, cell)
        elif isinstance(cell, int | float):
            sheet.write_number(number, place, cell)
        elif cell is not None:
            sheet.write_string(number, place, fit_cell(clean_text(cell)))


def fit_cell(text: str) -> str:
    """A text that fits into a cell; where it was cut it says so."""
    units = len(text) + sum(letter > "\uffff" for letter in text)
    return text if units <= _LONGEST_CELL else text[: _LONGEST_CELL // 2 - len(_CUT)] + _CUT
