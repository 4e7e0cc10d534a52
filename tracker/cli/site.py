"""``tracker export-site``: the public record without a server."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import create_environ

from tracker.app import attach_doors
from tracker.cli.application_context import ApplicationContext, open_application
from tracker.cli.log_files import write_log_files
from tracker.cli.static_site import Ask, StaticSite, list_seeds, write_chooser
from tracker.domain.service_errors import Busy, Unexpected
from tracker.public.queries import LAST_ACT
from tracker.settings import Settings

#: How often it is begun again where something becomes public meanwhile.
_TRIES: Final = 3


@click.command("export-site")
@click.argument("folder", type=click.Path(path_type=Path))
def export_site(folder: Path) -> None:
    """Write the public record as plain files: pages, feeds, exports, documents and the signed log.

    FOLDER must not exist yet. The site opens from the folder, and under any host. Two exports of the same record on the
    same day are the same, byte for byte.

    \b
    Example:   tracker export-site /srv/mirror/2026-11-27
    """
    if folder.exists():
        raise click.ClickException(f"{folder} exists; name a folder that does not")
    settings = Settings.from_environment()
    with open_application(settings) as at:
        # One moment for all of it: days late are the same in every file.
        # Nobody takes a form of a file, so no page leads to one.
        attach_doors(at.app, replace(settings, mail=None), lambda: at.now, secrets.token_bytes)
        unfinished = folder.with_name(f".{folder.name}.unfinished")
        try:
            for _try in range(_TRIES):
                shutil.rmtree(unfinished, ignore_errors=True)
                unfinished.mkdir(parents=True)
                if _write_site(at, settings.base_url, unfinished):
                    unfinished.rename(folder)
                    number = sum(path.is_file() for path in folder.rglob("*"))
                    click.echo(f"{number} files; open {folder / 'index.html'}")
                    return
            raise Busy("something became public while the site was written; call it again when it is quiet")
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _write_site(at: ApplicationContext, base: str, folder: Path) -> bool:
    """Whether the public record stayed as it was meanwhile."""
    with at.engine.connect() as connection:
        before = _read_state(connection)
        seeds = list(list_seeds(connection))
    StaticSite(ask_application(at.app, base), base, folder).write(seeds)
    with at.engine.connect() as connection:
        write_log_files(connection, folder / "log")
        write_chooser(connection, folder)
        return _read_state(connection) == before


def _read_state(connection: Connection) -> tuple[Any, ...]:
    return tuple(connection.execute(LAST_ACT).one())


def ask_application(app: Flask, base: str) -> Ask:
    """What the tracker answers to a stranger, without a server. An accident ends the export."""

    def ask(address: str) -> tuple[str, Iterable[bytes]] | None:
        status, headers = "", {}

        def start(given: str, given_headers: list[tuple[str, str]], *_more: Any) -> None:
            nonlocal status, headers
            status, headers = given, {name.lower(): value for name, value in given_headers}

        pieces = app.wsgi_app(create_environ(address, base), start)  # type: ignore[arg-type]
        if status.startswith("5"):
            raise Unexpected(f"{address} could not be read: {status}")
        return (headers["content-type"].partition(";")[0], pieces) if status.startswith("200") else None

    return ask
