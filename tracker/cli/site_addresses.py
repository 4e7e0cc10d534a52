"""Which addresses a site of plain files has, in which file each lies, and how the links of a document are rewritten.

Files have no host and answer no query: a link to something of the site becomes a relative path, and each page of a feed
is a file. Every other link leads to the tracker that the site was written from.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from tracker.domain.canonical import encode_json
from tracker.languages.i18n import LANGUAGES
from tracker.public.content.allow_list import PLURALS

#: What belongs to a site: pages, feeds, badges, single documents and acts. Lists and searches answer queries.
_OF_SITE: Final = re.compile(
    rf"/(?:(?:{'|'.join(LANGUAGES)})/.*|static/.+|badges/.+|embed/.+|feeds/(?!search\.).+|v1/dataset\.jsonld"
    rf"|v1/public/(?:{'|'.join([*PLURALS.values(), 'events'])})/[a-z]{{3}}_[0-9a-z]{{26}})",
    re.ASCII,
)
#: What chooses a page of a feed.
_PAGED: Final = ("before", "lang", "page")
_FILE: Final = re.compile(r".*\.(?:json|atom|ics|svg|css|js|woff2|png|ndjson|zip|xlsx|jsonld|md)", re.ASCII)
#: media type -> where links stand in it: what is before one, the link, what is after.
_LINKS: Final = {
    "application/atom+xml": re.compile(r'(\shref=")([^"]*)(")'),
    "text/html": re.compile(r'(\s(?:href|src)=")([^"]*)(")'),
    "text/css": re.compile(r"""(url\(["']?)([^"')]*)(["']?\))"""),
}
#: The address of a calendar or of a date in it. A calendar takes no relative one, and the site stands under any host.
_CALENDAR_ADDRESS: Final = re.compile(rb"^URL[;:].*\r\n(?:[ \t].*\r\n)*", re.MULTILINE)
Rewrite = Callable[[str], str]


def read_address(link: str, base: str) -> str | None:
    """The address of a link as the site knows it; None where it leads elsewhere, or needs an answer to a query."""
    own = link.removeprefix(base) if link.startswith(f"{base}/") else link
    parts = urlsplit(own)
    if not own.startswith("/") or own.startswith("//") or _OF_SITE.fullmatch(parts.path) is None:
        return None
    if not parts.query:
        return parts.path
    paged = all(name in _PAGED for name, _value in parse_qsl(parts.query, keep_blank_values=True))
    return f"{parts.path}?{parts.query}" if paged and parts.path.startswith("/feeds/") else None


def name_file(address: str) -> str:
    """The file of an address, below the root of the site."""
    path, _, query = address.lstrip("/").partition("?")
    if query:
        stem, dot, ending = path.rpartition(".")
        return f"{stem}.{query.replace('=', '-').replace('&', '.')}{dot}{ending}"
    if path.startswith("v1/public/"):
        return f"{path}.json"
    return path if _FILE.fullmatch(path) else posixpath.join(path, "index.html")


def lead_to_file(link: str, own: str, target: str) -> str:
    """The link from one file of the site to another, at the same place in it."""
    _, sign, place = link.partition("#")
    return posixpath.relpath(target, posixpath.dirname(own) or ".") + sign + place


def rewrite_links(body: bytes, media_type: str, rewrite: Rewrite) -> bytes:
    """The same document with other links. Of JSON each text is asked for: what is no address comes back as it is. A
    calendar loses its addresses."""
    if media_type.endswith("json"):
        return encode_json(_rewrite_texts(json.loads(body), rewrite))
    if media_type == "text/calendar":
        return _CALENDAR_ADDRESS.sub(b"", body)
    if media_type not in _LINKS:
        return body

    def replace(match: re.Match[str]) -> str:
        before, link, after = match.groups()
        return before + escape(rewrite(unescape(link)), quote=True) + after

    return _LINKS[media_type].sub(replace, body.decode()).encode()


def point_forms(body: bytes, base: str) -> bytes:
    """The same page with forms that ask the tracker that the site was written from: files answer none."""
    return body.replace(b' action="/', f' action="{escape(base)}/'.encode())


def _rewrite_texts(value: Any, rewrite: Rewrite) -> Any:
    if isinstance(value, dict):
        return {name: _rewrite_texts(one, rewrite) for name, one in value.items()}
    if isinstance(value, list):
        return [_rewrite_texts(one, rewrite) for one in value]
    return rewrite(value) if isinstance(value, str) else value
