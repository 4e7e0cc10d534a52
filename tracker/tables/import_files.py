"""Files that people import: how one is read follows from its name, and of a table from its bytes."""

from __future__ import annotations

from typing import Final

from tracker.tables import row_files, table_files, table_rows
from tracker.tables.import_plan import ImportMap
from tracker.tables.workbooks import is_workbook

#: How a file is read, by the end of its name. What is a workbook is recognised by its bytes.
FORMATS: Final = {
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
}
#: The formats that have columns.
TABLES: Final = ("csv", "xlsx")


def read_rows(raw: bytes, form: str, kind: str, plan: ImportMap) -> row_files.Rows:
    """The rows of a file. `InvalidInput` where it cannot be read as a whole, or where the map does not fit it; then
    the option that is at fault is its field."""
    if form in TABLES:
        return _read_table(raw, form, kind, plan)
    return row_files.read_lines(raw, kind) if form == "ndjson" else row_files.read_list(raw, kind)


def _read_table(raw: bytes, form: str, kind: str, plan: ImportMap) -> row_files.Rows:
    workbook = is_workbook(raw)
    if workbook:
        table = table_files.read_workbook(raw, plan.sheet, plan.header_line)
    else:
        table = table_files.read_csv(raw, plan.encoding, plan.delimiter, plan.header_line)
    if workbook != (form == "xlsx"):
        table.notes.insert(
            0, f"this is {'an Excel workbook' if workbook else 'a CSV'}, whatever its name says"
        )
    return table_rows.make_rows(table, kind, plan)
