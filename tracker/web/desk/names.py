"""What things and people are called at the desk, as far as the reader may know of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.actions.support.thing_names import find_names
from tracker.domain import ids
from tracker.domain.people import DESK
from tracker.store.people import read_people
from tracker.web.desk.visit import Visit


def name_things(desk: Visit, things: Iterable[str | None]) -> dict[str, str]:
    """thing -> its title or name; what a reader may not know of is left out."""
    names = find_names(desk.viewer, [one for one in things if one is not None])
    return {id: str(row["name"]) for id, row in names.items()}


def name_row(row: Any) -> str:
    """The same for a thing that was read already; by its id, where its name was destroyed."""
    return str(getattr(row, "title", "") or getattr(row, "name", "") or row.id)


def name_person(desk: Visit, known_as: str | None) -> str:
    """Who acted: by name for those who may read it, else as the desk is told of them."""
    if known_as is None:
        return str(desk.language.say("somebody who is not named"))
    if known_as == DESK:
        return str(desk.language.say("the desk"))
    if ids.kind_of(known_as) == "organization":
        return name_things(desk, [known_as]).get(known_as, known_as)
    known = read_people(desk.session, [known_as]) if desk.by.may("people.read") else {}
    return known[known_as].name if known_as in known else known_as
