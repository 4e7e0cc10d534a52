"""How a thing is edited: the members of its kind, none of which has to be given, and why it is revised."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, ClassVar, Final

from marshmallow import Schema, ValidationError, fields, missing

from tracker.domain.revisions import ACTS, CORRECTION
from tracker.domain.sentences import sentence
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import LONG, Code, Strict, Text
from tracker.schemas.sent_values import find_repeats

#: Members of an edit that say why, and belong to no thing.
GROUNDS: Final = ("reason", "revision", "since")


#: Members that no edit changes, and what to do instead.
FIXED: Final = {
    "process": sentence("stays what it is; withdraw this, and record it in the other process"),
    "watchdog": sentence("says who handed the item over, and stays; withdraw the item, and submit it again"),
    "protection": sentence("is changed at /v1/evidence/{id}/protection, where lowering it takes two people"),
}


class Patch(Strict):
    """A shape that says of members which no edit changes what to do instead."""

    fixed: ClassVar[tuple[str, ...]] = ()

    def handle_error(self, error: ValidationError, *data: Any, **more: Any) -> None:  # marshmallow's
        super().handle_error(error, *data, **more)
        if isinstance(error.messages, dict):
            error.messages.update({name: [FIXED[name]] for name in self.fixed if name in error.messages})


def make_patch(name: str, given: type[Schema], *fixed: str, **more: fields.Field[Any]) -> type[Schema]:
    """The shape of an edit of what ``given`` describes: all its members but those that stay ``fixed``."""
    members: dict[str, Any] = {}
    for member, field in given._declared_fields.items():
        if member not in fixed:
            members[member] = deepcopy(field)
            members[member].required, members[member].load_default = False, missing
    own = {"fixed": fixed, "refusals_repeat": find_repeats(given)}
    return type(name, (Patch,), {**members, **more, **_make_grounds(), **own})


def make_part(name: str, given: type[Schema]) -> type[Schema]:
    """The shape of a part that is added to a thing: what ``given`` describes, and why. A reason of its own is both."""
    own = given._declared_fields
    return type(name, (given,), {name: field for name, field in _make_grounds().items() if name not in own})


def _make_grounds() -> dict[str, fields.Field[Any]]:
    return {
        "reason": Text(
            LONG,
            lines=True,
            metadata={"description": "Why. Needed where the thing is public: another person decides on it."},
        ),
        "revision": Code(
            ACTS,
            load_default=CORRECTION,
            metadata={
                "description": "`correction`: it was wrong from the start. `update`: the world changed, from the day"
                " in `since`."
            },
        ),
        "since": PartialDay(metadata={"description": "Of an update: the first day on which it is so."}),
    }
