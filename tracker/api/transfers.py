"""Many things at once: an import into the record, and the record as lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from tracker.actions import exports, imports
from tracker.actions.support import import_report
from tracker.actions.support.import_updates import Options
from tracker.actions.support.unit import open_unit, open_view
from tracker.api.http import paging
from tracker.api.http.endpoint import Call, endpoint
from tracker.database.list_index import Span
from tracker.domain import errors
from tracker.domain.errors import FieldError
from tracker.public.filters import read_span
from tracker.schemas.fields import Code, Strict, Text
from tracker.schemas.transfers import LINES, MOST_VALUES, EndLine, ImportIn, ImportReport
from tracker.store.database import open_snapshot
from tracker.store.viewer import Viewer

NDJSON: Final = "application/x-ndjson"


class _ExportQuery(Strict):
    process = Text(
        80, named=True, metadata={"description": "The id or slug of a process; everything where left out."}
    )
    kind = Code(tuple(exports.EXPORTED))


#: Each narrows the lines of its own kind; the others come whole.
ExportQuery = _ExportQuery.from_dict(
    {
        name: field
        for member in exports.DAYS.values()
        for name, field in paging.make_span_parameters(member).items()
    },
    name="ExportRecordQuery",
)


def _look_at_rows(call: Call) -> import_report.ImportReport:
    """A dry run, or before a real one the look that tells most of what is wrong: other writers do not wait for it."""
    clock, entropy = call.context.clock, call.context.entropy
    return imports.try_rows(
        lambda: open_view(call.session, call.by, call.now, entropy),
        (lambda: open_unit(call.session, call.by, clock, entropy)) if call.body["dry_run"] else None,
        _list_rows(call),
        options=_read_options(call),
    )


def _read_options(call: Call) -> Options:
    names = ("process", "new_organizations", "reason", "revision", "since", "again", "propose")
    return Options(**{name: call.body[name] for name in names if name in call.body})


def _list_rows(call: Call) -> list[import_report.GivenRow]:
    return [
        import_report.GivenRow(call.body["kind"], row, f"row {place} of this import")
        for place, row in enumerate(call.body["rows"])
    ]


def _read_imported(call: Call, batch: str | None = None) -> import_report.ImportReport:
    """What an import recorded, as it stands now. A row that goes by no name is not found again, so it is not told."""
    report = _look_at_rows(call)
    if call.body["dry_run"]:
        return report
    known = [row for row in report.rows if row.id is not None]
    return replace(report, rows=known, dry_run=False, faults=(), made=(), batch=batch)


@endpoint(
    "POST",
    "/v1/imports",
    permission="record.write",
    tag="imports",
    summary="Record many things of one kind, all or none; a dry run says first what would become of each",
    body=ImportIn,
    answer=ImportReport,
    refusals=(errors.ImportRefused,),
    most_values=MOST_VALUES,
    prepare=_look_at_rows,
    again=_read_imported,
)
def import_rows(call: Call) -> Any:
    """A row that has a name (`slug`, `reference`) and is in the record already is compared and edited, not made
    twice. Send `dry_run` first: the report says what each row would do. With `propose`, another person approves the
    whole import at once."""
    report: import_report.ImportReport = call.prepared
    if not call.body["dry_run"] and not report.faults:
        report = imports.import_rows(call.unit, _list_rows(call), options=_read_options(call))
    if not call.body["dry_run"] and report.faults:
        raise dump_refusal(report)
    call.made = report.batch
    return report


def dump_refusal(report: import_report.ImportReport) -> errors.ImportRefused:
    """What is wrong with each row, with pointers into the body that was sent."""
    fields, missing = [], []
    for row, why in report.refused:
        at = why.fields or (FieldError("", why.detail),)
        fields += [replace(one, pointer=f"/rows/{row}{one.pointer}") for one in at]
        missing += [f"row {row}: {one}" for one in why.missing]
    detail = f"{len(report.refused)} of {len(report.rows)} rows are refused; nothing was recorded"
    return errors.ImportRefused(detail, fields=fields, missing=missing)


@endpoint(
    "GET",
    "/v1/exports",
    permission="record.read",
    tag="exports",
    summary="Read the record as it stands now, one thing on each line; the last line counts the others",
    query=ExportQuery,
    answer=(*LINES, EndLine),
    produces=NDJSON,
)
def export_record(call: Call) -> Iterator[bytes]:
    """One JSON object on each line, with its `kind`, as it stood at one moment. The last line has the number of the
    others: without it the file was cut off."""
    named, kind = call.query.get("process"), call.query.get("kind")
    process = None if named is None else exports.find_process(call.viewer, named)
    asked = paging.list_given_filters(call.query)
    days = {one: read_span(member, asked) for one, member in exports.DAYS.items()}
    spans = {one: span for one, span in days.items() if span is not None}
    return _dump_lines(call, process, () if kind is None else (kind,), spans)


def _dump_lines(
    call: Call, process: str | None, kinds: tuple[str, ...], spans: Mapping[str, Span]
) -> Iterator[bytes]:
    """Read while it is being sent, in a session of its own: that of the request is closed by then."""
    with open_snapshot(call.context.engine) as session:
        yield from exports.export_lines(Viewer(session, call.by), process, kinds, spans)
