"""Public reads from a streaming replica: it is read while it has all that is public. While it is behind, away or a
database of its own, the database itself is read, so nobody misses what was done a moment ago.

Needs TRACKER_TEST_POSTGRES, and the programs of a PostgreSQL server on this machine, with which a pair is started.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, event

from tests.conftest import Clock, act_out, make_settings
from tests.contract.client import PlainClient
from tests.postgres_pair import PROGRAMS, Server, open_pair
from tests.services import needs_postgres
from tests.world import World
from tracker import migrations
from tracker.actions.operations.measures import list_measures
from tracker.actions.operations.readiness import check_server
from tracker.app import create_app
from tracker.public import replica
from tracker.public.replica import Lag, Replica, measure_lag
from tracker.store.database import db


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Server, Server]]:
    with open_pair() as opened:
        yield opened


def wait_until(holds: Callable[[], bool], server: Server) -> None:
    """Ask until something holds; the server lets a hundredth of a second pass each time."""
    for _time in range(2_000):
        if holds():
            return
        server.ask("SELECT pg_sleep(0.01)")
    raise AssertionError("it did not come to hold")


@needs_postgres
@pytest.mark.skipif(PROGRAMS is None, reason="no programs of a PostgreSQL server are installed")
def test_a_replica_is_read_while_it_has_all_that_is_public_and_only_then(
    pair: tuple[Server, Server], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "PAUSE", 0.0)
    first, second = pair
    settings = replace(make_settings(first.address), public_database_url=second.address)
    app = create_app(settings, clock, act_out(7)[1])
    app.testing = True
    reads = app.extensions["tracker"].reads
    used: list[str] = []
    event.listen(reads.replica.engine, "before_cursor_execute", lambda *_more: used.append("replica"))
    with app.app_context():
        migrations.upgrade(db.engine)
        world = World(db.session(), clock, act_out(7)[1])
        client = PlainClient(app, app.response_class)

        def lag() -> Lag:
            with db.engine.connect() as connection:
                return measure_lag(connection, reads.replica, clock())

        def check() -> str:
            """What `tracker check` says of the replica."""
            found = check_server(db.engine, None, None, None, clock(), reads.replica)
            return next(one.state for one in found if one.name == "replica")

        def measure() -> list[float | None]:
            found = {one.name: one.value for one in list_measures(db.session(), clock(), reads.replica)}
            return [found.get(f"replica_{name}") for name in ("used", "acts_behind", "seconds_behind")]

        def read(*addresses: str) -> list[str]:
            """Which of these were read from the replica; each finds what was published."""
            found = []
            for address in addresses:
                used.clear()
                answer = client.get(address)
                assert answer.status_code == 200
                assert "Vet the forces" in answer.get_data(as_text=True)
                found += [address] if used else []
            return found

        everywhere = (
            "/en/coast/recommendations",
            "/v1/public/recommendations",
            "/feeds/coast/status.json",
            "/feeds/changes.json",
        )
        world.recommendation("R1", title="Vet the forces")
        wait_until(lambda: lag().state == "follows", second)
        assert read(*everywhere) == [*everywhere]
        assert (check(), measure()) == ("right", [1, 0, 0])

        second.ask("SELECT pg_wal_replay_pause()")
        world.recommendation("R2", title="Vet the forces again")
        clock.move(seconds=40)
        assert read(*everywhere) == []
        assert "Vet the forces again" in client.get("/en/coast/recommendations/R2").get_data(as_text=True)
        assert lag() == Lag("behind", 1, 40.0)
        assert (check(), measure()) == ("not_yet", [0, 1, 40])
        ready = client.get("/health/ready").get_json()
        assert (ready["ready"], ready["checks"]["replica"]) == (True, "not_yet")

        second.ask("SELECT pg_wal_replay_resume()")
        wait_until(lambda: lag().state == "follows", second)
        assert read("/fr/coast/recommendations") == ["/fr/coast/recommendations"]

        second.stop()
        assert read("/ar/coast/recommendations") == []
        assert lag() == Lag("away")
        assert (check(), measure()) == ("not_yet", [0, None, None])

        second.start()
        second.promote()
        assert read("/en/coast/recommendations?sort=changed") == []
        assert (lag(), check()) == (Lag("promoted"), "not_yet")
        db.session.remove()
        for engine in (db.engine, reads.replica.engine):
            engine.dispose()


def test_what_is_no_replica_of_this_database_is_not_read(record: World) -> None:
    """A database without a schema; and one that follows another, in which the acts have other ids."""
    connection = record.session.connection()
    empty = Replica(create_engine("sqlite://"))
    assert measure_lag(connection, empty, record.clock()) == Lag("away")
    assert not empty.has(None)
    other = Replica(create_engine("sqlite://"))
    object.__setattr__(other, "read", lambda: ("follows", ("evt_of_another", 1, 0, 0)))
    assert measure_lag(connection, other, record.clock()) == Lag("another")
    found = list(check_server(db.engine, None, None, None, record.clock(), other))
    assert [one.state for one in found if one.name == "replica"] == ["not_yet"]
