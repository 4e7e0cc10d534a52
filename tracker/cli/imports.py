"""``tracker import``: many things from a file, for a person with an account, by the act behind `POST /v1/imports`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import click
import yaml

from tracker.actions import imports
from tracker.actions.support.registry import KINDS
from tracker.cli import csv_rows, row_files
from tracker.cli.application_context import as_json, open_application, show_result
from tracker.domain.errors import InvalidInput
from tracker.schemas.transfers import ImportReport

#: How a file is read, by the end of its name.
FORMATS: Final = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json"}


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as", "name", required=True, help="The name of the person for whom it is recorded.")
@click.option(
    "--kind", type=click.Choice(tuple(KINDS)), help="Of every row; left out for a file of `tracker export`."
)
@click.option("--process", help="The slug or id of the process of rows that name none.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=MEMBER|FILE.yaml",
    help="Which column of a CSV is which member.",
)
@click.option(
    "--set", "constants", multiple=True, metavar="MEMBER=TEXT", help="What every row of a CSV says."
)
@click.option("--separator", help="What stands between the pieces of a list in a cell; ; where left out.")
@click.option("--delimiter", default=",", show_default=True, help="What stands between the cells of a CSV.")
@click.option(
    "--format", "form", type=click.Choice(sorted(set(FORMATS.values()))), help="Else by the file's name."
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
    separator: str | None,
    delimiter: str,
    form: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Record the rows of a file, all or none; nothing without --commit. Exit status 1 when a row is refused.

    \b
    Example:   tracker import calls.csv --as amal --kind recommendation --process coast --map Nr=reference --commit
    """
    form = form or FORMATS.get(file.suffix.lower())
    if form is None:
        raise click.BadParameter("say how to read it", param_hint="--format")
    if form != "csv" and (maps or constants or separator):
        raise click.BadParameter("only a CSV has columns to map", param_hint="--map")
    rows = _read_rows(
        file.read_bytes(), form, kind, lambda: _make_plan(maps, constants, separator, delimiter)
    )
    if not rows.rows:
        raise InvalidInput("there is no row in the file")
    with open_application() as at, _watch_progress(len(rows.rows)) as bar, at.unit(at.person(name)) as unit:
        report = imports.import_rows(
            unit, rows.rows, process=process, dry_run=dry_run, told=lambda: bar.update(1), by="operator"
        )
    show_result(_print_report(report, rows), as_json, list(_print_lines(report, rows)))
    if report.refused:
        sys.exit(1)


def _watch_progress(length: int) -> Any:
    """A bar on the terminal; nothing where nobody watches."""
    return click.progressbar(
        length=length, label="importing", file=sys.stderr, hidden=not sys.stderr.isatty()
    )


def _read_rows(raw: bytes, form: str, kind: str | None, plan: Callable[[], csv_rows.Plan]) -> row_files.Rows:
    if kind is None:
        if form != "ndjson":
            raise click.BadParameter("say what the rows are", param_hint="--kind")
        return row_files.read_export(raw)
    if form == "csv":
        return csv_rows.read_csv_rows(raw, kind, plan())
    return row_files.read_lines(raw, kind) if form == "ndjson" else row_files.read_list(raw, kind)


def _make_plan(
    maps: tuple[str, ...], constants: tuple[str, ...], separator: str | None, delimiter: str
) -> csv_rows.Plan:
    """The plan of a file, then what the call says; the call has the last word."""
    plan = csv_rows.Plan()
    for given in maps:
        if given.endswith((".yaml", ".yml")) and "=" not in given:
            _from_file(plan, Path(given))
            continue
        column, sign, member = given.rpartition("=")
        if not sign or column in plan.columns:
            raise click.BadParameter(
                f"{given!r} must read COLUMN=MEMBER, each column once", param_hint="--map"
            )
        plan.columns[column] = member
    for given in constants:
        member, sign, text = given.partition("=")
        if not sign:
            raise click.BadParameter(f"{given!r} must read MEMBER=TEXT", param_hint="--set")
        plan.constants[member] = text
    if len(delimiter) != 1 or separator == "":
        raise click.BadParameter("must be one character", param_hint="--delimiter")
    plan.separator, plan.delimiter = separator or plan.separator, delimiter
    return plan


def _from_file(plan: csv_rows.Plan, path: Path) -> None:
    """`columns`, `constants` and `separator`, all of them texts."""
    try:
        said = yaml.safe_load(path.read_text("utf-8"))
        columns, constants = said.pop("columns", {}), said.pop("constants", {})
        plan.separator = said.pop("separator", plan.separator)
        texts = [plan.separator, *columns, *columns.values(), *constants, *constants.values()]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, TypeError):
        raise click.BadParameter(
            f"{path} is no YAML with columns, constants, separator", param_hint="--map"
        ) from None
    if said or not all(isinstance(text, str) and text for text in texts):
        raise click.BadParameter(
            f"{path} holds columns, constants and separator, and nothing else; put numbers in quotes",
            param_hint="--map",
        )
    plan.columns.update(columns)
    plan.constants.update(constants)


def _print_report(report: imports.ImportReport, rows: row_files.Rows) -> dict[str, Any]:
    """The report of the REST door, with the place of each row in the file and the column at fault."""
    told: dict[str, Any] = ImportReport().dump(report)
    for row, place in zip(told["rows"], rows.places, strict=True):
        row["place"] = place
        for error in row.get("errors", ()):
            error["column"] = rows.column(error["pointer"])
    return {**told, "unread": rows.unread}


def _print_lines(report: imports.ImportReport, rows: row_files.Rows) -> Iterator[str]:
    for number, refusal in report.refused:
        where = rows.places[number]
        for one in refusal.fields:
            column = rows.column(one.pointer)
            yield f"{where}, {f'column {column}' if column else one.pointer or 'the row'}: {one.detail}"
        if not refusal.fields:
            yield f"{where}: {refusal.detail}"
        yield from (f"{where}: missing: {one}" for one in refusal.missing)
    if rows.unread:
        yield f"not read: {', '.join(rows.unread)}"
    totals = report.totals
    if totals["unnamed"]:
        yield f"{totals['unnamed']} rows have no reference: the same import would record them once more"
    would = "" if report.recorded else "would be "
    yield f"{totals['created']} {would}created, {totals['unchanged']} unchanged, {totals['refused']} refused"
    if not report.recorded:
        yield "nothing was recorded" + (
            ": a row is refused" if report.refused else "; say --commit to record it"
        )
