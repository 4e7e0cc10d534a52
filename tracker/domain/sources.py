"""Independence counts sources, not names: what shows the same thing counts once, no matter who published it.

Two items are of one source where they have the same bytes, or the same address, as published or as archived; so are two
that both are of one source with a third.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from tracker.domain.partial_days import AnyDay, lies_before

#: The same site for small screens, and with a name that everybody leaves out.
_SAME_SITE: Final = re.compile(r"^(www|m|mobile)\.(?=.+\.)")
#: What says how somebody came to an address, and not what lies there.
_TRACKING: Final = re.compile(r"^(utm_\w*|fbclid|gclid|igshid|si)=", re.ASCII)
#: The page that a folder shows by itself.
_INDEX: Final = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$")
#: Sites that serve the same under another name, and the ways in which one of them names a video.
_OTHER_NAMES: Final = {
    **{"twitter.com": "x.com", "youtube-nocookie.com": "youtube.com", "telegram.me": "t.me"},
    **dict.fromkeys(("web.facebook.com", "mbasic.facebook.com", "fb.com"), "facebook.com"),
}
#: A channel as it is shown to those who have no account there.
_PREVIEW: Final = re.compile(r"^t\.me/s/")
_VIDEO: Final = re.compile(
    r"^(?:youtu\.be/|youtube\.com/(?:shorts/|live/|embed/|v/|watch\?(?:.*&)?v=))(?P<id>[\w-]+)", re.ASCII
)
#: The address of a copy in a web archive: behind it stands the address of the original.
_ARCHIVED: Final = re.compile(
    r"^https?://[^/]+/(?:web/(?:[0-9]{1,14}[a-z_*]*/)?|[0-9]{4,14}[a-z_]*/)(?P<original>https?:/{1,2}.+)$"
)

#: Where an archive took two slashes for one.
_ONE_SLASH: Final = re.compile(r"(?<=^http):/(?!/)|(?<=^https):/(?!/)")


@dataclass(frozen=True, slots=True)
class Membership:
    """That an organization was a member of a coalition or of a joint archive, from a day and to a day where they are
    known. The coalition is named by the organization at its head."""

    coalition: str
    from_on: AnyDay | None = None
    to_on: AnyDay | None = None

    def may_hold_on(self, day: AnyDay | None) -> bool:
        """Of what is not known it counts that it may be."""
        if day is None:
            return True
        begun = self.from_on is None or not lies_before(day, self.from_on)
        return begun and (self.to_on is None or not lies_before(self.to_on, day))


def list_coalitions(memberships: Iterable[Membership], day: AnyDay | None) -> frozenset[str]:
    """The coalitions of which somebody was a member on the day of an item: for these the item speaks, too."""
    return frozenset(one.coalition for one in memberships if one.may_hold_on(day))


def normalize_address(url: str) -> str:
    """An address without what does not matter for what it shows: the scheme, `www.` and `m.`, capitals of the host, how
    other letters than ASCII are written, a last slash or `index.html`, the fragment, the order of what is asked, and
    what tells how somebody came there; a video by its id, however it is reached."""
    parts = urlsplit(url.strip())
    host = _SAME_SITE.sub("", _read_letters(parts.hostname or ""))
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    kept = "&".join(sorted(one for one in parts.query.split("&") if one and not _TRACKING.match(one)))
    query = f"?{unquote(kept)}" if kept else ""
    path = _INDEX.sub("", unicodedata.normalize("NFC", unquote(parts.path))).rstrip("/")
    address_path = _PREVIEW.sub("t.me/", f"{_OTHER_NAMES.get(host, host)}{port}{path}{query}")
    video = _VIDEO.match(address_path)
    return address_path if video is None else f"youtube.com/watch?v={video['id']}"


def _read_letters(host: str) -> str:
    """The name of a host in its own letters, where it is written as ASCII (`xn--…`)."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:  # it stands in its own letters, or is none
        return unicodedata.normalize("NFC", host)


def normalize_addresses(urls: Iterable[str | None]) -> frozenset[str]:
    """These addresses as they are compared, and that of the original behind each copy in a web archive."""
    given = [url.strip() for url in urls if url]
    originals = [found["original"] for url in given if (found := _ARCHIVED.match(url))]
    return frozenset((*map(normalize_address, given), *map(_normalize_original, originals)))


def _normalize_original(url: str) -> str:
    try:
        return normalize_address(_ONE_SLASH.sub("://", url))
    except ValueError:  # an archive keeps addresses that are none
        return url


def group_same(marks: Mapping[str, Collection[str]]) -> dict[str, str]:
    """item -> the first of the items that are of one source with it, itself where it stands alone.

    ``marks`` are, for each item, its digests and its addresses.
    """
    first: dict[str, str] = {}
    heads: dict[str, str] = {}
    for item in sorted(marks):
        heads[item] = item
        for mark in marks[item]:
            other = first.setdefault(mark, item)
            _join(heads, item, other)
    return {item: _find(heads, item) for item in heads}


def _find(heads: Mapping[str, str], item: str) -> str:
    while heads[item] != item:
        item = heads[item]
    return item


def _join(heads: dict[str, str], first: str, other: str) -> None:
    ends = sorted((_find(heads, first), _find(heads, other)))
    heads[ends[1]] = ends[0]
