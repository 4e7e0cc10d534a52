"""The queue of open work: what waits for the caller, in one list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tracker.actions.support import work_queue_pages
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, list_given_filters, make_cursor, make_page_schema, read_cursor
from tracker.domain.work_queue import KINDS
from tracker.schemas.fields import Code, Id, Strict
from tracker.schemas.work_queue import WorkCountOut, WorkOut


class CountQuery(Strict):
    kind = Code(KINDS)
    process = Id("process", sought=True)


class WorkQuery(PageQuery):
    kind = Code(KINDS)
    process = Id("process", sought=True)


@endpoint(
    "GET",
    "/v1/queue",
    permission="record.read_own",
    tag="work",
    summary="List what waits for you, longest waiting first",
    query=WorkQuery,
    answer=make_page_schema(WorkOut, "WorkPage", named=True),
)
def list_work(call: Call) -> Any:
    """Proposals to decide, evidence to review, statuses whose basis changed, dates that passed. You see what you
    may act on; your own proposals are not there, unless they were returned."""
    after = None
    if (key := read_cursor(call)) is not None:
        after = (datetime.fromisoformat(key[0]), key[1], key[2])
    rows, last = work_queue_pages.read_page(
        call.viewer, call.now, list_given_filters(call.query), after, call.query["limit"]
    )
    key = None if last is None else (last[0].isoformat(), *last[1:])
    return {"items": rows, "next": make_cursor(call, key)}


@endpoint(
    "GET",
    "/v1/queue/count",
    permission="record.read_own",
    tag="work",
    summary="Count what waits for you, by kind, up to 1,000 of each",
    query=CountQuery,
    answer=WorkCountOut,
)
def count_work(call: Call) -> Any:
    """The number of entries of each kind. `more` is true where there are more than 1,000."""
    return {"kinds": work_queue_pages.count_work(call.viewer, call.now, list_given_filters(call.query))}
