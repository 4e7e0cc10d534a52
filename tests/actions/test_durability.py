"""What was acknowledged is never lost, nothing is ever half done, and of two who decide at once exactly one wins.

On both databases: the contract is what SQLite's file and PostgreSQL's lock each have to keep.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import select

from tests.conftest import SECRET, Clock, make_app
from tests.public.assertions import opened
from tests.world import World
from tracker.actions import statuses
from tracker.actions.operations import rebuild
from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import open_unit
from tracker.domain.errors import AlreadyDecided
from tracker.public.tables import event
from tracker.store.audit import AuditEntry
from tracker.store.database import db
from tracker.store.statuses import StatusChange

HOUSE = Path(__file__).resolve().parents[2]


def propose_a_hundred(world: World) -> None:
    asked = [world.recommendation(f"C{place}") for place in range(10)]
    states = ("no_evidence", "not_started", "stalled", "not_implemented")
    whose = (world.lead, world.watchdog, world.press)
    left = 100
    for one in asked:
        for assessor in whose:
            for state in states:
                if left:
                    world.propose(one, "implementation", state, assessor=assessor)
                    left -= 1


def test_what_was_acknowledged_before_the_process_was_killed_is_there_and_nothing_is_half_done(
    database_url: str, clock: Clock, entropy: Callable[[int], bytes], world_template: tuple[Path, World]
) -> None:
    with opened(database_url, world_template[1], clock, entropy) as (_app, world):
        propose_a_hundred(world)
        world.session.rollback()

    command = [sys.executable, "-m", "tests.actions.approve_all_script", database_url, SECRET]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        acknowledged = [child.stdout.readline().strip() for _ in range(30)]
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().split("\n")
    assert child.returncode == -signal.SIGKILL
    acknowledged += [line for line in rest[:-1] if line]
    assert 30 <= len(acknowledged) < 100

    with make_app(database_url, clock, entropy).app_context():
        session = db.session()
        rows = session.scalars(select(StatusChange).where(StatusChange.decision == "approved")).all()
        approved = {row.id for row in rows}
        assert set(acknowledged) <= approved
        assert len(approved) <= len(acknowledged) + 1  # at most one was safe and not yet said
        assert sorted(row.number or 0 for row in rows) == list(range(1, len(rows) + 1))
        audited = session.scalars(select(AuditEntry.target_id).where(AuditEntry.verb == "status.approved"))
        assert set(audited) == approved
        said = session.execute(select(event.c.seq).where(event.c.kind == "status.changed")).all()
        assert len(said) == len(approved)
        with open_unit(session, OPERATOR, clock(), entropy) as act:
            assert rebuild.check_public_side(act) == []
        db.session.remove()
        db.engine.dispose()


def decide_at_once(app: Flask, world: World, change: str) -> list[str]:
    """Two approvers in two threads, each with a session of their own, let go at the same moment."""
    barrier = Barrier(2)
    said: list[str] = []

    def decide() -> None:
        with app.app_context():
            session = db.session()
            try:
                barrier.wait()
                with open_unit(session, world.approver, world.clock(), world.entropy) as act:
                    statuses.approve_status_change(act, change)
                said.append("approved")
            except AlreadyDecided as refusal:
                said.append(refusal.code)
            finally:
                db.session.remove()

    threads = [Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_of_two_who_decide_at_the_same_moment_exactly_one_wins(
    database_url: str, clock: Clock, entropy: Callable[[int], bytes], world_template: tuple[Path, World]
) -> None:
    with opened(database_url, world_template[1], clock, entropy) as (app, world):
        asked = [world.recommendation(f"C{place}") for place in range(20)]
        for one in asked:
            change = world.propose(one, "implementation", "not_started").id
            world.session.rollback()
            assert decide_at_once(app, world, change) == ["already-decided", "approved"]
        with world.act(world.editor) as act:
            assert rebuild.check_public_side(act) == []
        said = world.session.execute(select(event.c.seq).where(event.c.kind == "status.changed")).all()
        assert len(said) == 20
