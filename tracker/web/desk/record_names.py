"""How things are named in forms: by their short names, which are suggested; ids stand for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema
from sqlalchemy import select

from tracker.actions.support.name_resolution import NameResolver, refuse_name
from tracker.actions.support.thing_names import find_names, list_names
from tracker.domain import publication
from tracker.domain.errors import InvalidInput
from tracker.schemas.loading import Find, identify_members
from tracker.store.processes import Process
from tracker.web.desk.names import name_things
from tracker.web.desk.visit import Visit
from tracker.web.filled_forms import Choice
from tracker.web.forms import Form

#: How many names are suggested of each kind.
MOST: Final = 500


def make_find(desk: Visit, process: str | None) -> Find:
    """What tells the id of a thing that somebody named, in this process, as far as they may know of it."""
    names = NameResolver(desk.viewer)

    def find(name: str, kinds: tuple[str, ...], member: str) -> str:
        id = names.find(name, kinds, process, member)
        if id != name and id not in name_things(desk, [id]):
            refuse_name(name, kinds)
        return id

    return find


def find_things(shape: Schema, values: Mapping[str, Any]) -> list[str]:
    """The ids of all things that the members of a thing name."""
    things: list[str] = []

    def note(id: str, _kinds: tuple[str, ...], _member: str) -> str:
        things.append(id)
        return id

    identify_members(shape, dict(values), note)
    return things


def shorten_ids(desk: Visit, shape: Schema, values: Mapping[str, Any], process: str | None) -> dict[str, Any]:
    """The same members with short names in place of ids, where the name leads back to the same thing."""
    known = find_names(desk.viewer, find_things(shape, values))
    names = NameResolver(desk.viewer)

    def shorten(id: str, kinds: tuple[str, ...], _member: str) -> str:
        short: str = known.get(id, {}).get("short") or id
        try:
            return short if names.find(short, kinds, process) == id else id
        except InvalidInput:
            return id

    shortened: dict[str, Any] = identify_members(shape, dict(values), shorten)[0]
    return shortened


def list_suggestions(desk: Visit, form: Form, process: str | None) -> dict[str, list[Choice]]:
    """The names that may be typed in a form, by the kinds of thing that they are of."""
    wanted = {one.suggests for one in form.shown.values() if one.suggests}
    return {
        kinds: [pair for kind in kinds.split("-") for pair in list_names(desk.viewer, kind, process, MOST)]
        for kinds in sorted(wanted)
    }


def list_open_processes(desk: Visit) -> list[Choice]:
    """The processes in which somebody may record something."""
    open_ones = Process.publication != publication.WITHDRAWN
    query: Any = select(Process.id, Process.title).where(open_ones)
    query = desk.viewer.within(query, Process)
    if not desk.by.may("record.read"):
        query = query.where(Process.publication == publication.PUBLISHED)
    return [(id, title) for id, title in desk.session.execute(query.order_by(Process.title))]
