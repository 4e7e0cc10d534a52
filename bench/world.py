"""The data that are measured: made once, found again when a folder is kept."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import Engine

from bench import checked
from bench.copies import Copier
from bench.template import CHANGES, ITEMS, RECOMMENDATIONS, Template
from tracker import migrations
from tracker.actions.operations import signing
from tracker.cli.application_context import open_application
from tracker.settings import Settings
from tracker.store.database import prepare_engine

N = 10_000


@dataclass(frozen=True, slots=True)
class World:
    """A database with data in it, and the key that approves."""

    settings: Settings
    key: str
    size: int

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TRACKER_DATABASE_URL": self.settings.database_url,
            "TRACKER_SECRET_KEY": self.settings.secret_key,
            "TRACKER_LOG_KEY": str(self.settings.log_key),
            "TRACKER_RATE_LIMIT": "1000000/second",
            "TRACKER_LOG_LEVEL": "warning",
        }

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        engine: Engine = create_engine(self.settings.database_url)
        prepare_engine(engine, self.settings.time_limit)
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def make(url: str, scale: float, log_key: Path) -> World:
    """Fill an empty database: one process by the acts, the others as copies of it; held against the acts on the way.
    ``log_key``: where the key of its log is written, with which servers sign."""
    settings = Settings(url, secrets.token_urlsafe(48), time_limit=600, log_key=log_key)
    processes = max(2, int(N * scale) // RECOMMENDATIONS)
    say(
        f"{processes:,} processes: {processes * RECOMMENDATIONS:,} recommendations, "
        f"{processes * RECOMMENDATIONS * CHANGES:,} status changes, {processes * ITEMS:,} items of evidence"
    )
    started = time.monotonic()
    with open_application(settings, at_head=False, new=True) as at:
        migrations.upgrade(at.engine)
        with at.unit() as unit:
            signing.create_log(unit, "bench.example/log", log_key)
        template = Template(at.session, at.now)
        base = template.base()
        template.process(base)
        say(f"one process by the real acts: {time.monotonic() - started:.0f} s")
        copier = Copier(at.engine)
        copier.write(1, 2)
        at.session.expunge_all()
        checked.whole(at.session)
        say("its copy and itself: every document, every act and the record agree")
        copier.write(2, processes, lambda done: _progress(done + 1, processes))
        with at.unit() as _everything:
            pass  # what was copied enters both logs
        with at.engine.connect() as connection:
            held = checked.sample(connection)
        say(f"{held} documents of all held against the acts; loaded in {time.monotonic() - started:.0f} s")
    return World(settings, base.key, processes * RECOMMENDATIONS)


def of_folder(folder: Path, scale: float) -> World:
    """The data of this scale in a folder: those that are there, or made now."""
    folder.mkdir(parents=True, exist_ok=True)
    named = (folder / f"scale-{scale:g}.{kind}" for kind in ("db", "keys", "log"))
    database, known, log_key = (path.resolve() for path in named)
    if known.exists():
        secret, key, size = known.read_text().split()
        say(f"the data of {database}")
        return World(Settings(f"sqlite:///{database}", secret, log_key=log_key), key, int(size))
    for path in (*(Path(f"{database}{name}") for name in ("", "-wal", "-shm", ".lock")), log_key):
        path.unlink(missing_ok=True)
    made = make(f"sqlite:///{database}", scale, log_key)
    with os.fdopen(os.open(known, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{made.settings.secret_key} {made.key} {made.size}")
    return made


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def _progress(done: int, of: int) -> None:
    if done == of or done % 200 < 20:
        say(f"{done:,} of {of:,} processes")
