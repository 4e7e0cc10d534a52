"""How programs that know nothing of us find what is public: a catalogue (DCAT 3), a map of pages, what robots may
fetch, where the contract is (RFC 9727), and whom to tell of a weakness (RFC 9116)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement

from sqlalchemy import Connection, select

from tracker.domain.canonical import encode_json
from tracker.domain.errors import NotFound
from tracker.languages.i18n import LANGUAGES
from tracker.public.export.forms import FORMS
from tracker.public.feeds import atom, json_feed
from tracker.public.feeds.atom import write_xml
from tracker.public.feeds.deadlines_calendar import MEDIA_TYPE as CALENDAR
from tracker.public.names import read_names
from tracker.public.page_addresses import choose_language, make_address, make_page_address
from tracker.public.tables import document, head

JSON_LD: Final = "application/ld+json"
LINKSET: Final = "application/linkset+json"
XML: Final = "application/xml"
TEXT: Final = "text/plain; charset=utf-8"
#: How many processes a catalogue lists, and how many things a map of pages: a map has at most 50,000 addresses.
MOST_PROCESSES: Final = 200
MOST_MAPPED: Final = 50_000 // len(LANGUAGES) - 1
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MAPPED: Final = ("process", "committee", "report", "recommendation", "deadline", "indicator", "evidence")
#: For how long a contact is said to hold; it is said again at every reading.
_CONTACT_HOLDS: Final = timedelta(days=180)
_CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ROBOTS: Final = """User-agent: *
Disallow: /desk/
Disallow: /v1/
Allow: /v1/public/

Sitemap: {base}/sitemap.xml
"""

_PROCESSES: Final = (
    select(document.c.id, head.c.slug, head.c.content)
    .join(head, head.c.process_id == document.c.id)
    .where(document.c.kind == "process", document.c.withdrawn.is_(None))
    .order_by(document.c.sort_key, document.c.id)
    .limit(MOST_PROCESSES)
)
_PAGES: Final = (
    select(document.c.id, document.c.kind, document.c.slug, head.c.slug.label("process"))
    .join(head, head.c.process_id == document.c.process_id)
    .where(document.c.kind.in_(_MAPPED), document.c.withdrawn.is_(None), head.c.withdrawn.is_(None))
    .order_by(document.c.id)
    .limit(MOST_MAPPED)
)


def write_dataset(connection: Connection, base: str) -> bytes:
    """Every public process as a dataset with its feeds and exports."""
    rows = [(row.id, row.slug, json.loads(row.content)) for row in connection.execute(_PROCESSES)]
    names = read_names(connection, {content["lead"] for _id, _slug, content in rows})
    catalogue = {
        "@context": _CONTEXT,
        "@id": f"{base}/v1/dataset.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": "Accountability tracker: the public record",
        "foaf:homepage": {"@id": f"{base}/"},
        "dcat:dataset": [
            _describe_process(slug, content, names.get(content["lead"]), base) for _id, slug, content in rows
        ],
    }
    return encode_json(catalogue)


def _describe_process(
    slug: str, content: dict[str, Any], lead: dict[str, Any] | None, base: str
) -> dict[str, Any]:
    feeds = f"{base}/feeds/{slug}"
    page = f"{base}{make_address(choose_language(content['languages']), 'process', process=slug)}"
    dataset: dict[str, Any] = {
        "@id": f"{feeds}/status.json",
        "@type": "dcat:Dataset",
        "dct:title": content["title"],
        "dct:description": content["summary"],
        "dct:identifier": slug,
        "dct:language": content["languages"],
        "dcat:landingPage": {"@id": page},
        "dcat:distribution": [_describe_file(f"{feeds}/{name}", media) for name, media in _list_files()],
    }
    if content["country"]:
        dataset["dct:spatial"] = content["country"]
    if lead is not None:
        dataset["dct:publisher"] = {"@type": "foaf:Organization", "foaf:name": lead["name"]}
    return dataset


def _list_files() -> Iterator[tuple[str, str]]:
    """The files of a process, with their media types."""
    yield "status.json", "application/json"
    yield "changes.json", json_feed.MEDIA_TYPE
    yield "changes.atom", atom.MEDIA_TYPE
    yield "deadlines.ics", CALENDAR
    for ending, form in FORMS.items():
        yield f"export.{ending}", form.media_type


def _describe_file(address: str, media_type: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": media_type.partition(";")[0],
    }


def write_sitemap(connection: Connection, base: str) -> bytes:
    """The pages of all processes and of what is in them, in each language."""
    root = Element("urlset", {"xmlns": _SITEMAP})
    rows = connection.execute(_PAGES).all()
    for language in LANGUAGES:
        _add_address(root, f"{base}{make_address(language, 'home')}")
        for row in rows:
            _add_address(root, f"{base}{make_page_address(language, row.id, row.slug, row.process)}")
    return write_xml(root)


def _add_address(root: Element, address: str) -> None:
    SubElement(SubElement(root, "url"), "loc").text = address


def write_robots(base: str) -> bytes:
    """Everything public may be fetched."""
    return _ROBOTS.format(base=base).encode()


def write_api_catalogue(base: str) -> bytes:
    """Where the interface is described, for programs and for people."""
    contract = [
        {"href": f"{base}/openapi.json", "type": "application/json"},
        {"href": f"{base}/openapi.yaml", "type": "application/yaml"},
    ]
    guides = [{"href": f"{base}/docs/", "type": "text/html"}]
    return encode_json(
        {"linkset": [{"anchor": f"{base}/v1/public", "service-desc": contract, "service-doc": guides}]}
    )


def write_security(contact: str | None, base: str, now: datetime) -> bytes:
    """Whom to tell of a weakness. `NotFound` where the operator names nobody."""
    if contact is None:
        raise NotFound("nobody is named here; see SECURITY.md of the source")
    holds = (now + _CONTACT_HOLDS).date().isoformat()
    return (
        f"Contact: {contact}\nExpires: {holds}T00:00:00Z\nPreferred-Languages: en\n"
        f"Canonical: {base}/.well-known/security.txt\n"
    ).encode()
