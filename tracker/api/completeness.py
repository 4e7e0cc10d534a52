"""The ledger of a report: every recommendation that it prints is tracked here, or out of scope with a reason."""

from __future__ import annotations

import json
from typing import Any

from marshmallow import Schema, fields

from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.responses import tag_bytes
from tracker.api.public import Then
from tracker.domain import errors
from tracker.domain.canonical import encode_json
from tracker.domain.people import PUBLIC
from tracker.public import queries
from tracker.public.completeness import read_completeness
from tracker.public.content.reports import OutOfScopeContent


class CompletenessOut(Schema):
    """How many recommendations a report prints, and what became of them here. A part of a recommendation is not counted
    beside the whole."""

    report = fields.String(required=True)
    recommendations_complete = fields.Boolean(required=True)
    printed = fields.Integer(required=True, allow_none=True)
    tracked = fields.Integer(required=True)
    out_of_scope = fields.Integer(required=True)
    unaccounted = fields.Integer(required=True, allow_none=True)
    surplus = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(OutOfScopeContent), required=True)


@endpoint(
    "GET",
    "/v1/public/reports/{id}/completeness",
    permission=PUBLIC,
    tag="public-reports",
    summary="Read whether every recommendation of a report is tracked here, or out of scope with a reason",
    query=Then,
    answer=CompletenessOut,
    refusals=(errors.Withdrawn, errors.Redacted),
    names={"id": "report"},
)
def get_completeness(call: Call, id: str) -> Any:
    """How many recommendations the report has by its own count, how many are recorded here, and which are left out and
    why."""
    then = call.query.get("as_of"), call.query.get("known_at")
    past = any(one is not None for one in then)
    counted = (
        queries.find_past_document(call.public, "report", id, call.now, *then)
        if past
        else queries.find_document(call.public, "report", id, call.now)
    )
    ledger = read_completeness(call.public, json.loads(counted.body), call.now, *then)
    return tag_bytes(encode_json(ledger))
