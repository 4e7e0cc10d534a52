"""``tracker import``: many things from a file, for a person with an account, by the act behind `POST /v1/imports`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from tracker.actions import imports
from tracker.actions.support.import_kinds import IMPORTS
from tracker.actions.support.import_report import ImportReport
from tracker.actions.support.import_updates import Options
from tracker.actions.support.thing_names import find_names
from tracker.cli import export_files, import_texts
from tracker.cli.application_context import ApplicationContext, as_json, open_application, show_result
from tracker.domain.errors import InvalidInput
from tracker.domain.revisions import CORRECTION, UPDATE
from tracker.domain.sent_values import quote_value
from tracker.tables import row_files
from tracker.tables.import_files import FORMATS, TABLES, read_rows
from tracker.tables.import_maps import make_map
from tracker.tables.import_plan import ImportMap
from tracker.tables.map_files import SHIPPED

#: What only a map file says, here.
_OF_MAP_ONLY: Final = ("--identified-by", "--new-organizations")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as", "name", required=True, help="The name of the person for whom it is recorded.")
@click.option(
    "--kind",
    type=click.Choice(tuple(IMPORTS)),
    help="The kind of every row. Leave it out for a file of `tracker export`.",
)
@click.option("--process", help="The slug or id of the process, for rows that name none.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=MEMBER|FILE.yaml|NAME",
    help=f"Which column of a table is which member. These come with the tracker: {', '.join(SHIPPED)}.",
)
@click.option(
    "--set", "constants", multiple=True, metavar="MEMBER=TEXT", help="A value that every row of a table gets."
)
@click.option("--separator", help="The separator of the items of a list in a cell. Default: a semicolon.")
@click.option("--delimiter", help="The separator of the cells of a CSV. Default: recognised.")
@click.option(
    "--encoding",
    help="The encoding of a CSV, as windows-1256. Default: that of its byte order mark, else UTF-8.",
)
@click.option("--header", help="The line, or row, with the names of the columns. Default: the first.")
@click.option("--sheet", help="The sheet of a workbook. Default: the first.")
@click.option(
    "--date-format",
    "date_formats",
    multiple=True,
    metavar="FORMAT",
    help="How days are written, as DD.MM.YYYY; excel for numbers of days. YYYY-MM-DD is always read.",
)
@click.option("--reason", help="Why what is public is revised; another person decides on each revision.")
@click.option(
    "--since",
    metavar="YYYY-MM-DD",
    help="The day on which the world changed. Without it, the record was wrong from the start.",
)
@click.option("--propose", is_flag=True, help="Ask another person to approve all of it.")
@click.option(
    "--in-parts",
    is_flag=True,
    help="Record some rows at a time. Nobody waits long; if it is stopped, the same command goes on.",
)
@click.option("--again", is_flag=True, help="Record again what was a draft and was withdrawn.")
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(set(FORMATS.values()))),
    help="The format of the file. Default: what its name says, else a table.",
)
@click.option(
    "--dry-run/--commit", "dry_run", default=True, show_default=True, help="Only report, or record."
)
@as_json
def import_(
    file: Path,
    name: str,
    kind: str | None,
    process: str | None,
    maps: tuple[str, ...],
    constants: tuple[str, ...],
    date_formats: tuple[str, ...],
    form: str | None,
    reason: str | None,
    since: str | None,
    again: bool,
    propose: bool,
    in_parts: bool,
    dry_run: bool,
    as_json: bool,
    **given: str | None,
) -> None:
    """Record the rows of a file, all or none; nothing without --commit. Exit status 1 when a row is refused.

    \b
    Example:   tracker import calls.csv --as amal --kind recommendation --process coast --map Nr=reference --commit
    """
    form = form or FORMATS.get(file.suffix.lower(), "csv")
    if form not in TABLES and (maps or constants or date_formats or any(given.values())):
        raise click.BadParameter(f"only a table has columns to map, and this is {form}", param_hint="--map")
    rows = _read_rows(file.read_bytes(), form, kind, lambda: make_map(maps, constants, date_formats, given))
    if not rows.rows:
        raise InvalidInput(f"there is no row in {quote_value(file.name)}")
    cause = CORRECTION if since is None else UPDATE
    options = Options(process, rows.new_organizations, reason, cause, _read_day(since), again, propose)
    with open_application() as at:
        report = _import(at, rows, name, options, dry_run, in_parts)
        names = _find_names(at, report, name)
    lines = list(import_texts.list_lines(report, rows, names))
    show_result(import_texts.dump_report(report, rows), as_json, lines)
    if report.faults:
        sys.exit(1)


def _find_names(at: ApplicationContext, report: ImportReport, name: str) -> dict[str, str]:
    """What the things are called that rows change."""
    with at.reading(at.person(name)) as reading:
        rows = find_names(reading.viewer, import_texts.find_ids(report))
    return {**report.called, **{id: str(row["name"]) for id, row in rows.items()}}


def _read_day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        fault = f"must be a day as 2025-03-09, not {quote_value(str(text))}"
        raise click.BadParameter(fault, param_hint="--since") from None


def _import(
    at: ApplicationContext, rows: row_files.Rows, name: str, options: Options, dry_run: bool, in_parts: bool
) -> ImportReport:
    """Other writers wait for nothing but what is recorded: most of what is wrong is found by a look before."""
    by = at.person(name)
    with _watch_progress(len(rows.rows), "looking") as bar:
        turn = (lambda: at.unit(by)) if dry_run or in_parts else None
        report = imports.try_rows(
            lambda: at.reading(by), turn, rows.rows, options=options, note_row=lambda: bar.update(1)
        )
    if dry_run or report.faults:
        return replace(report, dry_run=dry_run)
    with _watch_progress(len(rows.rows), "importing") as bar:
        common: dict[str, Any] = {"options": options, "note_row": lambda: bar.update(1), "by": "operator"}
        if in_parts:
            return imports.import_in_parts(lambda: at.unit(by), rows.rows, **common)
        with at.unit(by) as unit:
            return imports.import_rows(unit, rows.rows, **common)


def _watch_progress(length: int, label: str) -> Any:
    """A bar on the terminal; nothing where nobody watches."""
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


@contextmanager
def _name_options() -> Iterator[None]:
    """Say of what does not fit a file which option it is."""
    try:
        yield
    except InvalidInput as refusal:
        if not refusal.fields:
            raise
        option = refusal.fields[0].pointer.replace("/", "--").replace("_", "-")
        known = option if option not in _OF_MAP_ONLY else "--map"
        raise click.BadParameter(refusal.detail, param_hint=known) from None


def _read_rows(raw: bytes, form: str, kind: str | None, plan: Callable[[], ImportMap]) -> row_files.Rows:
    if kind is not None:
        with _name_options():
            return read_rows(raw, form, kind, plan())
    if form != "ndjson":
        fault = f"say what the rows are: {', '.join(IMPORTS)}"
        raise click.BadParameter(fault, param_hint="--kind")
    return export_files.read_export(raw)
