"""What the log costs: ``python -m bench.logged``. An act with both logs and a signature, and the same act without; an
audit of many entries; a tile. Two databases, asked in turn: only the ratios of one run count.
"""

from __future__ import annotations

import secrets
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from flask import Flask

from tests.world import World
from tracker import migrations
from tracker.actions import statuses
from tracker.actions.operations import auditing, signing
from tracker.actions.operations.signing import Keyring
from tracker.actions.people import OPERATOR
from tracker.app import create_app
from tracker.feeds.log import LogFiles
from tracker.public import events, log
from tracker.settings import Settings
from tracker.store import audit
from tracker.store.database import db

ACTS, ENTRIES = 100, 100_000


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


def approvals(folder: Path) -> None:
    """The same act in two databases, in turn: with both logs and the signature, and with none of them."""
    with tracker(folder, "with") as (app, logged, keyring), tracker(folder, "without") as (bare, other, _key):
        took: dict[str, list[tuple[float, float]]] = {"with": [], "without": []}
        for number in range(ACTS):
            with app.app_context():
                own = logged.again(db.session(), now, secrets.token_bytes)
                took["with"].append(_approve(own, number, lambda world: _signed(world, keyring)))
                db.session.remove()
            nothing = lambda *_: None  # noqa: E731
            with (
                bare.app_context(),
                patch.object(log, "extend", nothing),
                patch.object(audit, "follow", nothing),
            ):
                own = other.again(db.session(), now, secrets.token_bytes)
                took["without"].append(_approve(own, number, lambda _world: None))
                db.session.remove()
    for place, clock in enumerate(("by the clock", "of processor time")):
        without, logged_too = (
            statistics.median(times[place] for times in took[name]) * 1000 for name in ("without", "with")
        )
        print(
            f"an approval, median of {ACTS}, {clock}: {without:.2f} ms without, {logged_too:.2f} ms with logs"
            f" and signature, {logged_too / without:.2f} times"
        )


def _approve(world: World, number: int, after: Callable[[World], None]) -> tuple[float, float]:
    asked = world.recommendation(f"C{number}")
    change = world.propose(asked, "implementation", "not_started")
    started, busy = time.perf_counter(), time.process_time()
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
    after(world)
    return time.perf_counter() - started, time.process_time() - busy


def _signed(world: World, keyring: Keyring) -> None:
    why = signing.sign_after_commit(world.session, keyring.path, now, secrets.token_bytes)
    assert why is None, why


def history(folder: Path) -> None:
    """Many entries: added in one go, audited, and served."""
    with tracker(folder, "many") as (_app, world, keyring):
        with world.act(OPERATOR) as act:
            for _ in range(ENTRIES):
                events.append_event(
                    act.connection,
                    id=act.new_id("event"),
                    kind="key.rotated",
                    now=now(),
                    process=None,
                    subject=None,
                    said={"vkey": keyring.signers[0].public.vkey},
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
        for held, name in ((0, "from the database"), (256, "held in memory")):
            with patch("tracker.feeds.log.HELD", held):
                files = LogFiles(db.engine)
                count = 2000
                started = time.perf_counter()
                for number in range(count):
                    files.read(f"tile/0/{number % 256:03d}")
                each = (time.perf_counter() - started) / count
            print(f"a tile {name}: {each * 1e6:.0f} µs, {1 / each:,.0f} a second on one core")


def main() -> int:
    with TemporaryDirectory() as folder:
        approvals(Path(folder))
        history(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
