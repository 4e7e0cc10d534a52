"""In a server a thread follows the commits: it carries out what acts queued and signs the log, once for many acts."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.revising import revise_record
from tests.world import World
from tracker.actions import publication
from tracker.actions.operations import pending_work, release_batch, signing
from tracker.actions.people import OPERATOR
from tracker.http.follow_up import FollowUp
from tracker.public import log
from tracker.public.tables import log as public_log
from tracker.store.pending_updates import has_pending
from tracker.store.processes import Process


@pytest.fixture
def key(world: World, app: Flask, tmp_path: Path) -> Path:
    with world.act(OPERATOR) as act:
        return signing.create_log(act, "tracker.example/log", tmp_path / "log.key").path


@pytest.fixture
def follow_up(app: Flask, key: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FollowUp]:
    """As `tracker serve` makes it, but without a pause."""
    made, known = FollowUp(app, pause=0), app.extensions["tracker"]
    settings = replace(known.settings, log_key=key)
    monkeypatch.setitem(app.extensions, "tracker", replace(known, settings=settings, follow_up=made))
    yield made
    made.stop()


def publish(world: World, client: FlaskClient, *ids: str) -> None:
    for id in ids:
        with world.act(world.editor) as act:
            waits = publication.propose_publication(act, [id]).id
        answer = client.post(
            f"/v1/proposals/{waits}/decision", json={"decision": "approve"}, headers=world.headers("approver")
        )
        assert answer.status_code == 200, answer.data


def signed(world: World) -> bool:
    world.session.rollback()
    connection = world.session.connection()
    last = log.last_checkpoint(connection)
    return last is not None and last[0].size == public_log.size(connection)


def test_an_act_is_signed_by_the_thread_and_so_is_the_next(
    world: World, client: FlaskClient, follow_up: FollowUp
) -> None:
    for reference in ("C1", "C2"):
        publish(world, client, world.recommendation(reference, publish=False))
        follow_up.wait()
        assert signed(world)


def test_acts_that_come_together_share_a_signature(
    world: World, client: FlaskClient, follow_up: FollowUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = [world.recommendation(f"C{number}", publish=False) for number in range(3)]
    made: list[None] = []
    sign = signing.sign_log
    monkeypatch.setattr(signing, "sign_log", lambda *given: made.append(None) or sign(*given))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(follow_up, "ask", lambda: None)
        publish(world, client, *drafts)
    assert not signed(world)
    for _ in drafts:
        follow_up.ask()
    follow_up.wait()
    assert signed(world)
    assert made == [None]


def test_what_an_act_queued_is_carried_out_to_its_end(
    world: World, client: FlaskClient, follow_up: FollowUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.actions.support.pending_updates.AT_ONCE", 1)
    for number in range(6):
        world.recommendation(f"C{number}")
    version = world.session.get_one(Process, world.process).version
    with world.act(world.editor) as act:
        revise_record(act, world.process, "process", {"title": "Another"}, version)
    assert has_pending(world.session)
    publish(world, client, world.recommendation("D1", publish=False))
    follow_up.wait()
    world.session.rollback()
    assert not has_pending(world.session)


def test_a_thread_that_fails_goes_on_with_the_next_act(
    world: World, client: FlaskClient, follow_up: FollowUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pending_work, "run_after_commit", lambda *_given: 1 / 0)
        broken.setattr(signing, "sign_after_commit", lambda *_given: 1 / 0)
        publish(world, client, world.recommendation("C1", publish=False))
        follow_up.wait()
    assert not signed(world)
    follow_up.ask()
    follow_up.wait()
    assert signed(world)


def test_what_is_embargoed_is_published_at_its_hour_though_nobody_acts(
    world: World, client: FlaskClient, app: Flask, clock: Clock, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = world.recommendation("C1", publish=False)
    world.publish(asked, not_before=clock() + timedelta(hours=2))
    made, known = FollowUp(app, pause=0, idle=0.01), app.extensions["tracker"]
    looked = Event()
    release = release_batch.release_embargoed

    def note(*given: Any) -> Any:
        done = release(*given)
        if done:
            looked.set()
        return done

    monkeypatch.setattr(release_batch, "release_embargoed", note)
    monkeypatch.setitem(app.extensions, "tracker", replace(known, follow_up=made))
    try:
        made.ask()
        made.wait()
        assert client.get(f"/v1/public/recommendations/{asked}").status_code == 404
        clock.move(hours=3)
        assert looked.wait(30)
        assert client.get(f"/v1/public/recommendations/{asked}").status_code == 200
    finally:
        made.stop()


def test_a_connection_that_was_lost_ends_no_thread(
    world: World, client: FlaskClient, follow_up: FollowUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("tracker.http.follow_up.follow_commit", lambda *_given: 1 / 0)
        publish(world, client, world.recommendation("C1", publish=False))
        follow_up.wait()
    publish(world, client, world.recommendation("C2", publish=False))
    follow_up.wait()
    assert signed(world)


def test_what_was_written_stands_in_the_database_soon_and_not_beside_it(
    world: World, client: FlaskClient, follow_up: FollowUp, tmp_path: Path
) -> None:
    publish(world, client, world.recommendation("C1", publish=False))
    follow_up.wait()
    alone = tmp_path / "alone.db"
    shutil.copyfile(str(world.session.get_bind().engine.url.database), alone)  # without the write-ahead log
    with closing(sqlite3.connect(alone)) as copy:
        assert copy.execute("SELECT count(*) FROM public_document WHERE slug = 'C1'").fetchone() == (1,)
