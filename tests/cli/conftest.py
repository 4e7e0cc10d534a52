"""`tracker …` in this process, and the shipped cases, loaded once for all tests that read them."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, insert
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from tests.cli.public_side import NOW, Public
from tests.conftest import SECRET, Clock
from tests.made_once import make_once
from tests.public.assertions import opened as inhabited
from tests.world import World
from tracker import cli
from tracker.actions.support.derived_data import HOOKS
from tracker.actions.support.unit import guard_sessions
from tracker.cli import application_context as opening
from tracker.cli.cases import load_case
from tracker.migrations.tables.transitions import list_transitions
from tracker.public.tables import metadata
from tracker.store import audit, models  # noqa: F401  # so that every table is known
from tracker.store.base import Base
from tracker.store.database import prepare_engine
from tracker.store.tracks import Transition


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    out: str
    err: str


Tracker = Callable[..., Said]


@pytest.fixture
def tracker(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tracker:
    """`tracker …` in this process, with a database at head and a clock that stands still."""
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TRACKER_SECRET_KEY", SECRET)
    monkeypatch.setattr(opening, "utc_now", lambda: NOW)

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["tracker", *arguments])
        status: int | str | None = 0
        try:
            cli.main()
        except SystemExit as done:
            status = done.code or 0
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert isinstance(status, int)
        return Said(status, said.out, said.err)

    return run


@pytest.fixture
def made(sqlite_url: str, world_template: tuple[Path, World]) -> World:
    """The world in the database that the commands open; it is closed again before they do."""
    with inhabited(sqlite_url, world_template[1], Clock(), Random(1).randbytes) as (_app, world):
        world.session.rollback()
    return world


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(name: str, text: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def opened(path: Path) -> Iterator[Session]:
    """A session on the database at ``path``, which is made where it is not there."""
    there = path.exists()
    engine = create_engine(f"sqlite:///{path}")
    prepare_engine(engine, 10)
    if not there:
        Base.metadata.create_all(engine)
        metadata.create_all(engine)
        with engine.begin() as connection:
            connection.execute(insert(Transition), list(list_transitions()))
    sessions = scoped_session(sessionmaker(engine, expire_on_commit=False))
    guard_sessions(sessions, HOOKS)
    with sessions() as session:
        yield session
    engine.dispose()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Session]:
    yield from opened(tmp_path / "empty.db")


@pytest.fixture(scope="session")
def cases_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where both cases were loaded, once for all processes of the run, and what was told of the progress."""
    return make_once(tmp_path_factory, "cases", _load_cases)


def _load_cases(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    for session in opened(folder / "tracker.db"):
        load_case(session, NOW, Random(1).randbytes, progress=lambda done, of: told.append((done, of)))
    (folder / "progress.json").write_text(json.dumps(told))


@pytest.fixture(scope="session")
def _loaded(cases_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    own = tmp_path_factory.mktemp("cases") / "tracker.db"
    shutil.copy(cases_folder / "tracker.db", own)
    yield from opened(own)


@pytest.fixture
def loaded(_loaded: Session) -> Iterator[Session]:
    """Both cases. Tests only read them; what one leaves open is undone."""
    yield _loaded
    _loaded.rollback()


@pytest.fixture
def connection(loaded: Session) -> Connection:
    return loaded.connection()


@pytest.fixture
def canada(connection: Connection) -> Public:
    return Public(connection, "trc-canada")


@pytest.fixture
def syria(connection: Connection) -> Public:
    return Public(connection, "syria-coast")
