"""Full text: over what is public for everybody, over the record for those who may read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from marshmallow import Schema, fields

from tracker.actions.support import record_search
from tracker.api.http import paging
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema
from tracker.api.http.responses import tag_bytes
from tracker.database.full_text_hits import Hit
from tracker.domain.canonical import encode_json
from tracker.domain.errors import InvalidInput
from tracker.domain.people import PUBLIC
from tracker.domain.search import Term, make_snippet, parse_terms
from tracker.domain.tracks import SUBJECTS
from tracker.public import search as public_search
from tracker.public.content.allow_list import PLURALS
from tracker.schemas.day_fields import Day
from tracker.schemas.fields import Code, Id, IdOrSlug, Text

KINDS = ("process", "organization", *SUBJECTS)
Find = Callable[[Sequence[Term], list[tuple[str, str]], tuple[int, int] | None, int], list[Hit]]


class SearchQuery(PageQuery):
    q = Text(
        200,
        required=True,
        metadata={
            "description": "Words, all of which have to be there. The last, and every `word*`, may be the beginning of"
            " one. No sign means anything else."
        },
    )
    process = Id("process", sought=True)
    kind = Code(KINDS)


class PublicSearchQuery(SearchQuery):
    process = IdOrSlug("process")
    as_of = Day(
        metadata={
            "description": "Leaves out what had not begun by that day, and searches the words of that day."
            f" {Day.SENT}"
        }
    )


class SearchHit(Schema):
    """What was found. ``snippet`` is plain text, never markup: escape it where it is shown."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    process = fields.String(required=True, allow_none=True)
    title = fields.String(required=True)
    snippet = fields.String(required=True)
    document = fields.String(required=True, metadata={"description": "The address of what was found."})


SearchPage = make_page_schema(SearchHit, "SearchPage")


def _make_page(call: Call, find: Find, at: str) -> dict[str, Any]:
    looked_for, limit = parse_terms(call.query["q"]), call.query["limit"]
    filters: list[tuple[str, str]] = [
        (name, call.query[name]) for name in ("kind", "process") if name in call.query
    ]
    if call.query.get("kind") == "organization" and "process" in call.query:
        raise InvalidInput.at("process", "organizations belong to no process; leave it out")
    after = paging.read_cursor(call)
    hits = find(looked_for, filters, None if after is None else (after[0], after[1]), limit + 1)
    items = [
        {
            "id": hit.id,
            "kind": hit.kind,
            "process": hit.process,
            "title": hit.title,
            "snippet": make_snippet(hit.texts, looked_for),
            "document": f"{at}/{PLURALS[hit.kind]}/{hit.id}",
        }
        for hit in hits[:limit]
    ]
    last = hits[limit - 1] if len(hits) > limit else None
    return {"items": items, "next": paging.make_cursor(call, last and (last.step, last.number))}


@endpoint(
    "GET",
    "/v1/public/search",
    permission=PUBLIC,
    tag="search",
    summary="Search what is public: names first, then texts",
    query=PublicSearchQuery,
    answer=SearchPage,
)
def search_public(call: Call) -> Any:
    """Finds words in any script, and in translations and other names. Each hit has its kind, its id, its title and
    a piece of the text. No key is needed."""
    return tag_bytes(
        encode_json(
            _make_page(
                call,
                partial(public_search.find_public, call.public, as_of=call.query.get("as_of")),
                "/v1/public",
            )
        )
    )


@endpoint(
    "GET",
    "/v1/search",
    permission="record.read",
    tag="search",
    summary="Search the record, drafts and confidential things included: names first, then texts",
    query=SearchQuery,
    answer=SearchPage,
)
def search_record(call: Call) -> Any:
    """Finds words in any script, and in translations and other names. Sealed evidence is never found."""
    return _make_page(call, lambda *asked: record_search.search_record(call.viewer, *asked), "/v1")
