"""Desk and watchdog ask each other about an item and answer, on record: each sees the other as a side, a question waits
for those who have to answer it, and nobody else learns that there is one.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.factories import both, keepers
from tests.conftest import Clock
from tests.world import World
from tracker.actions import evidence, questions, watchdogs
from tracker.actions.support import work_queue_pages
from tracker.domain.errors import AlreadyDone, NoQuestion, NotFound, NotPermitted
from tracker.domain.people import Actor
from tracker.domain.questions import MOST_WAITING
from tracker.store.questions import Question
from tracker.store.viewer import Viewer


@pytest.fixture
def item(world: World) -> str:
    return submitted(world, world.watcher)


def submitted(world: World, by: Actor) -> str:
    data = {"process_id": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    with world.act(by) as act:
        return evidence.submit_evidence(act, data).id


def ask(world: World, by: Actor, item: str, text: str = "Where was it filmed?") -> str:
    with world.act(by) as act:
        return questions.ask_question(act, item, text).id


def answer(world: World, by: Actor, question: str) -> None:
    with world.act(by) as act:
        questions.answer_question(act, question, "From the roof of the school.")


def retract(world: World, by: Actor, question: str) -> None:
    with world.act(by) as act:
        questions.retract_question(act, question)


def told(world: World, question: str) -> dict[str, Any]:
    return questions.describe_question(world.session.get_one(Question, question))


def waiting(world: World, by: Actor) -> list[str]:
    """The questions that wait for somebody."""
    rows, _next = work_queue_pages.read_page(
        Viewer(world.session, by), world.clock(), {"kind": "question"}, None, 200
    )
    return [row["question_id"] for row in rows]


def stranger(world: World) -> Actor:
    other = world.organization("other", "watchdog")
    with world.act(world.editor) as act:
        watchdogs.register_watchdog(act, other, {"since": world.clock().date()})
    return world.person("stranger", "watchdog", organization=other)


def test_the_desk_asks_and_the_watchdog_answers(world: World, item: str) -> None:
    question = ask(world, world.editor, item)
    assert (told(world, question)["asker"], told(world, question)["answerer"]) == ("desk", None)
    answer(world, world.watcher, question)
    assert (told(world, question)["answer"], told(world, question)["answerer"]) == (
        "From the roof of the school.",
        world.watchdog,
    )


def test_the_watchdog_asks_and_the_desk_answers(world: World, item: str) -> None:
    question = ask(world, world.watcher, item)
    answer(world, world.approver, question)
    assert (told(world, question)["asker"], told(world, question)["answerer"]) == (world.watchdog, "desk")


def test_a_question_waits_for_the_other_side_until_it_is_answered(world: World, item: str) -> None:
    for asker, others, same in (
        (world.editor, [world.watcher], [world.editor, world.approver]),
        (world.watcher, [world.editor, world.approver], [world.watcher]),
    ):
        question = ask(world, asker, item)
        assert [waiting(world, by) for by in others] == [[question] for _ in others]
        assert [waiting(world, by) for by in same] == [[] for _ in same]
        answer(world, others[0], question)
        assert [waiting(world, by) for by in others] == [[] for _ in others]


def test_a_question_that_was_taken_back_waits_for_nobody(world: World, item: str) -> None:
    question = ask(world, world.editor, item)
    retract(world, world.approver, question)
    assert waiting(world, world.watcher) == []
    with pytest.raises(AlreadyDone, match="taken back"):
        answer(world, world.watcher, question)


def test_nobody_answers_or_takes_back_for_the_other_side(world: World, item: str) -> None:
    ours, theirs = ask(world, world.editor, item), ask(world, world.watcher, item)
    for by, own, others in ((world.editor, ours, theirs), (world.watcher, theirs, ours)):
        with pytest.raises(NoQuestion, match="your side asked this"):
            answer(world, by, own)
        with pytest.raises(NoQuestion, match="the other side asked this"):
            retract(world, by, others)


def test_an_answer_stands_and_is_given_once(world: World, item: str) -> None:
    question = ask(world, world.editor, item)
    answer(world, world.watcher, question)
    for act in (
        lambda: answer(world, world.watcher, question),
        lambda: retract(world, world.editor, question),
    ):
        with pytest.raises(AlreadyDone, match="ask another one"):
            act()


def test_somebody_of_the_desk_who_speaks_for_the_submitter_is_of_its_side(world: World, item: str) -> None:
    both_sides = world.person("both sides", "editor", organization=world.watchdog)
    theirs = ask(world, world.watcher, item)
    ours = ask(world, world.editor, item)
    assert waiting(world, both_sides) == [ours]
    with pytest.raises(NoQuestion, match="your side asked this"):
        answer(world, both_sides, theirs)
    answer(world, both_sides, ours)


def test_a_watchdog_that_leads_the_process_finds_what_the_desk_asks_of_it(world: World) -> None:
    process = world.make_process("owned", lead_id=world.watchdog)
    data = {"process_id": process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    with world.act(world.watcher) as act:
        item = evidence.submit_evidence(act, data).id
    question = ask(world, world.editor, item)
    assert waiting(world, world.watcher) == [question]


def test_to_another_watchdog_neither_item_nor_question_is_there(world: World, item: str) -> None:
    question, other = ask(world, world.editor, item), stranger(world)
    assert waiting(world, other) == []
    for act in (
        lambda: ask(world, other, item),
        lambda: answer(world, other, question),
        lambda: retract(world, other, question),
        lambda: questions.read_question(Viewer(world.session, other), question),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_is_sealed_is_asked_about_by_nobody_and_its_questions_are_gone(world: World, item: str) -> None:
    question, custodian = ask(world, world.editor, item), world.person("keeper", "custodian")
    world.protect(item, "sealed")
    assert waiting(world, world.watcher) == []
    with pytest.raises(NotFound):
        questions.read_question(Viewer(world.session, world.editor), question)
    with pytest.raises(NoQuestion, match="sealed"):
        ask(world, custodian, item)
    assert questions.read_question(Viewer(world.session, custodian), question).id == question


def test_of_an_item_of_the_desk_there_is_nobody_to_ask(world: World) -> None:
    with pytest.raises(NoQuestion, match="for no organization"):
        ask(world, world.editor, submitted(world, world.editor))


def test_of_a_withdrawn_item_nothing_is_asked_and_nothing_waits(world: World, item: str) -> None:
    question = ask(world, world.editor, item)
    with world.act(world.watcher) as act:
        evidence.retract_evidence(act, item, "It was another.")
    assert waiting(world, world.watcher) == []
    for act in (lambda: ask(world, world.editor, item), lambda: answer(world, world.watcher, question)):
        with pytest.raises(NoQuestion, match="withdrawn"):
            act()
    retract(world, world.editor, question)


def test_one_side_has_so_many_questions_open_and_no_more(world: World, item: str) -> None:
    first = ask(world, world.editor, item)
    for _ in range(MOST_WAITING - 1):
        ask(world, world.editor, item)
    with pytest.raises(NoQuestion, match="wait for an answer"):
        ask(world, world.editor, item)
    ask(world, world.watcher, item)
    answer(world, world.watcher, first)
    ask(world, world.editor, item)


def test_who_may_not_ask_is_told_which_role_may(world: World, item: str) -> None:
    with pytest.raises(NotPermitted, match="ask and answer questions"):
        ask(world, world.admin, item)


def test_a_redaction_of_the_item_takes_the_words_of_its_questions(
    world: World, clock: Clock, item: str
) -> None:
    question = ask(world, world.editor, item)
    answer(world, world.watcher, question)
    clock.move(hours=1)
    both(world, keepers(world), item)
    found = told(world, question)
    assert (found["text"], found["answer"]) == ("", None)
    assert found["asked_at"] is not None
