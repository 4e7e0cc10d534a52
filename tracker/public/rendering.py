"""From facts to documents in memory, many at once: what they need to know beyond their own facts is read for all of
them together, so that a page takes as few statements as a single document. Nothing here writes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from tracker.database.prepared import Prepared
from tracker.domain.calendars import Calendar
from tracker.domain.ids import kind_of
from tracker.domain.silence import RESPONSE_DUE
from tracker.domain.tracks import SUBJECTS
from tracker.public import current, events
from tracker.public.build_document import build_document
from tracker.public.document_model import Document, World
from tracker.public.events import format_instant
from tracker.public.projection import Facts, project_facts
from tracker.public.tables import document, facet, head

_NAMED: Final = ("process", "organization", *SUBJECTS)
#: Kinds of thing that deadlines are set for.
_OWNERS: Final = ("committee", "recommendation")
Process = tuple[Mapping[str, Any], Calendar]
#: How the facts of things are read: as they are at present (`current.facts_of`), or from all acts (`facts_of`).
Read = Callable[[Connection, Iterable[str]], list[Facts]]
#: What things are called that their stored documents do not call so yet; None for what has no name any more.
Names = Mapping[str, Mapping[str, Any] | None]


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
    calendar = world.calendar
    today = calendar.today(now) if calendar else now.astimezone(UTC).date()
    return build_document(facts, world, as_of or today)


def render_document(
    connection: Connection,
    things: Iterable[str],
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Iterator[tuple[Facts, Document]]:
    """The documents of these things, in this order; what was not public by ``known_at``, or what was public of it then
    and has been redacted since, is left out."""
    read = current.facts_of if as_of is None and known_at is None else partial(read_facts, known_at=known_at)
    known = [one for one in read(connection, things) if one.content]
    worlds = read_worlds(connection, known, read)
    for facts, world in zip(known, worlds, strict=True):
        yield facts, render_documents(world, facts, known_at or now, as_of)


def day_starts(day: date | None, world: World) -> str | None:
    """The instant at which a day begins where the process is; None for no day."""
    return None if day is None or world.calendar is None else format_instant(world.calendar.starts(day))


def read_worlds(
    connection: Connection,
    facts: Sequence[Facts],
    read: Read,
    names: Names = MappingProxyType({}),
) -> list[World]:
    """For each of these facts the names that its document shows, its process, the deadlines set for it, and what a
    deadline wants an answer to, as ``read`` knows them. ``names`` hold instead of those that are stored."""
    processes = _read_processes(connection, facts)
    owed = _owed_answers(connection, [one.id for one in facts if kind_of(one.id) in _OWNERS], read)
    asked = _asked_organizations(connection, facts, read)
    wanted = {shown for one in facts for shown in _list_named(one)}
    wanted |= {str(content["lead"]) for content, _calendar in processes.values()}
    called: dict[str, Any] = read_names(connection, wanted) | {
        one: names[one] for one in wanted & names.keys()
    }
    shown = {one: name for one, name in called.items() if name is not None}
    found = []
    for one in facts:
        content, calendar = processes.get(one.process or "", (None, None))
        found.append(World(shown, one.process, content, calendar, owed.get(one.id, ()), asked.get(one.id)))
    return found


def _list_named(facts: Facts) -> Iterator[str]:
    """What a document puts a name beside."""
    yield from events.find_ids(json.dumps([facts.content, facts.process]))
    yield from (change.assessor for change in facts.known)
    for said in (*facts.changes, *facts.replies):
        yield said["assessor"]
        yield from (citation["evidence"] for citation in said["citations"])
        if (verdict_by := said.get("verdict_by")) is not None:
            yield verdict_by


def is_answer_owed(deadline: Facts) -> str | None:
    """The recommendation that this is a date for an answer to; None for every other date."""
    said = deadline.content or {}
    owner = str(said.get("owner"))
    return owner if said.get("type") == RESPONSE_DUE and kind_of(owner) == "recommendation" else None


def read_context(connection: Connection, facts: Collection[Facts], worlds: Mapping[str, World]) -> list[str]:
    """What else shows something of these things: the owner of a deadline shows that it is overdue, a date by which an
    answer is due shows when there was one. ``worlds`` are those that were read already."""
    found = [str(one.content["owner"]) for one in facts if kind_of(one.id) == "deadline" and one.content]
    asked = [one.id for one in facts if kind_of(one.id) == "recommendation"]
    unread = _owed_answers(connection, [one for one in asked if one not in worlds], current.facts_of)
    owed = [worlds[one].owed if one in worlds else unread.get(one, ()) for one in asked]
    found += [one.id for dates in owed for one in dates if is_answer_owed(one) is not None]
    return list(dict.fromkeys(found))


def _asked_organizations(connection: Connection, facts: Iterable[Facts], read: Read) -> dict[str, Facts]:
    """For each date by which an answer is due the recommendation that is to be answered, as far as it is public."""
    owners = {one.id: owner for one in facts if (owner := is_answer_owed(one)) is not None}
    known = {one.id: one for one in read(connection, sorted(set(owners.values())))}
    return {
        one: found
        for one, owner in owners.items()
        if (found := known[owner]).content and found.withdrawn is None
    }


_NAMES: Final = Prepared(
    select(document.c.id, document.c.title, document.c.slug).where(
        document.c.id.in_(bindparam("things", expanding=True)), document.c.withdrawn.is_(None)
    )
)


def read_names(connection: Connection, things: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The public names of things; those that are not public are left out."""
    wanted = sorted(thing for thing in things if kind_of(thing) in _NAMED)
    if not wanted:
        return {}
    found = _NAMES.rows(connection, things=wanted)
    return {id: {"id": id, "name": title, "slug": slug} for id, title, slug in found}


_HEADS: Final = Prepared(
    select(head.c.process_id, head.c.content).where(
        head.c.process_id.in_(bindparam("processes", expanding=True))
    )
)


def _read_processes(connection: Connection, facts: Iterable[Facts]) -> dict[str, Process]:
    """The content and the calendar of every process that these facts belong to; of a process its own."""
    found: dict[str, Process] = {}
    wanted = set()
    for one in facts:
        if one.process == one.id and one.content:
            found[one.id] = (one.content, Calendar.from_json(one.content["calendar"]))
        elif one.process is not None:
            wanted.add(one.process)
    if missing := sorted(wanted - found.keys()):
        rows = _HEADS.rows(connection, processes=missing)
        found |= {process: _read_rows(content) for process, content in rows}
    return found


@lru_cache(maxsize=256)
def _read_rows(content: bytes) -> Process:
    """The content of a process and its calendar, read once for as long as they stay the same."""
    process = json.loads(content)
    return MappingProxyType(process), Calendar.from_json(process["calendar"])


_OWED: Final = Prepared(
    select(facet.c.value, facet.c.id).where(
        facet.c.kind == "deadline",
        facet.c.facet == "owner",
        facet.c.value.in_(bindparam("owners", expanding=True)),
    )
)


def _owed_answers(connection: Connection, owners: Collection[str], read: Read) -> dict[str, list[Facts]]:
    """For each of these owners the public deadlines that are set for it."""
    if not owners:
        return {}
    pairs = _OWED.rows(connection, owners=owners)
    known = {one.id: one for one in read(connection, sorted({row.id for row in pairs}))}
    found: dict[str, list[Facts]] = {}
    for owner, deadline in sorted((row.value, row.id) for row in pairs):
        if known[deadline].content:
            found.setdefault(owner, []).append(known[deadline])
    return found
