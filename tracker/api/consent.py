"""The consent of the people an item speaks of."""

from __future__ import annotations

from typing import Any

from tracker.actions import redaction
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.schemas.consent import ConsentOut, ConsentWithdrawalIn


@endpoint(
    "POST",
    "/v1/evidence/{id}/consent/withdrawal",
    permission="evidence.protect",
    tag="evidence",
    summary="Somebody no longer agrees: the item is sealed at once and its redaction ordered",
    body=ConsentWithdrawalIn,
    answer=ConsentOut,
    refusals=(errors.AlreadyDone,),
    names={"id": "evidence"},
)
def withdraw_consent(call: Call, id: str) -> Any:
    return redaction.withdraw_consent(call.unit, id)
