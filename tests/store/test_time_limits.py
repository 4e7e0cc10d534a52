"""Nobody waits for ever: who gets no turn to write in time, and a statement that takes too long, end as `Busy`, and
nothing is done. The locks are really held.
"""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.test import Client

from tests.conftest import SECRET, Clock
from tests.world import World
from tracker import migrations
from tracker.actions import passwords
from tracker.actions.support.unit import open_unit
from tracker.app import create_app
from tracker.database import patient_connections, write_lock
from tracker.database.outages import refusal_for
from tracker.domain.service_errors import Busy, Unavailable
from tracker.settings import Settings
from tracker.store.database import db, prepare_engine, without_time_limit

LIMIT = 1.0
#: A statement that would take minutes.
ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900000000) SELECT max(i) FROM n"
)


class Hasty:
    """A server with little patience, for the world in a database of either kind."""

    def __init__(self, url: str, made: World, clock: Clock, limit: float = LIMIT) -> None:
        self.url = url
        self.app = create_app(Settings(url, SECRET, time_limit=limit), clock, secrets.token_bytes)
        with self.app.app_context():
            self.world = made.again(db.session(), clock, secrets.token_bytes)
            db.session.remove()

    def post(self, slug: str, **headers: str) -> Any:
        body = {"slug": slug, "name": slug, "type": "media"}
        return Client(self.app).post(
            "/v1/organizations", json=body, headers={**self.world.headers("editor"), **headers}
        )

    def read(self) -> int:
        return (
            Client(self.app)
            .get(f"/v1/processes/{self.world.process}", headers=self.world.headers("editor"))
            .status_code
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """The right to write, held by another process or server."""
        engine = create_engine(self.url)
        try:
            if engine.dialect.name == "postgresql":
                with engine.begin() as connection:
                    connection.execute(text("SELECT pg_advisory_xact_lock(7216033118)"))
                    yield
            else:
                queue = write_lock.Queue(f"{make_url(self.url).database}.lock", 5)
                with queue.turn():
                    yield
        finally:
            engine.dispose()


@pytest.fixture
def hasty(database_url: str, clock: Clock, world_template: tuple[Path, World]) -> Iterator[Hasty]:
    made = Hasty(database_url, world_template[1], clock)
    yield made
    with made.app.app_context():
        db.engine.dispose()


def test_who_gets_no_turn_to_write_in_time_is_told_so_and_nothing_is_done(hasty: Hasty) -> None:
    assert hasty.post("before").status_code == 201
    with hasty.held():
        began = monotonic()
        answer = hasty.post("meanwhile")
        waited = monotonic() - began
        assert hasty.read() == 200  # nobody waits to read
    assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/busy")
    assert int(answer.headers["Retry-After"]) >= 1
    assert waited >= LIMIT
    assert hasty.post("meanwhile").status_code == 201


def test_a_repeatable_request_that_got_no_turn_may_be_sent_again_at_once(hasty: Hasty) -> None:
    hasty.post("before")
    key = {"Idempotency-Key": "once"}
    with hasty.held():
        assert hasty.post("meanwhile", **key).status_code == 503
    answer = hasty.post("meanwhile", **key)
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers


def test_a_read_is_answered_although_the_day_of_the_use_of_its_key_cannot_be_noted(hasty: Hasty) -> None:
    with hasty.held():
        assert hasty.read() == 200


def test_threads_of_one_server_wait_no_longer(hasty: Hasty) -> None:
    inside, go = Event(), Event()

    def hold() -> None:
        with hasty.app.app_context():
            with open_unit(db.session(), hasty.world.editor, hasty.world.clock(), secrets.token_bytes):
                inside.set()
                assert go.wait(20)
            db.session.remove()

    hasty.post("before")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(hold)
        try:
            assert inside.wait(20)
            assert hasty.post("meanwhile").status_code == 503
        finally:
            go.set()
        first.result(20)
    assert hasty.post("meanwhile").status_code == 201


def test_a_statement_that_takes_too_long_is_stopped(hasty: Hasty) -> None:
    with hasty.app.app_context():
        began = monotonic()
        with pytest.raises(Busy), db.engine.connect() as connection:
            connection.execute(text(ENDLESS)).all()
        assert LIMIT <= monotonic() - began < 30
        with db.engine.connect() as connection:  # and the next one on that connection is not
            assert connection.execute(text("SELECT 1")).scalar() == 1


def test_a_slow_read_is_answered_with_503(hasty: Hasty, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(session: Any, *_given: Any) -> Any:
        return session.execute(text(ENDLESS)).all()

    assert hasty.read() == 200
    monkeypatch.setattr("tracker.api.http.dispatch.people.find_holder", slow)
    answer = Client(hasty.app).get("/v1/me", headers=hasty.world.headers("editor"))
    assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/busy")


def test_a_feed_that_cannot_be_read_in_time_says_so(hasty: Hasty, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_given: Any) -> Any:
        raise Busy("the database did not answer in time", wait=5)

    monkeypatch.setattr("tracker.feeds.feed_cache.Held.head", slow)
    answer = Client(hasty.app).get("/feeds/coast/status.json")
    assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/busy")
    assert answer.headers["Retry-After"] == "5"


def test_what_the_database_refuses_for_another_reason_is_not_called_busy(hasty: Hasty) -> None:
    with hasty.app.app_context(), db.engine.connect() as connection:
        with pytest.raises(Exception, match="nothing_there") as caught:
            connection.execute(text("SELECT * FROM nothing_there"))
        assert not isinstance(caught.value, Busy)


def test_a_migration_takes_as_long_as_it_takes(
    database_url: str, clock: Clock, world_template: tuple[Path, World]
) -> None:
    hasty = Hasty(database_url, world_template[1], clock, limit := 0.2)
    long = ENDLESS.replace("900000000", "4000000")
    with hasty.app.app_context():
        with db.engine.connect() as connection, connection.begin():
            without_time_limit(connection)
            began = monotonic()
            assert connection.execute(text(long)).scalar() == 4_000_000
            assert monotonic() - began > limit
        with pytest.raises(Busy), db.engine.connect() as connection:  # only there
            connection.execute(text(ENDLESS)).all()
        migrations.upgrade(db.engine)
        db.engine.dispose()


def test_a_database_that_somebody_else_locked_is_busy(
    sqlite_url: str, clock: Clock, world_template: tuple[Path, World]
) -> None:
    """Past our queue: a shell of SQLite, or a backup."""
    hasty = Hasty(sqlite_url, world_template[1], clock)
    other = create_engine(sqlite_url)
    with other.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.isolation_level = None
        driver.execute("BEGIN IMMEDIATE")
        assert hasty.post("meanwhile").status_code == 503
        driver.execute("ROLLBACK")
    other.dispose()
    assert hasty.post("meanwhile").status_code == 201
    with hasty.app.app_context():
        db.engine.dispose()


def test_a_turn_is_given_back_whatever_happens_in_it(tmp_path: Path) -> None:
    queue, other = write_lock.Queue(f"{tmp_path}/lock", LIMIT), write_lock.Queue(f"{tmp_path}/lock", 0.01)
    with pytest.raises(ZeroDivisionError), queue.turn():
        raise ZeroDivisionError
    with other.turn(), pytest.raises(Busy), queue.turn():
        raise AssertionError("two at once")
    with queue.turn():
        pass


def test_a_server_that_has_just_written_lets_another_that_waits_go_first(tmp_path: Path) -> None:
    path, came = f"{tmp_path}/lock", list[str]()
    first, other = write_lock.Queue(path, LIMIT), write_lock.Queue(path, LIMIT)

    def write(queue: write_lock.Queue, name: str) -> None:
        with queue.turn():
            came.append(name)

    with ThreadPoolExecutor(2) as threads:
        with first.turn():
            waits = [threads.submit(write, other, "other")]
            while _is_free(f"{path}.next"):
                pass
            waits.append(threads.submit(write, first, "first again"))
        for one in waits:
            one.result(20)
    assert came == ["other", "first again"]


@pytest.mark.parametrize(
    ("most", "expected"), [(8, ["one", "two", "three", "other"]), (2, ["one", "two", "other", "three"])]
)
def test_who_stood_in_the_line_of_a_server_when_its_turn_began_writes_in_that_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, expected: list[str]
) -> None:
    """At most so many of them: another server that waits is not kept from writing."""
    monkeypatch.setattr(write_lock, "_IN_A_ROW", most)
    path, came = f"{tmp_path}/lock", list[str]()
    before, own, other = (write_lock.Queue(path, LIMIT) for _ in range(3))

    def write(queue: write_lock.Queue, name: str) -> None:
        with queue.turn():
            came.append(name)
            if name == "one":  # who asks now stands behind those who stood there before
                waits.append(threads.submit(write, other, "other"))
                while _is_free(f"{path}.next"):
                    pass

    with ThreadPoolExecutor(4) as threads:
        with before.turn():
            waits = [threads.submit(write, own, "one")]
            while _is_free(f"{path}.next"):
                pass
            for count, name in enumerate(("two", "three"), start=1):
                waits.append(threads.submit(write, own, name))
                while own._line.count_waiting() < count:
                    pass
        while len(waits) < 4:
            pass
        for one in waits:
            one.result(20)
    assert came == expected
    assert _is_free(path)


@pytest.mark.parametrize(("together", "expected"), [(LIMIT, ["wrote", "left"]), (0.0, ["left", "wrote"])])
def test_those_who_write_in_one_turn_leave_together_unless_that_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: float, expected: list[str]
) -> None:
    monkeypatch.setattr(write_lock, "_TOGETHER", together)
    queue, came, has_left = write_lock.Queue(f"{tmp_path}/lock", LIMIT), list[str](), Event()

    def write() -> None:
        with queue.turn():
            has_left.wait(0.0 if together else LIMIT)
            came.append("wrote")

    with ThreadPoolExecutor(1) as threads:
        with queue.turn():
            waits = threads.submit(write)
            while not queue._line.count_waiting():
                pass
            queue._left = 2
        came.append("left")
        has_left.set()
        waits.result(20)
    assert came == expected


def test_threads_of_a_server_write_in_the_order_in_which_they_asked(tmp_path: Path) -> None:
    queue, came = write_lock.Queue(f"{tmp_path}/lock", LIMIT), list[str]()

    def write(name: str) -> None:
        with queue.turn():
            came.append(name)

    with ThreadPoolExecutor(2) as threads:
        with queue.turn():
            for count, name in enumerate(("first", "second"), start=1):
                threads.submit(write, name)
                while queue._line.count_waiting() < count:
                    pass
        write("the one before, again")
    assert came == ["first", "second", "the one before, again"]


def test_the_next_thread_has_its_turn_although_the_file_could_not_be_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = write_lock.Queue(f"{tmp_path}/lock", LIMIT)

    class Broken:
        def __init__(self) -> None:
            self._file = queue._file

        def close(self) -> None:
            if self._file is not None:
                self._file.close()
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"), queue.turn():
        monkeypatch.setattr(queue, "_file", Broken())
    with queue.turn():
        pass


def test_a_thread_that_waited_too_long_leaves_the_line(tmp_path: Path) -> None:
    queue = write_lock.Queue(f"{tmp_path}/lock", 0.01)
    with ThreadPoolExecutor(1) as threads:
        with queue.turn(), pytest.raises(Busy):
            threads.submit(queue.turn().__enter__).result(20)
        with queue.turn():
            pass


def test_every_process_sees_that_somebody_writes_or_has_written(tmp_path: Path) -> None:
    queue, other = (write_lock.Queue(f"{tmp_path}/lock", LIMIT) for _process in range(2))
    before = other.turns.read()
    assert before is not None
    assert before == queue.turns.read()
    with queue.turn():
        assert other.turns.read() is None
    assert other.turns.read() not in (None, before)


def test_after_a_writer_was_killed_nothing_is_remembered_until_the_next_has_ended(tmp_path: Path) -> None:
    queue, other = (write_lock.Queue(f"{tmp_path}/lock", LIMIT) for _process in range(2))
    killed = queue.turns.count_one()
    killed.__enter__()
    assert other.turns.read() is None
    with queue.turn():
        assert other.turns.read() is None
    assert other.turns.read() is not None


def test_a_lock_file_that_was_replaced_is_seen_and_its_count_is_none_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_lock, "_LOOK_AGAIN", 0)
    queue, other = (write_lock.Queue(f"{tmp_path}/lock", LIMIT) for _process in range(2))
    before = other.turns.read()
    (tmp_path / "lock").unlink()
    with queue.turn():
        assert other.turns.read() is None
    assert other.turns.read() not in (None, before)
    (tmp_path / "lock").write_bytes(b"")
    assert other.turns.read() is None  # it says nothing


def _is_free(path: str) -> bool:
    with open(path, "ab") as place:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


# ---------------------------------------------------------------- what takes long is done before the turn


def test_a_password_is_hashed_while_others_may_write(hasty: Hasty, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hasher itself writes: it could not if the right to write were held around it."""
    hash_it = passwords._hash
    written = []

    def hash_and_write(name: str, password: str) -> str:
        with ThreadPoolExecutor(1) as other:
            written.append(other.submit(hasty.post, "meanwhile").result(20).status_code)
        return hash_it(name, password)

    monkeypatch.setattr(passwords, "_hash", hash_and_write)
    answer = Client(hasty.app).post(
        "/v1/me/password",
        json={"password": "correct horse battery"},
        headers=hasty.world.headers("approver"),
    )
    assert (answer.status_code, written) == (200, [201])


def test_a_server_that_says_nothing_is_given_up_and_a_migration_waits_for_it(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_connections, "_GRACE", 0.0)
    engine = create_engine(postgres_url)
    prepare_engine(engine, 0.1)
    # The server itself is told to wait for ever, as one that stands still does.
    silent = "SET statement_timeout = 0; SELECT pg_sleep({})"
    with pytest.raises(Unavailable), engine.begin() as connection:
        connection.exec_driver_sql(silent.format(30))
    with engine.begin() as connection:
        without_time_limit(connection)
        connection.exec_driver_sql(silent.format(0.15))
    with (
        pytest.raises(Unavailable),
        engine.begin() as connection,
    ):  # the next user has no more patience than before
        connection.exec_driver_sql(silent.format(30))
    engine.dispose()


def test_what_was_prepared_outlives_a_reader_and_is_no_concern_of_a_migration(postgres_url: str) -> None:
    """The driver forgets it with each rollback, and the database would plan each statement every time."""
    engine = create_engine(postgres_url)
    prepare_engine(engine, LIMIT)
    kept = text("SELECT name FROM pg_prepared_statements WHERE statement LIKE :begin")

    def list_prepared(begin: str) -> list[str]:
        with engine.connect() as connection:
            return list(connection.scalars(kept, {"begin": f"{begin}%"}))

    for _reader in range(4):
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM process")
    (name,) = list_prepared("SELECT count(*) FROM process")
    with engine.begin() as connection:
        without_time_limit(connection)
        for _step in range(4):
            connection.exec_driver_sql("SELECT count(*) FROM committee")
    assert list_prepared("SELECT count(*) FROM committee") == []
    assert list_prepared("SELECT count(*) FROM process") == [name]
    engine.dispose()


def test_a_process_opens_no_more_connections_than_it_was_told_and_whoever_gets_none_is_told_so(
    sqlite_url: str, clock: Clock
) -> None:
    app = create_app(Settings(sqlite_url, SECRET, connections=4, time_limit=0.05), clock)
    with app.app_context(), ExitStack() as held:
        for _connection in range(4):
            held.enter_context(db.engine.connect())
        with pytest.raises(PoolTimeout) as error:
            db.engine.connect()
        assert isinstance(refusal_for(error.value), Busy)
    with app.app_context():
        db.engine.dispose()


def test_the_connection_that_was_given_back_last_is_taken_next(sqlite_url: str, clock: Clock) -> None:
    """What it read is still in its memory."""
    app = create_app(Settings(sqlite_url, SECRET), clock)
    with app.app_context():
        older, newer = db.engine.connect(), db.engine.connect()
        last = newer.connection.dbapi_connection
        older.close()
        newer.close()
        with db.engine.connect() as taken:
            assert taken.connection.dbapi_connection is last
        db.engine.dispose()
