"""What public things are called, now or on an earlier day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, bindparam, or_, select

from tracker.database.prepared import Prepared
from tracker.domain.ids import kind_of
from tracker.domain.names import CALLED, find_name
from tracker.domain.tracks import SUBJECTS
from tracker.public import current, events
from tracker.public.document_model import World
from tracker.public.first_days import tell_members
from tracker.public.projection import project_facts
from tracker.public.tables import document, thing

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
    connection: Connection, things: Iterable[str], as_of: date | None = None
) -> dict[str, dict[str, Any]]:
    """The public names of things, or those of a day; those that are not public are left out. A withdrawn organization
    keeps its name, and has no slug: its own address is gone."""
    wanted = sorted(one for one in things if kind_of(one) in _NAMED)
    if not wanted:
        return {}
    found = _NAMES.rows(connection, things=wanted)
    names = {id: {"id": id, "name": title, "slug": slug} for id, title, slug in found}
    return names if as_of is None else names | _find_former(connection, names, as_of)


def read_names_then(
    connection: Connection, worlds: Iterable[World], as_of: date
) -> dict[str, dict[str, Any]]:
    """What the things that these worlds name were called on a day, where it was something else than now."""
    return _find_former(
        connection, {one: name for world in worlds for one, name in world.names.items()}, as_of
    )


def _find_former(
    connection: Connection, names: Mapping[str, Mapping[str, Any]], as_of: date
) -> dict[str, dict[str, Any]]:
    called = [one for one in names if kind_of(one) in CALLED]
    found = {}
    for one, content in current.read_contents(connection, called).items():
        if content.get("former_names"):
            then = find_name(content[CALLED[kind_of(one) or ""]], content["former_names"], as_of)
            found[one] = {**names[one], "name": then}
    titled = sorted(names.keys() - set(called))
    updated = _UPDATED.column(connection, things=titled, day=as_of.isoformat()) if titled else ()
    for one, acts in events.list_about_all(connection, updated).items():
        told = tell_members(project_facts(one, acts), as_of)
        found[one] = {**names[one], "name": (told.content or {}).get("title", names[one]["name"])}
    return found


#: The things of which an update tells otherwise what was so on a day.
_UPDATED: Final = Prepared(
    select(thing.c.id).where(
        thing.c.id.in_(bindparam("things", expanding=True)), thing.c.told_until > bindparam("day")
    )
)
