"""Evidence: taking back a draft."""

from __future__ import annotations

from typing import Any

from tracker.actions import evidence
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.schemas.evidence import EvidenceOut, OwnEvidenceOut
from tracker.schemas.publication import ReasonIn


@endpoint(
    "POST",
    "/v1/evidence/{id}/retraction",
    permission="evidence.submit",
    tag="evidence",
    summary="Take back a draft that one submitted; what rests on it says so at once",
    body=ReasonIn,
    answer=EvidenceOut,
    own=OwnEvidenceOut,
    refusals=(errors.AlreadyDone, errors.StaleEdit),
    names={"id": "evidence"},
    versioned=True,
)
def retract_evidence(call: Call, id: str) -> Any:
    return evidence.retract_evidence(call.unit, id, call.body["reason"], call.expected)
