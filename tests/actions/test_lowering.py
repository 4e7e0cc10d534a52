"""Lowering protection takes two people and a day. Meanwhile anybody who may protect the item ends it, a raise wins, and
a changed proposal rests anew; what became of each stays in the history of the item, without names. Sharing with more
organizations is lowering, too. A sealed item is judged and lowered by custodians, and nobody else learns of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.public.assertions import refused
from tests.revising import revise_record
from tests.world import World
from tracker.actions import consent, evidence, proposals, protection, redaction, statuses
from tracker.domain.errors import (
    AlreadyDecided,
    AlreadyDone,
    InvalidInput,
    NotAgreed,
    NotFound,
    NotPermitted,
    OwnEvidence,
    SelfApproval,
    StaleProposal,
    TooEarly,
)
from tracker.domain.people import Actor
from tracker.domain.protection import LOWERING_RESTS
from tracker.store.evidence import Evidence

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def level(world: World, item: str) -> str:
    return world.session.get_one(Evidence, item).protection


def decide(world: World, item: str, decision: str = "approve", by: Actor | None = None) -> None:
    world.decide(item, decision, by=by)


def history(client: FlaskClient, world: World, item: str, by: str = "editor") -> list[dict[str, Any]]:
    answer = client.get(f"/v1/evidence/{item}/protection/history", headers=world.headers(by))
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json["items"]
    return items


@pytest.fixture
def secret(world: World) -> str:
    """A confidential draft of the editor."""
    return world.item(publish=False, protection="confidential")


@pytest.fixture
def keepers(world: World) -> tuple[Actor, Actor]:
    """Two custodians: one proposes, both review and approve."""
    return world.person("keeper", "custodian", "editor"), world.person(
        "second keeper", "custodian", "approver"
    )


def test_lowering_takes_another_person_and_a_day(world: World, secret: str, clock: Clock) -> None:
    world.protect(secret, "public", by=world.reviewer)
    waits = world.waiting(secret)
    assert waits is not None
    assert LOWERING_RESTS == DAY
    for step in (timedelta(), DAY - INSTANT):
        clock.now += step
        with refused(world, TooEarly) as caught:
            decide(world, secret)
        assert caught.value.not_before == waits.rests_until
    assert caught.value.wait == 1
    clock.now += INSTANT
    with refused(world, SelfApproval):
        decide(world, secret, by=world.reviewer)
    with refused(world, NotPermitted):
        decide(world, secret, by=world.editor)
    decide(world, secret)
    assert level(world, secret) == "public"
    with refused(world, AlreadyDecided), world.act(world.approver) as act:
        proposals.decide_proposal(act, waits.id, "approve")


def test_who_comes_too_early_is_told_from_when_it_may_be_approved(
    world: World, secret: str, client: FlaskClient
) -> None:
    world.protect(secret, "public")
    from_then = "2026-11-24T09:00:00.000000Z"
    told = client.get(f"/v1/evidence/{secret}/protection", headers=world.headers("editor")).json
    assert told["proposed"]["not_before"] == from_then
    [listed] = client.get(
        "/v1/proposals?kind=lowering&decision=proposed", headers=world.headers("approver")
    ).json["items"]
    assert (listed["thing"], listed["not_before"]) == (secret, from_then)
    path = f"/v1/proposals/{told['proposed']['id']}/decision"
    answer = client.post(path, json={"decision": "approve"}, headers=world.headers("approver"))
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/too-early")
    assert (answer.json["not_before"], answer.headers["Retry-After"]) == (from_then, "86400")


def test_a_proposal_is_returned_or_taken_back_at_once(world: World, secret: str) -> None:
    world.protect(secret, "public")
    decide(world, secret, "return")
    assert world.waiting(secret) is None
    for ender in (world.editor, world.reviewer):  # who proposed it, and anybody else who may protect the item
        world.protect(secret, "public")
        world.protect(secret, "confidential", by=ender)
        assert world.waiting(secret) is None
    assert level(world, secret) == "confidential"
    with refused(world, AlreadyDone):
        world.protect(secret, "confidential")


def test_its_submitter_ends_the_lowering_of_what_they_submitted(world: World) -> None:
    data = {"process_id": world.process, "title": "T", "type": "photo", "acquired_from": "own_staff"}
    with world.act(world.watcher) as act:
        item = evidence.submit_evidence(act, data).id
    world.protect(item, "public")
    world.protect(item, "confidential", by=world.watcher)
    assert world.waiting(item) is None


def test_a_raise_wins_at_once_and_ends_what_waits(world: World, secret: str, clock: Clock) -> None:
    world.protect(secret, "public")
    world.protect(secret, "sealed")
    assert (level(world, secret), world.waiting(secret)) == ("sealed", None)
    clock.now += DAY
    with refused(world, NotFound):
        decide(world, secret)


def test_a_changed_proposal_rests_anew(world: World, secret: str, clock: Clock) -> None:
    world.protect(secret, "public")
    clock.now += DAY - INSTANT
    world.protect(secret, "partner", by=world.reviewer)
    clock.now += INSTANT
    with refused(world, TooEarly):
        decide(world, secret)
    clock.now += DAY - INSTANT
    decide(world, secret)
    assert level(world, secret) == "partner"


def test_an_item_is_shared_with_more_by_two_after_a_day_and_with_fewer_by_one(
    world: World, secret: str, clock: Clock
) -> None:
    for wanted in ([world.press], [world.press, world.daily]):
        world.protect(secret, "partner", shared_with=wanted)
        before = protection.list_shared_with(world.session, secret)
        assert before != set(wanted)
        with refused(world, TooEarly):
            decide(world, secret)
        clock.now += DAY
        decide(world, secret)
        assert protection.list_shared_with(world.session, secret) == set(wanted)
    world.protect(secret, "partner", shared_with=[world.daily])
    assert protection.list_shared_with(world.session, secret) == {world.daily}
    world.protect(secret, "confidential")
    assert protection.list_shared_with(world.session, secret) == set()
    with refused(world, InvalidInput):
        world.protect(secret, "public", shared_with=[world.press])


def test_whoever_gains_a_reader_waits_a_day_whatever_the_level(
    world: World, clock: Clock, client: FlaskClient
) -> None:
    """A draft at the level public is read by the desk alone; a raise that names a partner would let it in."""
    item = world.item(publish=False, state=None, protection="public")
    world.protect(item, "partner", shared_with=[world.press])
    assert (level(world, item), protection.list_shared_with(world.session, item)) == ("partner", set())
    world.person("partner", "partner", organization=world.press)
    path = f"/v1/shared/evidence/{item}"
    assert client.get(path, headers=world.headers("partner")).status_code == 404
    with refused(world, TooEarly):
        decide(world, item)
    clock.now += DAY
    decide(world, item)
    assert client.get(path, headers=world.headers("partner")).status_code == 200
    world.protect(item, "partner", shared_with=[world.daily])  # who loses it does so at once
    assert protection.list_shared_with(world.session, item) == set()


def test_a_partner_of_each_type_takes_the_purpose_that_covers_it(world: World) -> None:
    court = world.organization("court", "judiciary")
    mission = world.organization("mission", "un_body")
    covers = {
        court: "share_with_courts",
        mission: "share_with_inquiry",
        world.press: "publish_attributed",
    }
    for purpose in covers.values():
        item = world.item(publish=False, state=None, protection="confidential")
        with world.act(world.editor) as act:
            row = act.session.get_one(Evidence, item)
            consent.record_consent(
                act, row, {"basis": "informed_consent", "purposes": ["internal_use", purpose]}
            )
        for partner, needed in covers.items():
            if needed == purpose:
                world.protect(item, "partner", shared_with=[partner])
            else:
                with refused(world, NotAgreed):
                    world.protect(item, "partner", shared_with=[partner])


def test_a_consent_is_read_again_when_a_lowering_is_approved(world: World, secret: str, clock: Clock) -> None:
    world.protect(secret, "partner", shared_with=[world.press])
    with world.act(world.editor) as act:
        row = act.session.get_one(Evidence, secret)
        consent.record_consent(act, row, {"basis": "informed_consent", "purposes": ["internal_use"]})
    clock.now += DAY
    with refused(world, NotAgreed):
        decide(world, secret)


def test_a_lowering_is_judged_on_the_item_as_it_was_proposed(
    world: World, secret: str, clock: Clock, client: FlaskClient
) -> None:
    world.protect(secret, "public")
    clock.now += DAY
    item = world.session.get_one(Evidence, secret)
    with world.act(world.editor) as act:
        revise_record(act, secret, "evidence", {"title": "The nurse of ward 3"}, item.version)
    with refused(world, StaleProposal) as caught:
        decide(world, secret)
    assert [field.pointer for field in caught.value.fields] == [f"/versions/{secret}"]
    waits = world.waiting(secret)
    assert waits is not None
    path, headers = f"/v1/proposals/{waits.id}/decision", world.headers("approver")
    answer = client.post(path, json={"decision": "approve"}, headers=headers)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/stale-proposal")
    read = [{"id": secret, "version": item.version}]
    answer = client.post(path, json={"decision": "approve", "versions": read}, headers=headers)
    assert (answer.status_code, answer.json["decision"]) == (200, "approved")
    world.session.rollback()
    assert level(world, secret) == "public"


def test_two_people_of_one_organization_are_one(world: World, secret: str, clock: Clock) -> None:
    first = world.person("first", "editor", organization=world.watchdog)
    second = world.person("second", "approver", organization=world.watchdog)
    world.protect(secret, "public", by=first)
    clock.now += DAY
    with refused(world, SelfApproval):
        decide(world, secret, by=second)
    decide(world, secret)


def test_what_was_withdrawn_is_lowered_no_more(world: World, secret: str) -> None:
    world.protect(secret, "public", ago=DAY)
    world.withdraw(secret)
    with refused(world, AlreadyDone):
        decide(world, secret)
    with refused(world, AlreadyDone):
        world.protect(secret, "partner")


def test_what_waits_to_be_lowered_is_listed_to_whoever_may_know_of_it(
    world: World, secret: str, client: FlaskClient, keepers: tuple[Actor, Actor]
) -> None:
    hidden = world.item(publish=False, protection="sealed")
    world.protect(secret, "public")
    world.protect(hidden, "public", by=keepers[0])
    for name, known in (("approver", {secret}), ("second keeper", {secret, hidden})):
        listed = client.get(
            "/v1/proposals?kind=lowering&decision=proposed", headers=world.headers(name)
        ).json["items"]
        assert {one["thing"] for one in listed} == known


def test_the_history_says_what_became_of_each_and_names_nobody(
    world: World, secret: str, client: FlaskClient, clock: Clock
) -> None:
    world.protect(secret, "public", reason="It is out.")
    decide(world, secret, "return")
    world.protect(secret, "partner", shared_with=[world.press], reason="They work on it.")
    clock.now += DAY
    decide(world, secret)
    world.protect(secret, "public", reason="They printed it.")
    world.protect(secret, "sealed", reason="A guard was named.")
    found = history(client, world, secret, by=keeper(world))
    said = [(one["act"], one["before"], one["after"], one["reason"]) for one in found]
    assert said == [
        ("raised", "partner", "sealed", "A guard was named."),
        ("retracted", "partner", "public", "They printed it."),
        ("lowered", "confidential", "partner", "They work on it."),
        ("returned", "confidential", "public", "It is out."),
    ]
    assert (found[2]["proposed_at"], found[2]["at"]) == (
        "2026-11-23T09:00:00.000000Z",
        "2026-11-24T09:00:00.000000Z",
    )
    assert (found[2]["shared_with"], found[0]["proposed_at"]) == ([world.press], None)
    assert not any("per_" in str(one) for one in found)


def keeper(world: World) -> str:
    world.person("reader", "custodian")
    return "reader"


def test_the_history_is_read_page_by_page_by_the_desk_and_sealed_by_custodians_alone(
    world: World, secret: str, client: FlaskClient
) -> None:
    for place in range(3):
        world.lower(secret, "public", reason=f"{place}")
        world.protect(secret, "confidential", reason=f"{place} again")
    following: Any = f"/v1/evidence/{secret}/protection/history?limit=2"
    reasons = []
    while following:
        page = client.get(following, headers=world.headers("approver")).json
        reasons += [one["reason"] for one in page["items"]]
        following = page["next"]
    assert reasons == ["2 again", "2", "1 again", "1", "0 again", "0"]
    path = f"/v1/evidence/{secret}/protection/history"
    assert client.get(path, headers=world.headers("watcher")).status_code == 403
    world.protect(secret, "sealed")
    assert client.get(path, headers=world.headers("editor")).status_code == 404


def test_a_redaction_that_is_ordered_ends_what_waits_of_a_sealed_item_too(
    world: World, keepers: tuple[Actor, Actor], client: FlaskClient
) -> None:
    item = world.item(publish=False, protection="sealed")
    world.protect(item, "confidential", by=keepers[0], ago=DAY)
    with world.act(keepers[1]) as act:
        redaction.redact_thing(act, item, "witness_safety")
    assert world.waiting(item) is None
    assert [one["act"] for one in history(client, world, item, "keeper")] == ["retracted", "raised"]


def test_custodians_review_what_is_sealed_by_the_rules_of_any_review(
    world: World, keepers: tuple[Actor, Actor]
) -> None:
    """Two of them, and neither submitted it."""
    both = world.person("third keeper", "custodian", "editor", "approver")
    with world.act(both) as act:
        data = {"process_id": world.process, "title": "T", "type": "photo", "acquired_from": "own_staff"}
        item = evidence.submit_evidence(act, {**data, "protection": "sealed"}).id
    with refused(world, OwnEvidence):
        world.propose(item, "verification", "verified", proposer=both)
    with refused(world, InvalidInput):  # as if it were not there
        world.propose(item, "verification", "verified", proposer=world.reviewer)
    change = world.propose(item, "verification", "verified", proposer=keepers[0]).id
    for by, why in ((both, OwnEvidence), (keepers[0], NotPermitted), (world.approver, NotFound)):
        with refused(world, why), world.act(by) as act:
            statuses.approve_status_change(act, change)
    with world.act(keepers[1]) as act:
        assert statuses.approve_status_change(act, change).to_state == "verified"
    world.lower(item, "confidential", by=keepers[0], let_by=keepers[1])
    assert level(world, item) == "confidential"
