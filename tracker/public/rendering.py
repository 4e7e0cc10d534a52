"""From facts to documents in memory, many at once: what they need to know beyond their own facts is read for all of
them together, so that a page takes as few statements as a single document. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, bindparam, select

from tracker.domain.canonical import format_instant
from tracker.public import current, events
from tracker.public.build_document import build_document
from tracker.public.document_model import Document, World
from tracker.public.dumping import dump_brief, dump_history
from tracker.public.first_days import cut_facts, cut_world
from tracker.public.names import call_otherwise, read_names_then
from tracker.public.projection import Facts, project_facts
from tracker.public.surroundings import read_worlds, tell_processes
from tracker.public.tables import document


def read_facts(
    connection: Connection, things: Iterable[str], known_at: datetime | None = None
) -> list[Facts]:
    """What is publicly known of these things, or was by ``known_at``, in the order in which they are given: from all
    acts about them, so that any day can be asked of."""
    return [
        project_facts(thing, acts)
        for thing, acts in events.list_about_all(connection, things, known_at).items()
    ]


def render_documents(world: World, facts: Facts, now: datetime, as_of: date | None = None) -> Document:
    """The finished document of these facts, as of a day or, with none given, of this moment; nothing is stored."""
    document = build_document(facts, world, as_of or _find_today(world, now))
    document.brief = dump_brief(document.kind, document.brief)
    document.history = dump_history(document.history)
    return document


def _find_today(world: World, now: datetime) -> date:
    return world.calendar.today(now) if world.calendar else now.astimezone(UTC).date()


def render_document(
    connection: Connection,
    things: Iterable[str],
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Iterator[tuple[Facts, Document]]:
    """The documents of these things, in this order; what was not public by ``known_at``, or what was public of it then
    and has been redacted since, is left out. As of a day in the past, so is what begins later, and of what had begun
    each part that begins later."""
    read = current.facts_of if as_of is None and known_at is None else partial(read_facts, known_at=known_at)
    known = [one for one in read(connection, _drop_hidden(connection, things)) if one.content]
    worlds = read_worlds(connection, known, read)
    if known_at is not None:
        worlds = tell_processes(connection, worlds, read)
    names = read_names_then(connection, worlds, as_of, known_at)
    for facts, world in zip(known, [call_otherwise(one, names) for one in worlds], strict=True):
        if as_of is None or as_of == _find_today(world, known_at or now):
            yield facts, render_documents(world, facts, known_at or now, as_of)
        elif (reached := cut_facts(facts, as_of, world)) is not None:
            yield facts, render_documents(cut_world(world, as_of), reached, known_at or now, as_of)


_HIDDEN: Final = select(document.c.id).where(
    document.c.id.in_(bindparam("things", expanding=True)), document.c.withdrawn.is_not(None)
)


def _drop_hidden(connection: Connection, things: Iterable[str]) -> list[str]:
    """Those of these things that are not withdrawn. The act about a thing that went with its process may follow."""
    wanted = list(things)
    hidden = set(connection.scalars(_HIDDEN, {"things": wanted})) if wanted else set()
    return [one for one in wanted if one not in hidden]


def day_starts(day: date | None, world: World) -> str | None:
    """The instant at which a day begins where the process is; None for no day."""
    return None if day is None or world.calendar is None else format_instant(world.calendar.starts(day))
