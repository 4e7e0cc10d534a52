"""The right of reply: an authority that was invited answers what was asked of it, and replies to verdicts on that."""

from __future__ import annotations

from typing import Any

from tracker.actions import right_of_reply
from tracker.actions.support import lookup
from tracker.api.collections import made
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.schemas.evidence import EvidenceOut, OwnEvidenceOut
from tracker.schemas.right_of_reply import AnswerGivenIn, ReplyGivenIn
from tracker.schemas.statuses import OwnStatusChangeOut, StatusChangeOut


def _get_answer(call: Call, _asked: str, id: str) -> Any:
    return made("evidence")(call, id)


def _get_reply(call: Call, _verdict: str, id: str) -> Any:
    return lookup.get_made_change(call.viewer, id)


@endpoint(
    "POST",
    "/v1/recommendations/{id}/answer",
    permission="answers.give",
    tag="recommendations",
    summary="Answer a recommendation that is addressed to your organization, in its own words",
    body=AnswerGivenIn,
    answer=EvidenceOut,
    own=OwnEvidenceOut,
    again=_get_answer,
    status=201,
    names={"id": "recommendation"},
)
def answer_recommendation(call: Call, id: str) -> Any:
    """For accounts of an authority (role `respondent`). The answer is an item of evidence: the desk reviews it, and
    records by it what your organization said."""
    return right_of_reply.answer_recommendation(call.unit, id, call.body["state"], call.body["text"])


@endpoint(
    "POST",
    "/v1/status-changes/{id}/reply",
    permission="answers.give",
    tag="status-changes",
    summary="Reply to a verdict on what concerns your organization",
    body=ReplyGivenIn,
    answer=StatusChangeOut,
    own=OwnStatusChangeOut,
    again=_get_reply,
    status=201,
    refusals=(errors.NoReply, errors.AlreadyDone),
    names={"id": "change"},
)
def reply_to_verdict(call: Call, id: str) -> Any:
    """For accounts of an authority (role `respondent`): on a recommendation that is addressed to it, or a committee
    that it appointed or that reports to it. It waits for another person, and stands beside the verdict then."""
    return right_of_reply.reply_to_verdict(call.unit, id, call.body["reason"])
