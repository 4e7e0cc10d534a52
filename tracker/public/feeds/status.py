"""The status feed: the public documents of a process, a page of them at a time, put together from finished bytes.

A process of which all documents fit on one page has one page. Every page has the process, its numbers, and the address
of the next one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, tuple_

from tracker.domain.canonical import encode_json, format_instant
from tracker.domain.errors import NotFound
from tracker.public import current_scores, queries, rendering
from tracker.public.feeds.process_head import Head, read_checkpoint
from tracker.public.list_pages import COMPUTED
from tracker.public.tables import document

#: kind of document -> the member of the feed that holds it, in the order in which they are read.
MEMBERS: Final = {
    "committee": "committees",
    "report": "reports",
    "resource": "resources",
    "deadline": "deadlines",
    "recommendation": "recommendations",
    "indicator": "indicators",
}
#: The most bytes of documents on a page, of which one always fits; and the most documents. Of those of which something
#: turned with the day a page has `COMPUTED`.
MOST_BYTES: Final = 1_000_000
MOST_DOCUMENTS: Final = 1_000

_SIZES: Final = (
    select(document.c.id, func.length(document.c.brief).label("size"), document.c.good_until)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind == bindparam("kind"),
        document.c.withdrawn.is_(None),
        tuple_(document.c.sort_key, document.c.id) > tuple_(bindparam("key"), bindparam("id")),
    )
    .order_by(document.c.sort_key, document.c.id)
    .limit(MOST_DOCUMENTS + 1)
)
_PLACE: Final = select(document.c.kind, document.c.sort_key).where(
    document.c.id == bindparam("id"), document.c.process_id == bindparam("process")
)
_BRIEFS: Final = select(document.c.id, document.c.brief).where(
    document.c.id.in_(bindparam("things", expanding=True))
)


def build_status_feed(connection: Connection, at: Head, base: str, now: datetime, page: str | None) -> bytes:
    """One page of the whole public status of a process: the first, or the one after this document."""
    items, following = _read_page(connection, at.process, now, page)
    process = json.loads(queries.find_document(connection, "process", at.process, now).body)
    process.pop("history")
    own = f"{base}/feeds/{at.slug}/status.json"
    feed: dict[str, Any] = {
        "process": process,
        "as_of": at.day,
        "changes": at.seq,
        "checkpoint": read_checkpoint(connection, at),
        "scoreboard": current_scores.read_scoreboard(connection, at.process, now),
        "links": {
            "changes_feed": f"{base}/feeds/{at.slug}/changes.json",
            "document": f"{base}/v1/public/processes/{at.process}",
        },
        "next": following and f"{own}?page={following}",
    }
    parts = {name: encode_json(value) for name, value in feed.items()}
    for kind, member in MEMBERS.items():
        parts[member] = b"[" + b",".join(items.get(kind, ())) + b"]"
    return b"{" + b",".join(encode_json(name) + b":" + parts[name] for name in sorted(parts)) + b"}"


def _read_page(
    connection: Connection, process: str, now: datetime, page: str | None
) -> tuple[dict[str, list[bytes]], str | None]:
    """The documents of a page by their kinds, and the last of them where more follow."""
    chosen: list[tuple[str, Any]] = []
    old: list[str] = []
    moment = format_instant(now)
    size, following = 0, None
    for kind, row in _walk_sizes(connection, process, page):
        size += row.size
        turned = row.good_until is not None and row.good_until <= moment
        full = size > MOST_BYTES or len(chosen) == MOST_DOCUMENTS or (turned and len(old) == COMPUTED)
        if chosen and full:
            following = chosen[-1][1].id
            break
        chosen.append((kind, row))
        old += [row.id] * turned
    things = [row.id for _kind, row in chosen]
    briefs = {row.id: bytes(row.brief) for row in connection.execute(_BRIEFS, {"things": things})}
    for facts, made in rendering.render_document(connection, old, now):
        briefs[facts.id] = encode_json(made.brief)
    bodies: dict[str, list[bytes]] = {}
    for kind, row in chosen:
        bodies.setdefault(kind, []).append(briefs[row.id])
    return bodies, following


def _walk_sizes(connection: Connection, process: str, page: str | None) -> Iterator[tuple[str, Any]]:
    """The documents after a place, one kind after the other; no further than a page may reach."""
    kinds, key, id = list(MEMBERS), "", ""
    if page is not None:
        place = connection.execute(_PLACE, {"id": page, "process": process}).first()
        if place is None or place.kind not in MEMBERS:
            raise NotFound(f"the feed has no page after {page}")
        kinds, key, id = kinds[kinds.index(place.kind) :], place.sort_key, page
    for kind in kinds:
        asked = {"process": process, "kind": kind, "key": key, "id": id}
        for row in connection.execute(_SIZES, asked).all():
            yield kind, row
        key, id = "", ""
