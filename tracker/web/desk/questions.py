"""Questions between the desk and the organization that submitted an item: one asks, the other side answers."""

from __future__ import annotations

from typing import Final

from tracker.actions import questions
from tracker.actions.support import lookup
from tracker.languages.i18n import mark
from tracker.schemas.questions import AnswerIn, QuestionIn
from tracker.web.desk.names import name_row
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

_NO_SOURCE: Final = mark("Name no source here: that belongs into the sealed fields of the item.")
ASKING = Form(QuestionIn, Field("text", mark("Your question"), hint=_NO_SOURCE), button=mark("Ask"))
ANSWERING = Form(AnswerIn, Field("text", mark("Your answer"), hint=_NO_SOURCE), button=mark("Answer"))


@view("/evidence/{id}/question", permission="evidence.ask", template="form", names={"id": ("evidence",)})
def show_new_question(desk: Visit, id: str) -> Shown:
    item = lookup.get(desk.viewer, id, "evidence")
    return {
        "title": desk.language.say("Ask about: %(name)s", name=name_row(item)),
        "lead": desk.language.say("It waits for the other side. Nothing of it is ever public."),
    }


@act(show_new_question, ASKING, done=mark("Your question waits for an answer."), then="/things/{id}")
def ask_question(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    questions.ask_question(unit, id, data["text"])


@view("/questions/{id}", permission="evidence.ask", names={"id": ("question",)}, opens=("question",))
def show_question(desk: Visit, id: str) -> Shown:
    question = questions.read_question(desk.viewer, id)
    item = question.item
    return {
        "title": desk.language.say("Question about: %(name)s", name=name_row(item)),
        "question": question,
        "waits": question.answered_at is None and question.retracted_at is None,
        "own": questions.is_own(desk.by, question),
        "next_one": True,
    }


@act(show_question, ANSWERING, done=mark("Your answer is recorded."))
def answer_question(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    questions.answer_question(unit, id, data["text"])
