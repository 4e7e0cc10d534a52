"""``tracker fixity`` and ``tracker evidence``: the bytes of evidence, for the operator."""

from __future__ import annotations

import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click
from structlog.typing import FilteringBoundLogger

from tracker import logging
from tracker.actions import custody, evidence_packages
from tracker.actions.operations import fixity as actions_fixity
from tracker.actions.operations.fixity import Checked
from tracker.app import open_store, utc_now
from tracker.cli.application_context import ApplicationContext, as_json, open_application, show_result
from tracker.cli.exports import write_atomically
from tracker.cli.releases import release
from tracker.domain.custody import RECIPIENTS
from tracker.domain.people import Actor
from tracker.files.files import Files
from tracker.settings import Settings
from tracker.store import custody as store_custody
from tracker.store.database import open_snapshot
from tracker.store.viewer import Viewer

#: The operator at the machine has its files anyway.
KEEPER: Final = Actor("operator", frozenset({"custodian"}))


@click.group()
def fixity() -> None:
    """Check that the bytes of evidence are still those that were recorded."""


@fixity.command("check")
@click.option("--limit", type=click.IntRange(1), help="Read at most so many files, longest unread first.")
@as_json
def check(limit: int | None, as_json: bool) -> None:
    """Read every file again and compare its digest and size. Exit 1 where one differs, is missing or cannot be read.

    Each result is written to the custody of its item. The worker reads all files once in 30 days; this does not wait.

    \b
    Example:   tracker fixity check --limit 1000
    """
    settings = Settings.from_environment()
    with open_application(settings) as at:
        store = require_files(settings)
        ids = store_custody.list_files_to_check(at.session, limit)
        results = actions_fixity.check_files(at.session, KEEPER, utc_now, secrets.token_bytes, store, ids)
        if sys.stderr.isatty():
            with click.progressbar(results, length=len(ids), label="files", file=sys.stderr) as shown:
                outcomes = list(shown)
        else:
            outcomes = list(results)
    wrong = [one for one in outcomes if not one.good]
    raise_alarm(logging.make_logger(settings.log_level), wrong)
    summary: dict[str, Any] = {
        "checked": len(outcomes),
        "wrong": [{"file": one.file, "evidence": one.evidence, "found": one.found} for one in wrong],
    }
    lines = [f"{one.file} of {one.evidence} is {one.found}" for one in wrong]
    show_result(
        summary, as_json, [*lines, f"{len(outcomes)} files read, {len(wrong)} of them not as recorded"]
    )
    if wrong:
        sys.exit(1)


def raise_alarm(log: FilteringBoundLogger, wrong: list[Checked]) -> None:
    """Say in the server log which files are not as they were recorded."""
    for outcome in wrong:
        log.error("fixity", file=outcome.file, evidence=outcome.evidence, found=outcome.found)


@fixity.command()
@click.option(
    "--hours", default=24, show_default=True, type=click.IntRange(1), help="Leave alone what is younger."
)
def sweep(hours: int) -> None:
    """Delete bytes that no record names: uploads that broke off, or whose record did not come about.

    \b
    Example:   tracker fixity sweep --hours 48
    """
    settings = Settings.from_environment()
    with open_application(settings) as at:
        swept = actions_fixity.sweep_orphans(
            at.session, require_files(settings), at.now - timedelta(hours=hours)
        )
    click.echo(f"{swept} leftovers thrown away")


@click.group()
def evidence() -> None:
    """Hand over items of evidence with their files, and publish what waited."""


evidence.add_command(release)


@evidence.command()
@click.argument("id")
@click.option(
    "--for", "recipient", required=True, type=click.Choice(RECIPIENTS), help="Whom it is handed over to."
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
def package(id: str, recipient: str, output: Path) -> None:
    """Write the item ID with its files, custody and history as a BagIt bag in a ZIP. Its custody says so.

    \b
    Example:   tracker evidence package evd_… --for court -o evd_….zip
    """
    settings = Settings.from_environment()
    with open_application(settings) as at:
        with at.unit(KEEPER) as act:
            custody.hand_over(act, id, recipient)
        _write(at, settings, id, output)
    click.echo(f"{output} is written")


def _write(at: ApplicationContext, settings: Settings, id: str, output: Path) -> None:
    with open_snapshot(at.engine) as session:
        made = evidence_packages.build_package(
            Viewer(session, KEEPER), require_files(settings), id, at.now, settings.log_key
        )
        write_atomically(output, made)


def require_files(settings: Settings) -> Files:
    """Where the files of evidence lie. `click.ClickException` where no place is set."""
    files = open_store(settings, secrets.token_bytes)
    if files is None:
        raise click.ClickException("no place for files is set; set TRACKER_FILES")
    return files
