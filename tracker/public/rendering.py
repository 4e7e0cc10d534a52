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
from tracker.domain.met_dates import WAITING
from tracker.domain.names import find_name
from tracker.domain.tracks import SUBJECTS
from tracker.public import current, events, feed_state
from tracker.public.build_document import build_document
from tracker.public.document_model import Document, World
from tracker.public.events import format_instant
from tracker.public.first_days import cut_facts, cut_world
from tracker.public.projection import Facts, project_facts
from tracker.public.tables import document, event, facet, head, mention, thing

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
    return build_document(facts, world, as_of or _find_today(world, now))


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
    names = {} if as_of is None else read_names_then(connection, worlds, as_of)
    for facts, world in zip(known, worlds, strict=True):
        if as_of is None or as_of >= _find_today(world, known_at or now):
            yield facts, render_documents(world, facts, known_at or now, as_of)
        elif (reached := cut_facts(facts, as_of, world.reports)) is not None:
            yield facts, render_documents(cut_world(world, as_of, names), reached, known_at or now, as_of)


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


def read_worlds(
    connection: Connection,
    facts: Sequence[Facts],
    read: Read,
    names: Names = MappingProxyType({}),
) -> list[World]:
    """For each of these facts the names that its document shows, its process, the deadlines set for it, what a
    deadline is set for, and the reports of a committee, as ``read`` knows them. ``names`` hold instead of those
    that are stored."""
    processes = _read_processes(connection, facts)
    owed = _read_behind(connection, _OWED, [one.id for one in facts if kind_of(one.id) in _OWNERS], read)
    owners = _read_owners(connection, facts, read)
    committees = {one.id for one in facts} | {one.id for one in owners.values()}
    reports = _read_behind(
        connection, _REPORTS, [one for one in committees if kind_of(one) == "committee"], read
    )
    related = _read_related(
        connection, [one.id for one in facts if kind_of(one.id) == "recommendation"], read
    )
    heirs = _read_heirs(connection, facts)
    wanted = {shown for one in facts for shown in _list_named(one)}
    wanted |= {one.id for found in (*reports.values(), *related.values()) for one in found}
    wanted |= {str(content["lead"]) for content, _calendar in processes.values()}
    called: dict[str, Any] = read_names(connection, wanted) | {
        one: names[one] for one in wanted & names.keys()
    }
    shown = {one: name for one, name in called.items() if name is not None}
    found = []
    for one in facts:
        content, calendar = processes.get(one.process or "", (None, None))
        pending = feed_state.read_pending(connection, one.id) if kind_of(one.id) == "process" else None
        own = one.id if kind_of(one.id) == "committee" else _owner_of(one)
        around = (owed.get(one.id, ()), owners.get(one.id), reports.get(own or "", ()), pending)
        found.append(World(shown, one.process, content, calendar, *around, related.get(one.id, ()), heirs))
    return found


def _list_named(facts: Facts) -> Iterator[str]:
    """What a document puts a name beside."""
    yield from events.find_ids(json.dumps([facts.content, facts.process]))
    yield from (change.assessor for change in facts.known)
    yield from (change.addressee for change in facts.known if change.addressee is not None)
    for said in (*facts.changes, *facts.replies, *facts.said.values()):
        yield said["assessor"]
        yield from (said[name] for name in ("addressee", "superseded_by") if said[name] is not None)
        yield from (citation["evidence"] for citation in said["citations"])
        if (verdict_by := said.get("verdict_by")) is not None:
            yield verdict_by


def read_context(connection: Connection, facts: Collection[Facts], worlds: Mapping[str, World]) -> list[str]:
    """What else shows something of these things: the owner of a deadline shows that it is overdue, a deadline shows
    that its owner did what it waits for, a committee lists its reports, a recommendation shows what another says of it.
    ``worlds`` are those that were read already."""
    found = [owner for one in facts if (owner := _owner_of(one)) is not None]
    found += (bodies := _list_committees(facts))
    owners = [one.id for one in facts if kind_of(one.id) in _OWNERS]
    unread = [*bodies, *(one for one in owners if one not in worlds)]
    owed = [worlds[one].owed for one in owners if one in worlds]
    owed += _read_behind(connection, _OWED, unread, current.facts_of).values()
    found += [one.id for dates in owed for one in dates if (one.content or {})["type"] in WAITING]
    found += _list_told_of(connection, [one.id for one in facts if kind_of(one.id) == "recommendation"])
    return list(dict.fromkeys(found))


def _owner_of(facts: Facts) -> str | None:
    """What a deadline is set for."""
    return str(facts.content["owner"]) if kind_of(facts.id) == "deadline" and facts.content else None


def _list_committees(facts: Iterable[Facts]) -> list[str]:
    """The committees whose reports are among these."""
    found = ((one.content or {}).get("committee") for one in facts if kind_of(one.id) == "report")
    return [str(one) for one in found if one is not None]


_OTHER: Final = mention.join(event, event.c.seq == mention.c.seq)
_NAMING: Final = Prepared(
    select(mention.c.thing_id, event.c.subject_id)
    .select_from(_OTHER)
    .where(mention.c.thing_id.in_(bindparam("things", expanding=True)), event.c.subject_id.like("rec%"))
    .distinct()
)
_TOLD_OF: Final = Prepared(
    select(mention.c.thing_id)
    .select_from(_OTHER)
    .where(event.c.subject_id.in_(bindparam("things", expanding=True)), mention.c.thing_id.like("rec%"))
    .distinct()
)


def _read_related(connection: Connection, things: Sequence[str], read: Read) -> dict[str, list[Facts]]:
    """For each of these recommendations the others whose public acts name it."""
    if not things:
        return {}
    pairs = sorted(tuple(row) for row in _NAMING.rows(connection, things=things))
    known = {one.id: one for one in read(connection, sorted({naming for _thing, naming in pairs}))}
    found: dict[str, list[Facts]] = {}
    for named, naming in pairs:
        found.setdefault(named, []).append(known[naming])
    return found


_SAID: Final = event.alias("said")
_NAMING_ORGANIZATIONS: Final = Prepared(
    select(thing.c.id, _SAID.c.body)
    .join(_SAID, _SAID.c.seq == thing.c.content_seq)
    .where(
        thing.c.withdrawn.is_(None),
        thing.c.id.like("org%"),
        thing.c.id.in_(
            select(event.c.subject_id)
            .select_from(_OTHER)
            .where(mention.c.thing_id.in_(bindparam("things", expanding=True)))
        ),
    )
)


def _read_heirs(connection: Connection, facts: Iterable[Facts]) -> dict[str, list[str]]:
    """For each organization that asked, or was asked, in one of these recommendations those that took its place, at
    any distance. By what was said of them last, for their own documents may still have to be written."""
    contents = [one.content or {} for one in facts if kind_of(one.id) == "recommendation"]
    named = {one for content in contents for one in content.get("issuers", ())}
    named |= {one["organization"] for content in contents for one in content.get("addressees", ())}
    next_of: dict[str, set[str]] = {}
    unread = set(named)
    while unread:
        next_of |= {one: set() for one in unread}
        for heir, body in _NAMING_ORGANIZATIONS.rows(connection, things=sorted(unread)):
            for before in unread.intersection(json.loads(body)["content"].get("successor_of", ())):
                next_of[before].add(heir)
        unread = {one for found in next_of.values() for one in found} - next_of.keys()
    return {one: sorted(_reach(one, next_of)) for one in named if next_of[one]}


def _reach(start: str, next_of: Mapping[str, Collection[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        new = set(next_of[waiting.pop()]) - reached
        reached |= new
        waiting += sorted(new)
    return reached


def _list_told_of(connection: Connection, things: Sequence[str]) -> list[str]:
    """The recommendations that the public acts about these name."""
    return sorted(_TOLD_OF.column(connection, things=things)) if things else []


def _read_owners(connection: Connection, facts: Iterable[Facts], read: Read) -> dict[str, Facts]:
    """For each deadline what it is set for, as far as that is public."""
    owners = {one.id: owner for one in facts if (owner := _owner_of(one)) is not None}
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


def read_names(
    connection: Connection, things: Iterable[str], as_of: date | None = None
) -> dict[str, dict[str, Any]]:
    """The public names of things, of organizations those of a day; those that are not public are left out."""
    wanted = sorted(thing for thing in things if kind_of(thing) in _NAMED)
    if not wanted:
        return {}
    found = _NAMES.rows(connection, things=wanted)
    names = {id: {"id": id, "name": title, "slug": slug} for id, title, slug in found}
    return names if as_of is None else names | _find_former(connection, names, as_of)


def read_names_then(
    connection: Connection, worlds: Iterable[World], as_of: date
) -> dict[str, dict[str, Any]]:
    """What organizations that these worlds name were called on a day, where it was something else than now."""
    return _find_former(
        connection, {one: name for world in worlds for one, name in world.names.items()}, as_of
    )


def _find_former(
    connection: Connection, names: Mapping[str, Mapping[str, Any]], as_of: date
) -> dict[str, dict[str, Any]]:
    organizations = [one for one in names if kind_of(one) == "organization"]
    found = {}
    for one, content in current.read_contents(connection, organizations).items():
        if content.get("former_names"):
            then = find_name(content["name"], content["former_names"], as_of)
            found[one] = {**names[one], "name": then}
    return found


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


def read_process(connection: Connection, process: str) -> Process:
    """The content and the calendar of a public process."""
    [row] = _HEADS.rows(connection, processes=[process])
    return _read_rows(row.content)


@lru_cache(maxsize=256)
def _read_rows(content: bytes) -> Process:
    """The content of a process and its calendar, read once for as long as they stay the same."""
    process = json.loads(content)
    return MappingProxyType(process), Calendar.from_json(process["calendar"])


def _behind(kind: str, name: str) -> Prepared:
    return Prepared(
        select(facet.c.value, facet.c.id).where(
            facet.c.kind == kind,
            facet.c.facet == name,
            facet.c.value.in_(bindparam("owners", expanding=True)),
        )
    )


_OWED: Final = _behind("deadline", "owner")
_REPORTS: Final = _behind("report", "committee")


def _read_behind(
    connection: Connection, query: Prepared, owners: Collection[str], read: Read
) -> dict[str, list[Facts]]:
    """For each of these owners what is public and belongs to it: the deadlines that are set for it, or its reports."""
    if not owners:
        return {}
    pairs = query.rows(connection, owners=owners)
    known = {one.id: one for one in read(connection, sorted({row.id for row in pairs}))}
    found: dict[str, list[Facts]] = {}
    for owner, id in sorted((row.value, row.id) for row in pairs):
        if known[id].content and known[id].withdrawn is None:
            found.setdefault(owner, []).append(known[id])
    return found
