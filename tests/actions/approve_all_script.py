"""Approves every open proposal of a database, one act each, and says each id once it is safe. Killed by a test."""

from __future__ import annotations

import secrets
import sys
from datetime import UTC, datetime

from sqlalchemy import select

from tracker.actions import statuses
from tracker.actions.support.unit import open_unit
from tracker.app import create_app
from tracker.settings import Settings
from tracker.store.database import db
from tracker.store.people import Person
from tracker.store.statuses import StatusChange

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def main(url: str, secret: str) -> None:
    with create_app(Settings(url, secret)).app_context():
        session = db.session()
        approver = session.scalars(select(Person).where(Person.name == "approver")).one().actor
        waiting = session.scalars(select(StatusChange.id).where(StatusChange.decision == "proposed")).all()
        session.rollback()
        for change in waiting:
            with open_unit(session, approver, NOW, secrets.token_bytes) as act:
                statuses.approve_status_change(act, change)
            print(change, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
