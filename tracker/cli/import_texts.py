"""What `tracker import` tells: for a program all that the REST door reports, for a person what is wrong and where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tracker.actions.support import import_report
from tracker.domain import ids
from tracker.domain.errors import FieldError
from tracker.schemas.transfers import ImportReport
from tracker.tables.row_files import Rows, cut_value

#: How many rows of one kind of fault are told each by itself.
_EACH: Final = 3
#: How many letters are told before those in which two texts differ.
_BEFORE: Final = 20
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
            error["column"] = rows.name_column(row["row"], error["pointer"])
    for kind in dumped["faults"]:
        kind["column"] = rows.name_column(kind["rows"][0], kind["pointer"])
        kind["places"] = [rows.rows[row].place for row in kind["rows"]]
    dumped["totals"][import_report.LATER] = report.totals[import_report.LATER]
    return {**dumped, "unread": rows.unread, "notes": rows.notes}


def find_ids(report: import_report.ImportReport) -> set[str]:
    """The ids of things in what the rows change."""
    values = [value for row in report.rows for one in row.differs for value in (one.before, one.after)]
    values += [id for _row, refusal in report.refused for id in refusal.missing]
    ids_in: set[str] = set()
    while values:
        value = values.pop()
        if isinstance(value, str) and ids.kind_of(value):
            ids_in.add(value)
        elif isinstance(value, (list, dict)):
            values.extend(value.values() if isinstance(value, dict) else value)
    return ids_in


def list_lines(report: import_report.ImportReport, rows: Rows, names: Mapping[str, str]) -> Iterator[str]:
    """What is wrong, by kind of fault: the first rows of each, and how many more there are; then what changes, with
    the ``names`` of things in place of their ids."""
    yield from rows.notes
    refusals = dict(report.refused)
    for kind in report.faults:
        for row in kind.first[:_EACH]:
            yield f"{rows.rows[row].place}{_describe(kind, rows, row, refusals.get(row), names)}"
        if kind.count > _EACH:
            places = ", ".join(rows.rows[row].place for row in kind.first[_EACH:])
            dots = " …" if kind.count > len(kind.first) else ""
            yield f"  and {kind.count - _EACH} more like this, at {places}{dots}"
    yield from _list_differences(report, rows, names)
    yield from _list_withdrawn(report, rows)
    yield from _list_waiting(report, rows)
    if rows.unread:
        yield f"not read: {', '.join(rows.unread)}"
    yield from _count(report)


def _list_differences(
    report: import_report.ImportReport, rows: Rows, names: Mapping[str, str]
) -> Iterator[str]:
    """What the rows change of what is recorded, old and new."""
    changed = [row for row in report.rows if row.differs]
    for row in changed[:_CHANGED]:
        for difference in row.differs:
            column = rows.name_column(row.row, f"/{difference.member}")
            yield (
                f"{rows.rows[row.row].place}, {f'column {column}' if column else difference.member}:"
                f" {_describe_change(difference.before, difference.after, names)}"
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


def _describe_change(before: Any, after: Any, names: Mapping[str, str]) -> str:
    """A value before and after; of two lists the entries that only one of them has."""
    if isinstance(before, str) and isinstance(after, str):
        before, after = _begin_at_difference(names.get(before, before), names.get(after, after))
    if not isinstance(before, list) or not isinstance(after, list):
        return f"{_shorten(before, names)} → {_shorten(after, names)}"
    gone = [f"without {_shorten(one, names)}" for one in before if one not in after]
    come = [f"with {_shorten(one, names)}" for one in after if one not in before]
    return ", ".join([*gone, *come]) or f"{_shorten(before, names)} → {_shorten(after, names)}"


def _begin_at_difference(before: str, after: str) -> tuple[str, str]:
    """Two texts without most of the beginning that they share, so that the difference is to be seen."""
    alike = min(len(before), len(after))
    alike = next((place for place in range(alike) if before[place] != after[place]), alike)
    start = alike - _BEFORE
    return (f"…{before[start:]}", f"…{after[start:]}") if start > _BEFORE else (before, after)


def _shorten(value: Any, names: Mapping[str, str]) -> str:
    """A value as people read it, shortened."""
    return "nothing" if value in (None, [], {}) else repr(cut_value(_write(value, names)))


def _write(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_write(one, names)}" for name, one in value.items() if one is not None)
    if isinstance(value, list):
        return "; ".join(_write(one, names) for one in value)
    return json.dumps(value)


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


def _describe(
    kind: import_report.FaultKind, rows: Rows, row: int, refusal: Any, names: Mapping[str, str]
) -> str:
    """The fault of this row; what stands in its cell too, where the words do not say it."""
    own = [
        one for one in (refusal.fields if refusal is not None else ()) if import_report.is_of_kind(kind, one)
    ]
    fault = own[0] if own else FieldError(kind.pointer, kind.detail)
    if not fault.pointer:
        missing = fault.detail.removeprefix("missing: ")
        return f": missing: {names[missing]!r} ({missing})" if missing in names else f": {fault.detail}"
    column = rows.name_column(row, fault.pointer)
    return f", {f'column {column}' if column else fault.pointer}: {rows.describe(row, fault)}"
