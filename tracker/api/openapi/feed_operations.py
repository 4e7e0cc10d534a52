"""The operations of the contract that no endpoint declares: feeds and the files of the log, which are answered before
the REST door (`tracker.feeds.front`).
"""

from __future__ import annotations

from typing import Any, Final

from tracker.api.openapi.feed_parameters import (
    ASSESSOR,
    BEFORE,
    FORMAT,
    LANGUAGE,
    ORGANIZATION,
    PAGE,
    PROCESS,
    RECOMMENDATION,
    SEARCH,
    SIZES,
    SUBJECT,
    URL,
)
from tracker.api.openapi.log_operations import log_operations
from tracker.api.openapi.operation_parts import describe_content, describe_operation

_FEED: Final = {
    "_404": ("not-found",),
    "_405": ("method-not-allowed",),
    "_410": ("withdrawn", "redacted"),
    "_422": ("invalid-input",),
    "_503": ("busy", "unavailable"),
}
_COMMON: Final = {status: codes for status, codes in _FEED.items() if status != "_410"}
_ATTACHED: Final = "A file to save."
#: media type -> an example of what is answered, and what that is.
_BODIES: Final[dict[str, tuple[Any, str]]] = {
    "application/json": ({"version": 1}, "See `docs/feeds.md`."),
    "application/feed+json": (
        {"version": "https://jsonfeed.org/version/1.1", "title": "A process", "items": []},
        "A JSON Feed 1.1.",
    ),
    "application/ld+json": ({"@type": "dcat:Catalog"}, "A catalogue."),
    "application/linkset+json": ({"linkset": []}, "A set of links (RFC 9264)."),
    "application/xml": ("<urlset>…</urlset>", "A map of addresses."),
    "application/x-ndjson": ({"record": "end", "count": 0}, "A record on each line."),
    "application/zip": ("…", _ATTACHED),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("…", _ATTACHED),
    "text/plain": ("…", "Lines of text."),
    "text/calendar": ("BEGIN:VCALENDAR\r\n…\r\nEND:VCALENDAR\r\n", "A calendar (RFC 5545)."),
    "image/svg+xml": ("<svg>…</svg>", "A picture."),
    "text/html": ("<!doctype html>…", "A page."),
    "application/atom+xml": (
        '<feed xmlns="http://www.w3.org/2005/Atom">…</feed>',
        "An Atom feed (RFC 4287).",
    ),
}
_FORMS: Final = (("json", "application/feed+json", "JSON Feed 1.1"), ("atom", "application/atom+xml", "Atom"))


def _describe_body(media_type: str) -> dict[str, Any]:
    example, description = _BODIES[media_type]
    kind = "object" if isinstance(example, dict) else "string"
    binary = {"format": "binary"} if description == _ATTACHED else {}
    return describe_content(media_type, example, type=kind, description=description, **binary)


def _of_changes(
    path: str, name: str, whose: str, parameters: tuple[dict[str, Any], ...], refusals: dict[str, Any]
) -> list[Any]:
    """A feed of changes in each of its forms."""
    about = "Each entry is a public act: who says what of what, and why. The page names the address of older ones."
    return [
        (
            f"{path}.{ending}",
            f"get_{name}_{'feed' if ending == 'json' else ending}",
            media_type,
            f"Read {whose}, newest first, as {form}",
            about,
            (*parameters, BEFORE, LANGUAGE),
            refusals,
        )
        for ending, media_type, form in _FORMS
    ]


_TABLES: Final = " As tables, with a README and a data dictionary; no cell is a formula."
_FORMS_OF_EXPORTS: Final = {
    "json": " Its last member says how many records there are.",
    "ndjson": " The last line says how many records there are.",
    "csv.zip": _TABLES,
    "xlsx": f"{_TABLES} There if the tracker was installed with the extra `xlsx`.",
}
#: path, operation, media type, summary, description, parameters, refusals
_FEEDS: Final[list[Any]] = [
    (
        "/feeds/{process}/status.json",
        "get_status_feed",
        "application/json",
        "Read the whole public status of a process in one document",
        "Committees, deadlines and recommendations with the verdict of every organization, and counts. Beyond 1 MB"
        " of documents `next` leads to the rest.",
        (PROCESS, PAGE),
        _FEED,
    ),
    (
        "/feeds/{process}/status.summary.json",
        "get_status_summary",
        "application/json",
        "Read the status of a process in few numbers",
        "Counts for each state, the first dates that are overdue and the next ones. At most 20 kB.",
        (PROCESS,),
        _FEED,
    ),
    (
        "/feeds/{process}/deadlines.ics",
        "get_deadlines_calendar",
        "text/calendar",
        "Read the deadlines of a process as a calendar",
        "The latest 1,000 dates, each a whole day; a date that was withdrawn is cancelled for 90 days.",
        (PROCESS, LANGUAGE),
        _FEED,
    ),
    *_of_changes("/feeds/{process}/changes", "changes", "what became public of a process", (PROCESS,), _FEED),
    *_of_changes("/feeds/changes", "all_changes", "what became public of all processes", (), _COMMON),
    *_of_changes(
        "/feeds/organizations/{organization}/changes",
        "organization_changes",
        "what an organization says in public",
        (ORGANIZATION,),
        _COMMON,
    ),
    *_of_changes(
        "/feeds/recommendations/{id}/changes",
        "recommendation_changes",
        "what became public of a recommendation",
        (RECOMMENDATION,),
        _FEED,
    ),
    *_of_changes(
        "/feeds/search",
        "search_changes",
        "what became public of the best 200 hits of a search",
        (SEARCH,),
        _COMMON,
    ),
    *(
        (
            f"/badges/{{subject}}.{ending}",
            name,
            media_type,
            f"Read a badge {form}",
            "How many recommendations of a process are implemented, or where one stands; who says so, and since when.",
            (SUBJECT, ASSESSOR, LANGUAGE),
            _FEED,
        )
        for ending, name, media_type, form in (
            ("svg", "get_badge", "image/svg+xml", "as a picture"),
            ("json", "get_shields_badge", "application/json", "as an endpoint of shields.io"),
        )
    ),
    *(
        (
            f"/feeds/{{process}}/export.{ending}",
            f"get_export_{ending.replace('.', '_')}",
            media_type,
            f"Read the full public record of a process as {form}",
            "Every public document, and every public act." + _FORMS_OF_EXPORTS.get(ending, ""),
            (PROCESS,),
            _FEED,
        )
        for ending, media_type, form in (
            ("json", "application/json", "one JSON document"),
            ("ndjson", "application/x-ndjson", "lines of JSON"),
            ("csv.zip", "application/zip", "CSV files in a zip"),
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "a workbook"),
        )
    ),
    (
        "/embed/{subject}",
        "get_embed",
        "text/html",
        "Read the small page that other sites put in a frame",
        "No script, no cookie, nothing that is fetched. No other page may be framed.",
        (SUBJECT, LANGUAGE),
        _FEED,
    ),
    (
        "/oembed",
        "get_oembed",
        "application/json",
        "Read how an address of this tracker is shown in other pages, as oEmbed 1.0",
        "Of a page, a feed or the frame of a process.",
        (URL, FORMAT, *SIZES),
        _FEED,
    ),
]


#: The same of what is of no process: whether it can be missing.
_DISCOVERY: Final = (
    (
        "/v1/dataset.jsonld",
        "get_catalogue",
        "application/ld+json",
        "Read every public process as a dataset with its files",
        "A catalogue in DCAT, of the first 200 processes.",
    ),
    (
        "/sitemap.xml",
        "get_sitemap",
        "application/xml",
        "Read the addresses of all pages",
        "A map for crawlers.",
    ),
    ("/robots.txt", "get_robots", "text/plain", "Read what crawlers may fetch", "Everything public."),
    (
        "/.well-known/api-catalog",
        "get_api_catalogue",
        "application/linkset+json",
        "Read where this interface is described",
        "RFC 9727: the contract for programs, the guides for people.",
    ),
    (
        "/.well-known/security.txt",
        "get_security_contact",
        "text/plain",
        "Read whom to tell of a weakness",
        "RFC 9116; there if the operator has named a contact.",
    ),
)


def operations() -> dict[str, dict[str, Any]]:
    """The operations by path; each is a GET."""
    described = {
        path: describe_operation(
            name, "feeds", summary, description, _describe_body(media_type), parameters, **refusals
        )
        for path, name, media_type, summary, description, parameters, refusals in (
            *_FEEDS,
            *((*one, (), _COMMON) for one in _DISCOVERY),
        )
    }
    return {path: {"get": operation} for path, operation in (described | log_operations()).items()}
