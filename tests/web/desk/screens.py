"""The address of every screen of the desk in a tracker that is furnished, with who opens it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from tests.web.desk.furnished import Furnished
from tracker.domain.people import PUBLIC
from tracker.web.desk.view import VIEWS, View

#: Who opens a screen: the first of these who may; nobody, where everybody may.
NOBODY: Final = "nobody"
PEOPLE: Final = ("editor", "approver", "watcher", "minister", "keeper", "admin")
#: The screens that tell each of them something else.
_OF_EVERYBODY: Final = ("home", "queue", "records", "account")
#: Those on which a watchdog reads other things than the desk does.
_OF_WATCHDOGS: Final = ("thing", "evidence", "new_evidence", "propose_status", "verdicts", "new_verdict")
#: Screens that only lead on.
LEADING: Final = ("queue_next", "provider", "identity_begin", "provider_answer")


def list_screens(furnished: Furnished) -> Iterator[tuple[str, View, str]]:
    """Of every screen that shows something, who opens it, and each of its addresses here."""
    for one in VIEWS.values():
        if one.name not in LEADING:
            may = [NOBODY] if one.permission == PUBLIC else _list_people(furnished, one)
            who = furnished.by.get(one.name, may[0])
            paths = furnished.at.get(one.name) or [*_fill(furnished, one)]
            yield from ((who, one, path) for path in paths)
            if one.name in _OF_EVERYBODY:
                yield from ((name, one, one.path) for name in may[1:])
    for name in _OF_WATCHDOGS:
        yield "watcher", VIEWS[name], (furnished.at.get(name) or [*_fill(furnished, VIEWS[name])])[-1]


def list_open_pages(furnished: Furnished) -> list[str]:
    """The pages with a form that somebody without an account opens."""
    forms = ("confirmation", "end", "digests/end")
    follow = [f"/follow?process={furnished.of['process']}", "/follow?q=vet"]
    return ["/tips", "/tips/to/coast", *follow, *(f"/follow/{one}?link={furnished.link}" for one in forms)]


def _list_people(furnished: Furnished, one: View) -> list[str]:
    return [name for name in PEOPLE if furnished.people[name].may(one.permission)]


def _fill(furnished: Furnished, one: View) -> Iterator[str]:
    """Its address for one thing, the last that fits; of the page of a thing, for one of each kind."""
    known = [[furnished.of[kind] for kind in one.names[part] if kind in furnished.of] for part in one.parts]
    for values in product(*known) if one.name == "thing" else [[ids[-1] for ids in known]]:
        path = one.path
        for part, value in zip(one.parts, values, strict=True):
            path = path.replace(f"{{{part}}}", value)
        yield path
