"""Sealed fields, read by custodians."""

from __future__ import annotations

from typing import Any

from tracker.actions import sealed_fields
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import service_errors
from tracker.schemas.sealed_fields import ReadingOut, UnsealIn


@endpoint(
    "POST",
    "/v1/evidence/{id}/sealed/reading",
    permission="evidence.unseal",
    tag="evidence",
    summary="Read the sealed fields of an item; each reading is recorded",
    body=UnsealIn,
    answer=ReadingOut,
    refusals=(service_errors.SealingUnavailable,),
    names={"id": "evidence"},
)
def read_sealed(call: Call, id: str) -> Any:
    """The creator, the source and the other sealed fields, decrypted, and who submitted the item. For
    custodians."""
    return sealed_fields.read_sealed_fields(call.unit, id, call.context.sealer())
