"""What every command begins with: the settings, the database, the clock."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tracker import migrations
from tracker.actions.operations import signing
from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import Unit, open_unit, open_view
from tracker.app import open_record, require_database, utc_now
from tracker.database.file_modes import NoDatabase
from tracker.domain.errors import NotFound
from tracker.domain.people import Actor
from tracker.domain.service_errors import Busy, SealingUnavailable
from tracker.sealing.sealer import KeysMissing, Sealer, read_keys
from tracker.settings import Settings
from tracker.store.database import db
from tracker.store.people import find_person_by_name


@dataclass(frozen=True, slots=True)
class ApplicationContext:
    app: Flask
    engine: Engine
    session: Session
    now: datetime
    settings: Settings
    #: Whether each act here is signed as soon as it is done. The worker has a job for that.
    signs: bool = True

    @contextmanager
    def reading(self, by: Actor = OPERATOR) -> Iterator[Unit]:
        """Both sides, to look at."""
        with open_view(self.session, by, self.now, secrets.token_bytes) as opened:
            yield opened

    @contextmanager
    def unit(self, by: Actor = OPERATOR, *, whatever_standing: bool = False) -> Iterator[Unit]:
        """An act of the operator at the machine, or of somebody for whom they act."""
        standing = {"whatever_standing": whatever_standing}
        with open_unit(self.session, by, utc_now, secrets.token_bytes, **standing) as opened:
            yield opened
        key = self.settings.log_key if self.signs else None
        if key is not None and key.exists():
            why = signing.sign_after_commit(self.session, key, utc_now, secrets.token_bytes)
            if why is not None:
                click.echo(f"tracker: the public log is not signed: {why}", err=True)

    def sealer(self) -> Sealer:
        """What sealed fields are sealed with; `SealingUnavailable` without keys."""
        try:
            return Sealer(read_keys(self.settings.sealing_keys), secrets.token_bytes)
        except KeysMissing as error:
            raise SealingUnavailable(str(error)) from None

    def person(self, name: str) -> Actor:
        """Somebody with an account, for whom to act."""
        person = find_person_by_name(self.session, name)
        if person is None or person.suspended_at is not None:
            raise NotFound(
                f"there is nobody called {name!r}, or they are suspended; see `tracker people list`"
            )
        return person.actor


@contextmanager
def open_application(
    settings: Settings | None = None, *, at_head: bool = True, new: bool = False
) -> Iterator[ApplicationContext]:
    """The tracker that the settings name; refused where its database has another schema. Only what makes a
    tracker may name a ``new`` database."""
    settings = settings or Settings.from_environment()
    if not new:
        try:
            require_database(settings)
        except NoDatabase as error:
            raise click.ClickException(str(error)) from None
    app = open_record(settings)
    with app.app_context():
        try:
            if (shape := _shape()) != migrations.head() and at_head:
                raise click.ClickException(
                    f"the database does not have the schema of this version; {migrations.name_remedy(shape)}"
                )
            yield ApplicationContext(app, db.engine, db.session(), utc_now(), settings)
        finally:
            db.session.remove()
            db.engine.dispose()


def _shape() -> str | None:
    """The revision of the database. Ends the command, in one line, where the database cannot be asked."""
    try:
        return migrations.current(db.engine)
    except (DBAPIError, Busy) as error:
        why = _describe_cause(error)
    click.echo(f"tracker: the database that TRACKER_DATABASE_URL names cannot be used: {why}", err=True)
    sys.exit(1)


def _describe_cause(error: DBAPIError | Busy) -> str:
    """The first line of what the driver says: it names the file, the server or the database."""
    cause = error.orig if isinstance(error, DBAPIError) else error.__cause__ or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]


def show_result(value: Any, as_json: bool, lines: Iterator[str] | list[str]) -> None:
    """Say it for a program or for a person."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    else:
        for line in lines:
            click.echo(line)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
