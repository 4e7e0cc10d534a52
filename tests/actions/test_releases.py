"""What came from a source becomes public in batches: not before a day after it was submitted and an instant drawn by
lot, in an order that says nothing. Every check of publishing is made when it is asked for and when it is released;
whatever speaks against it ends it in the same act; killed or run twice at once, nothing is published twice or lost.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import SECRET, Clock, make_app
from tests.public.assertions import opened, public, refused
from tests.revising import revise_record
from tests.world import World
from tracker.actions import consent, evidence, people, redaction, releases
from tracker.actions.operations import rebuild, release_batch
from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import open_unit
from tracker.domain.errors import AlreadyDone, NotPermitted, NotPublished, SelfApproval
from tracker.domain.evidence import ACQUIRED_FROM
from tracker.domain.publication import PublicationRefused
from tracker.domain.releases import RELEASE_FLOOR, RELEASE_SPREAD, draw_release_instant, has_source
from tracker.public.tables import event
from tracker.store.audit import AuditEntry
from tracker.store.database import db
from tracker.store.evidence import Evidence
from tracker.store.releases import Release

HOUSE = Path(__file__).resolve().parents[2]
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def submit(world: World, **more: Any) -> str:
    """A photograph that a watchdog handed in."""
    data = {"process_id": world.process, "title": "The gate", "type": "photo", "acquired_from": "own_staff"}
    with world.act(world.watcher) as act:
        return evidence.submit_evidence(act, {**data, "protection": "public", **more}).id


def row(world: World, item: str) -> Evidence:
    return world.session.get_one(Evidence, item)


def published(world: World) -> list[tuple[str, str]]:
    """The items that became public, and when, in the order of the public acts."""
    query = (
        select(event.c.subject_id, event.c.at)
        .where(event.c.kind == "subject.published")
        .order_by(event.c.seq)
    )
    return [(id, at) for id, at in world.session.execute(query) if id.startswith("evd_")]


def audited(world: World, item: str) -> list[tuple[str, str]]:
    query = select(AuditEntry).where(AuditEntry.target_id == item).order_by(AuditEntry.id)
    return [(one.verb, one.person_id) for one in world.session.scalars(query)]


@pytest.fixture
def waiting(world: World) -> str:
    """A photograph that the approver asked to publish."""
    return world.publish(submit(world))


def test_the_lot_is_added_to_the_floor() -> None:
    submitted = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert RELEASE_FLOOR == RELEASE_SPREAD == DAY
    for asked, first in ((submitted, submitted + DAY), (submitted + 9 * DAY, submitted + 9 * DAY)):
        assert draw_release_instant(submitted, asked, bytes(8)) == first
        assert draw_release_instant(submitted, asked, b"\x80" + bytes(7)) == first + DAY / 2
        assert first + DAY - INSTANT <= draw_release_instant(submitted, asked, b"\xff" * 8) <= first + DAY


def test_only_what_the_desk_has_from_where_anybody_has_it_has_no_source() -> None:
    at_once = {kind for kind in ACQUIRED_FROM if not has_source(kind, by_the_desk=True)}
    assert at_once == {"public_source", "official"}
    assert all(has_source(kind, by_the_desk=False) for kind in ACQUIRED_FROM)


@pytest.mark.parametrize("kind", ["public_source", "official"])
def test_what_the_desk_has_from_an_open_source_is_public_at_once(world: World, kind: str) -> None:
    item = world.item(state=None, acquired_from=kind)
    assert (row(world, item).publication, row(world, item).release) == ("published", None)


@pytest.mark.parametrize("kind", ["own_staff", "partner", "confidential_source"])
def test_what_the_desk_has_from_a_source_waits(world: World, kind: str) -> None:
    item = world.item(state=None, acquired_from=kind)
    assert row(world, item).publication == "draft"
    assert row(world, item).release is not None


def test_nothing_public_changes_while_an_item_waits_and_the_desk_sees_until_when(
    world: World, client: FlaskClient
) -> None:
    item = submit(world)
    before = public(world.session)
    headers = world.headers("approver")
    world.publish(item)
    asked = client.get(f"/v1/subjects/{item}/publication", headers=headers)
    assert asked.json["publication"] == "draft"
    told = asked.json["release"]
    assert told == {
        "asked_at": "2026-11-23T09:00:00.000000Z",
        "not_before": told["not_before"],
        "refused": None,
    }
    for path in (f"subjects/{item}/publication", f"evidence/{item}", f"subjects/{item}"):
        assert client.get(f"/v1/{path}", headers=headers).json["release"] == told
    assert client.get("/v1/releases", headers=headers).json["items"] == [{"subject": item, **told}]
    assert public(world.session) == before
    with refused(world, AlreadyDone):
        world.publish(item)


@pytest.mark.parametrize("seed", range(5))
def test_an_item_is_released_at_its_instant_and_not_before(world: World, clock: Clock, seed: int) -> None:
    world.entropy = Random(seed).randbytes
    item, submitted = submit(world), clock.now
    clock.move(hours=seed * 12)
    world.publish(item)
    release = row(world, item).release
    assert release is not None
    first = max(submitted + DAY, clock.now)
    assert first <= release.not_before <= first + DAY
    clock.now = release.not_before - INSTANT
    assert release_batch.list_due_releases(world.session, clock.now, world.entropy) == []
    with world.act(OPERATOR) as act:
        assert release_batch.release_thing(world.session, item, lambda _by, **_more: nullcontext(act)) is None
    clock.now += INSTANT
    assert release_batch.list_due_releases(world.session, clock.now, world.entropy) == [item]
    assert release_batch.release_thing(world.session, item, world.act) == release_batch.Outcome(item)
    assert (row(world, item).published_at, row(world, item).release) == (clock.now, None)
    assert published(world) == [(item, clock.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))]
    assert release_batch.release_thing(world.session, item, world.act) is None
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []


def test_a_batch_is_released_in_an_order_that_says_nothing_of_when_it_was_submitted(
    world: World, clock: Clock
) -> None:
    items = [world.publish(submit(world)) for _ in range(4)]
    clock.move(days=2)
    orders = {
        tuple(release_batch.list_due_releases(world.session, clock.now, Random(seed).randbytes))
        for seed in range(200)
    }
    assert len(orders) == 24  # every order there is
    order = next(one for one in sorted(orders) if list(one) != items)
    for item in order:
        release_batch.release_thing(world.session, item, world.act)
    assert published(world) == [(item, clock.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")) for item in order]


def test_the_audit_names_who_asked_and_not_who_ran_the_timer(world: World, waiting: str) -> None:
    world.release(waiting)
    assert audited(world, waiting)[-2:] == [
        ("release.asked", world.approver.id),
        ("publish", world.approver.id),
    ]


def test_what_rests_on_an_item_moves_when_it_is_released(world: World, client: FlaskClient) -> None:
    item, asked = submit(world), world.recommendation("C1")
    world.verify(item, "verified")
    world.answer(asked, "implementation", "underway", cites=(item,))
    world.verify(item, "disputed")
    world.publish(item)

    def basis() -> str:
        return str(client.get(f"/v1/public/recommendations/{asked}").json["history"][0]["basis"])

    assert basis() == "supported"  # what happens to an item that is not public does not show
    world.release(item)
    assert basis() == "contested"
    history = client.get(f"/v1/public/evidence/{item}").json["history"]
    assert {one["to"] for one in history} == {"verified", "disputed"}


def test_every_check_is_made_when_it_is_asked_for(world: World) -> None:
    both = world.person("both", "watchdog", "approver", organization=world.watchdog)
    data = {"process_id": world.process, "title": "T", "type": "photo", "acquired_from": "own_staff"}
    with world.act(both) as act:
        own = evidence.submit_evidence(act, {**data, "protection": "public"}).id
    with pytest.raises(SelfApproval):
        world.publish(own, let_by=both)
    secret = submit(world, protection="confidential")
    with refused(world, PublicationRefused):
        world.publish(secret)
    hidden = world.organization("hidden", "media", publish=False)
    item = submit(world)
    with world.act(world.editor) as act:
        revise_record(act, item, "evidence", {"publisher_id": hidden}, 1)
    with refused(world, NotPublished):
        world.publish(item)
    assert not world.session.query(Release).count()


def test_what_may_no_longer_be_published_is_left_out_and_says_why_until_it_may(
    world: World, client: FlaskClient
) -> None:
    paper = world.organization("paper", "media")
    item = submit(world)
    with world.act(world.editor) as act:
        revise_record(act, item, "evidence", {"publisher_id": paper}, 1)
    world.publish(item)
    world.withdraw(paper)
    before = public(world.session)
    world.release(item)
    outcome = release_batch.release_thing(world.session, item, world.act)
    assert outcome is not None
    assert isinstance(outcome.refusal, NotPublished)
    assert outcome.refusal.missing == (paper,)
    assert public(world.session) == before
    [listed] = client.get("/v1/releases", headers=world.headers("editor")).json["items"]
    assert listed["refused"] == "not-published"
    tried = [verb for verb, _by in audited(world, item) if verb == "release.refused"]
    assert len(tried) == 1  # the second run found the same, and wrote nothing


@pytest.mark.parametrize("how", ["suspended", "no approver any more"])
def test_an_item_is_not_released_for_somebody_who_may_no_longer_publish(
    world: World, waiting: str, how: str
) -> None:
    with world.act(OPERATOR) as act:
        if how == "suspended":
            people.suspend_person(act, "approver")
        else:
            people.change_person(act, world.approver.id, {"roles": ["editor"]}, 1)
    world.release(waiting)
    release = row(world, waiting).release
    assert release is not None
    assert release.refused == "not-permitted"
    with world.act(world.reviewer) as act:  # somebody else asks
        releases.take_back_request(act, waiting)
    world.publish(waiting, let_by=world.reviewer)
    world.release(waiting)
    assert row(world, waiting).publication == "published"


def take_back(world: World, item: str) -> None:
    with world.act(world.reviewer) as act:
        releases.take_back_request(act, item)


def raise_it(world: World, item: str) -> None:
    world.protect(item, "confidential")


def retract(world: World, item: str) -> None:
    with world.act(world.watcher) as act:
        evidence.retract_evidence(act, item, "It shows a face.")


def order_redaction(world: World, item: str) -> None:
    with world.act(world.person("keeper", "custodian")) as act:
        redaction.redact_thing(act, item, "witness_safety")


def withdraw_consent(world: World, item: str) -> None:
    with world.act(world.watcher) as act:
        redaction.withdraw_consent(act, item)


def withdraw_process(world: World, item: str) -> None:
    world.withdraw(row(world, item).process_id)


def edit(world: World, item: str) -> None:
    with world.act(world.watcher) as act:
        revise_record(act, item, "evidence", {"title": "Another gate"}, row(world, item).version)


@pytest.mark.parametrize(
    "end",
    [take_back, raise_it, World.withdraw, retract, order_redaction, withdraw_consent, withdraw_process, edit],
)
def test_whatever_speaks_against_it_ends_it_in_the_same_act(
    world: World, end: Callable[[World, str], None]
) -> None:
    item = submit(world)
    with world.act(world.editor) as act:
        consent.record_consent(
            act, row(world, item), {"basis": "informed_consent", "purposes": ["publish_anonymised"]}
        )
    world.publish(item)
    end(world, item)
    assert row(world, item).release is None
    assert "release.ended" in [verb for verb, _by in audited(world, item)]
    world.clock.move(days=2)  # type: ignore[attr-defined]  # the clock of a test
    assert release_batch.list_due_releases(world.session, world.clock(), world.entropy) == []
    assert published(world) == []


def test_an_analysis_by_the_desk_does_not_end_it(world: World, waiting: str) -> None:
    with world.act(world.reviewer) as act:
        revise_record(act, waiting, "evidence", {"source_analysis": "passed"}, row(world, waiting).version)
    assert row(world, waiting).release is not None


def test_what_was_taken_back_is_asked_for_anew(world: World, waiting: str, client: FlaskClient) -> None:
    path, headers = f"/v1/subjects/{waiting}/release/retraction", world.headers("approver")
    assert client.post(path, headers=headers).json["release"] is None
    again = client.post(path, headers=headers)
    assert (again.status_code, again.json["type"]) == (409, "/problems/already-done")
    with refused(world, NotPermitted), world.act(world.editor) as act:
        releases.take_back_request(act, waiting)
    world.publish(waiting)
    assert row(world, waiting).release is not None
    world.release(waiting)
    with refused(world, PublicationRefused), world.act(world.approver) as act:
        releases.take_back_request(act, waiting)


def test_who_looks_first_is_told_what_a_release_would_do(world: World, waiting: str, clock: Clock) -> None:
    clock.move(days=2)
    with world.act(OPERATOR) as act:
        assert release_batch.foresee_release(act, waiting) == release_batch.Outcome(waiting)
        people.suspend_person(act, "approver")
        found = release_batch.foresee_release(act, waiting)
        assert found is not None
        assert isinstance(found.refusal, NotPermitted)
        assert release_batch.foresee_release(act, "evd_" + "0" * 26) is None


def prepared(world: World, count: int) -> list[str]:
    items = [world.publish(submit(world)) for _ in range(count)]
    world.session.rollback()
    return items


def test_a_release_that_was_killed_lost_nothing_and_the_next_does_the_rest(
    database_url: str, clock: Clock, entropy: Callable[[int], bytes], world_template: tuple[Path, World]
) -> None:
    with opened(database_url, world_template[1], clock, entropy) as (_app, world):
        items = prepared(world, 40)
    command = [sys.executable, "-m", "tests.actions.release_all_script", database_url, SECRET]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline().strip() for _ in range(10)]
        child.send_signal(signal.SIGKILL)
        said += [line for line in child.stdout.read().split("\n")[:-1] if line]
    assert child.returncode == -signal.SIGKILL
    assert 10 <= len(said) < 40
    rest = subprocess.run(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    assert (
        len(items) - len(said) - 1 <= len(rest) <= len(items) - len(said)
    )  # one may have been safe and not yet said
    with make_app(database_url, clock, entropy).app_context():
        session = db.session()
        query = select(event.c.subject_id).where(event.c.kind == "subject.published")
        out = [id for id in session.scalars(query) if id.startswith("evd_")]
        assert sorted(out) == sorted(items)
        assert session.query(Release).count() == 0
        with open_unit(session, OPERATOR, clock(), entropy) as act:
            assert rebuild.check_public_side(act) == []
        db.session.remove()
        db.engine.dispose()


def test_of_two_releases_at_once_each_item_is_published_by_one(
    database_url: str, clock: Clock, entropy: Callable[[int], bytes], world_template: tuple[Path, World]
) -> None:
    with opened(database_url, world_template[1], clock, entropy) as (app, world):
        items = prepared(world, 12)
        clock.move(days=2)
        done = release_twice(app, clock.now)
        assert sorted(done) == sorted(items)
        assert sorted(id for id, _at in published(world)) == sorted(items)
        with world.act(world.editor) as act:
            assert rebuild.check_public_side(act) == []


def release_twice(app: Flask, now: datetime) -> list[str]:
    """What two threads released, let go at the same moment with the same list in hand."""
    barrier = Barrier(2)
    done: list[str] = []

    def run(seed: int) -> None:
        with app.app_context():
            session, entropy = db.session(), Random(seed).randbytes
            due = release_batch.list_due_releases(session, now, entropy)
            session.rollback()
            barrier.wait()
            found = [
                release_batch.release_thing(
                    session, id, partial(open_unit, session, now=now, entropy=entropy)
                )
                for id in due
            ]
            done.extend(one.thing for one in found if one is not None)
            db.session.remove()

    threads = [Thread(target=run, args=(seed,)) for seed in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done
