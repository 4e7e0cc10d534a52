"""The public half: GET only, anonymous, the same for everybody, read from the public side and from nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from marshmallow import Schema, fields

from tracker.api.http import paging
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, make_parameter, make_span_parameters
from tracker.api.http.responses import tag_bytes
from tracker.api.public_acts import EVENTS, join_items, list_events, read_before
from tracker.database.list_index import Search
from tracker.domain import errors, text
from tracker.domain.canonical import encode_json
from tracker.domain.people import PUBLIC
from tracker.public import (
    counts,
    current_scores,
    document_schemas,
    event_queries,
    feed_state,
    queries,
    scoreboard_schemas,
)
from tracker.public import lists as public_lists
from tracker.public.content.allow_list import PLURALS
from tracker.public.filters import DAYS, FILTERS, index_keys, list_sorts, read_span
from tracker.schemas.day_fields import Day, Moment
from tracker.schemas.fields import Code, Strict

Handler = Callable[..., Any]
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
    parameters = {one.name: make_parameter(one, public=True) for one in FILTERS[kind]}
    return {**parameters, **make_span_parameters(DAYS[kind])} if kind in DAYS else parameters


def _make_query(kind: str) -> type[PageQuery]:
    """The parameters of a public list."""
    sort = Code(
        list_sorts(kind),
        load_default="natural",
        metadata={"description": " ".join((_SORTED, *_list_day_sorts(kind), _SORTED_NOW))},
    )
    then = Then().fields
    parameters = {**_make_filters(kind), "sort": sort, "as_of": then["as_of"], "known_at": then["known_at"]}
    return type(f"{kind.title()}Query", (PageQuery,), parameters)


_SORTED: Final = (
    "`natural`, by the day it is due or its short name; `-changed`, by its last public act, newest first."
)
_SORTED_NOW: Final = "As of a day, too, the order is that of now."


def _list_day_sorts(kind: str) -> Iterator[str]:
    if kind in DAYS:
        day = DAYS[kind]
        yield f"`{day}` and `-{day}`, by the earliest day that it may mean."


def _read_filters(call: Call, kind: str) -> Search:
    asked = paging.list_given_filters(call.query)
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
        page = public_lists.list_documents(
            call.public, sought, call.query["limit"], call.now, *_read_past(call)
        )
        return join_items(page.items, paging.make_cursor(call, page.last), page.tag)

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
        page = event_queries.list_history(
            call.public, kind, id, call.now, read_before(call), call.query["limit"]
        )
        return list_events(call, page)

    return past


#: What an operation does, by its verb, as the contract says it.
_ABOUT: Final = {
    "list": "One document for each, in brief. `as_of` asks what was true on a day, `known_at` what had been public by a"
    " moment; both at once is allowed.",
    "count": "How many documents the same question to the list finds.",
    "get": "The document with the answers on each track, what each rests on, and the names of what it names. With"
    " `as_of` or `known_at`, as it was then.",
    "history": "Each public act about it: what was published, decided, revised or withdrawn.",
}


def _declare_endpoint(handler: Handler, name: str, path: str, summary: str, **declared: Any) -> None:
    handler.__name__ = name
    handler.__doc__ = _ABOUT["history" if name.endswith("_history") else name.partition("_")[0]]
    tag = f"public-{path.split('/')[3]}"
    endpoint("GET", path, permission=PUBLIC, tag=tag, summary=summary, **declared)(handler)


def _declare_collection(kind: str) -> None:
    """List the public documents of a kind, count them, read one, and read its history."""
    plural, path = PLURALS[kind], f"/v1/public/{PLURALS[kind]}"
    brief = document_schemas.make_brief_schema(kind)
    narrowed = type(f"{kind.title()}CountQuery", (Then,), _make_filters(kind))
    single: dict[str, Any] = {"refusals": _WITHDRAWN, "names": {"id": kind}}
    _declare_endpoint(
        _declare_many(kind),
        f"list_public_{plural}",
        path,
        f"List public {plural}",
        query=_make_query(kind),
        answer=make_page_schema(brief, f"Public{kind.title()}Page"),
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
        **single,
    )
    _declare_endpoint(
        _declare_past(kind),
        f"list_public_{kind}_history",
        f"{path}/{{id}}/history",
        f"Read what became public of {text.with_article(kind)}, newest first",
        query=PageQuery,
        answer=EVENTS,
        **single,
    )


for _kind in PLURALS:
    _declare_collection(_kind)


@endpoint(
    "GET",
    "/v1/public/processes/{id}/scoreboard",
    permission=PUBLIC,
    tag="public-processes",
    summary="Read the scoreboard of a process",
    query=Then,
    answer=scoreboard_schemas.Scoreboard,
    refusals=(errors.Withdrawn, errors.Redacted),
    names={"id": "process"},
)
def get_scoreboard(call: Call, id: str) -> Any:
    """Counts of recommendations, deadlines and silence. Each share has its numerator and denominator, and
    `no_evidence` is counted on its own. With `as_of` or `known_at`, the numbers of that day or moment."""
    queries.find_document(call.public, "process", id, call.now)
    scores = current_scores.read_scoreboard(call.public, id, call.now, *_read_past(call))
    return tag_bytes(encode_json({**scores, "updating_since": feed_state.read_pending(call.public, id)}))
