"""What `tracker import` tells: for a program all that the REST door reports, for a person what is wrong and where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from tracker.actions.support import import_report
from tracker.domain.errors import FieldError
from tracker.schemas.transfers import ImportReport
from tracker.tables.row_files import Rows, cut_value

#: How many rows of one kind of fault are told each by itself.
_EACH: Final = 3
#: How many organizations are named that are made on the way.
_NAMED: Final = 20
#: How many rows are told that change something.
_CHANGED: Final = 50


def dump_report(report: import_report.ImportReport, rows: Rows) -> dict[str, Any]:
    """The report of the REST door, with the place of each row in the file and the column at fault."""
    dumped: dict[str, Any] = ImportReport().dump(report)
    for row, given in zip(dumped["rows"], rows.rows, strict=True):
        row["place"] = given.place
        for error in row.get("errors", ()):
            error["column"] = rows.column(error["pointer"])
    for kind in dumped["faults"]:
        kind["column"] = rows.column(kind["pointer"])
        kind["places"] = [rows.rows[row].place for row in kind["rows"]]
    dumped["totals"][import_report.LATER] = report.totals[import_report.LATER]
    return {**dumped, "unread": rows.unread, "notes": rows.notes}


def list_lines(report: import_report.ImportReport, rows: Rows) -> Iterator[str]:
    """What is wrong, by kind of fault: the first rows of each, and how many more there are."""
    yield from rows.notes
    refusals = dict(report.refused)
    for kind in report.faults:
        for row in kind.first[:_EACH]:
            yield f"{rows.rows[row].place}{_describe(kind, rows, row, refusals.get(row))}"
        if kind.count > _EACH:
            places = ", ".join(rows.rows[row].place for row in kind.first[_EACH:])
            dots = " …" if kind.count > len(kind.first) else ""
            yield f"  and {kind.count - _EACH} more like this, at {places}{dots}"
    yield from _list_differences(report, rows)
    yield from _list_withdrawn(report, rows)
    yield from _list_waiting(report, rows)
    if rows.unread:
        yield f"not read: {', '.join(rows.unread)}"
    yield from _count(report)


def _list_differences(report: import_report.ImportReport, rows: Rows) -> Iterator[str]:
    """What the rows change of what is recorded, old and new."""
    changed = [row for row in report.rows if row.differs]
    for row in changed[:_CHANGED]:
        for difference in row.differs:
            column = rows.column(f"/{difference.member}")
            yield (
                f"{rows.rows[row.row].place}, {f'column {column}' if column else difference.member}:"
                f" {_shorten(difference.before)} → {_shorten(difference.after)}"
            )
    if len(changed) > _CHANGED:
        yield f"  and {len(changed) - _CHANGED} more rows that change something"


def _list_withdrawn(report: import_report.ImportReport, rows: Rows) -> Iterator[str]:
    gone = [row for row in report.rows if row.outcome == "withdrawn"]
    for row in gone[:_EACH]:
        yield f"{rows.rows[row.row].place}: {row.name} was recorded before and withdrawn ({row.id}); it is left out"
    if gone:
        more = f"  and {len(gone) - _EACH} more; " if len(gone) > _EACH else "  "
        yield f"{more}say --again to record again what was a draft"


def _list_waiting(report: import_report.ImportReport, rows: Rows) -> Iterator[str]:
    """The first rows for which others have to decide something, by what that is."""
    by_reason: dict[str, list[int]] = {}
    for row in report.rows:
        if row.outcome == import_report.LATER and row.refusal is not None:
            by_reason.setdefault(row.refusal.detail, []).append(row.row)
    for detail, waiting in by_reason.items():
        more = f", and {len(waiting) - 1} more rows" if len(waiting) > 1 else ""
        yield f"{rows.rows[waiting[0]].place}{more}: not yet, {detail}"


def _shorten(value: Any) -> str:
    """A value as people read it, shortened."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return repr(cut_value(text))


def _name_made(report: import_report.ImportReport) -> str:
    """The first organizations that are made on the way, and how many there are."""
    made = [f"{one.called} ({one.name})" for one in report.made[:_NAMED]]
    more = len(report.made) - len(made)
    would = "" if report.recorded else "would be "
    return (
        f"{len(report.made)} organizations {would}made on the way: {', '.join(made)}"
        + f"{f', and {more} more' if more else ''}"
    )


def _count(report: import_report.ImportReport) -> Iterator[str]:
    totals = report.totals
    if report.made:
        yield _name_made(report)
    if totals["unnamed"]:
        yield f"{totals['unnamed']} rows have no reference: the same import would record them once more"
    would = "" if report.recorded else "would be "
    more = [
        f"{totals[name]} {words}"
        for name, words in (
            ("updated", f"{would}updated"),
            ("proposed", f"{would}proposed to another person, because they are public"),
            ("waiting", "wait as they were proposed before"),
            ("withdrawn", "were withdrawn and are left out"),
            (import_report.LATER, "wait for what others decide first; then import the same file again"),
        )
        if totals[name]
    ]
    counts = [f"{totals['created']} {would}created", *more, f"{totals['unchanged']} unchanged"]
    yield f"{', '.join(counts)}, {totals['refused']} refused"
    if report.batch is not None:
        yield f"another person decides on all of it: {report.batch}"
    kept = sum(row.outcome in import_report.TRIED for row in report.rows)
    if report.faults and kept:
        yield f"{kept} rows before it are recorded; mend what is refused, and the same command goes on"
    elif not report.recorded:
        yield "nothing was recorded" + (
            ": a row is refused" if report.faults else "; say --commit to record it"
        )


def _describe(kind: import_report.FaultKind, rows: Rows, row: int, refusal: Any) -> str:
    """The fault of this row; what stands in its cell too, where the words do not say it."""
    own = [
        one for one in (refusal.fields if refusal is not None else ()) if import_report.is_of_kind(kind, one)
    ]
    fault = own[0] if own else FieldError(kind.pointer, kind.detail)
    if not fault.pointer:
        return f": {fault.detail}"
    column = rows.column(fault.pointer)
    return f", {f'column {column}' if column else fault.pointer}: {rows.describe(row, fault)}"
