"""What a long log costs: ``python -m bench.logged``. Entries that are added, an audit of them, a tile.

`bench.acts` says what both logs and the signature take of an approval.
"""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from tests.world import World
from tracker import migrations
from tracker.actions.operations import auditing, signing
from tracker.actions.operations.signing import Keyring
from tracker.actions.people import OPERATOR
from tracker.app import create_app
from tracker.feeds.cache import PageCache
from tracker.feeds.log import LogFiles
from tracker.public import events, log
from tracker.settings import Settings
from tracker.store.database import db

ENTRIES = 100_000
#: Bytes of answers that a server keeps in memory.
KEPT = 16 * 2**20


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def tracker(folder: Path, name: str, url: str | None = None) -> Iterator[tuple[Flask, World, Keyring]]:
    """A tracker with a log: in a file of SQLite, or in the empty database at ``url``."""
    url = url or f"sqlite:///{folder / name}.db"
    app = create_app(Settings(url, secrets.token_urlsafe(48), time_limit=600))
    with app.app_context():
        migrations.upgrade(db.engine)
        world = World(db.session(), now, secrets.token_bytes)
        with world.act(OPERATOR) as act:
            keyring = signing.create_log(act, "bench.example/log", folder / f"{name}.key")
        yield app, world, keyring
        db.session.remove()
        db.engine.dispose()


def main() -> int:
    """Many entries: added in one go, audited, and served."""
    with TemporaryDirectory() as folder, tracker(Path(folder), "many") as (_app, world, keyring):
        with world.act(OPERATOR) as act:
            for _ in range(ENTRIES):
                events.append_event(
                    act.connection,
                    id=act.new_id("event"),
                    kind="key.rotated",
                    now=now(),
                    process=None,
                    subject=None,
                    data={"vkey": keyring.signers[0].public.vkey},
                    salt=secrets.token_bytes(32),
                )
            started = time.perf_counter()
            log.extend_log(act.connection)
            print(f"{ENTRIES:,} entries added: {(time.perf_counter() - started) / ENTRIES * 1e6:.0f} µs each")
        with world.act(OPERATOR) as act:
            signing.sign_log(act, keyring)
        started = time.process_time()
        found = auditing.audit_logs(world.session, keyring)
        print(
            f"the audit of {ENTRIES:,} entries: {time.process_time() - started:.1f} s, {len(found)} findings"
        )
        world.session.rollback()
        for kept, name in ((0, "from the database"), (KEPT, "kept in memory")):
            files = LogFiles(db.engine, PageCache(kept, builds=1, waiting=1))
            count = 2000
            started = time.process_time()
            for number in range(count):
                files.read(f"tile/0/{number % 256:03d}")
            each = (time.process_time() - started) / count
            print(f"a tile {name}: {each * 1e6:.0f} µs, {1 / each:,.0f} a second on one core")
    return 0


if __name__ == "__main__":
    sys.exit(main())
