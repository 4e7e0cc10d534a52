"""Finished documents: written by the act that changes them, kept as bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from tracker.domain.calendars import Calendar
from tracker.domain.ids import kind_of
from tracker.domain.text import natural
from tracker.domain.tracks import SUBJECTS
from tracker.public import events, searching
from tracker.public.events import encode, instant
from tracker.public.finish import Document, World, finish
from tracker.public.fold import Facts, fold
from tracker.public.related import related
from tracker.public.tables import document, facet, head

_NAMED: Final = ("process", "organization", *SUBJECTS)


def whole(brief: bytes, history: bytes) -> bytes:
    """A document with its history: two finished pieces put together without being parsed."""
    return brief[:-1] + b',"history":' + history + b"}"


def etag(brief: bytes, history: bytes) -> str:
    """A strong entity tag: it follows from the bytes, so every server gives the same one."""
    return hashlib.sha256(whole(brief, history)).hexdigest()[:32]


def refresh(connection: Connection, things: Iterable[str], now: datetime) -> None:
    """Write the documents of these things anew, as the acts about them now say, and those that look at them."""
    written: set[str] = set()
    for thing in dict.fromkeys(things):
        facts = fold(thing, events.about(connection, thing))
        for one in (facts, *related(connection, facts)):
            if one.content is not None and one.id not in written:
                _write(connection, one, now)
                written.add(one.id)


def render(world: World, facts: Facts, now: datetime, as_of: date | None = None) -> Document:
    """The finished document of these facts, as of a day or, with none given, of this moment; nothing is stored."""
    calendar = world.calendar
    today = calendar.today(now) if calendar else now.astimezone(UTC).date()
    return finish(facts, world, as_of or today)


def good_until(rendered: Document, world: World) -> str | None:
    """The instant at which the computed part changes: the beginning of that day where the process is."""
    calendar = world.calendar
    if rendered.turns_on is None or calendar is None:
        return None
    return instant(calendar.starts(rendered.turns_on))


def world_of(connection: Connection, facts: Facts, known_at: datetime | None = None) -> World:
    """The names that a document shows, the process it belongs to, and what else it looks at, as known at a moment."""
    content, calendar = _process(connection, facts)
    wanted = events.ids_in(json.dumps([facts.content, facts.changes, facts.process]))
    if content is not None:
        wanted.add(content["lead"])
    beside = related(connection, facts, known_at)
    return World(names_of(connection, wanted), facts.process, content, calendar, beside)


_NAMES: Final = select(document.c.id, document.c.title, document.c.slug).where(
    document.c.id.in_(bindparam("things", expanding=True)), document.c.withdrawn.is_(None)
)


def names_of(connection: Connection, things: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The public names of things; those that are not public are left out."""
    wanted = sorted(thing for thing in things if kind_of(thing) in _NAMED)
    if not wanted:
        return {}
    found = connection.execute(_NAMES, {"things": wanted})
    return {id: {"id": id, "name": title, "slug": slug} for id, title, slug in found}


_PROCESS: Final = select(head.c.content).where(head.c.process_id == bindparam("process"))


def _process(connection: Connection, facts: Facts) -> tuple[Mapping[str, Any] | None, Calendar | None]:
    if facts.process is None:
        return None, None
    if facts.process == facts.id:
        return facts.content, Calendar.from_json((facts.content or {})["calendar"])
    return _read(connection.scalar(_PROCESS, {"process": facts.process}) or b"")


@lru_cache(maxsize=256)
def _read(content: bytes) -> tuple[Mapping[str, Any], Calendar]:
    """The content of a process and its calendar, read once for as long as they stay the same."""
    process = json.loads(content)
    return MappingProxyType(process), Calendar.from_json(process["calendar"])


_REWRITE: Final = update(document).where(document.c.id == bindparam("thing"))
_FACETS: Final = select(facet.c.kind, facet.c.facet, facet.c.value, facet.c.sort_key).where(
    facet.c.id == bindparam("thing")
)
_UNFILE: Final = delete(facet).where(
    and_(
        *(facet.c[name] == bindparam(f"old_{name}") for name in ("kind", "facet", "value", "sort_key", "id"))
    )
)


def _write(connection: Connection, facts: Facts, now: datetime) -> None:
    """Store a document, and change what lists find it by where that has changed."""
    row, facets = rows(connection, facts, now)
    if connection.execute(_REWRITE, {"thing": facts.id, **row}).rowcount == 0:
        connection.execute(insert(document), row)
    before = {tuple(one) for one in connection.execute(_FACETS, {"thing": facts.id})}
    after = {(one["kind"], one["facet"], one["value"], one["sort_key"]): one for one in facets}
    gone = [
        {"old_kind": kind, "old_facet": name, "old_value": value, "old_sort_key": key, "old_id": facts.id}
        for kind, name, value, key in before - after.keys()
    ]
    if gone:
        connection.execute(_UNFILE, gone)
    if after.keys() - before:
        connection.execute(insert(facet), [after[key] for key in after.keys() - before])
    searching.file(connection, facts)


def rows(connection: Connection, facts: Facts, now: datetime) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """What is stored of a thing: its document, and what lists find it by. A withdrawn one leaves its reason only."""
    content = facts.content or {}
    kind = kind_of(facts.id) or ""
    row: dict[str, Any] = {
        "id": facts.id,
        "kind": kind,
        "process_id": facts.process,
        "slug": content.get("slug") or content.get("reference"),
        "title": content.get("title") or content.get("name"),
        "sort_key": sort_key(kind, content),
        "withdrawn": facts.withdrawn,
        "good_until": None,
    }
    if facts.withdrawn is not None:
        row |= {"title": "", "slug": None, "brief": b"", "history": b"", "etag": ""}
        return row, []
    world = world_of(connection, facts)
    rendered = render(world, facts, now)
    row["brief"], row["history"] = encode(rendered.brief), encode(rendered.history)
    row["etag"] = etag(row["brief"], row["history"])
    row["good_until"] = good_until(rendered, world)
    facets = [
        {"kind": kind, "facet": name, "value": str(value), "sort_key": row["sort_key"], "id": facts.id}
        for name, value in sorted(rendered.facets)
    ]
    return row, facets


def sort_key(kind: str, content: Mapping[str, Any]) -> str:
    """What a list of this kind is sorted by: dates by the day, the rest by its short name as people count."""
    if kind == "deadline":
        return str(content["due_on"])
    return natural(str(content.get("slug") or content.get("reference") or content.get("title") or ""))[:200]


def of_process(connection: Connection, process: str) -> list[str]:
    """The ids of every public document of a process."""
    return list(
        connection.scalars(
            select(document.c.id).where(document.c.process_id == process).order_by(document.c.id)
        )
    )


def drop_others(connection: Connection, things: list[str]) -> None:
    """Remove what belongs to none of these things."""
    connection.execute(delete(document).where(document.c.id.not_in(things)))
    connection.execute(delete(facet).where(facet.c.id.not_in(things)))
    searching.clear(connection)  # what is found is written anew from nothing, with the documents
