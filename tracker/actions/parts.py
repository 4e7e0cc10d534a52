"""Adding a part to a thing: to a draft at once, to what is public by two people, as a revision of the whole."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from tracker.actions.revisions import propose_part
from tracker.actions.support.lookup import get_for_act
from tracker.actions.support.unit import Unit
from tracker.domain.errors import Refusal
from tracker.domain.publication import PUBLISHED
from tracker.schemas.revisions import GROUNDS

Data = Mapping[str, Any]


def add_part(
    unit: Unit,
    id: str,
    kind: str,
    name: str,
    data: Data,
    add: Callable[[Unit, str, Data], Any],
    own: Collection[str] = (),
) -> Any:
    """Add to the parts ``name`` of a thing: ``add`` does it to a draft, and what it returns is returned.

    To what is public a part is proposed, for a ``reason``, and the `Proposal` is returned: what is told of a thing is
    decided by two people, whether it is edited or grows. The part has some of the grounds as its ``own``: a refused
    extension has a reason.
    """
    unit.by.require("record.write")
    thing = get_for_act(unit.viewer, id, kind)
    part = {member: value for member, value in data.items() if member not in GROUNDS or member in own}
    if thing.publication != PUBLISHED:
        return add(unit, id, part)
    try:
        return propose_part(unit, thing, kind, name, part, data)
    except Refusal as refusal:  # a sender of one part knows of no list
        place = f"/{name}/{len(getattr(thing, name))}"
        refusal.fields = tuple(
            replace(one, pointer=one.pointer.removeprefix(place)) for one in refusal.fields
        )
        raise
