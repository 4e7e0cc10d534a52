"""Questions between the desk and the organization that submitted an item: asked, answered, or taken back. None of it is
ever public, and each side is told of the other as a side.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain import publication, questions
from tracker.domain.errors import NotFound
from tracker.domain.people import DESK, Actor
from tracker.domain.protection import SEALED
from tracker.domain.sentences import sentence
from tracker.store.evidence import Evidence
from tracker.store.questions import Question, count_waiting_questions
from tracker.store.viewer import Viewer


def ask_question(unit: Unit, evidence: str, text: str) -> Question:
    """Ask the other side about an item."""
    unit.by.require("evidence.ask")
    item: Evidence = lookup.get(unit.viewer, evidence, "evidence")
    _require_somebody_to_ask(item)
    by_owner = _speaks_for_owner(unit.by, item)
    questions.require_room(count_waiting_questions(unit.session, item.id, by_owner=by_owner))
    question = Question(
        id=unit.new_id("question"),
        evidence_id=item.id,
        by_owner=by_owner,
        text=text,
        asked_at=unit.now,
        asked_by=unit.by.id,
    )
    unit.session.add(question)
    unit.audit("question.ask", question.id, evidence=item.id)
    unit.session.flush()
    return question


def answer_question(unit: Unit, id: str, text: str) -> Question:
    """Answer what the other side asked."""
    question = _get_open_question(unit, id)
    _require_somebody_to_ask(question.item)
    questions.require_other_side(asked_by_own=is_own(unit.by, question))
    question.answer = text
    question.answered_at = unit.now
    question.answered_by = unit.by.id
    unit.audit("question.answer", question.id, evidence=question.evidence_id)
    unit.session.flush()
    return question


def retract_question(unit: Unit, id: str) -> Question:
    """Take back a question of one's own side."""
    question = _get_open_question(unit, id)
    questions.require_own_side(asked_by_own=is_own(unit.by, question))
    question.retracted_at = unit.now
    unit.audit("question.retract", question.id, evidence=question.evidence_id)
    unit.session.flush()
    return question


def read_question(viewer: Viewer, id: str) -> Question:
    """A question about an item that somebody reads."""
    query = select(Question).join(Question.item).where(Question.id == id)
    question: Question | None = viewer.session.scalars(viewer.narrow(query, Evidence)).first()
    if question is None:
        raise NotFound(sentence("there is no question %(id)s", id=repr(id[:64])))
    return question


def describe_question(question: Question) -> dict[str, Any]:
    """A question as it is answered: each side by its name."""
    owner = question.item.owner_id
    asker, answerer = (owner, DESK) if question.by_owner else (DESK, owner)
    members = ("id", "evidence_id", "text", "asked_at", "answer", "answered_at", "retracted_at")
    return {
        **{name: getattr(question, name) for name in members},
        "asker": asker,
        "answerer": None if question.answered_at is None else answerer,
    }


def _get_open_question(unit: Unit, id: str) -> Question:
    unit.by.require("evidence.ask")
    question = read_question(unit.viewer, id)
    questions.require_open(
        answered=question.answered_at is not None, retracted=question.retracted_at is not None
    )
    return question


def _require_somebody_to_ask(item: Evidence) -> None:
    questions.require_somebody_to_ask(
        item.owner_id,
        sealed=item.protection == SEALED,
        withdrawn=publication.WITHDRAWN in (item.publication, item.process.publication),
    )


def _speaks_for_owner(by: Actor, item: Evidence) -> bool:
    """Whether somebody acts for the organization that submitted an item; everybody else who reads it is of the desk."""
    return by.organization is not None and by.organization == item.owner_id


def is_own(by: Actor, question: Question) -> bool:
    """Whether somebody is of the side that asked."""
    return question.by_owner == _speaks_for_owner(by, question.item)
