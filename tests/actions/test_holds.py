"""Destroying always takes two custodians. A hold is released by another one than who ordered the destruction; why it
was released is kept, and custodians read it.
"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.public.assertions import refused
from tests.revising import revise_record
from tests.world import World
from tracker.actions import consent, custody, evidence, notes, redaction
from tracker.domain.errors import AlreadyDone, LegallyHeld, NotAgreed, NotPermitted, SelfApproval
from tracker.domain.people import Actor
from tracker.store.evidence import Evidence
from tracker.store.recommendations import Recommendation

Two = tuple[Actor, Actor]


@pytest.fixture
def keepers(world: World) -> Two:
    return world.person("keeper", "custodian"), world.person("second", "custodian")


@pytest.fixture
def item(world: World) -> str:
    return world.item(publish=False, state=None, protection="confidential")


def redact(world: World, by: Actor, item: str, reason: str = "minor") -> None:
    with world.act(by) as act:
        redaction.redact_thing(act, item, reason)


def hold(world: World, by: Actor, item: str, *, held: bool, reason: str = "Case 12.") -> None:
    with world.act(by) as act:
        redaction.hold_thing(act, item, reason, placed=held)


def title(world: World, item: str) -> str:
    return world.session.get_one(Evidence, item).title


def test_whoever_ordered_a_redaction_does_not_release_the_hold(world: World, keepers: Two, item: str) -> None:
    first, second = keepers
    hold(world, second, item, held=True)
    redact(world, first, item)
    with refused(world, SelfApproval):
        hold(world, first, item, held=False)
    with refused(world, LegallyHeld):
        redact(world, second, item)
    hold(world, second, item, held=False)
    redact(world, second, item)
    assert title(world, item) == ""


def test_an_order_about_one_thing_does_not_bind_the_hold_of_another(
    world: World, keepers: Two, item: str
) -> None:
    other = world.item(publish=False, state=None, protection="confidential")
    hold(world, keepers[1], other, held=True)
    redact(world, keepers[0], item)
    hold(world, keepers[0], other, held=False)
    assert world.session.get_one(Evidence, other).title != ""


def test_whoever_released_a_hold_does_not_order_the_redaction(world: World, keepers: Two, item: str) -> None:
    first, second = keepers
    hold(world, second, item, held=True)
    hold(world, first, item, held=False)
    with refused(world, SelfApproval):
        redact(world, first, item)
    redact(world, second, item)


def test_two_custodians_of_one_organization_are_one(world: World, keepers: Two, item: str) -> None:
    first, colleague = (
        world.person(name, "custodian", organization=world.watchdog) for name in ("its first", "its second")
    )
    hold(world, keepers[0], item, held=True)
    redact(world, first, item)
    with refused(world, SelfApproval):
        hold(world, colleague, item, held=False)
    other = world.item(publish=False, state=None, protection="confidential")
    hold(world, keepers[0], other, held=True)
    hold(world, first, other, held=False)
    with refused(world, SelfApproval):
        redact(world, colleague, other)


def test_a_court_is_given_what_nobody_agreed_to_if_another_organization_says_that_it_asks(
    world: World, keepers: Two, item: str
) -> None:
    with world.act(world.editor) as act:
        row = act.session.get_one(Evidence, item)
        consent.record_consent(act, row, {"basis": "informed_consent", "purposes": ["internal_use"]})
    first, colleague = (
        world.person(name, "custodian", organization=world.watchdog) for name in ("its first", "its second")
    )
    hold(world, first, item, held=True)
    for one in (first, colleague):
        with refused(world, NotAgreed), world.act(one) as act:
            custody.hand_over(act, item, "court")
    with world.act(keepers[0]) as act:
        custody.hand_over(act, item, "court")


def edit(world: World, thing: str, kind: str, *, by: Actor | None = None, **changes: object) -> None:
    with world.act(by or world.editor) as act:
        revise_record(act, thing, kind, changes, None)


def test_nobody_overwrites_a_draft_that_is_held(world: World, keepers: Two) -> None:
    asked = world.recommendation("R1", publish=False)
    edit(world, asked, "recommendation", text="Vet all forces.")
    hold(world, keepers[0], asked, held=True)
    edit(world, asked, "recommendation", note="As printed.")
    for changes in ({"text": "Vet."}, {"note": None}, {"addressees": []}):
        with refused(world, LegallyHeld):
            edit(world, asked, "recommendation", **changes)
    row = world.session.get_one(Recommendation, asked)
    assert (row.text, row.note, len(row.addressees)) == ("Vet all forces.", "As printed.", 1)
    hold(world, keepers[0], asked, held=False)
    edit(world, asked, "recommendation", text="Vet.")


def test_of_what_is_public_and_held_the_older_version_stays(world: World, keepers: Two) -> None:
    asked = world.recommendation("R1")
    hold(world, keepers[0], asked, held=True)
    edit(world, asked, "recommendation", text="Vet.")


def test_an_item_that_is_held_is_judged_and_its_submitter_neither_overwrites_it_nor_learns_why(
    world: World, keepers: Two
) -> None:
    with world.act(world.watcher) as act:
        data = {"title": "What was seen", "type": "statement", "acquired_from": "own_staff"}
        item = evidence.submit_evidence(act, {"process_id": world.process, **data}).id
    edit(world, item, "evidence", by=world.watcher, title="What a nurse saw")
    hold(world, keepers[0], item, held=True)
    with pytest.raises(AlreadyDone) as told, world.act(world.watcher) as act:
        revise_record(act, item, "evidence", {"title": "Nothing"}, None)
    assert "held" not in told.value.detail
    world.session.rollback()
    with refused(world, LegallyHeld):
        edit(world, item, "evidence", title="Nothing")
    edit(world, item, "evidence", technical_analysis="failed")
    assert title(world, item) == "What a nurse saw"


def test_a_note_about_what_is_held_is_not_taken_back(world: World, keepers: Two, item: str) -> None:
    with world.act(world.editor) as act:
        note = notes.write_note(act, item, "The nurse called.").id
    hold(world, keepers[0], item, held=True)
    with refused(world, LegallyHeld), world.act(world.editor) as act:
        notes.retract_note(act, note)
    hold(world, keepers[0], item, held=False)
    with world.act(world.editor) as act:
        notes.retract_note(act, note)


def test_why_a_hold_was_released_is_read_by_custodians(
    world: World, keepers: Two, item: str, client: FlaskClient
) -> None:
    hold(world, keepers[0], item, held=True)
    hold(world, keepers[1], item, held=False, reason="The court let go of it.")
    path = f"/v1/subjects/{item}/holds"
    said = client.get(path, headers=world.headers("keeper")).json["items"]
    assert [(one["held"], one["reason"]) for one in said] == [
        (False, "The court let go of it."),
        (True, "Case 12."),
    ]
    assert client.get(path, headers=world.headers("editor")).status_code == 403
    redact(world, keepers[0], item)
    redact(world, keepers[1], item)
    said = client.get(path, headers=world.headers("keeper")).json["items"]
    assert [(one["held"], one["reason"]) for one in said] == [(False, None), (True, None)]


def test_a_consent_that_an_editor_withdraws_asks_for_a_redaction_and_orders_none(
    world: World, keepers: Two, item: str, client: FlaskClient
) -> None:
    with world.act(world.editor) as act:
        row = act.session.get_one(Evidence, item)
        consent.record_consent(act, row, {"basis": "informed_consent", "purposes": ["internal_use"]})
    with world.act(world.reviewer) as act:
        redaction.withdraw_consent(act, item)
    assert world.session.get_one(Evidence, item).protection == "sealed"
    with refused(world, NotPermitted):
        world.decide(item, by=keepers[0], kind="redaction")
    redact(world, keepers[0], item)
    assert title(world, item) != ""
    with refused(world, SelfApproval):
        redact(world, keepers[0], item)
    world.decide(item, by=keepers[1], kind="redaction")
    assert title(world, item) == ""
