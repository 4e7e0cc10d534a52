"""What reaches far is done in parts: whatever stops between two of them, nothing is lost, and once all are done the
public side is what it would be if it were written from nothing. While parts are left, only what they will change
differs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.actions.factories import both, keepers
from tests.conftest import Clock, MakeTemplate
from tests.draws import draws, seeds
from tests.public.assertions import public
from tests.public.factories import Seeded, prepare
from tests.public.random_acts import STEPS, run
from tests.revising import revise_record
from tests.world import World
from tracker.actions import revisions
from tracker.actions.operations import pending_work, rebuild
from tracker.actions.operations.pending_work import run_pending_updates
from tracker.actions.people import OPERATOR
from tracker.actions.support import pending_updates
from tracker.actions.support.lookup import MODELS
from tracker.actions.support.unit import open_unit
from tracker.database.job_locks import hold_job
from tracker.domain import ids
from tracker.domain.jobs import WORK
from tracker.store.evidence import Evidence
from tracker.store.pending_updates import list_pending
from tracker.store.processes import Process

POLICY = {"implementation.underway": {"items": 2}}
ELSEWHERE = {"time_zone": "Pacific/Kiritimati", "weekend": [], "holidays": []}


def revise(world: World, thing: str, **changes: Any) -> None:
    kind = ids.kind_of(thing) or ""
    version = world.session.get_one(MODELS[kind], thing).version
    with world.act(world.editor) as act:
        revise_record(act, thing, kind, changes, version)


def drain(world: World, most: int | None = None) -> int:
    return run_pending_updates(world.session, lambda: world.act(OPERATOR), most)


def findings(world: World) -> list[str]:
    with world.act(world.editor) as act:
        return rebuild.check_public_side(act)


def move_days(world: World, draw: Random) -> None:
    zone = draw.choice(["Asia/Damascus", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
    revise(world, world.process, calendar={**ELSEWHERE, "time_zone": zone})


def end_process(world: World, draw: Random) -> None:
    if draw.random() < 0.2:  # nothing but an edit of an organization can follow
        world.withdraw(world.process)


def continue_work(world: World, draw: Random) -> None:
    drain(world, draw.randrange(1, 4))


KNOWN = {**STEPS, "move_days": move_days, "end_process": end_process, "continue_work": continue_work}
#: What reaches far comes more often than it would by chance.
NAMES = sorted(KNOWN) + ["revise", "continue_work", "answer", "move_days"] * 3


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_updates, "AT_ONCE", 2)


def equals_a_rebuild(world: World) -> None:
    """Now, and after all of what is pending is done."""
    assert findings(world) == []
    drain(world)
    assert list_pending(world.session) == []
    assert findings(world) == []


@pytest.mark.usefixtures("small_parts")
@settings(
    max_examples=draws(8), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 2**20)), max_size=25))
def test_only_what_is_pending_differs_and_nothing_once_it_is_done(
    steps: list[tuple[str, int]], seeded: Seeded, tmp_path: Path
) -> None:
    with seeded.copied(tmp_path, len(steps)) as world:
        run(world, steps, KNOWN)
        equals_a_rebuild(world)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("seed", seeds(1))
def test_what_was_done_in_parts_is_the_same_written_from_nothing(record: World, seed: int) -> None:
    draw = Random(seed)
    steps = [(draw.choice(NAMES), draw.randrange(2**20)) for _ in range(60)]
    prepare(record)
    run(record, steps, KNOWN)
    equals_a_rebuild(record)
    with record.act(record.editor) as act:  # what turned with the day before is written for today
        rebuild.rebuild_public_side(act)
    before = public(record.session)
    with record.act(record.editor) as act:
        rebuild.rebuild_public_side(act)
    assert public(record.session) == before


def fill(world: World) -> list[str]:
    """A process with more in it than one part works on; its statuses stand on one item each."""
    found = []
    for number in range(7):
        found.append(world.recommendation(f"C{number}"))
        world.answer(found[-1], "implementation", "underway", cites=(world.item(),))
    return found


@pytest.fixture(scope="module")
def own_template(make_template: MakeTemplate[list[str]]) -> tuple[Path, list[str]]:
    return make_template(fill)


@pytest.fixture
def asked(own_template: tuple[Path, list[str]]) -> list[str]:
    """The recommendations of a process that was filled."""
    return own_template[1]


EDITS: dict[str, Callable[[World], None]] = {
    "a policy": lambda world: revise(world, world.process, evidence_policy=POLICY),
    "a calendar": lambda world: revise(world, world.process, calendar=ELSEWHERE),
    "a title": lambda world: revise(world, world.process, title="Another"),
    "a name": lambda world: revise(world, world.press, name="Another"),
    "a group": lambda world: revise(world, world.press, part_of_id=world.government),
    "a withdrawal": lambda world: world.withdraw(world.process),
}


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("edit", EDITS)
def test_parts_come_to_the_same_as_the_whole(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch, edit: str
) -> None:
    """A part that raises is done again: what it did is gone, and its place was not moved."""
    monkeypatch.setattr(pending_updates, "AT_ONCE", 2)
    EDITS[edit](world)
    assert list_pending(world.session) != []
    assert findings(world) == []
    work, made = dict(pending_updates.WORK), []

    def fall(act: Any, thing: str, things: Any) -> None:
        made.append(things)
        work[kind].apply(act, thing, things)
        raise ZeroDivisionError

    for _ in range(3):
        kind = list_pending(world.session)[0].kind
        monkeypatch.setitem(pending_updates.WORK, kind, work[kind].__class__(work[kind].list_next, fall))  # type: ignore[arg-type]
        with pytest.raises(ZeroDivisionError):
            drain(world)
        monkeypatch.setitem(pending_updates.WORK, kind, work[kind])  # type: ignore[arg-type]
        clock.move(seconds=1)
        assert findings(world) == []
        assert drain(world, 1) == 1
        if not list_pending(world.session):
            break
    drain(world)
    assert made
    assert findings(world) == []
    before = public(world.session)
    with world.act(world.editor) as act:
        rebuild.rebuild_public_side(act)
    assert public(world.session) == before


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("edit", [one for one in EDITS if one != "a withdrawal"])
def test_a_process_says_while_something_is_pending(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, edit: str
) -> None:
    paths = [f"/v1/public/processes/{world.process}", f"/v1/public/processes/{world.process}/scoreboard"]
    assert [client.get(path).json["updating_since"] for path in paths] == [None, None]
    monkeypatch.setattr(pending_updates, "AT_ONCE", 2)
    EDITS[edit](world)
    since = [client.get(path).json["updating_since"] for path in paths]
    assert since[0] == since[1] == world.clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    drain(world)
    assert [client.get(path).json["updating_since"] for path in paths] == [None, None]


@pytest.mark.usefixtures("asked")
def test_readers_see_each_part_although_no_act_says_so(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_updates, "AT_ONCE", 2)
    revise(world, world.process, title="Another")
    addresses = ("/feeds/coast/status.json", "/v1/public/recommendations")

    def read(address: str) -> tuple[set[str], str]:
        answer = client.get(address)
        rows = answer.json.get("items") or answer.json["recommendations"]
        return {row["process"]["name"] for row in rows}, answer.headers["ETag"]

    before = [read(address) for address in addresses]
    assert all(len(names) == 2 or names == {"Coast"} for names, _tag in before)
    drain(world)
    after = [read(address) for address in addresses]
    assert [names for names, _tag in after] == [{"Another"}, {"Another"}]
    assert all(old[1] != new[1] for old, new in zip(before, after, strict=True))


def test_of_a_withdrawn_process_nothing_is_read_from_the_moment_of_the_act(
    world: World, asked: list[str], client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_updates, "AT_ONCE", 2)
    world.withdraw(world.process)
    assert any(one.kind == "withdrawal" for one in list_pending(world.session))
    for one in asked:
        assert client.get(f"/v1/public/recommendations/{one}").status_code == 410
        assert client.get(f"/v1/public/recommendations/{one}/history").status_code == 410
    for query in ("", "?as_of=2026-01-01", "?known_at=2026-11-23T08:00:00Z", "?implementation=underway"):
        assert client.get(f"/v1/public/recommendations{query}").json["items"] == []
    assert client.get("/v1/public/search?q=Recommendation").json["items"] == []
    said = client.get("/v1/public/changes?limit=200").json["items"]
    assert not any("content" in one or "change" in one for one in said if one["subject"] in asked)
    revise(
        world, world.press, name="Another"
    )  # documents that name it are written again, and stay tombstones
    assert client.get(f"/v1/public/recommendations/{asked[-1]}").status_code == 410
    assert findings(world) == []


@pytest.mark.usefixtures("asked")
def test_an_act_costs_the_same_however_many_things_it_reaches(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.api.test_cost_of_acts import watched  # noqa: PLC0415
    from tracker.store.database import db  # noqa: PLC0415

    monkeypatch.setattr(pending_updates, "AT_ONCE", 3)
    flips = [POLICY, {}, POLICY, {}]

    def edit() -> int:
        world.session.expunge_all()
        with watched(db.engine) as seen:
            revise(world, world.process, evidence_policy=flips.pop(), title=f"Title {len(flips)}")
        drain(world)
        return len([one for one, _values in seen if "_log_hash" not in one])

    edit()
    few = edit()
    cited = world.session.scalars(select(Evidence.id).order_by(Evidence.id)).first()
    assert cited is not None
    for number in range(20):  # an item that all of them cite is among the first things that are reached
        world.answer(world.recommendation(f"D{number}"), "implementation", "stalled", cites=(cited,))
    edit()
    assert edit() == few


@pytest.mark.usefixtures("asked")
def test_what_fails_after_the_commit_makes_no_act_undone(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_updates, "AT_ONCE", 2)
    monkeypatch.setattr(pending_work, "continue_update", lambda _unit: 1 / 0)
    version = world.session.get_one(Process, world.process).version
    with world.act(world.editor) as act:
        wanted = {"title": "Another", "reason": "It was misspelt."}
        waits = revisions.edit_thing(act, world.process, "process", wanted, version)
    path = f"/v1/proposals/{waits.id}/decision"
    answer = client.post(path, json={"decision": "approve"}, headers=world.headers("approver"))
    assert (answer.status_code, answer.json["decision"]) == (200, "approved")
    assert list_pending(world.session) != []
    monkeypatch.undo()
    world.session.rollback()
    world.recommendation("E1", publish=False)
    drain(world)
    assert findings(world) == []


@pytest.mark.usefixtures("asked")
def test_a_request_does_some_of_what_is_queued_and_the_operator_the_rest(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_updates, "AT_ONCE", 2)
    revise(world, world.process, title="Another")
    before = list_pending(world.session)[0]
    pending_work.run_after_commit(world.session, world.clock, world.entropy, 2)
    after = list_pending(world.session)[0]
    with hold_job(world.session.get_bind().engine, WORK):  # somebody does it already, for whom it waits
        pending_work.run_after_commit(world.session, world.clock, world.entropy, 2)
    assert list_pending(world.session)[0] == after
    assert (after.kind, after.queued_at) == (before.kind, before.queued_at)
    assert after.cursor > before.cursor
    opened_unit = lambda: open_unit(world.session, OPERATOR, world.clock(), world.entropy)  # noqa: E731
    assert run_pending_updates(world.session, opened_unit) > 0
    assert run_pending_updates(world.session, opened_unit) == 0


@pytest.mark.usefixtures("asked")
def test_work_that_is_queued_twice_begins_again_and_keeps_its_instant(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_updates, "AT_ONCE", 2)
    revise(world, world.process, title="Another")
    [first] = list_pending(world.session)
    drain(world, 2)
    clock.move(hours=1)
    revise(world, world.process, title="A third")
    [again] = list_pending(world.session)
    assert again == first
    drain(world)
    assert findings(world) == []


def test_what_another_did_meanwhile_is_not_done_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_work, "has_pending", lambda _session: True)
    assert drain(world) == 0


def test_what_is_redacted_before_its_withdrawal_was_said_is_said_to_be_both(
    world: World, asked: list[str], client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = keepers(world)
    monkeypatch.setattr(pending_updates, "AT_ONCE", 2)
    world.withdraw(world.process)
    both(world, two, asked[-1])
    said = client.get("/v1/public/changes?limit=200").json["items"]
    assert [one["kind"] for one in said if one["subject"] == asked[-1]][-2:] == [
        "subject.withdrawn",
        "record.redacted",
    ]
    drain(world)
    assert findings(world) == []
