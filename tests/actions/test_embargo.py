"""What is embargoed is unseen until its hour by everybody below the desk, and then it is public; by two people, and as
what it was when they agreed on it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.public.assertions import public
from tests.revising import revise_record
from tests.world import World
from tracker.actions import recommendations
from tracker.actions.operations import rebuild, release_batch
from tracker.actions.operations.release_batch import Outcome
from tracker.actions.support import lookup
from tracker.domain.errors import AlreadyDone, InvalidInput, NotPublished, SelfApproval
from tracker.public.content.allow_list import PLURALS
from tracker.store.recommendations import Recommendation
from tracker.store.subjects import Subject

HOUR = timedelta(hours=1)


@pytest.fixture
def draft(world: World) -> str:
    return world.recommendation("C1", publish=False)


def embargo(world: World, thing: str, until: datetime) -> None:
    world.publish(thing, not_before=until)


def run(world: World) -> list[Outcome]:
    return release_batch.release_embargoed(world.session, world.clock(), world.act)


def state(world: World, thing: str) -> tuple[str, bool]:
    world.session.expire_all()
    row = lookup.get_unfiltered(world.session, thing)
    return row.publication, row.release is not None


@pytest.mark.parametrize(
    "kind", ["recommendation", "committee", "deadline", "evidence", "organization", "process"]
)
def test_nothing_is_seen_of_it_until_its_hour_and_then_it_is_public(
    world: World, client: FlaskClient, clock: Clock, kind: str
) -> None:
    make = {
        "recommendation": lambda: world.recommendation("C1", publish=False),
        "committee": lambda: world.make_committee("body", publish=False),
        "deadline": lambda: world.deadline(publish=False),
        "evidence": lambda: world.item(publish=False, state=None),
        "organization": lambda: world.organization("bare", "media", publish=False),
        "process": lambda: world.make_process("bare", publish=False),
    }
    thing, hour = make[kind](), clock() + HOUR
    before = public(world.session)
    path = f"/v1/subjects/{thing}/publication"
    waits = client.post(path, json={"not_before": hour.isoformat()}, headers=world.headers("editor"))
    assert (waits.status_code, state(world, thing)) == (202, ("draft", False))
    decided = client.post(
        f"{waits.headers['Location']}/decision",
        json={"decision": "approve"},
        headers=world.headers("approver"),
    )
    assert decided.status_code == 200, decided.data
    told = client.get(path, headers=world.headers("approver")).json
    assert (told["publication"], told["release"]["not_before"]) == ("draft", "2026-11-23T10:00:00.000000Z")
    assert run(world) == []
    clock.move(minutes=59, seconds=59)
    assert run(world) == []
    assert public(world.session) == before
    watcher = client.get(f"/v1/subjects/{thing}", headers=world.headers("watcher"))
    assert watcher.status_code in (403, 404)
    waits = client.get("/v1/releases", headers=world.headers("editor")).json["items"]
    assert [one["subject"] for one in waits] == [thing]
    assert client.get("/v1/releases", headers=world.headers("watcher")).status_code == 403
    clock.move(seconds=1)
    assert run(world) == [Outcome(thing)]
    assert state(world, thing) == ("published", False)
    shown = client.get(f"/v1/public/{PLURALS[kind]}/{thing}").json
    assert shown["published_at"] == "2026-11-23T10:00:00.000000Z"
    assert run(world) == []
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []


def test_it_takes_another_person_than_the_one_who_recorded_it(world: World) -> None:
    with world.act(world.reviewer) as act:
        made = recommendations.record_recommendation(
            act,
            {
                "process_id": world.process,
                "reference": "C9",
                "issuer_id": world.press,
                "issued_on": world.clock().date(),
                "title": "T",
                "text": "X",
                "language": "en",
                "type": "vetting",
            },
        ).id
    with pytest.raises(SelfApproval):
        world.publish(made, let_by=world.reviewer, not_before=world.clock() + HOUR)  # who may do both
    world.decide(made, kind="publication")
    assert state(world, made) == ("draft", True)


def test_an_hour_that_has_passed_and_a_second_one_are_refused(world: World, draft: str) -> None:
    with pytest.raises(InvalidInput, match="has passed"):
        embargo(world, draft, world.clock())
    embargo(world, draft, world.clock() + HOUR)
    with pytest.raises(AlreadyDone):
        embargo(world, draft, world.clock() + 2 * HOUR)


def test_it_can_be_taken_back_published_at_once_or_withdrawn(
    world: World, client: FlaskClient, clock: Clock
) -> None:
    headers = world.headers("approver")
    back, now, gone = (world.recommendation(name, publish=False) for name in ("C1", "C2", "C3"))
    for one in (back, now, gone):
        embargo(world, one, clock() + HOUR)
    answer = client.post(f"/v1/subjects/{back}/release/retraction", headers=headers)
    assert (answer.status_code, answer.json["release"]) == (200, None)
    world.publish(now)
    assert state(world, now) == ("published", False)
    world.withdraw(gone)
    clock.move(hours=2)
    assert run(world) == []
    assert state(world, back) == ("draft", False)
    assert state(world, gone) == ("withdrawn", False)


def test_what_is_edited_after_they_agreed_waits_no_more(world: World, draft: str, clock: Clock) -> None:
    embargo(world, draft, clock() + HOUR)
    with world.act(world.editor) as act:
        row = act.session.get_one(Recommendation, draft)
        revise_record(act, draft, "recommendation", {"title": "Other words"}, row.version)
    assert state(world, draft) == ("draft", False)


def test_things_of_one_hour_may_name_each_other_and_come_out_in_their_order(
    world: World, clock: Clock
) -> None:
    whole = world.recommendation("C1", publish=False)
    part = world.recommendation("C1a", publish=False, parent_id=whole)
    hour = clock() + HOUR
    with pytest.raises(NotPublished):
        embargo(world, part, hour)
    embargo(world, whole, hour)
    with pytest.raises(NotPublished):
        embargo(world, part, hour - timedelta(minutes=1))
    embargo(world, part, hour)
    clock.move(hours=1)
    assert sorted(one.thing for one in run(world)) == sorted([whole, part])
    assert state(world, part) == state(world, whole) == ("published", False)


def test_a_process_comes_out_at_its_hour_with_who_leads_it_and_what_is_in_it(
    world: World, client: FlaskClient, clock: Clock
) -> None:
    lead = world.organization("inquirers", "civil_society", publish=False)
    process = world.make_process("inquest", publish=False, lead_id=lead)
    committee = world.make_committee("new", publish=False, process_id=process)
    world.person("limited", "editor", processes=[world.process])
    world.publish(committee, with_named=True, not_before=clock() + HOUR)
    assert {state(world, one) for one in (lead, process, committee)} == {("draft", True)}
    with pytest.raises(NotPublished, match="unseen until its hour"):
        world.publish(world.make_committee("early", publish=False, process_id=process), with_named=True)
    told = client.get("/v1/releases", headers=world.headers("limited")).json["items"]
    assert [one["subject"] for one in told] == [lead]  # the process is not theirs
    clock.move(hours=1)
    assert {one.thing for one in run(world) if one.refusal is None} == {lead, process, committee}
    shown = client.get(f"/v1/public/committees?process={process}").json["items"]
    assert [one["id"] for one in shown] == [committee]


def test_what_stands_against_it_at_its_hour_is_told_and_it_waits_on(world: World, clock: Clock) -> None:
    whole = world.recommendation("C1", publish=False)
    part = world.recommendation("C1a", publish=False, parent_id=whole)
    other = world.recommendation("C2", publish=False)
    for one in (whole, part, other):
        embargo(world, one, clock() + HOUR)
    world.withdraw(whole)
    clock.move(hours=1)
    found = {one.thing: one.refusal and one.refusal.code for one in run(world)}
    assert found == {part: "not-published", other: None}
    assert state(world, part) == ("draft", True)
    assert [one.thing for one in run(world)] == [part]


def test_evidence_of_a_source_waits_for_both(world: World, clock: Clock) -> None:
    item = world.item(publish=False, state=None, acquired_from="partner")
    embargo(world, item, clock() + timedelta(days=9))
    waits = world.session.get_one(Subject, item).release
    assert waits is not None
    assert (waits.by_lot, waits.not_before) == (True, clock() + timedelta(days=9))
    clock.move(days=10)
    assert run(world) == []  # it is part of a batch
    world.release(item)
    assert state(world, item) == ("published", False)
