"""Reading the public acts: of a thing, of a process, of all; and what cites an item of evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select

from tracker.database.list_index import Span
from tracker.domain.canonical import encode_json, format_instant
from tracker.domain.errors import NotFound
from tracker.public import log
from tracker.public.events import CITES, OF_ACT
from tracker.public.queries import find_document
from tracker.public.tables import change, document, event, mention

#: The most bytes of acts on one page; one act always fits.
MOST: Final = 500_000
#: How many acts a page that leaves some out looks at.
WALK: Final = 5_000


@dataclass(frozen=True, slots=True)
class Page:
    """Public acts as (place, body), and whether there are more of them. ``end`` is the place up to which was looked,
    where that is no act of the page."""

    items: list[tuple[int, bytes]]
    more: bool
    end: int | None = None


def list_history(
    connection: Connection, kind: str, thing: str, now: datetime, before: int | None, limit: int
) -> Page:
    """The public acts about a thing, newest first."""
    find_document(connection, kind, thing, now)
    return _read_events(connection, _ACTS.where(event.c.subject_id == thing), event.c.seq, before, limit)


def list_events(connection: Connection, chosen: ColumnElement[bool], before: int | None, limit: int) -> Page:
    """The public acts of which a condition holds, newest first."""
    return _read_events(connection, _ACTS.where(chosen), event.c.seq, before, limit)


def list_status_changes(
    connection: Connection,
    process: str,
    until: str,
    before: int | None,
    limit: int,
    *,
    since: str | None = None,
) -> Page:
    """The status changes of a process that took effect by a day, from another on if one is given, the newest act
    first."""
    query = _ACTS.join(change, change.c.seq == event.c.seq).where(
        event.c.process_id == process, change.c.effective_on <= until
    )
    if since is not None:
        query = query.where(change.c.effective_on >= since)
    return _read_events(connection, query, event.c.seq, before, limit)


_ACTS: Final = select(event.c.seq, event.c.body, event.c.subject_id)


def _read_events(
    connection: Connection, query: Select[Any], place: ColumnElement[int], before: int | None, limit: int
) -> Page:
    """The newest of these acts, or the newest before a place."""
    if before is not None:
        query = query.where(place < before)
    return _cut_page(connection, query.order_by(place.desc()), limit)


def _cut_page(connection: Connection, query: Select[Any], limit: int) -> Page:
    """At most so many acts, and no more bytes than a page takes: their lengths are read before they are."""
    lengths = connection.scalars(query.with_only_columns(func.length(event.c.body)).limit(limit + 1)).all()
    sums = list(accumulate(lengths[:limit]))
    number = max(1, sum(1 for size in sums if size <= MOST))
    rows = connection.execute(query.limit(number)).all() if lengths else []
    gone = _list_withdrawn(connection, [row.subject_id for row in rows])
    items = [(row.seq, _dump_event(row.body, row.subject_id in gone)) for row in rows]
    return Page(items, len(lengths) > len(items))


def list_citing(connection: Connection, evidence: str, before: int | None, limit: int, now: datetime) -> Page:
    """The public acts that cite an item, newest first: what it supports and what it contradicts."""
    find_document(connection, "evidence", evidence, now)
    query = _ACTS.join(mention, mention.c.seq == event.c.seq).where(
        mention.c.thing_id == evidence, mention.c.role == CITES
    )
    return _read_events(connection, query, mention.c.seq, before, limit)


def list_changes(
    connection: Connection,
    process: str | None,
    after: int,
    limit: int,
    *,
    effective: Span | None = None,
    verifiable: bool = False,
) -> Page:
    """The public acts after this place, oldest first; with what verifies them where that is asked for. Places are
    given under the lock that orders all writers, so a reader who has read up to one has missed none before it.

    ``effective`` leaves the status changes that may have taken effect on a day of this span. Where there are more than
    `WALK` of them, a page looks at so many acts and no more.
    """
    query = _ACTS.where(event.c.seq > after).order_by(event.c.seq)
    if process is not None:
        query = query.where(event.c.process_id == process)
    end = None
    if effective is not None:
        places = query.with_only_columns(event.c.seq)
        listed = _took_effect(*effective)
        if _are_many(connection, listed):
            end = connection.scalar(places.offset(WALK - 1).limit(1))
            walked = places.limit(WALK).subquery("walked")
            listed = listed.join(walked, walked.c.seq == change.c.seq)
        query = query.where(event.c.seq.in_(listed))
    page = _cut_page(connection, query, limit)
    if verifiable:
        rows = connection.execute(query.limit(len(page.items))).all()
        page = replace(page, items=list(_verifiable(connection, rows)))
    return page if page.more else replace(page, end=end)


def _took_effect(since: str, until: str) -> Select[Any]:
    """The places of the status changes of these days. What is withdrawn does not say on which day it was."""
    begun = func.coalesce(change.c.not_before, change.c.effective_on)
    hidden = exists().where(document.c.id == change.c.subject_id, document.c.withdrawn.is_not(None))
    return select(change.c.seq).where(change.c.effective_on >= since, begun <= until, ~hidden)


def _are_many(connection: Connection, query: Select[Any]) -> bool:
    some = query.limit(WALK + 1).subquery("walked")
    return int(connection.scalar(select(func.count()).select_from(some)) or 0) > WALK


def get_event(connection: Connection, id: str) -> bytes:
    """One public act by its id, with what verifies it and by which act it was corrected."""
    rows = connection.execute(_ACTS.where(event.c.id == id)).all()
    if not rows:
        raise NotFound(f"there is no public act {id[:64]!r}")
    [(_seq, body)] = _verifiable(connection, rows)
    act = json.loads(body)
    correction = find_corrections(connection, [act]).get(id)
    return encode_json(act | {"corrected_by": correction and correction["id"]})


def _verifiable(connection: Connection, rows: Sequence[Any]) -> Iterator[tuple[int, bytes]]:
    """Public acts as they are shown, with what verifies them."""
    gone = _list_withdrawn(connection, [row.subject_id for row in rows])
    proofs = log.make_verifications(connection, {row.seq: row.subject_id not in gone for row in rows})
    for row in rows:
        body = json.loads(_dump_event(row.body, row.subject_id in gone))
        yield row.seq, encode_json(body | proofs[row.seq])


def find_corrections(
    connection: Connection, acts: Iterable[Mapping[str, Any]], known_at: datetime | None = None
) -> dict[str, dict[str, Any]]:
    """Those of these public acts that were corrected since, by their ids, and the act that corrects each."""
    changes = {act["change"]["id"]: act["id"] for act in acts if "change" in act}
    if not changes:
        return {}
    query = (
        select(event.c.body)
        .join(mention, mention.c.seq == event.c.seq)
        .where(mention.c.thing_id.in_(sorted(changes)), event.c.kind == OF_ACT["correction"])
    )
    if known_at is not None:
        query = query.where(event.c.at <= format_instant(known_at))
    corrections = {act["change"]["corrects"]: act for act in map(json.loads, connection.scalars(query))}
    return {id: corrections[change] for change, id in changes.items() if change in corrections}


def _list_withdrawn(connection: Connection, things: Iterable[str | None]) -> set[str]:
    query = select(document.c.id).where(
        document.c.id.in_(sorted(thing for thing in set(things) if thing is not None)),
        document.c.withdrawn.is_not(None),
    )
    return set(connection.scalars(query))


#: What an act about a withdrawn thing still says; and which acts say why: the reason of a revision tells of the thing.
_LEFT: Final = {"id", "kind", "at", "process", "subject", "subject_kind", "refs", "event"}
_SAYS_WHY: Final = ("subject.withdrawn", "record.redacted")


def _dump_event(body: bytes, withdrawn: bool) -> bytes:
    """Of what has been withdrawn, an act still says that it happened and no longer what was said."""
    if not withdrawn:
        return body
    members = json.loads(body)
    left = _LEFT | {"reason"} if members["kind"] in _SAYS_WHY else _LEFT
    return encode_json({name: value for name, value in members.items() if name in left})
