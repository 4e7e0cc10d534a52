"""The working record: processes, organizations, committees, means, deadlines, recommendations, evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tracker.actions import revisions, submissions
from tracker.actions.support import lookup, record_index
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import Unit
from tracker.api.http import paging
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, make_parameter, make_span_parameters
from tracker.domain import errors, service_errors, text
from tracker.public.content.allow_list import PLURALS
from tracker.public.filters import DAYS
from tracker.schemas.evidence import OwnEvidenceOut, SubmissionIn
from tracker.schemas.fields import Code
from tracker.schemas.proposals import ProposalOut

Create = Callable[[Unit, Mapping[str, Any]], Any]
Handler = Callable[..., Any]
NAMING_REFUSALS = (errors.SlugTaken, errors.WrongKind, errors.WrongProcess)
EDIT_REFUSALS = (errors.StaleEdit, errors.AlreadyDone, errors.NotPublished, errors.LegallyHeld)


#: What an operation does, by its verb, as the contract says it.
_ABOUT = {
    "create": "It is recorded as a draft, which only the desk reads. Ask for it to be public with"
    " `set_publication`; another person decides.",
    "list": "Drafts and what was withdrawn too, in the order in which they were recorded, unless `sort` says otherwise."
    " Several filters narrow the list together.",
    "get": "All that the record has of it, with its version: an edit needs it as `If-Match`.",
    "revise": "Send only the members that change. A draft changes at once. An edit that changes what is public is"
    " proposed, with a `reason`: the answer is 202 with the proposal, and another person decides.",
}
_EVIDENCE = {
    "create_evidence": "It is recorded as a draft at the level `confidential`, unless you name another. Send its files"
    " with `add_file` afterwards, or all in one call with `submit_with_files`.",
    "list_evidence": "The desk sees all items but sealed ones. A watchdog sees its own. A custodian who asks for the"
    " level `sealed` gets the sealed ones.",
    "revise_evidence": "Send only the members that change. A watchdog edits its own drafts that nobody has reviewed. An"
    " edit of an item that was reviewed, or is public, is proposed with a `reason`; the review begins again.",
}


def _make_query(kind: str) -> type[PageQuery]:
    """The parameters of a list of the record."""
    sorts = record_index.list_sorts(kind)
    sort = Code(
        sorts, load_default=next(iter(sorts)), metadata={"description": f"`{next(iter(sorts))}` if left out."}
    )
    filters = {one.name: make_parameter(one) for one in record_index.FILTERS[kind]}
    if kind in DAYS:
        filters |= make_span_parameters(DAYS[kind])
    return type(f"{kind.title()}RecordQuery", (PageQuery,), {**filters, "sort": sort})


def _create_handler(create: Create) -> Handler:
    def make(call: Call) -> Any:
        return create(call.unit, call.body)

    return make


def _submit_evidence(call: Call) -> Any:
    return submissions.submit_evidence_with_fields(call.unit, call.body, call.context.sealer)


def _list_handler(kind: str) -> Handler:
    def many(call: Call) -> Any:
        key = paging.read_cursor(call)
        rows, last = record_index.read_page(
            call.viewer,
            kind,
            paging.list_given_filters(call.query),
            call.query["sort"],
            None if key is None else (key[0], key[1]),
            call.query["limit"],
        )
        return {"items": rows, "next": paging.make_cursor(call, last)}

    return many


def _read_handler(kind: str) -> Handler:
    def read(call: Call, id: str) -> Any:
        return lookup.get(call.viewer, id, kind)

    return read


def made(*kinds: str) -> Handler:
    """Reads again what a request made, or what its address names."""

    def again(call: Call, id: str) -> Any:
        return lookup.get_made(call.viewer, id, *kinds)

    return again


def _edit_handler(kind: str) -> Handler:
    def edit(call: Call, id: str) -> Any:
        return revisions.edit_thing(call.unit, id, kind, call.body, call.expected, alone=True)

    return edit


def _declare_collection(kind: str) -> None:
    """Create, list, read and edit things of one kind."""
    thing, plural = KINDS[kind], PLURALS[kind]
    out, path = thing.kept, f"/v1/{plural}"
    # A watchdog reads and mends its own items; what is another's is not there (`tracker.store.viewer`).
    reading, mending, owning, own_shape = (
        ("record.read_own", "evidence.submit", (errors.OwnEvidence,), OwnEvidenceOut)
        if kind == "evidence"
        else ("record.read", "record.write", (), None)
    )

    def declare(method: Any, route: str, name: str, handler: Handler, may: str, **declared: Any) -> None:
        handler.__name__ = name
        handler.__doc__ = _EVIDENCE.get(name) or _ABOUT[name.partition("_")[0]]
        things = plural if name.startswith("list") else text.with_article(kind)
        summary = f"{name.partition('_')[0].capitalize()} {things}"
        defaults = {"tag": plural, "summary": summary, "answer": out, "own": own_shape}
        endpoint(method, route, permission=may, **{**defaults, **declared})(handler)

    make, creates = _describe_creation(kind)
    declare("POST", path, f"create_{kind}", make, thing.permission, **creates)
    pages = {"answer": make_page_schema(out, f"{kind.title()}Page")}
    if own_shape is not None:
        pages["own"] = make_page_schema(own_shape, f"Own{kind.title()}Page")
    declare("GET", path, f"list_{plural}", _list_handler(kind), reading, query=_make_query(kind), **pages)
    declare("GET", f"{path}/{{id}}", f"get_{kind}", _read_handler(kind), reading, names={"id": kind})
    declare(
        "PATCH",
        f"{path}/{{id}}",
        f"revise_{kind}",
        _edit_handler(kind),
        mending,
        body=thing.edited,
        refusals=(*NAMING_REFUSALS, *EDIT_REFUSALS, *owning),
        names={"id": kind},
        versioned=True,
        waits=ProposalOut,
    )


def _describe_creation(kind: str) -> tuple[Handler, dict[str, Any]]:
    """What makes one, and how that is declared."""
    submitted = kind == "evidence"
    return _submit_evidence if submitted else _create_handler(KINDS[kind].make), {
        "status": 201,
        "again": made(kind),
        "body": SubmissionIn if submitted else KINDS[kind].given,
        "refusals": (*NAMING_REFUSALS, service_errors.SealingUnavailable) if submitted else NAMING_REFUSALS,
    }


# How a thing is given, made and answered stands in `tracker.actions.support.registry`.
for _kind in PLURALS:
    _declare_collection(_kind)
