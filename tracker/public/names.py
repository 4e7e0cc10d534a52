"""What public things are called: now, on an earlier day, or as it was known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, or_, select

from tracker.database.prepared import Prepared
from tracker.domain.canonical import format_instant
from tracker.domain.ids import kind_of
from tracker.domain.names import CALLED, find_name
from tracker.domain.tracks import SUBJECTS
from tracker.languages.texts import pick_text
from tracker.public import current, events
from tracker.public.document_model import World
from tracker.public.first_days import tell_members
from tracker.public.projection import project_facts
from tracker.public.tables import document, event, thing

#: How a document names another thing.
_REFERENCE: Final = {"id", "name", "slug"}
REVISED: Final = "subject.revised"
_NAMED: Final = ("process", "organization", *SUBJECTS)
#: What things are called that their stored documents do not call so yet; None for what has no name any more.
Names = Mapping[str, Mapping[str, Any] | None]
_NAMES: Final = Prepared(
    select(document.c.id, document.c.title, document.c.slug).where(
        document.c.id.in_(bindparam("things", expanding=True)),
        or_(document.c.withdrawn.is_(None), document.c.title != ""),
    )
)


def read_names(
    connection: Connection,
    things: Iterable[str],
    as_of: date | None = None,
    known_at: datetime | None = None,
    language: str | None = None,
) -> dict[str, dict[str, Any]]:
    """The public names of things, or those of a day, as known at a moment, in a language where one is given and they
    have a name in it; those that are not public are left out. A withdrawn organization keeps its name, and has no slug:
    its own address is gone."""
    wanted = sorted(one for one in things if kind_of(one) in _NAMED)
    if not wanted:
        return {}
    rows = _NAMES.rows(connection, things=wanted)
    names = {id: {"id": id, "name": title, "slug": slug} for id, title, slug in rows}
    names |= _find_former(connection, names, as_of, known_at)
    if language is not None:
        translate_names(connection, names, language, known_at)
    return names


def translate_names(
    connection: Connection, value: Any, language: str, known_at: datetime | None = None
) -> Any:
    """The same documents, where they name other things, with the names in a language that these have in it. What
    was called otherwise on the day that they tell of keeps that name."""
    named = list(_list_references(value))
    things = {one["id"] for one in named if one["name"] is not None}
    contents: dict[str, Mapping[str, Any]] = dict(current.read_contents(connection, things))
    contents |= _read_then(connection, things, None, known_at)
    called = {
        one: pick_text(content, CALLED.get(kind_of(one) or "", "title"), language)
        for one, content in contents.items()
    }
    for reference in named:
        text, content = called.get(reference["id"]), contents.get(reference["id"], {})
        present = content.get(CALLED.get(kind_of(reference["id"]) or "", "title"))
        if text is not None and reference["name"] == present:
            reference["name"] = text.text
    return value


def _list_references(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.keys() == _REFERENCE:
            yield value
        value = value.values()
    if not isinstance(value, str):
        for member in value if isinstance(value, Iterable) else ():
            yield from _list_references(member)


def read_names_then(
    connection: Connection, worlds: Iterable[World], as_of: date | None, known_at: datetime | None
) -> dict[str, dict[str, Any]]:
    """What the things that these worlds name were called on a day, as known at a moment, where it was something else
    than now."""
    names = {one: name for world in worlds for one, name in world.names.items()}
    return _find_former(connection, names, as_of, known_at)


def call_otherwise(world: World, names: Mapping[str, Mapping[str, Any]]) -> World:
    """The same world, in which those of its things that have other names here are called by them."""
    return replace(world, names={one: names.get(one, name) for one, name in world.names.items()})


def _find_former(
    connection: Connection,
    names: Mapping[str, Mapping[str, Any]],
    as_of: date | None,
    known_at: datetime | None,
) -> dict[str, dict[str, Any]]:
    called = [one for one in names if as_of is not None and kind_of(one) in CALLED]
    contents: dict[str, Mapping[str, Any]] = dict(current.read_contents(connection, called))
    contents |= _read_then(connection, names, as_of, known_at)
    former = {}
    for named, content in contents.items():
        name = str(content.get("title") or content.get("name") or names[named]["name"])
        if as_of is not None:
            name = find_name(name, content.get("former_names", ()), as_of)
        if name != names[named]["name"]:
            former[named] = {**names[named], "name": name}
    return former


_OF_THESE: Final[BindParameter[Any]] = bindparam("things", expanding=True)
#: The things of which an update tells otherwise what was so on a day.
_UPDATED: Final = Prepared(
    select(thing.c.id).where(thing.c.id.in_(_OF_THESE), thing.c.told_until > bindparam("day"))
)
#: The things that were revised since a moment.
_REVISED: Final = Prepared(
    select(event.c.subject_id)
    .where(event.c.subject_id.in_(_OF_THESE), event.c.kind == REVISED, event.c.at > bindparam("moment"))
    .distinct()
)


def _read_then(
    connection: Connection, things: Collection[str], as_of: date | None, known_at: datetime | None
) -> dict[str, Mapping[str, Any]]:
    """What those of these things said of themselves then that say otherwise now. What was destroyed since, or was not
    public yet, is left out."""
    wanted, moved = sorted(things), set[str]()
    if wanted and as_of is not None:
        moved |= set(_UPDATED.column(connection, things=wanted, day=as_of.isoformat()))
    if wanted and known_at is not None:
        moved |= set(_REVISED.column(connection, things=wanted, moment=format_instant(known_at)))
    acts = events.list_about_all(connection, sorted(moved), known_at)
    facts = [project_facts(one, known) for one, known in acts.items()]
    then = facts if as_of is None else [tell_members(one, as_of) for one in facts]
    return {one.id: one.content for one in then if one.content}
