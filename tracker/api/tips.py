"""Tips of people without an account, for the custodians of the process that they came to."""

from __future__ import annotations

from typing import Any

from tracker.actions import tips
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors, service_errors
from tracker.domain.tips import STATES, TipBoxFull
from tracker.http.acts import list_forgotten
from tracker.schemas.fields import Code, Id
from tracker.schemas.tips import TipCallIn, TipContentsOut, TipEvidenceIn, TipGoneOut, TipMessageIn, TipOut
from tracker.store.tips import Tip


class TipQuery(PageQuery):
    """What narrows the list of tips."""

    process = Id("process", sought=True, metadata={"description": "Only tips to this process."})
    state = Code(STATES, metadata={"description": "Only tips in this state."})


@endpoint(
    "GET",
    "/v1/tips",
    permission="evidence.unseal",
    tag="tips",
    summary="List the tips that people without an account sent, newest first",
    query=TipQuery,
    answer=make_page_schema(TipOut, "TipPage"),
)
def list_tips(call: Call) -> Any:
    """Nothing of what they say. Custodians see those to the processes that they work on; nobody else sees any."""
    rows = tips.select_tips(call.viewer)
    for name in ("process", "state"):
        if name in call.query:
            rows = rows.where({"process": Tip.process_id, "state": Tip.state}[name] == call.query[name])
    page = read_page(call, rows, Tip.came_at, Tip.id, newest=True)
    return {**page, "items": [tips.describe_tip(call.viewer, one) for one in page["items"]]}


def _get_tip(call: Call, id: str) -> Any:
    return tips.describe_tip(call.viewer, tips.get_tip(call.viewer, id))


@endpoint(
    "POST",
    "/v1/tips/{id}/reading",
    permission="evidence.unseal",
    tag="tips",
    summary="Read what a tip says; each reading is recorded",
    body=TipCallIn,
    answer=TipContentsOut,
    refusals=(service_errors.SealingUnavailable,),
    names={"id": "tip"},
)
def read_tip(call: Call, id: str) -> Any:
    """Its words, what was said since, and the names of its files. Its sender sees that it was looked at."""
    contents = tips.read_tip(call.unit, id, call.context.sealer())
    return {
        "tip": tips.describe_tip(call.viewer, contents.tip),
        "words": {name: said for name, said in contents.words.items() if said},
        "messages": contents.messages,
        "files": [
            {"name": name, "size": file.size, "detected_type": file.detected_type}
            for file, name in contents.files
        ],
    }


@endpoint(
    "POST",
    "/v1/tips/{id}/messages",
    permission="evidence.unseal",
    tag="tips",
    summary="Ask or tell the person who sent a tip something",
    body=TipMessageIn,
    answer=TipOut,
    again=_get_tip,
    refusals=(errors.AlreadyDone, TipBoxFull, service_errors.SealingUnavailable),
    names={"id": "tip"},
)
def ask_sender(call: Call, id: str) -> Any:
    """They read it when they come back with their words, and may answer."""
    tips.ask_sender(call.unit, id, call.body["text"], call.context.sealer())
    return _get_tip(call, id)


@endpoint(
    "POST",
    "/v1/tips/{id}/evidence",
    permission="evidence.unseal",
    tag="tips",
    summary="Make a sealed draft of evidence from a tip",
    body=TipEvidenceIn,
    answer=TipOut,
    again=_get_tip,
    refusals=(errors.AlreadyDone, service_errors.SealingUnavailable),
    names={"id": "tip"},
)
def take_over_tip(call: Call, id: str) -> Any:
    """You are the submitter of the item, so somebody else reviews it. What the tip says is sealed in it, and its
    files become those of the item."""
    tips.take_over(call.unit, id, call.body, call.context.sealer())
    return _get_tip(call, id)


@endpoint(
    "POST",
    "/v1/tips/{id}/aside",
    permission="evidence.unseal",
    tag="tips",
    summary="Say that a tip is not used",
    body=TipCallIn,
    answer=TipOut,
    again=_get_tip,
    refusals=(errors.AlreadyDone,),
    names={"id": "tip"},
)
def set_tip_aside(call: Call, id: str) -> Any:
    """Its sender sees it. The tip is destroyed after 30 days, or at once by another custodian."""
    tips.set_aside(call.unit, id)
    return _get_tip(call, id)


def _say_gone(_call: Call, id: str) -> Any:
    return {"id": id}


@endpoint(
    "POST",
    "/v1/tips/{id}/destruction",
    permission="evidence.unseal",
    tag="tips",
    summary="Destroy a tip that another custodian set aside, or that was taken back",
    body=TipCallIn,
    answer=TipGoneOut,
    again=_say_gone,
    refusals=(errors.AlreadyDone, errors.SelfApproval),
    names={"id": "tip"},
)
def destroy_tip(call: Call, id: str) -> Any:
    """Its words, its messages and its files are gone at once. An item that was made of it stays."""
    call.after += list_forgotten(call.context, tips.destroy_tip(call.unit, id))
    return {"id": id}
