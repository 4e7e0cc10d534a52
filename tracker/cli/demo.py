"""``tracker demo``: a tracker with the real cases in it, for somebody who has just arrived."""

from __future__ import annotations

import json
import secrets
import socket
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import click
from sqlalchemy import select

from tracker.actions import keys as actions_keys
from tracker.actions import passwords, people, second_factors
from tracker.cli import cases
from tracker.cli.application_context import ApplicationContext
from tracker.cli.environment import set_environment
from tracker.cli.installation import Installation, make_installation
from tracker.cli.ports import base_url, bind_port
from tracker.cli.serve import list_tasks, run_server
from tracker.database.file_modes import write_private
from tracker.domain import one_time_codes
from tracker.sealing.sealer import Sealer, read_keys
from tracker.settings import Settings
from tracker.store.organizations import Organization
from tracker.store.watchdogs import Watchdog

#: Who is there beside those who loaded the cases: to destroy something, and to give roles, takes two people.
OTHERS: Final = {
    "demo-custodian": "custodian",
    "demo-custodian-2": "custodian",
    "demo-admin": "admin",
    "demo-admin-2": "admin",
}
#: Speaks for a watchdog of the cases, as an account of that organization would.
WATCHDOG: Final = "demo-watchdog"
#: Reads what is shared with an organization of the cases.
PARTNER: Final = "demo-partner"
#: What opens its doors, in its folder: keys of the API; password and phone for the desk.
_KEYS, _LOGIN = "keys.json", "login.json"


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
    with bind_port(
        host, port, "tracker demo --serve --port "
    ) as listener:  # before anything is made or printed
        _make_folder(folder, host, port, listener)


def _make_folder(folder: Path, host: str, port: int, listener: socket.socket | None) -> None:
    made = make_installation(folder, base_url(host, port), first=partial(_load_into, folder))
    keys, login = (json.loads((folder / name).read_text(encoding="utf-8")) for name in (_KEYS, _LOGIN))
    base = base_url(host, port)  # a trial may be served at another port than last time
    _print_pages(base, list(keys), **login)
    _print_interface(base, keys, made.verifying_key())
    click.echo(
        "Stop        Ctrl-C; a second `make run` starts the same tracker again"
        if listener
        else "Serve it    tracker demo --serve"
    )
    if listener is not None:
        with (
            set_environment({**made.read_settings(), "TRACKER_BASE_URL": base}),
            list_tasks(Settings.from_environment()) as tasks,
        ):
            run_server(listener, tasks)


def _load_into(folder: Path, at: ApplicationContext) -> None:
    keys, login = folder / _KEYS, folder / _LOGIN
    if not keys.exists():
        write_private(keys, json.dumps(_load_cases(at)))
    if not login.exists():
        names = list(json.loads(keys.read_text(encoding="utf-8")))
        write_private(login, json.dumps(_let_in(at, names, Installation(folder).sealing_keys)))


def _load_cases(at: ApplicationContext) -> dict[str, str]:
    with click.progressbar(length=1, label="loading the real cases", file=None) as bar:
        names = cases.load_case(
            at.session, at.now, secrets.token_bytes, progress=lambda done, of: _move_folder(bar, done, of)
        )
    with at.unit() as unit:
        for name, role in OTHERS.items():
            people.add_person(unit, name, (role,))
        organization = unit.session.scalar(select(Watchdog.organization_id).limit(1))
        people.add_person(unit, WATCHDOG, ("watchdog",), organization)
        others = select(Organization.id).where(Organization.id != organization).order_by(Organization.slug)
        people.add_person(unit, PARTNER, ("partner",), unit.session.scalar(others.limit(1)))
    return {name: _issue_key(at, name) for name in (*names, WATCHDOG, PARTNER, *OTHERS)}


def _move_folder(bar: object, done: int, of: int) -> None:
    bar.length = of  # type: ignore[attr-defined]
    bar.update(done - bar.pos)  # type: ignore[attr-defined]


def _issue_key(at: ApplicationContext, name: str) -> str:
    with at.unit() as unit:
        return actions_keys.issue_key(unit, name, days=timedelta(days=365).days)[1]


def _let_in(at: ApplicationContext, names: list[str], keys: Path) -> dict[str, str]:
    """A password and a phone's secret for everybody here, the same for all: nobody but the owner of the folder reads
    them, and what they open is a trial."""
    password = "-".join(secrets.token_hex(2) for _part in range(4))
    sealer = Sealer(read_keys(keys), secrets.token_bytes)
    secret = one_time_codes.write_secret(secrets.token_bytes(one_time_codes.SECRET_BYTES))
    for name in names:
        checked = passwords.check_reset(at.session, people.OPERATOR, name, password)
        with at.unit() as unit:
            passwords.set_password(unit, checked)
            second_factors.set_second_factor(unit, checked.person, secret, sealer)
    return {"password": password, "secret": secret}


def _print_pages(base: str, names: list[str], password: str, secret: str) -> None:
    click.echo(f"""
Read        {base}/            pages in English, Arabic and French
Work        {base}/desk        log in as one of {", ".join(names)}
              password        {password}
              code            .venv/bin/tracker people code {secret}
            This password and this secret are for the trial only; every account of it has the same.""")


def _print_interface(base: str, keys: dict[str, str], vkey: str) -> None:
    click.echo(f"""
Program     {base}/docs/api            the interface, operation by operation
            {base}/feeds/syria-coast/status.json
            curl -H 'Authorization: Bearer {next(iter(keys.values()))}' {base}/v1/processes""")
    for name, key in keys.items():
        click.echo(f"              {name:18} {key}")
    click.echo(f"Verify      .venv/bin/tracker log verify {base}/log --vkey '{vkey}'")
