"""Finished documents: written by the act that changes them, kept as bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from tracker.database import index_entries
from tracker.database.index_entries import Filing
from tracker.database.prepared import Prepared
from tracker.domain.canonical import encode_json
from tracker.domain.ids import kind_of
from tracker.public import current, rendering, scores, search, spans, surroundings, tally
from tracker.public.document_model import World
from tracker.public.filings import index_entry, make_sort_key
from tracker.public.first_days import find_first_day
from tracker.public.names import Names
from tracker.public.projection import Facts
from tracker.public.redaction import is_redaction_reason
from tracker.public.scoreboard import KINDS, score_document
from tracker.public.tables import FILED, document
from tracker.public.timelines import Look, look_at


def full_document(brief: bytes, history: bytes) -> bytes:
    """A document with its history: two finished pieces put together without being parsed."""
    return brief[:-1] + b',"history":' + history + b"}"


def make_etag(brief: bytes, history: bytes) -> str:
    """A strong entity tag: it follows from the bytes, so every server gives the same one."""
    return hashlib.sha256(full_document(brief, history)).hexdigest()[:32]


#: How many documents are put together at a time: what they show is read for all of them at once.
_AT_ONCE: Final = 100
#: What is withdrawn shows nothing.
_NOWHERE: Final = World({})


def refresh_documents(
    connection: Connection,
    things: Iterable[str],
    now: datetime,
    reworded: Collection[str] | None = None,
    days: Iterable[tuple[str, str]] = (),
) -> None:
    """Write the documents of these things, as the acts about them now say, and then those that look at them.

    ``reworded`` are those of which something else may be said than when their document was stored: they may be called
    otherwise, and be found by other words. None where that is not known. ``days`` say for a thing since when something
    else is so of it; without, it may be any day.
    """
    wanted = list(things)
    since: dict[str, str] = {}
    for thing, day in days:
        since[thing] = min(day, since.get(thing, day))
    first = min((since.get(one, "") for one in wanted), default="")
    names = {one.id: _name_of(one) for one in current.facts_of(connection, reworded or ())}
    looking: dict[str, None] = {}
    for some in _split_document(wanted):
        known = current.facts_of(connection, some)
        worlds = _write_all(connection, known, now, names, reworded, since)
        looking |= dict.fromkeys(surroundings.read_context(connection, known, worlds))
    for some in _split_document(list(looking)):
        _write_all(
            connection, current.facts_of(connection, some), now, names, reworded, dict.fromkeys(some, first)
        )


def _split_document(things: list[str]) -> Iterator[list[str]]:
    return (things[first : first + _AT_ONCE] for first in range(0, len(things), _AT_ONCE))


def _write_all(
    connection: Connection,
    known: Iterable[Facts],
    now: datetime,
    names: Names,
    reworded: Collection[str] | None,
    since: Mapping[str, str],
) -> dict[str, World]:
    """Write what is public of these, and return what was read for each that shows something."""
    public = [facts for facts in known if facts.content is not None]
    shown = [facts for facts in public if facts.withdrawn is None]
    worlds = dict(
        zip(
            (one.id for one in shown),
            surroundings.read_worlds(connection, shown, current.facts_of, names),
            strict=True,
        )
    )
    changed: tally.Changed = Counter()
    for facts in public:
        changed.update(
            _write(connection, facts, worlds.get(facts.id, _NOWHERE), now, since.get(facts.id, ""))
        )
        if reworded is None or facts.id in reworded:
            search.index_document(connection, facts)
    tally.add_numbers(connection, changed)
    return worlds


_TURNED: Final = (
    select(document.c.id)
    .where(document.c.good_until <= bindparam("moment"))
    .order_by(document.c.good_until)
    .limit(bindparam("limit"))
)


def list_expired(connection: Connection, moment: str, limit: int) -> list[str]:
    """The things whose stored documents have turned by this moment, at most so many."""
    return list(connection.scalars(_TURNED, {"moment": moment, "limit": limit}))


_REWRITE: Final = Prepared(
    update(document)
    .where(document.c.id == bindparam("id"))
    .values({column.name: bindparam(column.name) for column in document.c if column.name != "id"})
)
_ADD: Final = Prepared(insert(document))


def _write(connection: Connection, facts: Facts, world: World, now: datetime, since: str) -> tally.Changed:
    """Store a document, and change what lists find it by where that has changed: from a day on. Returns by how much the
    numbers of its process change."""
    finished = finish_document(facts, world, now)
    row = finished.row
    if _REWRITE.run(connection, **row) == 0:
        _ADD.run(connection, **row)
    index_entries.write_entries(connection, FILED, facts.id, finished.filing)
    changed = spans.write_spans(connection, facts, world, row["sort_key"], since, finished.today)
    if row["kind"] in KINDS:
        changed.update(scores.write_score(connection, facts.id, finished.counted))
    return changed


@dataclass(frozen=True, slots=True)
class Finished:
    """What is stored of a thing: the row of its document, what lists find it by, what it adds to the numbers of its
    process; and what is so of it today."""

    row: dict[str, Any]
    filing: Filing | None = None
    counted: dict[str, Any] | None = None
    today: Look | None = None


def finish_document(facts: Facts, world: World, now: datetime) -> Finished:
    """What is stored of a thing. A withdrawn one leaves its reason only, an organization also its name: others said
    something of it."""
    content = facts.content or {}
    kind = kind_of(facts.id) or ""
    slug, title = _called_by(content)
    row: dict[str, Any] = {
        "id": facts.id,
        "kind": kind,
        "process_id": facts.process,
        "slug": slug,
        "title": title,
        "sort_key": make_sort_key(kind, content),
        "withdrawn": facts.withdrawn,
        "good_until": None,
        "filed_until": None,
        "first_day": "",
    }
    if facts.withdrawn is not None:
        left = (title or "") if _keeps_name(facts) else ""
        row |= {"title": left, "slug": None, "brief": b"", "history": b"", "etag": ""}
        return Finished(row)
    rendered = rendering.render_documents(world, facts, now)
    row["brief"], row["history"] = encode_json(rendered.brief), encode_json(rendered.history)
    row["etag"] = make_etag(row["brief"], row["history"])
    row["good_until"] = rendering.day_starts(rendered.valid_until, world)
    row["filed_until"] = rendering.day_starts(rendered.reindex_on, world)
    row["first_day"] = find_first_day(facts, world)
    filing = index_entry(facts, rendered)
    score = score_document(rendered.brief) if kind in KINDS else None
    counted = None if score is None else scores.make_row(facts, score, row["sort_key"])
    return Finished(row, filing, counted, look_at(rendered, filing, score))


def _called_by(content: Mapping[str, Any]) -> tuple[Any, Any]:
    return content.get("slug") or content.get("reference"), content.get("title") or content.get("name")


def _name_of(facts: Facts) -> dict[str, Any] | None:
    """What others call a thing; None where they have no name for it."""
    if facts.content is None or (facts.withdrawn is not None and not _keeps_name(facts)):
        return None
    slug, title = _called_by(facts.content)
    return {"id": facts.id, "name": title, "slug": None if facts.withdrawn is not None else slug}


def _keeps_name(facts: Facts) -> bool:
    """Whether a withdrawn thing keeps its name where others name it: what a redaction destroyed does not."""
    withdrawn = facts.withdrawn or ""
    return kind_of(facts.id) == "organization" and not is_redaction_reason(withdrawn)


def list_things_of(connection: Connection, process: str) -> list[str]:
    """The ids of every public document of a process."""
    return list(
        connection.scalars(
            select(document.c.id).where(document.c.process_id == process).order_by(document.c.id)
        )
    )


def list_things_of_all(
    connection: Connection, processes: Iterable[str], after: str, most: int | None
) -> list[str]:
    """The same of several processes in the order of ids: at most so many after a place."""
    query = select(document.c.id).where(document.c.process_id.in_(list(processes)), document.c.id > after)
    return list(connection.scalars(query.order_by(document.c.id).limit(most)))


def drop_other_documents(connection: Connection, things: list[str]) -> None:
    """Remove what belongs to none of these things."""
    connection.execute(delete(document).where(document.c.id.not_in(things)))
    current.drop_others(connection, things)
    index_entries.clear_entries(connection, FILED)
    scores.clear_scores(connection)
    spans.clear_spans(connection)
    tally.clear_numbers(connection)
    search.clear_index(connection)  # what is found is written from nothing, with the documents
