"""A stream of public acts as Atom (RFC 4287), in pages (RFC 5005)."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from tracker.public.feeds.entries import Entry, EntryPage, make_urn
from tracker.public.feeds.json_feed import MEDIA_TYPE as JSON_FEED
from tracker.public.feeds.json_feed import add_query, name_author
from tracker.public.feeds.streams import Stream

MEDIA_TYPE: Final = "application/atom+xml"
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
#: What XML cannot hold, however it is written.
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_atom(stream: Stream, page: EntryPage, base: str, before: int | None) -> bytes:
    """A page of the feed. ``base`` is what stands before the paths."""
    language = stream.language
    feed = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": language.code})
    own = f"{base}{stream.address}"
    _add_text(feed, "id", make_urn(stream.own, language.code))
    _add_text(feed, "title", language.unmark(stream.title))
    _add_text(feed, "subtitle", language.unmark(stream.description))
    _add_text(feed, "updated", page.updated)
    _add_author(feed, name_author(stream))
    _add_link(feed, "alternate", f"{base}{stream.page}", "text/html")
    _add_link(feed, "alternate", add_query(f"{own}.json", stream.query, before), JSON_FEED)
    _add_link(feed, "self", add_query(f"{own}.atom", stream.query, before), MEDIA_TYPE)
    _add_link(feed, "first", add_query(f"{own}.atom", stream.query, None), MEDIA_TYPE)
    if page.following is not None:
        _add_link(feed, "next", add_query(f"{own}.atom", stream.query, page.following), MEDIA_TYPE)
    for entry in page.entries:
        _add_entry(feed, entry, base)
    return write_xml(feed)


def write_xml(root: Element) -> bytes:
    """The document as it leaves."""
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def clean_text(text: str) -> str:
    """The same text; what XML cannot hold is replaced by the sign for what cannot be shown."""
    return _FORBIDDEN.sub("\ufffd", text)


def _add_entry(feed: Element, entry: Entry, base: str) -> None:
    added = SubElement(feed, "entry")
    _add_text(added, "id", entry.id)
    _add_text(added, "title", entry.title)
    _add_text(added, "published", entry.published)
    _add_text(added, "updated", entry.updated)
    if entry.author is not None:
        _add_author(added, entry.author)
    _add_link(added, "alternate", f"{base}{entry.page}", "text/html")
    _add_link(added, "related", f"{base}/v1/public/events/{entry.act['id']}", "application/json")
    for term in (entry.act["kind"], entry.act["subject_kind"]):
        SubElement(added, "category", {"term": term})
    _add_text(added, "content", entry.text)


def _add_text(parent: Element, name: str, text: str) -> None:
    """A plain text: `type` is left out, so no reader takes it for markup."""
    SubElement(parent, name).text = clean_text(text)


def _add_author(parent: Element, name: str) -> None:
    _add_text(SubElement(parent, "author"), "name", name)


def _add_link(parent: Element, relation: str, address: str, media_type: str) -> None:
    SubElement(parent, "link", {"rel": relation, "href": address, "type": media_type})
