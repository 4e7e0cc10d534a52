"""The public half: GET only, anonymous, the same for everybody, read from the public side and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from tracker.api import lists
from tracker.api.endpoint import Call, endpoint, tagged
from tracker.api.lists import PageQuery, page_of
from tracker.domain import errors
from tracker.domain.people import PUBLIC
from tracker.domain.tracks import SUBJECTS, of_subject
from tracker.public import described, queries
from tracker.public.events import encode
from tracker.public.queries import Finished
from tracker.public.scoreboard import scoreboard
from tracker.public.shapes import PLURALS
from tracker.schemas.fields import Code, Day, Id, Moment, Strict, Text

#: What lists can be narrowed by, beyond the process and the lead's state on a track.
FILTERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "organization": (("part_of", "organization"),),
    "committee": (("appointed_by", "organization"),),
    "resource": (("committee", "committee"),),
    "deadline": (("owner", "committee", "recommendation"),),
    "recommendation": (("issuer", "organization"), ("addressee", "organization"), ("committee", "committee")),
    "evidence": (("publisher", "organization"),),
}


EVENTS = page_of(described.Event, "EventPage")


class Then(Strict):
    """As of a day, as known at a moment; both may be asked at once."""

    as_of = Day(metadata={"description": "What was true on that day, by effective date."})
    known_at = Moment(metadata={"description": "What had been public by that moment."})


def _query(kind: str) -> type[PageQuery]:
    """The parameters of a public list: every facet that its documents are filed under."""
    found: dict[str, Any] = {name: Id(*kinds, sought=True) for name, *kinds in FILTERS.get(kind, ())}
    if kind in SUBJECTS:
        found["process"] = Id("process", sought=True)
        found |= {track.code: Code(track.codes) for track in of_subject(kind)}
        found["type" if kind != "committee" else "body_type"] = Text(40)
    if kind == "process":
        found["country"] = Text(2)
    if kind == "organization":
        found["type"] = Text(40)
    return type(f"{kind.title()}Query", (PageQuery,), found)


def _join(items: Sequence[bytes], following: str | None, tag: str | None = None) -> Finished:
    """A page from finished pieces, none of which is parsed."""
    body = b'{"items":[' + b",".join(items) + b'],"next":' + encode(following) + b"}"
    return tagged(body) if tag is None else Finished(body, tag)


def _collection(kind: str) -> None:
    """List the public documents of a kind, read one, and read its history."""
    plural = PLURALS[kind]
    path = f"/v1/public/{plural}"
    brief = described.brief(kind)

    def many(call: Call) -> Any:
        found = queries.many(
            call.public, kind, lists.filters(call.query), lists.start(call), call.query["limit"], call.now
        )
        return _join(found.items, lists.following(call, found.last), found.tag)

    def one(call: Call, id: str) -> Any:
        if not call.query:
            return queries.one(call.public, kind, id, call.now)
        return queries.one_then(
            call.public, kind, id, call.now, call.query.get("as_of"), call.query.get("known_at")
        )

    def past(call: Call, id: str) -> Any:
        acts = queries.history(call.public, kind, id, call.now, _before(call), call.query["limit"] + 1)
        return _acts(call, acts)

    for handler, name, route, summary, declared in (
        (
            many,
            f"list_public_{plural}",
            path,
            f"List public {plural}",
            {"query": _query(kind), "answer": page_of(brief, f"Public{kind.title()}Page")},
        ),
        (
            one,
            f"get_public_{kind}",
            f"{path}/{{id}}",
            f"Read a public {kind}",
            {
                "query": Then,
                "answer": described.document(brief, kind),
                "refusals": (errors.Withdrawn,),
                "names": {"id": kind},
            },
        ),
        (
            past,
            f"list_public_{kind}_history",
            f"{path}/{{id}}/history",
            f"Read what became public of a {kind}, newest first",
            {
                "query": PageQuery,
                "answer": EVENTS,
                "refusals": (errors.Withdrawn,),
                "names": {"id": kind},
            },
        ),
    ):
        handler.__name__ = name
        endpoint("GET", route, permission=PUBLIC, tag="public", summary=summary, **declared)(handler)


def _before(call: Call) -> int | None:
    key = lists.start(call)
    return None if key is None else int(key[0])


def _acts(call: Call, acts: list[tuple[int, bytes]]) -> Finished:
    limit = call.query["limit"]
    more = len(acts) > limit
    return _join(
        [body for _seq, body in acts[:limit]], lists.following(call, [acts[limit - 1][0]] if more else None)
    )


for _kind in PLURALS:
    _collection(_kind)


@endpoint(
    "GET",
    "/v1/public/processes/{id}/scoreboard",
    permission=PUBLIC,
    tag="public",
    summary="The numbers of a process",
    query=Then,
    answer=described.Scoreboard,
    refusals=(errors.Withdrawn,),
    names={"id": "process"},
)
def get_scoreboard(call: Call, id: str) -> Any:
    queries.one(call.public, "process", id, call.now)
    then = (call.now, call.query.get("as_of"), call.query.get("known_at"))
    kinds = ("recommendation", "deadline", "committee")
    return tagged(encode(scoreboard(*(queries.briefs_then(call.public, id, kind, *then) for kind in kinds))))


class ChangesQuery(PageQuery):
    process = Id("process", sought=True)


class ChangesPage(Schema):
    """Public acts in the order in which they became public; ``next`` is always there, to go on from later."""

    items = fields.List(fields.Nested(described.Event), required=True)
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
    key = lists.start(call)
    after, limit = 0 if key is None else int(key[0]), call.query["limit"]
    acts = queries.changes(call.public, call.query.get("process"), after, limit)
    return _join([body for _seq, body in acts], lists.following(call, [acts[-1][0] if acts else after]))


@endpoint(
    "GET",
    "/v1/public/events/{id}",
    permission=PUBLIC,
    tag="public",
    summary="One public act, with what verifies it",
    answer=described.VerifiableEvent,
    refusals=(errors.Withdrawn,),
    names={"id": "event"},
)
def get_public_event(call: Call, id: str) -> Any:
    return tagged(queries.act(call.public, id))


@endpoint(
    "GET",
    "/v1/public/evidence/{id}/citations",
    permission=PUBLIC,
    tag="public",
    summary="Read what an item supports and contradicts: the public acts that cite it, newest first",
    query=PageQuery,
    answer=EVENTS,
    refusals=(errors.Withdrawn,),
    names={"id": "evidence"},
)
def list_public_citations(call: Call, id: str) -> Any:
    acts = queries.citing(call.public, id, _before(call), call.query["limit"] + 1, call.now)
    return _acts(call, acts)
