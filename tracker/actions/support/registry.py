"""The kinds of thing that a record is made of: their shapes, and the acts that make one and that check an edit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema

from tracker.actions import (
    committees,
    deadlines,
    evidence,
    indicators,
    organizations,
    processes,
    recommendations,
    reports,
    resources,
)
from tracker.actions.support.unit import Unit
from tracker.schemas.kinds import SHAPES

Data = Mapping[str, Any]
Make = Callable[[Unit, Data], Any]
#: Checks an edit and gives the attributes to set.
Edit = Callable[[Unit, Any, Data], Data]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an act makes: how it is given and answered. ``name`` is the member by which people tell one from another of
    its kind."""

    given: type[Schema]
    kept: type[Schema]
    make: Make
    name: str
    permission: str

    @property
    def members(self) -> Collection[str]:
        """The members that may be given."""
        return self.given._declared_fields.keys()


@dataclass(frozen=True, slots=True)
class Thing(Kind):
    """The same of a thing, which is also edited."""

    edited: type[Schema]
    edit: Edit


#: kind of thing -> the act that makes one, and the one that checks an edit of it.
_ACTS: Final[Mapping[str, tuple[Make, Edit]]] = {
    "organization": (organizations.create_organization, organizations.edit_organization),
    "process": (processes.create_process, processes.edit_process),
    "committee": (committees.establish_committee, committees.edit_committee),
    "report": (reports.record_report, reports.edit_report),
    "recommendation": (recommendations.record_recommendation, recommendations.edit_recommendation),
    "indicator": (indicators.record_indicator, indicators.edit_indicator),
    "resource": (resources.record_resource, resources.edit_resource),
    "deadline": (deadlines.set_deadline, deadlines.edit_deadline),
    "evidence": (evidence.submit_evidence, evidence.edit_evidence),
}
#: Each kind after those that it may name.
KINDS: Final[Mapping[str, Thing]] = {
    kind: Thing(
        given=shapes.given,
        kept=shapes.kept,
        make=_ACTS[kind][0],
        name="slug" if kind in ("organization", "process") else "reference",
        permission="evidence.submit" if kind == "evidence" else "record.write",
        edited=shapes.edited,
        edit=_ACTS[kind][1],
    )
    for kind, shapes in SHAPES.items()
}
