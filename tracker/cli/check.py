"""``tracker check``: is everything there that this tracker needs?"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final
from urllib.parse import urlsplit

import click

from tracker.actions.operations.readiness import (
    Finding,
    check_disk,
    check_jobs,
    check_mail,
    check_people,
    check_provider,
    check_server,
)
from tracker.actions.operations.storage_readiness import check_storage
from tracker.app import open_replica, open_store, require_database
from tracker.cli.application_context import ApplicationContext, as_json, open_application, show_result
from tracker.cli.jobs import JOBS
from tracker.database.file_damage import find_damage
from tracker.database.file_modes import NoDatabase, find_sqlite_file
from tracker.outgoing.addresses import is_this_machine
from tracker.settings import Settings

_MARKS: Final = {"right": "right  ", "wrong": "WRONG  ", "not_yet": "not yet"}


@click.command()
@as_json
def check(as_json: bool) -> None:
    """Check the installation: say what is right, what is wrong, and what is missing. Ends with 1 if something is wrong.

    \b
    Example:   tracker check
    """
    settings = Settings.from_environment()
    try:
        require_database(settings)
    except NoDatabase as error:
        findings = [Finding("database", "wrong", str(error)), _check_address(settings.base_url)]
    else:
        with open_application(settings, at_head=False) as at:
            findings = list(_check_all(settings, at))
    lines = [f"{_MARKS[one.state]}  {one.name}: {one.detail}" for one in findings]
    show_result([asdict(one) for one in findings], as_json, lines)
    if any(one.state == "wrong" for one in findings):
        sys.exit(1)


def _check_all(settings: Settings, at: ApplicationContext) -> Iterator[Finding]:
    files = open_store(settings, secrets.token_bytes)
    replica = open_replica(settings)
    findings = list(check_server(at.engine, files, settings.sealing_keys, settings.log_key, at.now, replica))
    yield from findings
    if (path := find_sqlite_file(at.engine.url)) is not None:
        yield from (Finding("database", "wrong", fault) for fault in find_damage(at.engine))
        yield check_disk(path)
    yield _check_address(settings.base_url)
    if next(one for one in findings if one.name == "database").state == "right":
        yield from check_storage(at.session, settings.sealing_keys)
        names = [name for name, job in JOBS.items() if job.needs(settings)]
        yield from check_jobs(at.session, names, at.now)
        yield check_mail(at.session, settings.mail)
        yield check_provider(settings.provider)
        yield from check_people(at.session)


def _check_address(base_url: str) -> Finding:
    """Whether what leaves this machine is encrypted on its way."""
    parts = urlsplit(base_url)
    if parts.scheme == "https":
        return Finding("address", "right", base_url)
    if is_this_machine(parts.hostname or ""):
        return Finding("address", "not_yet", f"{base_url}: only this machine can reach it")
    return Finding(
        "address", "wrong", f"{base_url} is not encrypted: TRACKER_BASE_URL must begin with https://"
    )
