"""``tracker demo``: a tracker with the real cases in it, for somebody who has just arrived."""

from __future__ import annotations

import json
import os
import secrets
import socket
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import click
from sqlalchemy import select

from tracker.actions import people
from tracker.cli import cases
from tracker.cli.application_context import ApplicationContext
from tracker.cli.installation import make_installation
from tracker.cli.ports import base_url, bind_port
from tracker.cli.serve import run_server
from tracker.database.file_modes import write_private
from tracker.store.watchdogs import Watchdog

#: Who is there beside those who loaded the cases: to destroy something takes two custodians.
CUSTODIANS: Final = ("demo-custodian", "demo-custodian-2")
#: Speaks for a watchdog of the cases, as an account of that organization would.
WATCHDOG: Final = "demo-watchdog"


@click.command()
@click.option(
    "--dir", "folder", default="var/demo", show_default=True, type=click.Path(path_type=Path, file_okay=False)
)
@click.option("--serve", "and_serve", is_flag=True, help="Serve it when it is loaded.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(folder: Path, and_serve: bool, host: str, port: int) -> None:
    """Make a tracker in a folder, load the real cases, and say where to look and how to log in.

    \b
    Example:   tracker demo --serve
    """
    if not and_serve:
        _make_folder(folder, host, port, None)
        return
    with bind_port(host, port, "tracker demo --serve") as listener:  # before anything is made or printed
        _make_folder(folder, host, port, listener)


def _make_folder(folder: Path, host: str, port: int, listener: socket.socket | None) -> None:
    made = make_installation(folder, base_url(host, port), first=partial(_load_into, folder / "keys.json"))
    keys: dict[str, str] = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
    base = base_url(host, port)  # a demo may be served at another port than last time
    _print_start(base, keys, made.verifying_key(), listener is not None)
    if listener is not None:
        os.environ |= {**made.read_settings(), "TRACKER_BASE_URL": base}
        run_server(listener)


def _load_into(keys: Path, at: ApplicationContext) -> None:
    if not keys.exists():
        write_private(keys, json.dumps(_load_cases(at)))


def _load_cases(at: ApplicationContext) -> dict[str, str]:
    with click.progressbar(length=1, label="loading the real cases", file=None) as bar:
        names = cases.load_case(
            at.session, at.now, secrets.token_bytes, progress=lambda done, of: _move_folder(bar, done, of)
        )
    with at.unit() as unit:
        for name in CUSTODIANS:
            people.add_person(unit, name, ("custodian",))
        organization = unit.session.scalar(select(Watchdog.organization_id).limit(1))
        people.add_person(unit, WATCHDOG, ("watchdog",), organization)
    return {name: _issue_key(at, name) for name in (*names, WATCHDOG, *CUSTODIANS)}


def _move_folder(bar: object, done: int, of: int) -> None:
    bar.length = of  # type: ignore[attr-defined]
    bar.update(done - bar.pos)  # type: ignore[attr-defined]


def _issue_key(at: ApplicationContext, name: str) -> str:
    with at.unit() as unit:
        return people.issue_key(unit, name, days=timedelta(days=365).days)[1]


def _print_start(base: str, keys: dict[str, str], vkey: str, and_serve: bool) -> None:
    click.echo(f"""
Look        {base}/            pages to read, in English, Arabic and French
            {base}/feeds/syria-coast/status.json
            {base}/feeds/syria-coast/changes.json
Log in      with one of these keys, as `Authorization: Bearer …`""")
    for name, key in keys.items():
        click.echo(f"              {name:18} {key}")
    click.echo(
        f"""            curl -H 'Authorization: Bearer {next(iter(keys.values()))}' {base}/v1/processes
Verify      .venv/bin/tracker log verify {base}/log --vkey '{vkey}'
Stop        Ctrl-C; a second `make run` starts the same tracker again"""
        if and_serve
        else "Serve it    tracker demo --serve"
    )
