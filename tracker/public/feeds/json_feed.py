"""A stream of public acts as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from tracker.domain.canonical import encode_json
from tracker.public.feeds.entries import Entry, EntryPage
from tracker.public.feeds.streams import Stream

MEDIA_TYPE: Final = "application/feed+json"


def write_json_feed(stream: Stream, page: EntryPage, base: str, before: int | None) -> bytes:
    """A page of the feed. ``base`` is what stands before the paths."""
    own = f"{base}{stream.address}.json"
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": stream.language.unmark(stream.title),
        "description": stream.language.unmark(stream.description),
        "language": stream.language.code,
        "authors": [{"name": name_author(stream)}],
        "home_page_url": f"{base}{stream.page}",
        "feed_url": add_query(own, stream.query, before),
        "items": [_make_item(entry, base, stream.language.code) for entry in page.entries],
    }
    if stream.proof is not None:
        feed["_tracker"] = stream.proof
    if page.following is not None:
        feed["next_url"] = add_query(own, stream.query, page.following)
    return encode_json(feed)


def name_author(stream: Stream) -> str:
    """Whose the acts are that are of no other organization; the tracker keeps what none leads."""
    return stream.author or stream.language.unmark(stream.language.say("Accountability tracker"))


def add_query(address: str, query: Mapping[str, str], before: int | None) -> str:
    """The address of a page of a feed."""
    asked = {**query, **({} if before is None else {"before": str(before)})}
    return f"{address}?{urlencode(asked)}" if asked else address


def _make_item(entry: Entry, base: str, language: str) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": f"{base}{entry.page}",
        "title": entry.title,
        "content_text": entry.text,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "language": language,
        "tags": [entry.act["kind"], entry.act["subject_kind"]],
        "_tracker": {name: value for name, value in entry.act.items() if name != "content"},
    }
    return item if entry.author is None else item | {"authors": [{"name": entry.author}]}
