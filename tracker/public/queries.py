"""What anonymous readers ask of the public side: single documents, and all of a process. Nothing here writes.

Reads take a `Connection` and copy bytes. A document whose computed part has turned since it was written is
computed anew in memory and answered right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from tracker.domain.errors import NotFound, Redacted, Withdrawn
from tracker.public import documents, rendering
from tracker.public.events import encode, instant
from tracker.public.parts import Document
from tracker.public.redaction import is_told
from tracker.public.tables import document


@dataclass(frozen=True, slots=True)
class Finished:
    """Bytes ready to leave, with their strong entity tag, and the address of the page that follows."""

    body: bytes
    etag: str
    following: str | None = None


ONE: Final = select(
    document.c.brief,
    document.c.history,
    document.c.etag,
    document.c.good_until,
    document.c.withdrawn,
    document.c.kind,
).where(document.c.id == bindparam("thing"))


def one(connection: Connection, kind: str, thing: str, now: datetime) -> Finished:
    """The finished document of a public thing. `NotFound`, or `Withdrawn` with the reason."""
    row = connection.execute(ONE, {"thing": thing}).first()
    if row is None or row.kind != kind:
        raise NotFound(f"no {kind} {thing!r} is public here")
    if row.withdrawn is not None:
        raise (Redacted if is_told(row.withdrawn) else Withdrawn)(row.withdrawn)
    found = holding(tuple(row), kind, instant(now))
    if found is not None:
        return found
    return _whole(_document(connection, thing, now))


def holding(row: tuple[Any, ...], kind: str, moment: str) -> Finished | None:
    """The document in a row of `ONE`, where it is of this kind, public, and its computed part still holds."""
    brief, history, etag, good_until, withdrawn, own = row
    if own != kind or withdrawn is not None or (good_until is not None and good_until <= moment):
        return None
    return Finished(documents.whole(bytes(brief), bytes(history)), etag)


def _document(
    connection: Connection,
    thing: str,
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Document:
    found = next(rendering.rendered(connection, [thing], now, as_of, known_at), None)
    if found is None:
        [facts] = rendering.facts_of(connection, [thing], known_at)
        if facts.content is not None:
            raise Redacted("what it said at that moment was destroyed")
        raise NotFound(f"nothing was public of {thing} at that moment")
    return found[1]


def _whole(made: Document) -> Finished:
    brief, history = encode(made.brief), encode(made.history)
    return Finished(documents.whole(brief, history), documents.etag(brief, history))


def one_then(
    connection: Connection,
    kind: str,
    thing: str,
    now: datetime,
    as_of: date | None,
    known_at: datetime | None,
) -> Finished:
    """A thing as it stood on a day, as the public knew it at a moment: folded from the public acts."""
    one(connection, kind, thing, now)  # what is not public now, or withdrawn, is not public as of any day
    return _whole(_document(connection, thing, now, as_of, known_at))


#: How many documents of a process are computed together.
_TOGETHER: Final = 500


def briefs(connection: Connection, process: str, kind: str, now: datetime) -> list[dict[str, Any]]:
    """Every public document of a kind in a process, without its history, in its order."""
    moment = instant(now)
    rows = connection.execute(_BRIEFS, {"process": process, "kind": kind}).all()
    old = [row.id for row in rows if row.good_until is not None and row.good_until <= moment]
    fresh = {made.id: made.brief for made in _computed(connection, old, now, None, None)}
    return [fresh.get(row.id) or json.loads(row.brief) for row in rows]


_BRIEFS: Final = (
    select(document.c.id, document.c.brief, document.c.good_until)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind == bindparam("kind"),
        document.c.withdrawn.is_(None),
    )
    .order_by(document.c.sort_key, document.c.id)
)


def briefs_then(
    connection: Connection,
    process: str,
    kind: str,
    now: datetime,
    as_of: date | None,
    known_at: datetime | None,
) -> list[dict[str, Any]]:
    """The same as of a day and as known at a moment."""
    if as_of is None and known_at is None:
        return briefs(connection, process, kind, now)
    query = _BRIEFS.with_only_columns(document.c.id)
    things = list(connection.scalars(query, {"process": process, "kind": kind}))
    return [made.brief for made in _computed(connection, things, now, as_of, known_at)]


def _computed(
    connection: Connection, things: list[str], now: datetime, as_of: date | None, known_at: datetime | None
) -> Iterator[Document]:
    """Documents computed in memory, many at once."""
    for start in range(0, len(things), _TOGETHER):
        chosen = things[start : start + _TOGETHER]
        for _facts, made in rendering.rendered(connection, chosen, now, as_of, known_at):
            yield made


def process_by_slug(connection: Connection, slug: str) -> str:
    """The id of a public process by its slug."""
    query = select(document.c.id).where(document.c.kind == "process", document.c.slug == slug)
    found: str | None = connection.scalar(query)
    if found is None:
        raise NotFound(f"no process {slug!r} is public here")
    return found
