"""The contract as it is served, and a page for each type of problem."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from flask import Flask, Response
from marshmallow import Schema, fields

from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.problems import type_of
from tracker.api.http.responses import send_public, tag_bytes
from tracker.domain.canonical import encode_json
from tracker.domain.people import PUBLIC
from tracker.http.context import context
from tracker.http.refusals import STATUS

_PROBLEMS = {refusal.code: refusal for refusal in STATUS}


class ProblemType(Schema):
    """A way in which the tracker refuses a request. Its address is the `type` of a problem document."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    remedy = fields.String(required=True, metadata={"description": "What to do about it."})


class ProblemTypeList(Schema):
    items = fields.List(fields.Nested(ProblemType), required=True)


def _problem_type(code: str) -> dict[str, Any]:
    kind = _PROBLEMS[code]
    return {"type": type_of(kind), "title": kind.title, "status": STATUS[kind], "remedy": kind.remedy}


@endpoint(
    "GET",
    "/problems",
    permission=PUBLIC,
    tag="contract",
    summary="List the types of problems: every way in which a request is refused",
    answer=ProblemTypeList,
)
def list_problem_types(call: Call) -> Any:  # noqa: ARG001  # the same for every call
    """Each `code` with its status, its title and its remedy. The `type` of a problem is the address of its code
    here."""
    return tag_bytes(encode_json({"items": [_problem_type(code) for code in sorted(_PROBLEMS)]}))


@endpoint(
    "GET",
    "/problems/{code}",
    permission=PUBLIC,
    tag="contract",
    summary="Read what a type of problem means, and what to do about it",
    answer=ProblemType,
    choices={"code": tuple(_PROBLEMS)},
)
def get_problem_type(call: Call, code: str) -> Any:  # noqa: ARG001  # the same for every call
    """The status, the title, and the remedy: what you send differently."""
    return tag_bytes(encode_json(_problem_type(code)))


#: How the contract is served, by the end of its address.
FORMS: Final = {"json": "application/json", "yaml": "application/yaml"}


def _send_contract(form: str) -> Response:
    answer = send_public(tag_bytes(context().contract(form)))
    if answer.status_code == 200:
        answer.content_type = FORMS[form]
    return answer


def attach(app: Flask) -> None:
    """Serve the contract, which describes everything but itself."""
    for form in FORMS:
        app.add_url_rule(
            f"/openapi.{form}",
            f"contract_as_{form}",
            partial(_send_contract, form),
            provide_automatic_options=False,
        )
