"""Independence counts sources, not names: what shows the same thing counts once, whoever published it.

Two items are of one source where they have the same bytes, or the same address, as published or as archived; so are two
that both are of one source with a third.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit


def normalize_address(url: str) -> str:
    """An address without what does not matter for what it shows: the scheme, `www.`, capitals of the host, a last
    slash, and the fragment."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"


def group_same(marks: Mapping[str, Collection[str]]) -> dict[str, str]:
    """item -> the first of the items that are of one source with it, itself where it stands alone.

    ``marks`` are, for each item, its digests and its addresses.
    """
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for item in sorted(marks):
        found[item] = item
        for mark in marks[item]:
            other = first.setdefault(mark, item)
            _join(found, item, other)
    return {item: _find(found, item) for item in found}


def _find(found: Mapping[str, str], item: str) -> str:
    while found[item] != item:
        item = found[item]
    return item


def _join(found: dict[str, str], one: str, other: str) -> None:
    ends = sorted((_find(found, one), _find(found, other)))
    found[ends[1]] = ends[0]
