"""Whether the finished documents are what the public acts add up to."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import SQLAlchemyError

from tracker.database import index_entries
from tracker.domain.canonical import format_instant
from tracker.domain.errors import Refusal
from tracker.domain.ids import kind_of
from tracker.public import (
    current,
    documents,
    events,
    feed_state,
    log,
    rendering,
    scores,
    search,
    spans,
    surroundings,
)
from tracker.public.document_model import World
from tracker.public.projection import project_facts
from tracker.public.tables import FILED, REDACTED, document, event, head

#: What of a document follows from the day as well as from the acts.
_COMPUTED: Final = {"brief", "etag", "good_until", "filed_until"}
#: What besides that shows the names of others, or follows from where their process is.
_AROUND: Final = {"history", "first_day"}


def list_things(connection: Connection) -> list[str]:
    """Everything that public acts are about."""
    return list(
        connection.scalars(
            select(event.c.subject_id)
            .where(event.c.subject_id.is_not(None))
            .distinct()
            .order_by(event.c.subject_id)
        )
    )


def report_broken(what: str, find: Callable[[], Iterable[str]]) -> Iterator[str]:
    """What is found; where looking ends in an error, that too. Somebody who breaks one row on purpose, so that a check
    dies of it, must not hide the others. What the database itself refuses is raised."""
    try:
        yield from find()
    except (Refusal, SQLAlchemyError):
        raise
    except Exception as error:
        yield f"{what}: it is broken and cannot be checked ({type(error).__name__})"


@dataclass(frozen=True, slots=True)
class Pending:
    """The things whose documents are still to be written again, and those that are hidden already although the act that
    says so is still to be written."""

    documents: Collection[str] = ()
    withdrawn: Collection[str] = ()


NOTHING_PENDING: Final = Pending()


def find_differences(
    connection: Connection, now: datetime, pending: Pending = NOTHING_PENDING
) -> Iterator[str]:
    """Each document, and each entry that lists find it by, that does not follow from the acts.

    A document whose computed part has turned is served as computed again, so those of its stored bytes, and what lists
    find it by, are not held against the present day; all the rest of it is. The same goes for what is pending.
    """
    known = list_things(connection)
    yield from _find_garbled(connection)
    yield from find_unnamed(connection)
    yield from _check_heads(connection, known)
    for thing in known:
        find = _of_hidden if thing in pending.withdrawn else _of_thing
        waits = thing in pending.documents
        yield from report_broken(f"{thing} in public", partial(find, connection, thing, now, waits=waits))
    for thing in connection.scalars(select(document.c.id).where(document.c.id.not_in(known))):
        yield f"{thing}: has a document, and no public act is about it"
    for thing in index_entries.list_strays(connection, FILED):
        yield f"{thing}: lists find it by an entry that it is not filed under"
    yield from current.find_strangers(connection, known)
    yield from scores.find_differences(connection, known)
    yield from spans.find_strangers(connection, known)
    yield from search.find_strangers(connection, known)


def _of_hidden(connection: Connection, thing: str, _now: datetime, *, waits: bool) -> Iterator[str]:  # noqa: ARG001  # as below
    """Of what was withdrawn with its process nothing is left to read."""
    stored = connection.execute(select(document).where(document.c.id == thing)).mappings().first()
    if stored is None or stored["withdrawn"] is None or stored["brief"] or stored["history"]:
        yield f"{thing}: withdrawn with its process, and its document can be read"


def _of_thing(connection: Connection, thing: str, now: datetime, *, waits: bool) -> Iterator[str]:
    moment = format_instant(now)
    acts = events.list_about(connection, thing)
    yield from current.find_differences(connection, acts)
    facts = project_facts(thing, acts)
    worlds = [World({})]
    if facts.withdrawn is None:
        worlds = surroundings.read_worlds(connection, [facts], rendering.read_facts)
    finished = documents.finish_document(facts, worlds[0], now)
    wanted = finished.row
    stored = connection.execute(select(document).where(document.c.id == thing)).mappings().first()
    if stored is None:
        yield f"{thing}: public, and has no document"
        return
    turned = waits or (stored["good_until"] is not None and stored["good_until"] <= moment)
    loose = _COMPUTED | _AROUND if waits else _COMPUTED
    if any(stored[name] != wanted[name] for name in wanted if not (turned and name in loose)):
        yield f"{thing}: its document is not what the public acts give"
    refiled = waits or (stored["filed_until"] is not None and stored["filed_until"] <= moment)
    if not refiled and not index_entries.is_filed(connection, FILED, thing, finished.filing):
        yield f"{thing}: lists find it by something else than the public acts give"
    if not refiled and not scores.is_counted(connection, thing, finished.counted):
        yield f"{thing}: what it adds to the numbers of its process is not what the public acts give"
    if not waits:
        yield from spans.find_differences(connection, facts, worlds[0], wanted["sort_key"])
    yield from search.find_differences(connection, facts)


def find_unnamed(connection: Connection) -> Iterator[str]:
    """Acts whose text and salt are gone, and that no redaction names."""
    named: set[int] = set()
    for seq, body in connection.execute(select(event.c.seq, event.c.body).where(text(REDACTED))):
        yield from report_broken(f"public act {seq}", partial(_add_refs, named, body))
    gone = select(event.c.seq, event.c.id).where(event.c.salt.is_(None), event.c.kind != log.ANCHOR)
    for seq, id in connection.execute(gone.order_by(event.c.seq)):
        if seq - 1 not in named:
            yield f"{id}: its text and salt are gone, and no redaction says so"


def _add_refs(named: set[int], body: str | bytes) -> Iterator[str]:
    named.update(json.loads(body)["refs"])
    yield from ()


def _find_garbled(connection: Connection) -> Iterator[str]:
    """Acts whose text is not what they are found by."""
    for row in connection.execute(select(event).order_by(event.c.seq)):
        yield from report_broken(f"public act {row.seq}", partial(_of_row, row))


def _of_row(row: Any) -> Iterator[str]:
    content = json.loads(row.body)
    found_by = (row.id, row.at, row.kind, row.process_id, row.subject_id)
    if tuple(content.get(name) for name in ("id", "at", "kind", "process", "subject")) != found_by:
        yield f"{row.id}: the text of this act is not what it is found by"


def _check_heads(connection: Connection, known: list[str]) -> Iterator[str]:
    stored = {row["process_id"]: dict(row) for row in connection.execute(select(head)).mappings()}
    processes = {one for one in known if kind_of(one) == "process"}
    for process in sorted(stored.keys() | processes):
        row = stored.get(process)
        yield from report_broken(
            f"the head of {process}", partial(_of_head, connection, process, row, process in processes)
        )


def _of_head(connection: Connection, process: str, row: dict[str, Any] | None, public: bool) -> Iterator[str]:
    if row != (feed_state.expected_heads(connection, process) if public else None):
        yield f"{process}: its head is not what the public acts give"
