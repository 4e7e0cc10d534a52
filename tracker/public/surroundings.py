"""What documents show beside the facts of their own thing, read for many at once: its process, the deadlines set for
it, its reports, and what names it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, or_, select

from tracker.database.prepared import Prepared
from tracker.domain.ids import PREFIXES, kind_of
from tracker.domain.met_dates import WAITING
from tracker.public import current, events, feed_state
from tracker.public.document_model import World
from tracker.public.indicators import list_named
from tracker.public.names import Names, read_names
from tracker.public.processes import Process, read_processes_of
from tracker.public.projection import Facts
from tracker.public.tables import event, facet, mention, thing

#: Kinds of thing that deadlines are set for.
_OWNERS: Final = ("committee", "recommendation")
#: Kinds of thing that the documents of recommendations show, where they name these.
_FOLLOWING: Final = ("recommendation", "indicator", "resource")
#: Kinds of thing that committees owe, or wrote.
_OWED_BY: Final = ("report", "deadline")
#: Kinds of thing that are shown by whom they name, now or before.
_SHOWN_BY_NAMED: Final = (*_FOLLOWING, "deadline")


#: How the facts of things are read: as they are at present (`current.facts_of`), or from all acts (`facts_of`).
Read = Callable[[Connection, Iterable[str]], list[Facts]]


def read_worlds(
    connection: Connection, facts: Sequence[Facts], read: Read, names: Names = MappingProxyType({})
) -> list[World]:
    """For each of these facts the names that its document shows, its process, the deadlines set for it, what a
    deadline is set for, and the reports of a committee, as ``read`` knows them. ``names`` hold instead of those
    that are stored."""
    processes = read_processes_of(connection, facts)
    owed = _read_behind(connection, _OWED, [one.id for one in facts if kind_of(one.id) in _OWNERS], read)
    owners = _read_owners(connection, facts, read)
    committees = {one.id for one in facts} | {one.id for one in owners.values()}
    reports = _read_behind(
        connection, _REPORTS, [one for one in committees if kind_of(one) == "committee"], read
    )
    related = _read_related(connection, [one for one in facts if kind_of(one.id) == "recommendation"], read)
    heirs = _read_heirs(connection, facts)
    wanted = {shown for one in facts for shown in _list_named(one)}
    wanted |= {one.id for found in (*reports.values(), *related.values()) for one in found}
    wanted |= {named for found in related.values() for one in found for named in list_named(one)}
    wanted |= {str(one.content["lead"]) for one in processes.values()}
    called: dict[str, Any] = read_names(connection, wanted) | {
        one: names[one] for one in wanted & names.keys()
    }
    shown = {one: name for one, name in called.items() if name is not None}
    worlds = []
    for fact in facts:
        process = processes.get(fact.process or "")
        pending = feed_state.read_pending(connection, fact.id) if kind_of(fact.id) == "process" else None
        own = fact.id if kind_of(fact.id) == "committee" else _owner_of(fact)
        around = (owed.get(fact.id, ()), owners.get(fact.id), reports.get(own or "", ()), pending)
        content, calendar, deciding = process or (None, None, ())
        worlds.append(
            World(shown, fact.process, content, calendar, *around, related.get(fact.id, ()), heirs, deciding)
        )
    return worlds


def tell_processes(connection: Connection, worlds: Sequence[World], read: Read) -> list[World]:
    """The same worlds with their processes as ``read`` knows them, in place of as they are at present."""
    processes = sorted({world.process_id for world in worlds if world.process_id is not None})
    known = {one.id: Process.of(one) for one in read(connection, processes) if one.content}
    return [
        replace(
            world,
            process=known[world.process_id].content,
            calendar=known[world.process_id].calendar,
            deciding=known[world.process_id].deciding,
        )
        if world.process_id in known
        else world
        for world in worlds
    ]


def _list_named(facts: Facts) -> Iterator[str]:
    """What a document puts a name beside, as of any day."""
    before = [one.content for one in facts.told] if facts.told_until else []
    yield from events.find_ids(json.dumps([facts.content, facts.process, *before]))
    yield from (change.assessor for change in facts.known)
    yield from (change.addressee for change in facts.known if change.addressee is not None)
    for statement in (*facts.changes, *facts.replies, *facts.said.values()):
        yield statement["assessor"]
        yield from (statement[name] for name in ("addressee", "superseded_by") if statement[name] is not None)
        yield from (citation["evidence"] for citation in statement["citations"])
        if (verdict_by := statement.get("verdict_by")) is not None:
            yield verdict_by


def read_context(connection: Connection, facts: Collection[Facts], worlds: Mapping[str, World]) -> list[str]:
    """What else shows something of these things: the owner of a deadline shows that it is overdue, a deadline shows
    that its owner did what it waits for, a committee lists its reports, a recommendation shows what another says of it.
    ``worlds`` are those that were read already."""
    subjects = [owner for one in facts if (owner := _owner_of(one)) is not None]
    reports = [one.id for one in facts if kind_of(one.id) == "report"]
    subjects += (bodies := [*_list_committees(facts), *_list_told_of(connection, reports)])
    owners = [one.id for one in facts if kind_of(one.id) in _OWNERS]
    unread = [*bodies, *(one for one in owners if one not in worlds)]
    owed = [worlds[one].owed for one in owners if one in worlds]
    owed += _read_behind(connection, _OWED, unread, current.facts_of).values()
    subjects += [one.id for dates in owed for one in dates if (one.content or {})["type"] in WAITING]
    subjects += _list_told_of(connection, [one.id for one in facts if kind_of(one.id) in _SHOWN_BY_NAMED])
    subjects += [one for asked, world in worlds.items() for one in _list_repeating(asked, world)]
    return list(dict.fromkeys(subjects))


def _list_repeating(asked: str, world: World) -> Iterator[str]:
    """The recommendations that repeat this one, for they show how it stands."""
    for other in world.related:
        if other.content and other.withdrawn is None and asked in other.content.get("repeats", ()):
            yield other.id


def _owner_of(facts: Facts) -> str | None:
    """What a deadline is set for."""
    return str(facts.content["owner"]) if kind_of(facts.id) == "deadline" and facts.content else None


def _list_committees(facts: Iterable[Facts]) -> list[str]:
    """The committees whose reports are among these."""
    committees = ((one.content or {}).get("committee") for one in facts if kind_of(one.id) == "report")
    return [str(one) for one in committees if one is not None]


_OTHER: Final = mention.join(event, event.c.seq == mention.c.seq)
_NAMING: Final = Prepared(
    select(mention.c.thing_id, event.c.subject_id)
    .select_from(_OTHER)
    .where(
        mention.c.thing_id.in_(bindparam("things", expanding=True)),
        or_(*(mention.c.role == kind for kind in _FOLLOWING)),
    )
    .distinct()
)
_TOLD_OF: Final = Prepared(
    select(mention.c.thing_id)
    .select_from(_OTHER)
    .where(
        event.c.subject_id.in_(bindparam("things", expanding=True)),
        or_(
            mention.c.thing_id.like(f"{PREFIXES['recommendation']}%"),
            and_(
                mention.c.thing_id.like(f"{PREFIXES['committee']}%"),
                or_(*(event.c.subject_id.like(f"{PREFIXES[kind]}%") for kind in _OWED_BY)),
            ),
        ),
    )
    .distinct()
)


def _read_related(connection: Connection, facts: Sequence[Facts], read: Read) -> dict[str, list[Facts]]:
    """For each of these recommendations what says something of it: others, indicators and means whose public acts name
    it; and those that it repeats."""
    if not facts:
        return {}
    pairs = {tuple(row) for row in _NAMING.rows(connection, things=[one.id for one in facts])}
    pairs |= {(one.id, earlier) for one in facts for earlier in (one.content or {}).get("repeats", ())}
    known = {one.id: one for one in read(connection, sorted({naming for _thing, naming in pairs}))}
    related: dict[str, list[Facts]] = {}
    for named, naming in sorted(pairs):
        related.setdefault(named, []).append(known[naming])
    return related


_SAID: Final = event.alias("said")
_NAMING_ORGANIZATIONS: Final = Prepared(
    select(thing.c.id, _SAID.c.body)
    .join(_SAID, _SAID.c.seq == thing.c.content_seq)
    .where(
        thing.c.withdrawn.is_(None),
        thing.c.id.in_(
            select(event.c.subject_id)
            .select_from(_OTHER)
            .where(
                mention.c.thing_id.in_(bindparam("things", expanding=True)), mention.c.role == "organization"
            )
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
    """The recommendations that the public acts about these name; of what a committee owes the committees, too: those
    also whose it was said to be before."""
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
    behind: dict[str, list[Facts]] = {}
    for owner, id in sorted((row.value, row.id) for row in pairs):
        if known[id].content and known[id].withdrawn is None:
            behind.setdefault(owner, []).append(known[id])
    return behind
