"""What people without an account do with tips: nothing of them is kept but what they said, and that is sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.actions.tips import SAID, SEALER, add, digest_of, make_file, open_box, send
from tests.conftest import Clock
from tests.world import World
from tracker.actions import sent_tips, tip_boxes, tips
from tracker.actions.sent_tips import SENDER, Sent
from tracker.actions.tip_boxes import OpenBox
from tracker.domain import errors, service_errors
from tracker.domain import tips as rules
from tracker.domain.people import Actor
from tracker.domain.tips import TipBoxFull
from tracker.sealing.sealer import Sealer
from tracker.store.audit import AuditEntry
from tracker.store.tips import Tip, TipFile, TipMessage
from tracker.store.viewer import Viewer


@pytest.fixture
def keeper(world: World) -> Actor:
    return world.person("keeper", "custodian")


@pytest.fixture
def box(world: World, keeper: Actor) -> OpenBox:
    return open_box(world, keeper)


def count_entries(world: World) -> int:
    return len(world.session.scalars(select(AuditEntry)).all())


def read(world: World) -> sent_tips.Conversation:
    tip = sent_tips.find_tip(world.session, digest_of("one"), world.clock())
    return sent_tips.read_conversation(world.session, tip, SEALER)


@pytest.mark.usefixtures("box")
def test_a_tip_is_kept_sealed_without_a_trace_of_who_sent_it_and_when(world: World, clock: Clock) -> None:
    before = count_entries(world)
    clock.move(minutes=17, seconds=12)
    tip = send(world, "one", make_file(), make_file(None, b"other"))
    assert count_entries(world) == before
    assert (tip.came_at.minute, tip.came_at.second, tip.state) == (0, 0, "received")
    assert tip.kept_until == tip.came_at + timedelta(days=90)
    raw = world.session.connection().exec_driver_sql("SELECT * FROM tip").all()
    assert not any(word in repr(raw) for word in SAID.values())
    files = world.session.scalars(select(TipFile)).all()
    assert "IMG_1" not in repr([(one.name_box, one.name_key) for one in files])
    found = read(world)
    assert (found.words, found.files, found.messages) == (SAID, 2, [])
    assert not any(word in repr(found) for word in SAID.values())


@pytest.mark.usefixtures("box")
def test_a_form_that_is_sent_twice_keeps_one_tip_and_shows_the_same_phrase(world: World) -> None:
    first, again = send(world), send(world)
    assert first.id == again.id
    assert sent_tips.make_phrase("a", "one") == sent_tips.make_phrase("a", "one")
    assert len({sent_tips.make_phrase("a", once) for once in ("one", "two")}) == 2
    assert sent_tips.make_phrase("a", "one") != sent_tips.make_phrase("b", "one")


def test_a_phrase_finds_its_tip_until_it_is_kept_no_longer(world: World, clock: Clock, box: OpenBox) -> None:
    with pytest.raises(errors.NotFound):
        sent_tips.find_tip(world.session, digest_of("one"), world.clock())
    send(world)
    clock.move(days=box.kept_days - 1)
    assert read(world).state == "received"
    clock.move(days=1)
    with pytest.raises(errors.NotFound):
        read(world)


@pytest.mark.usefixtures("box")
def test_a_sender_says_more_with_files_and_a_form_says_it_once(world: World, clock: Clock) -> None:
    tip = send(world)
    clock.move(days=10)
    for _twice in range(2):
        add(world, "There were four of them.", make_file(), once=b"o" * 32)
    add(world, "Green ones.")
    found = read(world)
    assert [(one.text, one.by_desk) for one in found.messages] == [
        ("There were four of them.", False),
        ("Green ones.", False),
    ]
    assert found.files == 1
    assert found.kept_until == tip.came_at + timedelta(days=100)
    raw = world.session.connection().exec_driver_sql("SELECT * FROM tip_message").all()
    assert "four" not in repr(raw)


@pytest.mark.usefixtures("box")
def test_a_tip_that_nobody_relies_on_is_destroyed_by_its_sender_with_its_bytes(world: World) -> None:
    file = make_file()
    send(world, "one", file)
    add(world, "More.")
    with world.act(SENDER, whatever_standing=True) as act:
        assert sent_tips.take_back(act, digest_of("one")) == [file.stored.key]
    for table in (Tip, TipMessage, TipFile):
        assert world.session.scalars(select(table)).all() == []
    with pytest.raises(errors.NotFound):
        read(world)


@pytest.mark.usefixtures("box")
def test_of_a_tip_that_became_evidence_the_item_stays_and_the_desk_is_told(
    world: World, keeper: Actor
) -> None:
    tip = send(world).id
    with world.act(keeper) as act:
        tips.read_tip(act, tip, SEALER)
        item = tips.take_over(act, tip, {"title": "Trucks", "type": "statement"}, SEALER).evidence_id
    with world.act(SENDER, whatever_standing=True) as act:
        assert sent_tips.take_back(act, digest_of("one")) == []
    with pytest.raises(errors.NotFound):
        read(world)
    row = tips.get_tip(Viewer(world.session, keeper), tip)
    assert (row.state, row.unread, row.evidence_id, row.content) == ("taken_back", True, item, b"")
    with world.act(keeper) as act:
        found = tips.read_tip(act, tip, SEALER)
        assert (found.words, list(found.messages)) == ({}, [])
    with pytest.raises(errors.AlreadyDone), world.act(keeper) as act:
        tips.ask_sender(act, tip, "Why?", SEALER)
    with world.act(keeper) as act:
        tips.destroy_tip(act, tip)
    assert world.session.get(Tip, tip) is None


def test_an_hour_takes_so_many_tips_and_says_when_to_come_back(
    world: World, clock: Clock, box: OpenBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_AN_HOUR", 2)
    monkeypatch.setattr(rules, "MOST_ADDED_AN_HOUR", 1)
    for once in ("one", "two"):
        send(world, once)
    with pytest.raises(TipBoxFull) as full:
        send(world, "three")
    assert 0 < (full.value.wait or 0) <= 3_601
    add(world, "More.")
    with pytest.raises(TipBoxFull):
        add(world, "Still more.")
    clock.move(hours=1)
    send(world, "three")
    monkeypatch.setattr(rules, "MOST_HELD", 3)
    clock.move(hours=1)
    with pytest.raises(TipBoxFull) as full:
        sent_tips.measure_room(world.session, box.process, world.clock())
    assert full.value.wait == 86_400
    add(world, "What I add is taken while the box is full of tips.")


def test_a_process_takes_so_many_bytes_and_a_tip_so_many_files_and_messages(
    world: World, box: OpenBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = sent_tips.measure_room(world.session, box.process, world.clock())
    send(world, "one", *(make_file(size=100) for _file in range(rules.MOST_FILES)))
    assert sent_tips.measure_room(world.session, box.process, world.clock()) == room - 1_000
    with pytest.raises(errors.InvalidInput):
        add(world, "One file more.", make_file())
    with pytest.raises(errors.InvalidInput):
        send(world, "two", *(make_file() for _file in range(rules.MOST_FILES + 1)))
    monkeypatch.setattr(rules, "MOST_MESSAGES", 1)
    add(world, "More.")
    with pytest.raises(TipBoxFull):
        add(world, "Still more.")
    monkeypatch.setattr(rules, "MOST_BYTES", 1_000)
    with pytest.raises(TipBoxFull):
        send(world, "two")


@pytest.mark.usefixtures("box")
def test_a_tip_whose_key_is_gone_says_so(world: World) -> None:
    tip = send(world)
    other = Sealer([bytes(range(1, 33))], bytes)
    with pytest.raises(service_errors.SealingUnavailable):
        sent_tips.read_conversation(world.session, tip, other)


def test_a_box_is_there_while_it_is_open_and_its_process_public(world: World, keeper: Actor) -> None:
    with pytest.raises(errors.NotFound):
        tip_boxes.find_open(world.session, "coast")
    box = open_box(world, keeper)
    assert box.tell("ar") == "نقرأ هذا"
    assert box.tell("fr") == "Three people read this."
    assert open_box(world, keeper, words=[]).tell("en") is None
    send(world)
    with world.act(keeper) as act:
        tip_boxes.close_box(act, world.process)
    with pytest.raises(errors.AlreadyDone), world.act(keeper) as act:
        tip_boxes.close_box(act, world.process)
    assert tip_boxes.list_open(world.session) == []
    add(world, "The box is closed, and my tip is there.")
    open_box(world, keeper)
    world.withdraw(world.process)
    assert tip_boxes.list_open(world.session) == []


def test_custodians_open_boxes_of_public_processes_and_nobody_else_does(world: World, keeper: Actor) -> None:
    draft = world.make_process("draft", publish=False)
    said = {"words": [], "kept_days": 90}
    with pytest.raises(errors.NotPublished), world.act(keeper) as act:
        tip_boxes.open_box(act, draft, said)
    with pytest.raises(errors.NotFound), world.act(keeper) as act:
        tip_boxes.close_box(act, world.process)
    for who in (world.editor, world.approver, world.admin, world.watcher):
        with pytest.raises(errors.NotPermitted), world.act(who) as act:
            tip_boxes.open_box(act, world.process, said)
        with pytest.raises(errors.NotPermitted), world.act(who) as act:
            tip_boxes.close_box(act, world.process)


@pytest.mark.usefixtures("box")
def test_words_stand_in_no_repr(world: World) -> None:
    sent = Sent({"happened": "The secret"}, "en")
    assert "secret" not in repr(sent)
    assert world.session.scalars(select(Tip)).all() == []


def test_a_box_is_named_in_the_language_of_those_who_come(world: World, keeper: Actor) -> None:
    box = replace(open_box(world, keeper), translations=[{"language": "ar", "title": "الساحل"}])
    assert (box.name("ar"), box.name("fr")) == ("الساحل", box.title)
