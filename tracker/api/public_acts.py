"""Public acts: what became public, one after another, and the acts about one thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from tracker.api.http import paging
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, make_span_parameters
from tracker.api.http.responses import tag_bytes
from tracker.domain import errors
from tracker.domain.canonical import encode_json
from tracker.domain.people import PUBLIC
from tracker.public import event_queries, event_schemas, redaction_stats
from tracker.public.filters import read_span
from tracker.public.queries import Finished
from tracker.schemas.fields import Code, IdOrSlug

EVENTS = make_page_schema(event_schemas.Event, "EventPage")


def join_items(items: Sequence[bytes], following: str | None, tag: str | None = None) -> Finished:
    """A page from finished pieces, none of which is parsed."""
    body = b'{"items":[' + b",".join(items) + b'],"next":' + encode_json(following) + b"}"
    return Finished(body, tag or tag_bytes(body).etag, following)


def read_before(call: Call) -> int | None:
    key = paging.read_cursor(call)
    return None if key is None else int(key[0])


def list_events(call: Call, page: event_queries.Page) -> Finished:
    last = [page.items[-1][0]] if page.more else None
    return join_items([body for _seq, body in page.items], paging.make_cursor(call, last))


class _ChangesQuery(PageQuery):
    process = IdOrSlug("process")
    verification = Code(
        ("true", "false"),
        metadata={
            "description": "`true` adds to each act its place in the log, its entry, and what opens the entry."
        },
    )


#: With these, status changes alone are listed.
ChangesQuery = _ChangesQuery.from_dict(make_span_parameters("effective_on"), name="PublicChangesQuery")


class ChangesPage(Schema):
    """Public acts in the order in which they became public; ``next`` is always there, to go on from later."""

    items = fields.List(fields.Nested(event_schemas.ListedEvent), required=True)
    next = fields.String(required=True)


@endpoint(
    "GET",
    "/v1/public/changes",
    permission=PUBLIC,
    tag="changes",
    summary="List public acts, oldest first: poll this to keep a copy",
    query=ChangesQuery,
    answer=ChangesPage,
)
def list_public_changes(call: Call) -> Any:
    """Each item is one public act: what was published, decided, revised or withdrawn. Store the `next` of the last
    page and ask again later: it goes on from there. So you copy the public record without asking for it twice."""
    key = paging.read_cursor(call)
    after, limit = 0 if key is None else int(key[0]), call.query["limit"]
    verifiable = call.query.get("verification") == "true"
    process, span = (
        call.query.get("process"),
        read_span("effective_on", paging.list_given_filters(call.query)),
    )
    page = event_queries.list_changes(
        call.public, process, after, limit, effective=span, verifiable=verifiable
    )
    last = page.end or (page.items[-1][0] if page.items else after)
    return join_items([body for _seq, body in page.items], paging.make_cursor(call, [last]))


@endpoint(
    "GET",
    "/v1/public/events/{id}",
    permission=PUBLIC,
    tag="changes",
    summary="Read a public act, with what verifies it",
    answer=event_schemas.VerifiableEvent,
    refusals=(errors.Withdrawn, errors.Redacted),
    names={"id": "event"},
    cached=False,  # it grows when the log is signed
)
def get_public_event(call: Call, id: str) -> Any:
    """The act as it was published, with its place in the transparency log, its entry and what opens the entry. With
    these anybody checks that the log contains it."""
    return tag_bytes(event_queries.get_event(call.public, id))


@endpoint(
    "GET",
    "/v1/public/redactions",
    permission=PUBLIC,
    tag="changes",
    summary="Count redactions by month and reason, of months that are over",
    answer=event_schemas.RedactionCounts,
)
def count_public_redactions(call: Call) -> Any:
    """Only numbers: how many things or words were destroyed in each month, and for which reason."""
    return tag_bytes(encode_json({"months": redaction_stats.count_redactions(call.public, call.now)}))


@endpoint(
    "GET",
    "/v1/public/evidence/{id}/citations",
    permission=PUBLIC,
    tag="public-evidence",
    summary="Read what an item supports and contradicts: the public acts that cite it, newest first",
    query=PageQuery,
    answer=EVENTS,
    refusals=(errors.Withdrawn, errors.Redacted),
    names={"id": "evidence"},
)
def list_public_citations(call: Call, id: str) -> Any:
    """Each act is a status change that cites the item, with its stance. What was withdrawn since is left out."""
    page = event_queries.list_citing(call.public, id, read_before(call), call.query["limit"], call.now)
    return list_events(call, page)
