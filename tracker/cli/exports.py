"""``tracker export``: the working record as lines of JSON, as `GET /v1/exports` answers it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from tracker.actions import exports
from tracker.cli.application_context import open_application
from tracker.domain.people import Actor
from tracker.store.database import open_snapshot
from tracker.store.viewer import Viewer

#: The operator at the machine reads its database anyway.
READER: Final = Actor("operator", frozenset({"custodian"}))


@click.command()
@click.option("--process", help="The slug or id of a process; everything where left out.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(tuple(exports.EXPORTED)), help="Several may be given."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; else standard output."
)
def export(process: str | None, kinds: tuple[str, ...], output: Path | None) -> None:
    """Write the record, drafts and confidential items included, one thing on each line. The last line counts them.

    \b
    Example:   tracker export --process syria-coast -o record.ndjson
    """
    with open_application() as at:
        chosen = None if process is None else exports.find_process(Viewer(at.session, READER), process)
        with open_snapshot(at.engine) as session:
            lines = exports.export_lines(Viewer(session, READER), chosen, kinds)
            if output is None:
                sys.stdout.buffer.writelines(lines)
            else:
                write_atomically(output, lines)


def write_atomically(output: Path, lines: Iterable[bytes]) -> None:
    """Whole or not at all, and for nobody else's eyes."""
    unfinished = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
