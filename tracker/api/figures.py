"""The figures of a thing: of means how many are needed and there, of everything else how many somebody counts."""

from __future__ import annotations

from typing import Any, Final

from tracker.actions import figures
from tracker.actions.support.registry import KINDS
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.parts import add_part
from tracker.domain import errors
from tracker.public.content.allow_list import PLURALS
from tracker.schemas.figures import FigureIn
from tracker.schemas.proposals import ProposalOut
from tracker.schemas.revisions import make_part

_ADDED: Final = make_part("FigureAddition", FigureIn)


def _declare_addition(kind: str) -> None:
    """Add a figure to things of one kind."""

    def add(call: Call, id: str) -> Any:
        return add_part(
            call, id, kind, "figures", lambda unit, thing, data: figures.add_figure(unit, thing, kind, data)
        )

    add.__name__ = f"add_{kind}_figure"
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
    )(add)


_SUMMARIES: Final = {"resource": "Record an amount that somebody gives for a day"}
for _kind, _one in KINDS.items():
    if "figures" in _one.members:
        _declare_addition(_kind)
