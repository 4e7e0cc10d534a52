"""Releases everything that is due in a database, and says each id once it is safe. Killed by a test."""

from __future__ import annotations

import secrets
import sys
from datetime import UTC, datetime
from functools import partial

from tracker.actions.operations import release_batch
from tracker.actions.support.unit import open_unit
from tracker.app import create_app
from tracker.settings import Settings
from tracker.store.database import db

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def main(url: str, secret: str) -> None:
    with create_app(Settings(url, secret)).app_context():
        session = db.session()
        opened = partial(open_unit, session, now=NOW, entropy=secrets.token_bytes)
        for id in release_batch.list_due_releases(session, NOW, secrets.token_bytes):
            if release_batch.release_thing(session, id, opened) is not None:
                print(id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
