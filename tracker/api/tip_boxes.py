"""Tip boxes: whether a process takes tips of people without an account."""

from __future__ import annotations

from typing import Any

from tracker.actions import tip_boxes
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors, service_errors
from tracker.schemas.tips import TipBoxIn, TipBoxOut, TipCallIn


@endpoint(
    "GET",
    "/v1/processes/{id}/tip-box",
    permission="evidence.unseal",
    tag="tips",
    summary="Read the tip box of a process",
    answer=TipBoxOut,
    names={"id": "process"},
)
def get_tip_box(call: Call, id: str) -> Any:
    """404 if the process never had one."""
    return tip_boxes.get_box(call.viewer, id)


@endpoint(
    "POST",
    "/v1/processes/{id}/tip-box",
    permission="evidence.unseal",
    tag="tips",
    summary="Open the tip box of a public process, or change what its page says",
    body=TipBoxIn,
    answer=TipBoxOut,
    again=get_tip_box,
    refusals=(errors.NotPublished, service_errors.SealingUnavailable),
    names={"id": "process"},
)
def open_tip_box(call: Call, id: str) -> Any:
    """From now on people without an account write to it at `/{language}/tips/{slug}`. One custodian opens it."""
    call.context.sealer()  # no box is opened that could keep nothing
    return tip_boxes.open_box(call.unit, id, call.body)


@endpoint(
    "POST",
    "/v1/processes/{id}/tip-box/closing",
    permission="evidence.unseal",
    tag="tips",
    summary="Close a tip box",
    body=TipCallIn,
    answer=TipBoxOut,
    again=get_tip_box,
    refusals=(errors.AlreadyDone,),
    names={"id": "process"},
)
def close_tip_box(call: Call, id: str) -> Any:
    """Tips that came stay. Their senders still come back with their words."""
    return tip_boxes.close_box(call.unit, id)
