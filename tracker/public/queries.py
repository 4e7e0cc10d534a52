"""What anonymous readers ask of the public side: single documents, and all of a process. Nothing here writes.

Reads take a `Connection` and copy bytes. A document whose computed part has turned since it was written is
computed again in memory and answered right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, literal, or_, select

from tracker.domain.canonical import encode_json, format_instant
from tracker.domain.errors import NotFound, Redacted, Withdrawn
from tracker.domain.text import natural_sort_key
from tracker.public import documents, rendering
from tracker.public.document_model import Document
from tracker.public.redaction import is_redaction_reason
from tracker.public.tables import document, event, head


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


#: The place of the last public act, and the last edition of what was written since: what is public follows from both,
#: and from the day.
LAST_ACT: Final = select(
    select(func.max(event.c.seq)).scalar_subquery(), select(func.max(head.c.edition)).scalar_subquery()
)


def find_document(connection: Connection, kind: str, thing: str, now: datetime) -> Finished:
    """The finished document of a public thing. `NotFound`, or `Withdrawn` with the reason."""
    row = connection.execute(ONE, {"thing": thing}).first()
    if row is None or row.kind != kind:
        raise NotFound(f"no {kind} {thing!r} is public here")
    if row.withdrawn is not None:
        raise (Redacted if is_redaction_reason(row.withdrawn) else Withdrawn)(row.withdrawn)
    current = find_current_document(tuple(row), kind, format_instant(now))
    if current is not None:
        return current
    return _full_answer(_read_document(connection, thing, now))


def find_current_document(row: tuple[Any, ...], kind: str, moment: str) -> Finished | None:
    """The document in a row of `ONE`, where it is of this kind, public, and its computed part still holds."""
    brief, history, etag, good_until, withdrawn, own = row
    if own != kind or withdrawn is not None or (good_until is not None and good_until <= moment):
        return None
    return Finished(documents.full_document(bytes(brief), bytes(history)), etag)


def _read_document(
    connection: Connection,
    thing: str,
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Document:
    rendered = next(rendering.render_document(connection, [thing], now, as_of, known_at), None)
    if rendered is None:
        [facts] = rendering.read_facts(connection, [thing], known_at)
        if facts.content:
            raise NotFound(f"{thing} had not begun on that day")
        if facts.content is not None:
            raise Redacted("what it said at that moment was destroyed")
        raise NotFound(f"nothing was public of {thing} at that moment")
    return rendered[1]


def _full_answer(made: Document) -> Finished:
    brief, history = encode_json(made.brief), encode_json(made.history)
    return Finished(documents.full_document(brief, history), documents.make_etag(brief, history))


def find_past_document(
    connection: Connection,
    kind: str,
    thing: str,
    now: datetime,
    as_of: date | None,
    known_at: datetime | None,
) -> Finished:
    """A thing as it stood on a day, as the public knew it at a moment: folded from the public acts."""
    find_document(
        connection, kind, thing, now
    )  # what is not public now, or withdrawn, is not public as of any day
    return _full_answer(_read_document(connection, thing, now, as_of, known_at))


#: How many documents of a process are computed together.
_TOGETHER: Final = 500


def list_briefs(connection: Connection, process: str, kind: str, now: datetime) -> list[dict[str, Any]]:
    """Every public document of a kind in a process, without its history, in its order."""
    rows = connection.execute(_BRIEFS, {"process": process, "kind": kind}).all()
    return [json.loads(text) for text in _read_texts(connection, rows, now)]


def read_brief_texts(connection: Connection, things: Sequence[str], now: datetime) -> list[bytes]:
    """The documents of these things without their histories, in this order; what is not public is left out."""
    rows = {row.id: row for row in connection.execute(_BRIEFS_OF, {"things": things})}
    return _read_texts(connection, [rows[thing] for thing in things if thing in rows], now)


def read_briefs(connection: Connection, things: Sequence[str], now: datetime) -> list[dict[str, Any]]:
    """The same, each as its members."""
    return [json.loads(text) for text in read_brief_texts(connection, things, now)]


def _read_texts(connection: Connection, rows: Sequence[Any], now: datetime) -> list[bytes]:
    """These documents, each as it holds now."""
    moment = format_instant(now)
    old = [row.id for row in rows if row.good_until is not None and row.good_until <= moment]
    fresh = {made.id: encode_json(made.brief) for made in _recompute(connection, old, now, None, None)}
    return [fresh.get(row.id) or row.brief for row in rows]


_BRIEFS: Final = (
    select(document.c.id, document.c.brief, document.c.good_until)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind == bindparam("kind"),
        document.c.withdrawn.is_(None),
    )
    .order_by(document.c.sort_key, document.c.id)
)
_BRIEFS_OF: Final = select(document.c.id, document.c.brief, document.c.good_until).where(
    document.c.id.in_(bindparam("things", expanding=True)), document.c.withdrawn.is_(None)
)


def list_past_briefs(
    connection: Connection,
    process: str,
    kind: str,
    now: datetime,
    as_of: date | None,
    known_at: datetime | None,
) -> list[dict[str, Any]]:
    """The same as of a day and as known at a moment."""
    if as_of is None and known_at is None:
        return list_briefs(connection, process, kind, now)
    query = _BRIEFS.with_only_columns(document.c.id)
    things = list(connection.scalars(query, {"process": process, "kind": kind}))
    return [made.brief for made in _recompute(connection, things, now, as_of, known_at)]


def _recompute(
    connection: Connection, things: list[str], now: datetime, as_of: date | None, known_at: datetime | None
) -> Iterator[Document]:
    """Documents computed in memory, many at once."""
    for start in range(0, len(things), _TOGETHER):
        chosen = things[start : start + _TOGETHER]
        for _facts, made in rendering.render_document(connection, chosen, now, as_of, known_at):
            yield made


def read_documents(
    connection: Connection,
    things: list[str],
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> dict[str, dict[str, Any]]:
    """These documents with their histories, by id: as of a day and as known at a moment. What is not public, or was not
    then, is left out."""
    made = _recompute(connection, things, now, as_of, known_at)
    return {one.id: {**one.brief, "history": one.history} for one in made}


def find_by_slug(connection: Connection, kind: str, slug: str) -> str:
    """The id of a public process or organization by its short name; of a process that was withdrawn, too."""
    there = select(document.c.id).where(document.c.kind == kind, document.c.slug == slug)
    once = select(head.c.process_id).where(head.c.slug == slug, literal(kind) == "process")
    id: str | None = connection.scalar(there) or connection.scalar(once)
    if id is None:
        raise NotFound(f"no {kind} {slug!r} is public here")
    return id


_BY_REFERENCE: Final = (
    select(document.c.id)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind == bindparam("kind"),
        document.c.sort_key == bindparam("key"),
        or_(document.c.slug == bindparam("reference"), document.c.withdrawn.is_not(None)),
    )
    .order_by(document.c.withdrawn.is_not(None), document.c.id)
)


def find_by_reference(connection: Connection, process: str, kind: str, reference: str) -> str | None:
    """The id of a public thing that is sorted by its short name, by that name in its process; of a withdrawn one where
    no other has it. None where nothing has or had it."""
    asked = {
        "process": process,
        "kind": kind,
        "key": natural_sort_key(reference)[:200],
        "reference": reference,
    }
    id: str | None = connection.scalar(_BY_REFERENCE, asked)
    return id
