"""Questions between the desk and the organization that submitted an item of evidence."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import questions
from tracker.actions.support import lookup
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors
from tracker.schemas.questions import AnswerIn, QuestionIn, QuestionOut, QuestionRetractionIn
from tracker.store.questions import Question


@endpoint(
    "GET",
    "/v1/evidence/{id}/questions",
    permission="record.read_own",
    tag="evidence",
    summary="List what desk and submitter asked each other about an item, newest first",
    query=PageQuery,
    answer=make_page_schema(QuestionOut, "QuestionPage"),
    names={"id": "evidence"},
)
def list_questions(call: Call, id: str) -> Any:
    """Each with its answer, where there is one. Each side is named as a side, never a person."""
    item = lookup.get(call.viewer, id, "evidence")
    rows = select(Question).where(Question.evidence_id == item.id)
    page = read_page(call, rows, Question.asked_at, Question.id, newest=True)
    return {**page, "items": [questions.describe_question(one) for one in page["items"]]}


def _get_asked(call: Call, _id: str, question: str) -> Any:
    return get_question(call, question)


@endpoint(
    "POST",
    "/v1/evidence/{id}/questions",
    permission="evidence.ask",
    tag="evidence",
    summary="Ask the other side about an item: the desk its submitter, or the submitter the desk",
    body=QuestionIn,
    answer=QuestionOut,
    status=201,
    refusals=(errors.NoQuestion,),
    again=_get_asked,
    names={"id": "evidence"},
)
def ask_question(call: Call, id: str) -> Any:
    """The question waits in the queue of the other side. Nothing of it is ever public."""
    return questions.describe_question(questions.ask_question(call.unit, id, call.body["text"]))


@endpoint(
    "GET",
    "/v1/questions/{id}",
    permission="record.read_own",
    tag="evidence",
    summary="Read one question about an item, and its answer",
    answer=QuestionOut,
    names={"id": "question"},
)
def get_question(call: Call, id: str) -> Any:
    """The question, who asked, and the answer where there is one."""
    return questions.describe_question(questions.read_question(call.viewer, id))


@endpoint(
    "POST",
    "/v1/questions/{id}/answer",
    permission="evidence.ask",
    tag="evidence",
    summary="Answer what the other side asked about an item",
    body=AnswerIn,
    answer=QuestionOut,
    refusals=(errors.NoQuestion, errors.AlreadyDone),
    again=get_question,
    names={"id": "question"},
)
def answer_question(call: Call, id: str) -> Any:
    """Only the side that was asked answers, and only once."""
    return questions.describe_question(questions.answer_question(call.unit, id, call.body["text"]))


@endpoint(
    "POST",
    "/v1/questions/{id}/retraction",
    permission="evidence.ask",
    tag="evidence",
    summary="Take back a question that nobody has answered yet",
    body=QuestionRetractionIn,
    answer=QuestionOut,
    refusals=(errors.NoQuestion, errors.AlreadyDone),
    again=get_question,
    names={"id": "question"},
)
def retract_question(call: Call, id: str) -> Any:
    """Only the side that asked takes it back, and only while it has no answer."""
    return questions.describe_question(questions.retract_question(call.unit, id))
