"""What anonymous readers ask of the public side. Everything here reads; nothing writes.

Reads take a `Connection` and copy bytes. A document whose computed part has turned since it was written is
computed anew in memory and answered right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    exists,
    literal,
    select,
    tuple_,
)

from tracker.domain.errors import NotFound, Withdrawn
from tracker.public import documents, events
from tracker.public.events import encode, instant
from tracker.public.fold import fold
from tracker.public.tables import document, event, facet, mention


@dataclass(frozen=True, slots=True)
class Finished:
    """Bytes ready to leave, with their strong entity tag."""

    body: bytes
    etag: str


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
        raise Withdrawn(row.withdrawn)
    found = holding(tuple(row), kind, instant(now))
    if found is not None:
        return found
    brief, history = _fresh(connection, thing, now)
    return Finished(documents.whole(brief, history), documents.etag(brief, history))


def holding(row: tuple[Any, ...], kind: str, moment: str) -> Finished | None:
    """The document in a row of `ONE`, where it is of this kind, public, and its computed part still holds."""
    brief, history, etag, good_until, withdrawn, own = row
    if own != kind or withdrawn is not None or (good_until is not None and good_until <= moment):
        return None
    return Finished(documents.whole(bytes(brief), bytes(history)), etag)


def _fresh(connection: Connection, thing: str, now: datetime) -> tuple[bytes, bytes]:
    facts = fold(thing, events.about(connection, thing))
    rendered = documents.render(documents.world_of(connection, facts), facts, now)
    return encode(rendered.brief), encode(rendered.history)


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
    facts = fold(thing, events.about(connection, thing, known_at))
    if facts.content is None:
        raise NotFound(f"nothing was public of {thing} at that moment")
    world = documents.world_of(connection, facts, known_at)
    rendered = documents.render(world, facts, known_at or now, as_of)
    brief, history = encode(rendered.brief), encode(rendered.history)
    return Finished(documents.whole(brief, history), documents.etag(brief, history))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of finished documents and, where there are more, the key of its last: (sort key, id).

    ``tag`` follows from the tags of the documents: what is said of them changes with them.
    """

    items: tuple[bytes, ...]
    tag: str
    last: tuple[str, str] | None


def many(
    connection: Connection,
    kind: str,
    filters: Mapping[str, str],
    after: tuple[str, str] | None,
    limit: int,
    now: datetime,
) -> Page:
    """A page of the public documents of a kind, in their order, by keyset. ``filters`` maps facets to values."""
    values: dict[str, Any] = {"kind": kind, "limit": limit + 1, **filters}
    if after is not None:
        values["after_key"], values["after_id"] = after
    rows = connection.execute(_page(tuple(filters), after is not None), values).all()
    moment = instant(now)
    items, tags = [], []
    for thing, _key, brief, tag, until in rows[:limit]:
        if until is None or moment < until:
            items.append(brief)
            tags.append(tag)
        else:
            fresh = _fresh(connection, thing, now)
            items.append(fresh[0])
            tags.append(documents.etag(*fresh))
    last = (rows[limit - 1].sort_key, rows[limit - 1].id) if len(rows) > limit else None
    digest = hashlib.sha256("".join([*tags, repr(last)]).encode()).hexdigest()[:32]
    return Page(tuple(items), digest, last)


@lru_cache(maxsize=512)
def _page(filters: tuple[str, ...], further: bool) -> Select[Any]:
    """A page of a list: its keys first, by an index range, then the finished documents that they name."""
    key, thing = (facet.c.sort_key, facet.c.id) if filters else (document.c.sort_key, document.c.id)
    keys = select(key, thing)
    if further:
        keys = keys.where(tuple_(key, thing) > tuple_(bindparam("after_key"), bindparam("after_id")))
    if filters:
        keys = keys.where(*_filed(facet, filters[0]))
        for name in filters[1:]:
            other = facet.alias(f"by_{name}".replace(".", "_"))
            keys = keys.where(
                exists().where(*_filed(other, name), other.c.sort_key == key, other.c.id == thing)
            )
    else:
        keys = keys.where(document.c.kind == bindparam("kind"), document.c.withdrawn.is_(None))
    wanted = keys.order_by(key, thing).limit(bindparam("limit")).subquery()
    return (
        select(document.c.id, document.c.sort_key, document.c.brief, document.c.etag, document.c.good_until)
        .join(wanted, wanted.c.id == document.c.id)
        .order_by(document.c.sort_key, document.c.id)
    )


def _filed(at: FromClause, name: str) -> tuple[ColumnElement[bool], ...]:
    """What is filed under a facet with the value that the parameter of its name carries."""
    return (at.c.kind == bindparam("kind"), at.c.facet == literal(name), at.c.value == bindparam(name))


def history(
    connection: Connection, kind: str, thing: str, now: datetime, before: int | None, limit: int
) -> list[tuple[int, bytes]]:
    """The public acts about a thing, newest first, as (place, body)."""
    one(connection, kind, thing, now)
    return _acts(connection, _ACTS.where(event.c.subject_id == thing), event.c.seq, before, limit)


def acts(
    connection: Connection, process: str | None, before: int | None, limit: int
) -> list[tuple[int, bytes]]:
    """The public acts of a process, or of all, newest first."""
    query = _ACTS if process is None else _ACTS.where(event.c.process_id == process)
    return _acts(connection, query, event.c.seq, before, limit)


_ACTS: Final = select(event.c.seq, event.c.body, event.c.subject_id)


def _acts(
    connection: Connection, query: Select[Any], place: ColumnElement[int], before: int | None, limit: int
) -> list[tuple[int, bytes]]:
    """The newest of these acts, or the newest before a place."""
    if before is not None:
        query = query.where(place < before)
    return _told(connection, query.order_by(place.desc()).limit(limit))


def _told(connection: Connection, query: Select[Any]) -> list[tuple[int, bytes]]:
    rows = connection.execute(query).all()
    gone = _withdrawn(connection, [row.subject_id for row in rows])
    return [(row.seq, _shown(row.body, row.subject_id in gone)) for row in rows]


def citing(
    connection: Connection, evidence: str, before: int | None, limit: int, now: datetime
) -> list[tuple[int, bytes]]:
    """The public acts that cite an item, newest first: what it supports and what it contradicts."""
    one(connection, "evidence", evidence, now)
    query = _ACTS.join(mention, mention.c.seq == event.c.seq).where(
        mention.c.thing_id == evidence, mention.c.role == "cites"
    )
    return _acts(connection, query, mention.c.seq, before, limit)


def changes(connection: Connection, process: str | None, after: int, limit: int) -> list[tuple[int, bytes]]:
    """The public acts after this place, oldest first. Places are given under the lock that orders all writers, so
    whoever has read up to one has missed none before it."""
    query = _ACTS.where(event.c.seq > after)
    if process is not None:
        query = query.where(event.c.process_id == process)
    return _told(connection, query.order_by(event.c.seq).limit(limit))


def act(connection: Connection, id: str) -> bytes:
    """One public act by its id."""
    row = connection.execute(select(event.c.body, event.c.subject_id).where(event.c.id == id)).first()
    if row is None:
        raise NotFound(f"there is no public act {id[:64]!r}")
    return _shown(row.body, row.subject_id in _withdrawn(connection, [row.subject_id]))


def _withdrawn(connection: Connection, things: Iterable[str]) -> set[str]:
    query = select(document.c.id).where(
        document.c.id.in_(sorted(set(things))), document.c.withdrawn.is_not(None)
    )
    return set(connection.scalars(query))


#: What an act about a withdrawn thing still says.
_LEFT: Final = {"id", "kind", "at", "process", "subject", "subject_kind", "reason"}


def _shown(body: bytes, withdrawn: bool) -> bytes:
    """Of what has been withdrawn, an act still says that it happened and no longer what was said."""
    if not withdrawn:
        return body
    said = json.loads(body)
    return encode({name: value for name, value in said.items() if name in _LEFT})


def briefs(connection: Connection, process: str, kind: str, now: datetime) -> list[dict[str, Any]]:
    """Every public document of a kind in a process, without its history, in its order."""
    query = (
        select(document.c.id, document.c.brief, document.c.good_until)
        .where(document.c.process_id == process, document.c.kind == kind, document.c.withdrawn.is_(None))
        .order_by(document.c.sort_key, document.c.id)
    )
    moment = instant(now)
    return [
        json.loads(
            row.brief
            if row.good_until is None or moment < row.good_until
            else _fresh(connection, row.id, now)[0]
        )
        for row in connection.execute(query).all()
    ]


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
    query = (
        select(document.c.id)
        .where(document.c.process_id == process, document.c.kind == kind, document.c.withdrawn.is_(None))
        .order_by(document.c.sort_key, document.c.id)
    )
    found = []
    for thing in connection.scalars(query).all():
        facts = fold(thing, events.about(connection, thing, known_at))
        if facts.content is not None:
            world = documents.world_of(connection, facts, known_at)
            found.append(documents.render(world, facts, known_at or now, as_of).brief)
    return found


def process_by_slug(connection: Connection, slug: str) -> str:
    """The id of a public process by its slug."""
    query = select(document.c.id).where(document.c.kind == "process", document.c.slug == slug)
    found: str | None = connection.scalar(query)
    if found is None:
        raise NotFound(f"no process {slug!r} is public here")
    return found
