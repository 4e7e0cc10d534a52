"""The figures of a thing: of means how many are needed and there, of everything else how many somebody counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tracker.actions import figures, parts
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import Unit
from tracker.api.collections import made
from tracker.api.http.endpoint import Call, endpoint
from tracker.domain import errors
from tracker.public.content.allow_list import PLURALS
from tracker.schemas.figures import FigureIn
from tracker.schemas.proposals import ProposalOut
from tracker.schemas.revisions import make_part

_ABOUT: Final = (
    "Says who counts, how many, for which day, and on what public evidence. In a draft it is recorded at once; to what"
    " is public it is proposed, and another person decides."
)
_ADDED: Final = make_part("FigureAddition", FigureIn)


def _declare_addition(kind: str) -> None:
    """Add a figure to things of one kind."""

    def add_to(unit: Unit, thing: str, data: Mapping[str, Any]) -> Any:
        return figures.add_figure(unit, thing, kind, data)

    def add(call: Call, id: str) -> Any:
        return parts.add_part(call.unit, id, kind, "figures", call.body, add_to)

    add.__name__ = f"add_{kind}_figure"
    add.__doc__ = _ABOUT
    endpoint(
        "POST",
        f"/v1/{PLURALS[kind]}/{{id}}/figures",
        permission="record.write",
        tag=PLURALS[kind],
        summary=_SUMMARIES.get(kind, "Record how many somebody counts on a day"),
        body=_ADDED,
        answer=KINDS[kind].kept,
        refusals=(errors.AlreadyDone, errors.NotPublished, errors.WrongKind, errors.WrongProcess),
        names={"id": kind},
        waits=ProposalOut,
        again=made(kind),
    )(add)


_SUMMARIES: Final = {"resource": "Record an amount that somebody gives for a day"}
for _kind, _one in KINDS.items():
    if "figures" in _one.members:
        _declare_addition(_kind)
