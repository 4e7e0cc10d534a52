"""The operations of the contract that no endpoint declares: feeds and the files of the log, which are answered before
the REST door (`tracker.feeds.front`).
"""

from __future__ import annotations

from typing import Any, Final

from tracker.api.openapi.components import NAME
from tracker.api.openapi.responses import describe_refusal
from tracker.domain.text import SLUG, SLUG_LENGTH

TAGS: Final = {
    "feeds": "Documents that are finished once for each change: what a website shows and a feed reader polls.",
    "log": "The transparency log, as C2SP tlog-tiles lays it out; see `docs/verifying.md`.",
}
_HOLDS: Final = " Public: takes no key, and says the same to everybody."


def _parameter(
    name: str, where: str, description: str, *, required: bool = False, **schema: Any
) -> dict[str, Any]:
    return {
        "in": where,
        "name": name,
        "required": required or where == "path",
        "description": description,
        "schema": schema,
    }


_PROCESS: Final = _parameter(
    "process",
    "path",
    "The short name (`slug`) of a public process.",
    type="string",
    pattern=SLUG,
    maxLength=SLUG_LENGTH,
)
_ORGANIZATION: Final = _parameter(
    "organization",
    "path",
    "The short name (`slug`) of a public organization.",
    type="string",
    pattern=SLUG,
    maxLength=SLUG_LENGTH,
)
_RECOMMENDATION: Final = _parameter(
    "id", "path", "The id of a public recommendation.", type="string", pattern="^rec_[0-9a-z]{26}$"
)
_SEARCH: Final = _parameter(
    "q", "query", "Words, all of which have to be there.", required=True, type="string", maxLength=200
)
_BEFORE: Final = _parameter(
    "before",
    "query",
    "Only the acts before this place, as `next_url` gives it; the newest where left out.",
    type="integer",
    minimum=1,
)
_PAGE: Final = _parameter(
    "page",
    "query",
    "The page after this document, as `next` gives it; the first where left out.",
    type="string",
    pattern="^[a-z]{3}_[0-9a-z]{26}$",
)


def _operation(
    name: str,
    tag: str,
    summary: str,
    description: str,
    content: dict[str, Any],
    parameters: tuple[dict[str, Any], ...],
    **refusals: tuple[str, ...],
) -> dict[str, Any]:
    etag = {"ETag": {"description": "Strong entity tag.", "schema": {"type": "string"}}}
    refused_as = {status.lstrip("_"): codes for status, codes in refusals.items()}
    return {
        "operationId": name,
        "summary": summary,
        "description": description + _HOLDS,
        "tags": [tag],
        "security": [],
        "parameters": [dict(one) for one in parameters],
        "responses": {
            "200": {"description": f"{summary}.", "headers": etag, "content": content},
            "304": {"description": "What you have is still right.", NAME: "NotModifiedInPublic"},
            **{
                status: describe_refusal(int(status), codes, {})
                for status, codes in sorted(refused_as.items())
            },
        },
    }


def _content(media_type: str, example: Any, **schema: Any) -> dict[str, Any]:
    return {media_type: {"schema": schema, "examples": {"answered": {"value": example}}}}


_FEED: Final = {
    "_404": ("not-found",),
    "_405": ("method-not-allowed",),
    "_410": ("withdrawn", "redacted"),
    "_422": ("invalid-input",),
    "_503": ("busy",),
}
_SHARED: Final = {status: codes for status, codes in _FEED.items() if status != "_410"}
#: media type -> an example of what is answered, and what that is.
_BODIES: Final[dict[str, tuple[Any, str]]] = {
    "application/json": ({"version": 1}, "See `docs/feeds.md`."),
    "application/feed+json": (
        {"version": "https://jsonfeed.org/version/1.1", "title": "A process", "items": []},
        "A JSON Feed 1.1.",
    ),
    "application/atom+xml": (
        '<feed xmlns="http://www.w3.org/2005/Atom">…</feed>',
        "An Atom feed (RFC 4287).",
    ),
}
_FORMS: Final = (("json", "application/feed+json", "JSON Feed 1.1"), ("atom", "application/atom+xml", "Atom"))


def _describe_body(media_type: str) -> dict[str, Any]:
    example, description = _BODIES[media_type]
    kind = "object" if isinstance(example, dict) else "string"
    return _content(media_type, example, type=kind, description=description)


def _of_changes(
    path: str, name: str, whose: str, parameters: tuple[dict[str, Any], ...], refusals: dict[str, Any]
) -> list[Any]:
    """A feed of changes in each of its forms."""
    said = "Each entry is a public act: who says what of what, and why. The page names the address of older ones."
    return [
        (
            f"{path}.{ending}",
            f"get_{name}_{'feed' if ending == 'json' else ending}",
            media_type,
            f"Read {whose}, newest first, as {form}",
            said,
            (*parameters, _BEFORE),
            refusals,
        )
        for ending, media_type, form in _FORMS
    ]


#: path, operation, media type, summary, description, parameters, refusals
_FEEDS: Final[list[Any]] = [
    (
        "/feeds/{process}/status.json",
        "get_status_feed",
        "application/json",
        "Read the whole public status of a process in one document",
        "Committees, deadlines and recommendations with the verdict of every organization, and counts. Beyond 1 MB"
        " of documents `next` leads to the rest.",
        (_PROCESS, _PAGE),
        _FEED,
    ),
    *_of_changes(
        "/feeds/{process}/changes", "changes", "what became public of a process", (_PROCESS,), _FEED
    ),
    *_of_changes("/feeds/changes", "all_changes", "what became public of all processes", (), _SHARED),
    *_of_changes(
        "/feeds/organizations/{organization}/changes",
        "organization_changes",
        "what an organization says in public",
        (_ORGANIZATION,),
        _SHARED,
    ),
    *_of_changes(
        "/feeds/recommendations/{id}/changes",
        "recommendation_changes",
        "what became public of a recommendation",
        (_RECOMMENDATION,),
        _FEED,
    ),
    *_of_changes(
        "/feeds/search",
        "search_changes",
        "what became public of the best 200 hits of a search",
        (_SEARCH,),
        _SHARED,
    ),
]
_FILE: Final = {"_404": ("not-found",), "_405": ("method-not-allowed",), "_422": ("invalid-input",)}
_CHECKPOINT: Final = (
    "inquiry.example/log\n610\n2p0n0k1nzl5cUVc9mfb3HkZ0aqZFZQ7JbWQyqkzFa1U=\n\n— inquiry.example/log …\n"
)
_FILES: Final = (
    ("/log/checkpoint", "get_log_checkpoint", "Read the last signed checkpoint of the log", "text/plain", ()),
    (
        "/log/proof/{index}",
        "get_log_proof",
        "Read the proof that an entry is in the log",
        "text/plain",
        (_parameter("index", "path", "The number of the entry.", type="integer", minimum=0),),
    ),
    (
        "/log/tile/{level}/{tile}",
        "get_log_tile",
        "Read a tile of hashes, or with the level `entries` a bundle of entries",
        "application/octet-stream",
        (
            _parameter("level", "path", "The level of the tile, or `entries`.", type="string"),
            _parameter(
                "tile",
                "path",
                "The number of the tile as tlog-tiles writes it, such as `000`, `x001/067`, or `000.p/12` for a part.",
                type="string",
            ),
        ),
    ),
)


def operations() -> dict[str, dict[str, Any]]:
    """The operations by path; each is a GET."""
    found = {
        path: _operation(
            name, "feeds", summary, description, _describe_body(media_type), parameters, **refusals
        )
        for path, name, media_type, summary, description, parameters, refusals in _FEEDS
    }
    for path, name, summary, media_type, parameters in _FILES:
        example = _CHECKPOINT if name == "get_log_checkpoint" else "…"
        binary = {"format": "binary"} if media_type == "application/octet-stream" else {}
        content = _content(media_type, example, type="string", **binary)
        found[path] = _operation(name, "log", summary, f"{summary}.", content, parameters, **_FILE)
    return {path: {"get": operation} for path, operation in found.items()}
