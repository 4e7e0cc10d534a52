"""What tests share: databases, a clock that is held still, randomness that repeats, and a small world to act in."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests import savings, tracing
from tests.api.factories import Stage
from tests.contract.client import ContractClient
from tests.draws import draws
from tests.postgres import ReusedDatabase, connect_server, create_database, name_database
from tests.services import NO_POSTGRES, POSTGRES
from tests.world import World
from tracker import migrations
from tracker.app import create_app, set_context
from tracker.outgoing.identity_provider import Provider
from tracker.sealing.sealer import add_key
from tracker.settings import Settings
from tracker.store.database import db

settings.register_profile(
    "tracker", deadline=None, max_examples=draws(50), suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tracker")

Made = TypeVar("Made")
SECRET = "a-secret-for-tests-only-0123456789-abcdefgh"


def pytest_configure(config: pytest.Config) -> None:
    for plugin in (tracing, savings):
        config.pluginmanager.register(plugin)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **step: float) -> None:
        self.now += timedelta(**step)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def entropy() -> Callable[[int], bytes]:
    """Repeatable randomness: the same test gets the same ids."""
    return Random(20250309).randbytes


@contextmanager
def close_in_one_file() -> Iterator[None]:
    """Leave the SQLite database of the current application in one file that can be copied."""
    yield
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at head, made by the migrations once and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "tracker.db"
    app = create_app(Settings(f"sqlite:///{path}", SECRET))
    with app.app_context(), close_in_one_file():
        migrations.upgrade(db.engine)
    return path


Lots = tuple[Clock, Callable[[int], bytes]]
#: Makes a template of its own for a test file: what the function makes of the world, and the database with it.
MakeTemplate = Callable[[Callable[[World], Made]], tuple[Path, Made]]


@pytest.fixture(scope="session")
def world_template(
    sqlite_template: Path, sqlite_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World]:
    """The world of `tests.world`, acted out once and copied for each test that asks for it."""
    with act_in_copy(sqlite_template, sqlite_folder, tmp_path_factory, 0) as (path, _app, lots):
        return path, World(db.session(), *lots)


@pytest.fixture(scope="session")
def stage_template(
    world_template: tuple[Path, World], sqlite_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Stage]:
    """The stage of `tests.api.factories` in that world, the same way."""
    with act_in_copy(world_template[0], sqlite_folder, tmp_path_factory, 1) as (path, app, lots):
        return path, Stage(app, app.test_client(), world_template[1].again(db.session(), *lots))


@pytest.fixture(scope="session")
def make_template(
    world_template: tuple[Path, World], sqlite_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> MakeTemplate[Any]:
    """For a fixture `own_template` of a test file, with which each of its tests that asks for it begins."""

    def make_own(make: Callable[[World], Made]) -> tuple[Path, Made]:
        with act_in_copy(world_template[0], sqlite_folder, tmp_path_factory, 2) as (path, _app, lots):
            return path, make(world_template[1].again(db.session(), *lots))

    return make_own


@pytest.fixture(scope="session")
def scenes_template(make_template: MakeTemplate[Any]) -> tuple[Path, Any]:
    """The world of the pages: `tests.web.scenes.Scenes`."""
    from tests.web.scenes import Scenes  # noqa: PLC0415  # the same

    return make_template(Scenes)


@pytest.fixture(scope="session")
def furnished_template(make_template: MakeTemplate[Any]) -> tuple[Path, Any]:
    """The world of the desk: `tests.web.desk.furnished.Furnished`."""
    from tests.web.desk.furnished import Furnished  # noqa: PLC0415  # the same

    return make_template(Furnished)


@pytest.fixture
def furnished(app: Flask, world: World, furnished_template: tuple[Path, Any]) -> Any:
    """A tracker in which every screen of the desk has something to show."""
    return furnished_template[1].again(world, app)


@pytest.fixture(scope="session")
def seeded(make_template: MakeTemplate[World]) -> Any:
    """A world with something of every kind, to be copied for each sequence of acts: `tests.public.factories.Seeded`."""
    from tests.public.factories import Seeded, prepare  # noqa: PLC0415  # it is made of what stands here

    return Seeded(*make_template(prepare))


@contextmanager
def act_in_copy(
    template: Path, folder: Path, factory: pytest.TempPathFactory, part: int
) -> Iterator[tuple[Path, Flask, Lots]]:
    """An application on a copy of this database, with its clock and randomness. What was done there lies at the path,
    when the block has ended."""
    path = factory.mktemp("template") / "tracker.db"
    url = place_copy(template, folder)
    lots = act_out(part)
    with lend_app(url, *lots) as app, app.app_context(), close_in_one_file():
        yield path, app, lots
    shutil.copy(folder / "tracker.db", path)


def place_copy(template: Path, folder: Path) -> str:
    """The address of a copy in this folder, in which nothing else is left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(template, folder / "tracker.db")
    return f"sqlite:///{folder / 'tracker.db'}"


def act_out(part: int = 0) -> Lots:
    """A clock and randomness for what is made once; each part has random bytes that no other has."""
    return Clock(), Random(20250308 - part).randbytes


@pytest.fixture(scope="session")
def sqlite_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one test after the other has its database: at the same place, so that one application serves them all."""
    return tmp_path_factory.mktemp("own") / "database"


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, sqlite_template: Path, sqlite_folder: Path) -> str:
    """A SQLite database of its own, at head; with the world, the stage or what the file has of its own in it for a
    test whose fixtures ask for it."""
    known = ("own_template", "furnished_template", "scenes_template", "stage_template", "world_template")
    asked = [name for name in known if name in request.fixturenames]
    return place_copy(request.getfixturevalue(asked[0])[0] if asked else sqlite_template, sqlite_folder)


@contextmanager
def postgres_database(name: str, template: str = "template0") -> Iterator[str]:
    """A PostgreSQL database that is there for the length of the block."""
    with connect_server(POSTGRES or "") as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        create_database(connection, name, template)
    try:
        yield name_database(POSTGRES or "", name)
    finally:
        with connect_server(POSTGRES or "") as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The name of a PostgreSQL database at head, made by the migrations once and copied for each test."""
    if POSTGRES is None:
        pytest.skip(NO_POSTGRES)
    name = f"tracker_{os.getpid()}_template"
    with postgres_database(name) as url:
        own = create_engine(url)
        migrations.upgrade(own)
        own.dispose()
        yield name


@pytest.fixture(scope="session")
def postgres_world(postgres_template: str, world_template: tuple[Path, World]) -> Iterator[str]:
    """The name of one with the same world in it: the same acts with the same randomness give the same ids."""
    name = postgres_template.replace("template", "world")
    with postgres_database(name, postgres_template) as url:
        with make_app(url, *act_out()).app_context():
            made = World(db.session(), *act_out())
            assert (made.keys, made.committee) == (world_template[1].keys, world_template[1].committee)
            db.session.remove()
            db.engine.dispose()
        yield name


@pytest.fixture(scope="session")
def postgres_own(postgres_template: str) -> Iterator[ReusedDatabase]:
    """The database that one test after the other has."""
    database = ReusedDatabase(POSTGRES or "", postgres_template.replace("template", "own"))
    yield database
    database.drop()


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres_template: str, postgres_own: ReusedDatabase) -> str:
    """A PostgreSQL database of its own, as `sqlite_url` is. Needs TRACKER_TEST_POSTGRES to name a server."""
    inhabited = "world_template" in request.fixturenames
    return postgres_own.copy(request.getfixturevalue("postgres_world") if inhabited else postgres_template)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@cache
def _keys() -> Path:
    """A file with a key for sealed fields, the same for all tests."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "sealing.keys"
    add_key(path, Random(20250307).randbytes)
    return path


def _files(url: str) -> str:
    """A folder of its own, which is made when the first file comes."""
    _, sqlite, path = url.partition("sqlite:///")
    return (Path(path).parent / "files" if sqlite else Path(mkdtemp()) / "files").as_uri()


def make_settings(url: str) -> Settings:
    # A test asks more in a minute than anybody does.
    more = {"rate_limit": "1000000/minute", "files": _files(url), "sealing_keys": _keys(), "passkeys": True}
    nobody = Provider("http://127.0.0.1:9", "the-tracker", "The University")
    return Settings(url, SECRET, provider=nobody, **more)


def make_app(url: str, clock: Clock, entropy: Callable[[int], bytes]) -> Flask:
    app = create_app(make_settings(url), clock, entropy)
    app.testing = True
    app.test_client_class = ContractClient  # every answer is held against the OpenAPI document
    return app


#: The applications that are free, by the address of their database.
_free: dict[str, Flask] = {}


@contextmanager
def lend_app(url: str, clock: Clock, entropy: Callable[[int], bytes]) -> Iterator[Flask]:
    """An application on this database for the length of the block.

    Routes and compiled statements are the same for every test, and making them takes longer than most tests. So an
    application is lent again, with a new clock, new randomness and empty caches, unless a test changed it.
    """
    app = _free.pop(url, None)
    if app is None:
        app = make_app(url, clock, entropy)
    else:
        set_context(app, make_settings(url), clock, entropy)
    before = _describe(app)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    if _describe(app) == before:
        _free[url] = app


def _describe(app: Flask) -> list[object]:
    """What a test may change of an application, and what listens to its database."""
    with app.app_context():
        of_engine = [len(list(getattr(db.engine.dispatch, name))) for name in _EVENTS]
        listening = [*of_engine, len(list(db.engine.pool.dispatch.connect))]
    return [listening, app.testing, dict(app.config), dict(app.view_functions), app.test_client_class]


_EVENTS = ("before_cursor_execute", "after_cursor_execute", "begin", "commit", "rollback")


@pytest.fixture
def stored(database_url: str, clock: Clock, entropy: Callable[[int], bytes]) -> Iterator[Flask]:
    """The application on either database."""
    with lend_app(database_url, clock, entropy) as app, app.app_context():
        yield app


@pytest.fixture
def record(
    stored: Flask, clock: Clock, entropy: Callable[[int], bytes], world_template: tuple[Path, World]
) -> World:
    """The small world, on either database."""
    return world_template[1].again(db.session(), clock, entropy)


@pytest.fixture
def app(sqlite_url: str, clock: Clock, entropy: Callable[[int], bytes]) -> Iterator[Flask]:
    with lend_app(sqlite_url, clock, entropy) as made:
        yield made


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session()
        db.session.remove()


@pytest.fixture
def world(
    session: Session, clock: Clock, entropy: Callable[[int], bytes], world_template: tuple[Path, World]
) -> World:
    """A published process with its people, on SQLite."""
    return world_template[1].again(session, clock, entropy)


@pytest.fixture(scope="module")
def one_world(
    world_template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, World]]:
    """One application and one world for all tests of a file: for those that change nothing."""
    path = tmp_path_factory.mktemp("world") / "tracker.db"
    shutil.copy(world_template[0], path)
    clock, entropy = Clock(), Random(20250309).randbytes
    app = make_app(f"sqlite:///{path}", clock, entropy)
    with app.app_context():
        yield app, world_template[1].again(db.session(), clock, entropy)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
