"""Where somebody who knows nothing but the host begins."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields
from sqlalchemy import select

from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.responses import tag_bytes
from tracker.domain.canonical import encode_json
from tracker.domain.people import PUBLIC
from tracker.public.export.forms import FORMS
from tracker.public.tables import document

#: How the addresses of what each process has end.
_FEEDS: Final = (
    *("status.json", "status.summary.json", "changes.json", "changes.atom", "deadlines.ics"),
    *(f"export.{ending}" for ending in FORMS),
)


class ProcessLinks(Schema):
    """A public process and the addresses of its feeds."""

    slug = fields.String(required=True)
    title = fields.String(required=True)
    status_feed = fields.String(required=True)
    changes_feed = fields.String(required=True)
    page = fields.String(
        required=True,
        metadata={"description": "What people read; in English, and from there in other languages."},
    )
    feeds = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "The addresses of all feeds and exports, by the ends of these addresses."},
    )
    document = fields.String(required=True)
    scoreboard = fields.String(required=True)


class Root(Schema):
    """What is public here and where it is."""

    processes = fields.List(fields.Nested(ProcessLinks), required=True)
    public = fields.Dict(required=True)
    feeds = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "The addresses of the feeds of all processes."},
    )
    catalogue = fields.String(
        required=True, metadata={"description": "The address of the catalogue of all data, in DCAT."}
    )
    contract = fields.String(
        required=True, metadata={"description": "The address of the contract, an OpenAPI document."}
    )
    guides = fields.String(
        required=True, metadata={"description": "The address of the guides and of the interface, as pages."}
    )


@endpoint(
    "GET",
    "/v1/public",
    permission=PUBLIC,
    tag="public",
    summary="Read what is public here, and at which addresses",
    answer=Root,
)
def get_root(call: Call) -> Any:
    """The addresses of the lists, the feeds, the log and this contract. Start here without a key."""
    query = (
        select(document.c.id, document.c.slug, document.c.title)
        .where(document.c.kind == "process", document.c.withdrawn.is_(None))
        .order_by(document.c.sort_key)
        .limit(200)
    )
    processes = [
        {
            "slug": row.slug,
            "title": row.title,
            "status_feed": f"/feeds/{row.slug}/status.json",
            "changes_feed": f"/feeds/{row.slug}/changes.json",
            "page": f"/en/{row.slug}",
            "feeds": {name: f"/feeds/{row.slug}/{name}" for name in _FEEDS},
            "document": f"/v1/public/processes/{row.id}",
            "scoreboard": f"/v1/public/processes/{row.id}/scoreboard",
        }
        for row in call.public.execute(query)
    ]
    names = ("changes", "processes", "search", "vocabularies", "tracks", "crosswalks")
    public = {name: f"/v1/public/{name}" for name in names}
    everything = {
        "processes": processes,
        "public": public,
        "feeds": {name: f"/feeds/{name}" for name in ("changes.json", "changes.atom")},
        "catalogue": "/v1/dataset.jsonld",
        "contract": "/openapi.json",
        "guides": "/docs/",
    }
    return tag_bytes(encode_json(everything))
