"""A page of public documents: what stands on it, how much room it has, and the tag that follows from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from tracker.database.index_entries import Filing
from tracker.database.list_index import Key
from tracker.domain.canonical import encode_json
from tracker.public import documents, rendering
from tracker.public.document_model import Document
from tracker.public.filings import index_entry
from tracker.public.tables import event

#: The most bytes of documents on one page; one always fits.
MOST: Final = 1_000_000
#: How many documents are computed for one answer: a page may end before it is full.
COMPUTED: Final = 80
#: Of how many acts they are computed at most; one document always is.
MOST_ACTS: Final = 1_000
#: How many things that turned with the day are computed for one answer. Beyond, it is read as if as of today.
MOST_TURNED: Final = 80


@dataclass(frozen=True, slots=True)
class Page:
    """One page of finished documents and, where there may be more, the key to go on from.

    ``tag`` follows from the tags of the documents: what is said of them changes with them.
    """

    items: tuple[bytes, ...]
    tag: str
    last: Key | None


@dataclass(frozen=True, slots=True)
class Item:
    """A document of a page; its bytes are read when it is known that the page has room for them."""

    key: Key
    size: int
    tag: str
    brief: bytes | None = None


def count_fitting(items: Sequence[Item]) -> int:
    """How many of these a page has room for; at least one."""
    return max(1, sum(1 for size in accumulate(item.size for item in items) if size <= MOST))


def make_page(items: Sequence[Item], last: Key | None) -> Page:
    """The page of these, with a tag that follows from theirs."""
    digest = hashlib.sha256("".join([*(item.tag for item in items), repr(last)]).encode()).hexdigest()[:32]
    return Page(tuple(item.brief or b"" for item in items), digest, last)


_ACTS: Final = (
    select(event.c.subject_id, func.count())
    .where(event.c.subject_id.in_(bindparam("things", expanding=True)))
    .group_by(event.c.subject_id)
)


def cut_long(connection: Connection, keys: Sequence[Key]) -> Sequence[Key]:
    """The first of these whose acts can be read for one answer."""
    rows = connection.execute(_ACTS, {"things": [id for _key, id in keys]}).all() if keys else ()
    numbers = {row[0]: row[1] for row in rows}
    sums = accumulate(numbers[id] for _key, id in keys)
    return keys[: max(1, sum(1 for acts in sums if acts <= MOST_ACTS))]


def recompute_documents(
    connection: Connection,
    things: Sequence[str],
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Iterator[tuple[Filing, Document]]:
    """These things as they stand on that day, with what lists would find them by."""
    for facts, made in rendering.render_document(connection, things, now, as_of, known_at):
        yield index_entry(facts, made), made


def make_item(key: Key, made: Document) -> Item:
    """A document that was computed, with its bytes."""
    brief, history = encode_json(made.brief), encode_json(made.history)
    return Item(key, len(brief), documents.make_etag(brief, history), brief)
