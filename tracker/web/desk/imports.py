"""Many things at once: a file or a pasted table is read, what would become of each row is shown, and then it is
recorded by the act of REST, all or nothing. What was given is kept, sealed, until it is recorded.
"""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from functools import partial
from typing import Final

from tracker.actions import imports, kept_forms
from tracker.actions.support.import_report import ImportReport
from tracker.actions.support.import_updates import Options
from tracker.actions.support.unit import open_unit, open_view
from tracker.domain.errors import ImportRefused, InvalidInput, NotFound, StaleEdit
from tracker.domain.files import FileTooLarge
from tracker.domain.revisions import ACTS
from tracker.domain.sentences import sentence
from tracker.domain.vocabularies import codes
from tracker.http import uploads
from tracker.http.multipart import Part
from tracker.languages.i18n import mark
from tracker.languages.member_words import MEMBERS
from tracker.schemas.day_fields import Day
from tracker.schemas.fields import LINE, LONG, Code, Id, Strict, Text, Truth
from tracker.schemas.list_fields import Table, list_of
from tracker.schemas.transfers import IMPORTED
from tracker.tables.map_files import SHIPPED
from tracker.tables.row_files import Rows
from tracker.web.desk.import_words import KINDS, describe_report
from tracker.web.desk.kept_imports import KeptImport, keep_import, name_fields, read_import
from tracker.web.desk.member_words import CODES
from tracker.web.desk.record_names import list_open_processes, make_find
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.form_bodies import Pairs, point_at_file
from tracker.web.forms import BOUND, FILE_POINTER, Field, Form

#: Where what was kept is tried and recorded, below the language.
_DRY_RUN: Final = "/desk/import/dry-run"


class ImportFileIn(Strict):
    """Rows as a file or as pasted text, and how they are read: what `tracker import` takes."""

    kind = Code(IMPORTED, required=True)
    process = Id("process")
    text = Text(1_000_000, lines=True)
    map = Code(SHIPPED)
    columns = list_of(Text(LINE), 200)
    constants = list_of(Text(LINE), 200)
    identified_by = list_of(Text(LINE), 20)
    new_organizations = Table(Text(80), Code(codes.ORGANIZATION_TYPE), 20)
    date_formats = list_of(Text(40), 20)
    encoding = Text(40)
    sheet = Text(100)
    header = Text(6)
    again = Truth()
    propose = Truth()
    reason = Text(LONG, lines=True)
    revision = Code(ACTS)
    since = Day()


class ImportQuery(Strict):
    """What is imported, and into which process."""

    kind = Code(IMPORTED)
    process = Id("process", sought=True)


class DryRunIn(Strict):
    """What somebody has seen of what would become of the rows."""

    seen = Text(64, required=True)


_ONE_EACH: Final = mark("One in each line.")
_AS_COLUMN: Final = mark("One in each line, as Nr=reference.")
_AS_TEXT: Final = mark("One in each line, as language=ar.")
_AS_DAY: Final = mark("One in each line, as DD.MM.YYYY. 2025-03-09 is always read.")
_PASTED: Final = mark("As a spreadsheet copies them, the names of the columns first. Or choose a file below.")
_AS_KIND: Final = mark("What they become, by the column that names them: addressees.organization: authority.")
_FILE: Final = mark("CSV, Excel, or lines of JSON. If something is wrong here, choose it again.")
_NO_NUMBER: Final = mark("Columns that tell rows without a number apart")
IMPORTING: Final = Form(
    ImportFileIn,
    Field("kind", mark("What each row is")),
    Field("process", mark("Process"), hint=mark("Of rows that name none.")),
    Field("text", mark("Rows, pasted"), hint=_PASTED),
    Field("propose", mark("Ask another person to approve all of it")),
    Field("map", mark("Where the table comes from"), rest=True),
    Field("columns", mark("Columns that are called otherwise"), hint=_AS_COLUMN, rest=True),
    Field("constants", mark("What all rows say"), hint=_AS_TEXT, rest=True),
    Field("identified_by", _NO_NUMBER, hint=_ONE_EACH, rest=True),
    Field("new_organizations", mark("Organizations that nobody knows"), hint=_AS_KIND, rest=True),
    Field("date_formats", mark("How days are written"), hint=_AS_DAY, rest=True),
    Field("encoding", mark("Encoding"), hint=mark("As windows-1256; left empty, it is UTF-8."), rest=True),
    Field("sheet", mark("Sheet of the workbook"), rest=True),
    Field("header", mark("Line with the names of the columns"), rest=True),
    Field("again", mark("Record again what was a draft and was thrown away"), rest=True),
    Field("reason", MEMBERS["reason"], hint=mark("Needed where rows change what is public."), rest=True),
    Field("revision", MEMBERS["revision"], rest=True),
    Field("since", MEMBERS["since"], rest=True),
    button=mark("Show what would become of it"),
    file=Field("", mark("Or a file"), hint=_FILE),
)
COMMITTING: Final = Form(DryRunIn, Field("seen", "", kind=BOUND), button=mark("Record all of it"))


@view("/import", permission="record.write", template="form", query=ImportQuery)
def show_import(desk: Visit) -> Shown:
    say = desk.language.say
    return {
        "title": say("Import"),
        "lead": say("Nothing is recorded before you have seen what would become of each row."),
        "tell": partial(name_fields, desk),
        "values": {"propose": True, **desk.query},
        "choices": {
            "kind": [(code, str(say(KINDS[code]))) for code in IMPORTED],
            "process": list_open_processes(desk),
            "map": [(name, name) for name in SHIPPED],
            "revision": [(code, str(say(CODES[code]))) for code in ACTS],
        },
    }


@point_at_file()
def receive_file(desk: Visit, _pairs: Pairs, part: Part) -> None:
    """Take the file of an import, which is no larger than any other body."""
    if desk.received:
        raise InvalidInput.at(FILE_POINTER, sentence("choose one file"))
    most, received = desk.context.settings.body_limit, b""
    for chunk in part.chunks:
        received += chunk
        if len(received) > most:
            raise FileTooLarge(
                sentence(
                    "at most %(most)s bytes are imported here; divide the file, or ask the operator",
                    most=most,
                )
            )
    desk.received.append(
        (hashlib.sha256(received).hexdigest(), (uploads.read_name(part.disposition), received))
    )


def check_import(desk: Visit, data: Shown) -> None:
    """Read the rows, before they are kept: what cannot be read at all is said beside its field."""
    name, raw = desk.received[0][1] if desk.received else ("", b"")
    if desk.received and not raw:
        raise InvalidInput.at(FILE_POINTER, sentence("%(name)s is empty", name=name or sentence("the file")))
    if bool(raw) == ("text" in data):
        raise InvalidInput.at("/text", sentence("paste rows here, or choose a file: one of the two"))
    desk.prepared = KeptImport(data, name, raw)
    with point_at_file() if raw else nullcontext():
        desk.prepared.read_rows()


def go_to_dry_run(desk: Visit, made: str | None) -> str:
    return desk.link("/import/dry-run", kept_form=made)


@act(
    show_import,
    IMPORTING,
    done=mark("It was read."),
    find=lambda desk, typed: make_find(desk, next(iter(typed.get("process", ())), None)),
    prepare=check_import,
    then=go_to_dry_run,
    receive=receive_file,
)
def keep_rows(desk: Visit, unit: Unit, _data: Shown) -> str:
    return keep_import(unit, _DRY_RUN, IMPORTING, desk.prepared, desk.context.sealer())


@view("/import/dry-run", permission="record.write")
def show_dry_run(desk: Visit) -> Shown:
    if desk.kept is None:
        return {"go_to": desk.link("/import")}
    kept = _read_kept(desk)
    report = _try(desk, kept)
    return {
        "title": desk.language.say("What would become of it"),
        "values": {"seen": _digest(report)},
        "back": desk.link("/import", kept_form=desk.kept),
        "may_record": not report.faults,
        **describe_report(desk, kept, report),
    }


def _read_kept(desk: Visit) -> KeptImport:
    if desk.kept is None:
        raise NotFound(sentence("you kept no rows"))
    form = kept_forms.read_form(desk.session, desk.by.id, desk.kept, desk.context.sealer())
    return read_import(IMPORTING, form.typed)


def _try(desk: Visit, kept: KeptImport) -> ImportReport:
    """What would become of each row, some of them at a time, and undone."""
    known, rows = desk.context, kept.read_rows()
    return imports.try_rows(
        lambda: open_view(desk.session, desk.by, desk.now, known.entropy),
        lambda: open_unit(desk.session, desk.by, known.clock, known.entropy),
        rows.rows,
        options=_read_options(kept, rows),
    )


def _read_options(kept: KeptImport, rows: Rows) -> Options:
    names = ("process", "reason", "revision", "since", "again", "propose")
    options = {name: kept.said[name] for name in names if kept.said.get(name) is not None}
    return Options(new_organizations=rows.new_organizations, **options)


def _digest(report: ImportReport) -> str:
    """What somebody has seen of a report: what becomes of each row, and in which members."""
    rows = [
        (row.outcome, row.id, [one.member for one in row.differs])
        for row in (one.undone() for one in report.rows)
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@act(
    show_dry_run,
    COMMITTING,
    done=mark("It was recorded."),
    then=lambda desk, made: desk.link(f"/decide/{made}" if made else "/records", done="dry_run"),
)
def import_rows(desk: Visit, unit: Unit, data: Shown) -> str | None:
    kept = _read_kept(desk)
    rows = kept.read_rows()
    report = imports.import_rows(unit, rows.rows, options=_read_options(kept, rows))
    if report.faults:
        raise ImportRefused(
            sentence("%(number)s rows are refused, and nothing was recorded", number=len(report.refused))
        )
    if _digest(report) != data["seen"]:
        raise StaleEdit(sentence("the record has changed since; look at what would become of the rows now"))
    desk.revealed = {
        "title": desk.language.say("What became of it"),
        "back": None,
        "may_record": False,
        **describe_report(desk, kept, report),
    }
    return report.batch
