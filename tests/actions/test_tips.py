"""Tips at the desk: custodians of the process read them on record, and what becomes of one takes its people."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.actions.factories import both
from tests.actions.tips import SAID, SEALER, add, digest_of, make_file, open_box, send
from tests.conftest import Clock
from tests.world import World
from tracker.actions import kept_forms, sealed_fields, sent_tips, tips
from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain import errors
from tracker.domain.people import Actor
from tracker.sealing.sealer import Sealer
from tracker.store.audit import AuditEntry
from tracker.store.custody import EvidenceFile
from tracker.store.evidence import Evidence
from tracker.store.tips import Tip, TipFile
from tracker.store.viewer import Viewer

ITEM = {"title": "What was seen at the quay", "type": "statement"}


@pytest.fixture
def keeper(world: World) -> Actor:
    keeper = world.person("keeper", "custodian")
    open_box(world, keeper)
    return keeper


def read(world: World, by: Actor, id: str) -> tips.Contents:
    with world.act(by) as act:
        return tips.read_tip(act, id, SEALER)


def last_entry(world: World) -> Any:
    return world.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


def test_a_tip_is_listed_without_its_words_and_read_on_record(world: World, keeper: Actor) -> None:
    viewer = Viewer(world.session, keeper)
    assert tips.count_unread(viewer) == (0, None)
    tip = send(world, "one", make_file(), make_file(None, b"other"))
    assert tips.count_unread(viewer) == (1, tip.came_at)
    told = tips.describe_tip(viewer, tip)
    assert (told["files"], told["size"], told["messages"], told["state"]) == (2, 10, 0, "received")
    assert not any(word in repr(told) for word in SAID.values())
    found = read(world, keeper, tip.id)
    assert (found.words, {name for _file, name in found.files}) == (SAID, {"IMG_1.jpg", None})
    assert not any(word in repr(found) for word in SAID.values())
    entry = last_entry(world)
    assert (entry.verb, entry.target_id, entry.detail) == (
        "tip.read",
        world.process,
        {"tip": tip.id},
    )
    assert tips.count_unread(viewer) == (0, None)
    add(world, "More.")
    assert tips.count_unread(viewer)[0] == 1
    assert [one.text for one in read(world, keeper, tip.id).messages] == ["More."]
    assert tips.get_tip(viewer, tip.id).state == "looked_at"


ACTS: list[Callable[[Unit, str], Any]] = [
    lambda act, id: tips.read_tip(act, id, SEALER),
    lambda act, id: tips.ask_sender(act, id, "When?", SEALER),
    tips.set_aside,
    lambda act, id: tips.take_over(act, id, ITEM, SEALER),
    tips.destroy_tip,
]


@pytest.mark.parametrize("do", ACTS)
def test_nobody_else_knows_of_a_tip(world: World, keeper: Actor, do: Callable[[Unit, str], Any]) -> None:
    tip = send(world).id
    for who in (world.editor, world.approver, world.admin, world.watcher):
        with pytest.raises(errors.NotPermitted), world.act(who) as act:
            do(act, tip)
    elsewhere = world.make_process("north")
    limited = replace(world.person("of the north", "custodian"), processes=frozenset({elsewhere}))
    assert world.session.scalars(tips.select_tips(Viewer(world.session, limited))).all() == []
    assert tips.count_unread(Viewer(world.session, limited)) == (0, None)
    with pytest.raises(errors.NotFound), world.act(limited) as act:
        do(act, tip)
    assert tips.count_unread(Viewer(world.session, keeper))[0] == 1


def test_the_desk_asks_and_the_sender_answers(world: World, keeper: Actor, clock: Clock) -> None:
    tip = send(world)
    with pytest.raises(errors.AlreadyDone), world.act(keeper) as act:
        tips.ask_sender(act, tip.id, "When was it?", SEALER)
    read(world, keeper, tip.id)
    clock.move(days=2)
    with world.act(keeper) as act:
        tips.ask_sender(act, tip.id, "When was it?", SEALER)
    found = sent_tips.find_tip(world.session, digest_of("one"), world.clock())
    said = sent_tips.read_conversation(world.session, found, SEALER)
    assert [(one.text, one.by_desk) for one in said.messages] == [("When was it?", True)]
    assert (said.state, said.kept_until) == ("looked_at", tip.came_at + timedelta(days=92))
    add(world, "At noon.")
    assert [one.by_desk for one in read(world, keeper, tip.id).messages] == [True, False]


def test_a_tip_becomes_a_sealed_draft_with_its_words_sealed_and_its_files(
    world: World, keeper: Actor
) -> None:
    tip = send(world, "one", make_file(), make_file(None, b"other"), when="")
    with pytest.raises(errors.AlreadyDone), world.act(keeper) as act:
        tips.take_over(act, tip.id, ITEM, SEALER)
    read(world, keeper, tip.id)
    add(world, "More.")
    with world.act(keeper) as act:
        tips.ask_sender(act, tip.id, "When?", SEALER)
        made = tips.take_over(act, tip.id, {**ITEM, "description": "From a tip."}, SEALER)
        assert made.evidence_id is not None
        item = world.session.get_one(Evidence, made.evidence_id)
    assert (item.protection, item.publication, item.owner_id) == ("sealed", "draft", None)
    assert (item.acquired_from, item.created_by, item.watchdog_id) == (
        "confidential_source",
        keeper.id,
        world.lead,
    )
    with world.act(keeper) as act:
        sealed = sealed_fields.read_sealed_fields(act, item.id, SEALER)["sealed"]
    day = tip.came_at.date()
    assert sealed["statement"].split("\n\n") == [
        "I saw the trucks leave.",
        "Where: The quay",
        "Who could be hurt: My brother",
        f"Sender, {day}: More.",
        f"Desk, {day}: When?",
    ]
    files = world.session.scalars(select(EvidenceFile).where(EvidenceFile.evidence_id == item.id)).all()
    assert {one.role for one in files} == {"evidentiary_copy"}
    assert len([one for one in files if one.name_box]) == 1
    assert world.session.scalars(select(TipFile)).all() == []
    for act_again in (tips.set_aside, lambda act, id: tips.take_over(act, id, ITEM, SEALER)):
        with pytest.raises(errors.AlreadyDone), world.act(keeper) as act:
            act_again(act, tip.id)
    with pytest.raises(errors.NotFound), world.act(world.editor) as act:
        lookup.get(act.viewer, item.id, "evidence")


def test_a_file_that_the_desk_has_already_stays_with_the_tip(world: World, keeper: Actor) -> None:
    for once in ("one", "two"):
        tip = send(world, once, make_file())
        read(world, keeper, tip.id)
        with world.act(keeper) as act:
            tips.take_over(act, tip.id, ITEM, SEALER)
    assert len(world.session.scalars(select(EvidenceFile)).all()) == 1
    assert [one.tip_id for one in world.session.scalars(select(TipFile))] == [tip.id]


def test_what_one_custodian_sets_aside_another_destroys(world: World, keeper: Actor, clock: Clock) -> None:
    second = world.person("second", "custodian")
    file = make_file()
    tip = send(world, "one", file)
    with pytest.raises(errors.AlreadyDone), world.act(keeper) as act:
        tips.set_aside(act, tip.id)
    read(world, keeper, tip.id)
    with pytest.raises(errors.AlreadyDone), world.act(second) as act:
        tips.destroy_tip(act, tip.id)
    with world.act(keeper) as act:
        aside = tips.set_aside(act, tip.id)
        assert (aside.state, aside.kept_until) == ("not_used", tip.came_at + timedelta(days=30))
    clock.move(days=1)
    add(world, "Please look again.")
    assert read(world, keeper, tip.id).tip.kept_until == tip.came_at + timedelta(days=91)
    with pytest.raises(errors.SelfApproval), world.act(keeper) as act:
        tips.destroy_tip(act, tip.id)
    with pytest.raises(errors.AlreadyDone), world.act(second) as act:
        tips.set_aside(act, tip.id)
    with world.act(second) as act:
        assert tips.destroy_tip(act, tip.id) == [file.stored.key]
    assert world.session.get(Tip, tip.id) is None
    assert last_entry(world).verb == "tip.destroy"


def test_two_custodians_of_one_organization_destroy_no_tip(world: World, keeper: Actor) -> None:
    first, colleague = (
        world.person(name, "custodian", organization=world.watchdog) for name in ("its first", "its second")
    )
    tip = send(world).id
    read(world, first, tip)
    with world.act(first) as act:
        tips.set_aside(act, tip)
    with pytest.raises(errors.SelfApproval), world.act(colleague) as act:
        tips.destroy_tip(act, tip)
    with world.act(keeper) as act:
        tips.destroy_tip(act, tip)


def test_what_is_made_of_a_tip_belongs_to_the_desk_for_whomever_its_custodian_speaks(
    world: World, keeper: Actor
) -> None:
    theirs = world.person("its custodian", "custodian", organization=world.watchdog)
    tip = send(world).id
    read(world, theirs, tip)
    with world.act(theirs) as act:
        item = tips.take_over(act, tip, ITEM, SEALER).evidence_id
    made = world.session.get_one(Evidence, item)
    assert (made.owner_id, made.watchdog_id, made.created_by) == (None, world.lead, theirs.id)
    made.protection = "confidential"  # as two people let it become
    with pytest.raises(errors.NotFound):
        lookup.get(Viewer(world.session, world.watcher), made.id, "evidence")
    world.session.rollback()


def test_with_what_was_made_of_a_tip_the_tip_is_destroyed(world: World, keeper: Actor) -> None:
    tip = send(world, "one", make_file()).id
    other = send(world, "two").id
    read(world, keeper, tip)
    with world.act(keeper) as act:
        item = tips.take_over(act, tip, ITEM, SEALER).evidence_id
        kept_forms.keep_form(act, keeper.id, f"/desk/tips/{tip}/message", tip, [("text", "Who?")], SEALER)
    both(world, (keeper, world.person("second", "custodian")), item or "")
    assert kept_forms.list_forms(world.session, keeper, world.clock()) == []
    with pytest.raises(errors.NotFound):
        tips.get_tip(Viewer(world.session, keeper), tip)
    assert tips.get_tip(Viewer(world.session, keeper), other).id == other
    assert world.session.scalars(select(TipFile)).all() == []


def test_a_tip_that_was_set_aside_can_still_become_evidence(world: World, keeper: Actor) -> None:
    tip = send(world).id
    read(world, keeper, tip)
    with world.act(keeper) as act:
        tips.set_aside(act, tip)
        assert tips.take_over(act, tip, ITEM, SEALER).state == "used"


def test_tips_that_are_kept_no_longer_are_destroyed_without_an_entry(
    world: World, keeper: Actor, clock: Clock
) -> None:
    file = make_file()
    send(world, "one", file)
    clock.move(days=1)
    send(world, "two")
    clock.move(days=89)
    before = last_entry(world).id
    with world.act(keeper) as act:
        assert tips.destroy_ended(act) == (1, [file.stored.key])
        assert tips.destroy_ended(act) == (0, [])
    assert last_entry(world).id == before
    assert len(world.session.scalars(select(Tip)).all()) == 1


def test_keys_of_tips_are_wrapped_again(world: World, keeper: Actor) -> None:
    tip = send(world, "one", make_file(), make_file(None, b"other")).id
    add(world, "More.")
    new = Sealer([bytes(range(1, 33)), bytes(range(32))], os.urandom)
    with world.act(keeper) as act:
        assert tips.rotate_keys(act, new, "", 200) == (3, tip)
        assert tips.rotate_keys(act, new, "", 200) == (0, tip)
        assert tips.rotate_keys(act, new, tip, 200) == (0, None)
    alone = Sealer([bytes(range(1, 33))], os.urandom)
    with world.act(keeper) as act:
        found = tips.read_tip(act, tip, alone)
    assert (found.words, found.messages[0].text) == (SAID, "More.")
