"""The public half: GET only, anonymous, the same for everybody, read from the public side and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from marshmallow import Schema, fields

from tracker.api.http import paging
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, make_parameter, make_span_parameters
from tracker.api.http.responses import tag_bytes
from tracker.database.list_index import Search
from tracker.domain import errors, text
from tracker.domain.people import PUBLIC
from tracker.public import (
    counts,
    current_scores,
    document_schemas,
    event_queries,
    event_schemas,
    feed_state,
    queries,
    redaction_stats,
    scoreboard_schemas,
)
from tracker.public import lists as public_lists
from tracker.public.content.allow_list import PLURALS
from tracker.public.events import encode_json
from tracker.public.filters import DAYS, FILTERS, index_keys, list_sorts, read_span
from tracker.public.queries import Finished
from tracker.schemas.fields import Code, Day, Id, Moment, Strict

Handler = Callable[..., Any]
EVENTS = make_page_schema(event_schemas.Event, "EventPage")
_WITHDRAWN = (errors.Withdrawn, errors.Redacted)


class Then(Strict):
    """As of a day, as known at a moment; both may be asked at once."""

    as_of = Day(metadata={"description": f"What was true on that day, by effective date. {Day.SENT}"})
    known_at = Moment(metadata={"description": f"What had been public by that moment. {Moment.SENT}"})


class Counted(Schema):
    """How many there are, or were."""

    count = fields.Integer(required=True)


def _make_filters(kind: str) -> dict[str, Any]:
    """The parameters that narrow a public list: what its documents are filed under."""
    found = {one.name: make_parameter(one) for one in FILTERS[kind]}
    return {**found, **make_span_parameters(DAYS[kind])} if kind in DAYS else found


def _make_query(kind: str) -> type[PageQuery]:
    """The parameters of a public list."""
    sort = Code(
        list_sorts(kind),
        load_default="natural",
        metadata={"description": " ".join((_SORTED, *_list_day_sorts(kind), _SORTED_NOW))},
    )
    then = Then().fields
    found = {**_make_filters(kind), "sort": sort, "as_of": then["as_of"], "known_at": then["known_at"]}
    return type(f"{kind.title()}Query", (PageQuery,), found)


_SORTED: Final = (
    "`natural`, by the day it is due or its short name; `-changed`, by its last public act, newest first."
)
_SORTED_NOW: Final = "As of a day, too, the order is that of now."


def _list_day_sorts(kind: str) -> Iterator[str]:
    if kind in DAYS:
        day = DAYS[kind]
        yield f"`{day}` and `-{day}`, by the earliest day that it may mean."


def _join_queries(items: Sequence[bytes], following: str | None, tag: str | None = None) -> Finished:
    """A page from finished pieces, none of which is parsed."""
    body = b'{"items":[' + b",".join(items) + b'],"next":' + encode_json(following) + b"}"
    return Finished(body, tag or tag_bytes(body).etag, following)


def _read_filters(call: Call, kind: str) -> Search:
    asked = paging.filters_of(call.query)
    sought = Search(
        kind, index_keys(kind, asked), span=read_span(DAYS[kind], asked) if kind in DAYS else None
    )
    if "sort" not in call.query:
        return sought
    key = paging.read_cursor(call)
    order = list_sorts(kind)[call.query["sort"]]
    return replace(sought, order=order, after=None if key is None else (key[0], key[1]))


def _read_past(call: Call) -> tuple[date | None, datetime | None]:
    return call.query.get("as_of"), call.query.get("known_at")


def _declare_many(kind: str) -> Handler:
    def many(call: Call) -> Any:
        sought = _read_filters(call, kind)
        found = public_lists.list_documents(
            call.public, sought, call.query["limit"], call.now, *_read_past(call)
        )
        return _join_queries(found.items, paging.next_cursor(call, found.last), found.tag)

    return many


def _declare_count(kind: str) -> Handler:
    def number(call: Call) -> Any:
        return tag_bytes(
            encode_json(
                {
                    "count": counts.count_documents(
                        call.public, _read_filters(call, kind), call.now, *_read_past(call)
                    )
                }
            )
        )

    return number


def _declare_one(kind: str) -> Handler:
    def one(call: Call, id: str) -> Any:
        if not call.query:
            return queries.find_document(call.public, kind, id, call.now)
        return queries.find_past_document(call.public, kind, id, call.now, *_read_past(call))

    return one


def _declare_past(kind: str) -> Handler:
    def past(call: Call, id: str) -> Any:
        found = event_queries.list_history(
            call.public, kind, id, call.now, _read_before(call), call.query["limit"]
        )
        return _list_events(call, found)

    return past


def _declare_endpoint(handler: Handler, name: str, path: str, summary: str, **declared: Any) -> None:
    handler.__name__ = name
    endpoint("GET", path, permission=PUBLIC, tag="public", summary=summary, **declared)(handler)


def _declare_collection(kind: str) -> None:
    """List the public documents of a kind, count them, read one, and read its history."""
    plural = PLURALS[kind]
    path = f"/v1/public/{plural}"
    brief = document_schemas.make_brief_schema(kind)
    page = make_page_schema(brief, f"Public{kind.title()}Page")
    narrowed = type(f"{kind.title()}CountQuery", (Then,), _make_filters(kind))
    _declare_endpoint(
        _declare_many(kind),
        f"list_public_{plural}",
        path,
        f"List public {plural}",
        query=_make_query(kind),
        answer=page,
    )
    _declare_endpoint(
        _declare_count(kind),
        f"count_public_{plural}",
        f"{path}/count",
        f"Count public {plural}",
        query=narrowed,
        answer=Counted,
    )
    _declare_endpoint(
        _declare_one(kind),
        f"get_public_{kind}",
        f"{path}/{{id}}",
        f"Read {text.with_article(kind, 'public')}",
        query=Then,
        answer=document_schemas.make_document_schema(brief, kind),
        refusals=_WITHDRAWN,
        names={"id": kind},
    )
    _declare_endpoint(
        _declare_past(kind),
        f"list_public_{kind}_history",
        f"{path}/{{id}}/history",
        f"Read what became public of {text.with_article(kind)}, newest first",
        query=PageQuery,
        answer=EVENTS,
        refusals=_WITHDRAWN,
        names={"id": kind},
    )


def _read_before(call: Call) -> int | None:
    key = paging.read_cursor(call)
    return None if key is None else int(key[0])


def _list_events(call: Call, page: event_queries.Page) -> Finished:
    last = [page.items[-1][0]] if page.more else None
    return _join_queries([body for _seq, body in page.items], paging.next_cursor(call, last))


for _kind in PLURALS:
    _declare_collection(_kind)


@endpoint(
    "GET",
    "/v1/public/processes/{id}/scoreboard",
    permission=PUBLIC,
    tag="public",
    summary="The numbers of a process",
    query=Then,
    answer=scoreboard_schemas.Scoreboard,
    refusals=(errors.Withdrawn, errors.Redacted),
    names={"id": "process"},
)
def get_scoreboard(call: Call, id: str) -> Any:
    queries.find_document(call.public, "process", id, call.now)
    scores = current_scores.read_scoreboard(call.public, id, call.now, *_read_past(call))
    return tag_bytes(encode_json({**scores, "updating_since": feed_state.read_pending(call.public, id)}))


class _ChangesQuery(PageQuery):
    process = Id("process", sought=True)
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
    tag="public",
    summary="Every public act, oldest first: the cursor of an integrator",
    query=ChangesQuery,
    answer=ChangesPage,
)
def list_public_changes(call: Call) -> Any:
    key = paging.read_cursor(call)
    after, limit = 0 if key is None else int(key[0]), call.query["limit"]
    verifiable = call.query.get("verification") == "true"
    process, span = call.query.get("process"), read_span("effective_on", paging.filters_of(call.query))
    page = event_queries.list_changes(
        call.public, process, after, limit, effective=span, verifiable=verifiable
    )
    last = page.end or (page.items[-1][0] if page.items else after)
    return _join_queries([body for _seq, body in page.items], paging.next_cursor(call, [last]))


@endpoint(
    "GET",
    "/v1/public/events/{id}",
    permission=PUBLIC,
    tag="public",
    summary="One public act, with what verifies it",
    answer=event_schemas.VerifiableEvent,
    refusals=(errors.Withdrawn, errors.Redacted),
    names={"id": "event"},
    cached=False,  # it grows when the log is signed
)
def get_public_event(call: Call, id: str) -> Any:
    return tag_bytes(event_queries.get_event(call.public, id))


@endpoint(
    "GET",
    "/v1/public/redactions",
    permission=PUBLIC,
    tag="public",
    summary="How many redactions there were in each month that is over, by reason",
    answer=event_schemas.RedactionCounts,
)
def count_public_redactions(call: Call) -> Any:
    return tag_bytes(encode_json({"months": redaction_stats.count_redactions(call.public, call.now)}))


@endpoint(
    "GET",
    "/v1/public/evidence/{id}/citations",
    permission=PUBLIC,
    tag="public",
    summary="Read what an item supports and contradicts: the public acts that cite it, newest first",
    query=PageQuery,
    answer=EVENTS,
    refusals=(errors.Withdrawn, errors.Redacted),
    names={"id": "evidence"},
)
def list_public_citations(call: Call, id: str) -> Any:
    found = event_queries.list_citing(call.public, id, _read_before(call), call.query["limit"], call.now)
    return _list_events(call, found)
