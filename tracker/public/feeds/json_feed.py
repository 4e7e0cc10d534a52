"""A stream of public acts as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from typing import Any, Final

from tracker.public.events import encode_json
from tracker.public.feeds.entries import Entry, EntryPage
from tracker.public.feeds.streams import Stream

MEDIA_TYPE: Final = "application/feed+json"
LANGUAGE: Final = "en"


def write_json_feed(stream: Stream, page: EntryPage, base: str, before: int | None) -> bytes:
    """A page of the feed. ``base`` is what stands before the paths."""
    own = f"{base}{stream.address}.json"
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": stream.title,
        "description": stream.description,
        "language": LANGUAGE,
        "authors": [{"name": stream.author}],
        "home_page_url": f"{base}{stream.page}",
        "feed_url": add_query(own, stream.query, before),
        "items": [_make_item(entry, base) for entry in page.entries],
    }
    if stream.proof is not None:
        feed["_tracker"] = stream.proof
    if page.following is not None:
        feed["next_url"] = add_query(own, stream.query, page.following)
    return encode_json(feed)


def add_query(address: str, query: str, before: int | None) -> str:
    """The address of a page of a feed."""
    parts = [query] if query else []
    if before is not None:
        parts.append(f"before={before}")
    return f"{address}?{'&'.join(parts)}" if parts else address


def _make_item(entry: Entry, base: str) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": f"{base}{entry.page}",
        "title": entry.title,
        "content_text": entry.text,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "language": LANGUAGE,
        "tags": [entry.act["kind"], entry.act["subject_kind"]],
        "_tracker": {name: value for name, value in entry.act.items() if name != "content"},
    }
    return item if entry.author is None else item | {"authors": [{"name": entry.author}]}
