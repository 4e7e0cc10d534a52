"""Files that people import: how one is read follows from its name, and of a table from its bytes."""

from __future__ import annotations

from typing import Final

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.tables import row_files, table_files, table_rows
from tracker.tables.import_plan import ImportMap
from tracker.tables.workbook_parts import OPERATORS, Most
from tracker.tables.workbooks import is_workbook

_MARK: Final = b"\xef\xbb\xbf"
#: How a file is read, by the end of its name. What is a workbook is recognised by its bytes.
FORMATS: Final = {
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
}
#: The formats that have columns.
TABLES: Final = ("csv", "xlsx")
#: What says of one of them only how it is read.
_OF_CSV: Final = ("encoding", "delimiter")
_OF_WORKBOOK: Final = ("sheet",)
#: What people take for a table now and then: how such a file begins, and what to do.
_OTHERS: Final = (
    (b"%PDF-", "this is a PDF; import the table that it was made from, as .xlsx or CSV"),
    (b"{\\rtf", "this is a text document (.rtf); save its table as .xlsx or CSV"),
    (b"\x1f\x8b", "this is a compressed file (.gz); unpack it, and import what was in it"),
    (b"7z\xbc\xaf\x27\x1c", "this is an archive (.7z); unpack it, and import what was in it"),
    (b"Rar!", "this is an archive (.rar); unpack it, and import what was in it"),
    (b"SQLite format 3\0", "this is a database of SQLite; save the table that you want as CSV"),
    (b"PAR1", "this is a Parquet file; save it as CSV"),
    (b"<", "this is HTML or XML; open it in a spreadsheet and save it as .xlsx or CSV"),
)


def read_rows(raw: bytes, form: str, kind: str, plan: ImportMap, most: Most = OPERATORS) -> row_files.Rows:
    """The rows of a file. `InvalidInput` where it cannot be read as a whole, or where the map does not fit it; then
    the option that is at fault is its field. ``most`` bounds what a workbook unpacks to."""
    if form in TABLES:
        return _read_table(raw, form, kind, plan, most)
    return row_files.read_lines(raw, kind) if form == "ndjson" else row_files.read_list(raw, kind)


def _read_table(raw: bytes, form: str, kind: str, plan: ImportMap, most: Most) -> row_files.Rows:
    workbook = is_workbook(raw)
    if not workbook:
        refuse_other_files(raw)
    if workbook:
        table = table_files.read_workbook(raw, plan.sheet, plan.header_line, most)
    else:
        table = table_files.read_csv(raw, plan.encoding, plan.delimiter, plan.header_line)
    ignored = [name for name in (_OF_CSV if workbook else _OF_WORKBOOK) if getattr(plan, name) is not None]
    if ignored:
        options = ", ".join(f"--{one}" for one in ignored)
        table.notes.append(
            sentence("not looked at, because this is a workbook: %(options)s", options=options)
            if workbook
            else sentence("not looked at, because this is a CSV: %(options)s", options=options)
        )
    if workbook != (form == "xlsx"):
        table.notes.insert(
            0,
            sentence("this is an Excel workbook, whatever its name says")
            if workbook
            else sentence("this is a CSV, whatever its name says"),
        )
    return table_rows.make_rows(table, kind, plan)


def refuse_other_files(raw: bytes) -> None:
    """`InvalidInput` for a file that is no table, with what to do about it."""
    begin = raw.removeprefix(_MARK).lstrip()
    for magic, remedy in _OTHERS:
        if begin.startswith(magic):
            raise InvalidInput(remedy)
    if begin.startswith((b"[{", b"[\n", b'{"')):
        raise InvalidInput(
            sentence(
                "this is JSON, and no table; give it a name that ends in .json where it is one list, in .ndjson where"
                " each line is an object"
            )
        )
