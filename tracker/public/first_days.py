"""When a thing begins, and each of its parts: on a day of its own, whenever it was recorded.

As of an earlier day it was not there. A thing that gives no such day begins on the day, in UTC, on which it was
published here; a part begins with the thing that it is part of. Processes and organizations are what the record is
about: they have no first day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from tracker.domain.ids import kind_of
from tracker.domain.names import find_name
from tracker.public.document_model import World
from tracker.public.projection import Facts

Content = Mapping[str, Any]
_TIMELESS: Final = frozenset({"process", "organization"})


def _earliest(days: Iterable[str | None]) -> str | None:
    return min((day for day in days if day is not None), default=None)


def _of_report(report: Content) -> str | None:
    """A report is there from the first of the days on which something was done with it."""
    days = ("delivered_on", "presented_on", "announced_on", "published_on")
    return _earliest(report[name] for name in days)


def _of_committee(content: Content) -> str | None:
    """The day on which it was established; where nobody says, the first day on which anything of it is known."""
    return content["established_on"] or _earliest(
        own(part) for name, own in _PARTS["committee"].items() for part in content[name]
    )


def _of_resource(content: Content) -> str | None:
    return _earliest(figure["as_of"] for figure in content["figures"])


#: kind of thing -> its own day.
_OWN: Final[Mapping[str, Callable[[Content], str | None]]] = {
    "committee": _of_committee,
    "resource": _of_resource,
    "deadline": lambda content: content["set_on"],
    "recommendation": lambda content: content["issued_on"],
    "evidence": lambda content: content["published_on"],
}
#: kind of thing -> its parts, and the own day of each.
_PARTS: Final[Mapping[str, Mapping[str, Callable[[Content], str | None]]]] = {
    "committee": {
        "members": lambda member: member["from_on"],
        "mandates": lambda mandate: mandate["adopted_on"],
        "reports": _of_report,
    },
    "resource": {"figures": lambda figure: figure["as_of"]},
}
#: What a part says happened later, each on a day of its own.
_LATER: Final[Mapping[str, tuple[str, ...]]] = {
    "members": ("to_on",),
    "reports": ("delivered_on", "presented_on", "announced_on", "published_on"),
}
#: What is told of such a later fact, and not before its day.
_TOLD_WITH: Final[Mapping[str, tuple[str, ...]]] = {"to_on": ("left_because", "left_note", "succeeded_by")}


def find_first_day(kind: str, content: Content, published_at: str | None) -> str:
    """The day on which a thing begins, as JSON writes it; empty for what has none."""
    if kind in _TIMELESS or not content:
        return ""
    if own := _OWN[kind](content):
        return str(own)
    return (published_at or "")[: len("2026-11-23")]


def cut_facts(facts: Facts, day: date) -> Facts | None:
    """What of a thing was so by a day; None where it begins later."""
    kind, content = kind_of(facts.id) or "", facts.content or {}
    if find_first_day(kind, content, facts.published_at) > day.isoformat():
        return None
    reached = [one for one in facts.changes if (one["not_before"] or one["effective_on"]) <= day.isoformat()]
    return replace(facts, content=_cut_content(kind, content, day.isoformat()), changes=reached)


def cut_world(world: World, day: date, names: Mapping[str, Content] = MappingProxyType({})) -> World:
    """The same of what a thing stands among: the deadlines that are set for it, what it is set for itself, and the
    recommendations that name it. ``names`` hold in place of those of today."""
    owed = [cut for one in world.owed if (cut := cut_facts(one, day)) is not None]
    owner = None if world.owner is None else cut_facts(world.owner, day)
    related = [cut for one in world.related if (cut := cut_facts(one, day)) is not None]
    called = {**world.names, **{one: name for one, name in names.items() if one in world.names}}
    return replace(world, names=called, owed=owed, owner=owner, related=related)


def _cut_content(kind: str, content: Content, day: str) -> dict[str, Any]:
    """The content with the parts that had begun by this day, and without what was done with them later."""
    cut = dict(content)
    for name, own in _PARTS.get(kind, {}).items():
        begun = [part for part in content.get(name, ()) if (own(part) or "") <= day]
        cut[name] = [_drop_later(part, _LATER.get(name, ()), day) for part in begun]
    return _cut_organization(cut, day) if kind == "organization" else cut


def _cut_organization(content: dict[str, Any], day: str) -> dict[str, Any]:
    """What it was called then, and had been called before; that it ended later is not told."""
    former = [one for one in content["former_names"] if one["to_on"] < day]
    name = find_name(content["name"], content["former_names"], date.fromisoformat(day))
    return {**_drop_later(content, ("ended_on",), day), "name": name, "former_names": former}


def _drop_later(part: Content, names: Iterable[str], day: str) -> dict[str, Any]:
    later = [name for name in names if (part[name] or "") > day]
    told = [one for name in later for one in _TOLD_WITH.get(name, ()) if one in part]
    return {**part, **dict.fromkeys([*later, *told])}
