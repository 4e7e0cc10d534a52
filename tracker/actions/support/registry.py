"""The kinds of thing that a record is made of: how one is given, how it is answered, and the act that makes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema

from tracker.actions import (
    committees,
    deadlines,
    evidence,
    organizations,
    processes,
    recommendations,
    reports,
    resources,
)
from tracker.actions.support.unit import Unit
from tracker.schemas.committees import CommitteeIn, CommitteeOut
from tracker.schemas.deadlines import DeadlineIn, DeadlineOut
from tracker.schemas.evidence import EvidenceIn, EvidenceOut
from tracker.schemas.organizations import OrganizationIn, OrganizationOut
from tracker.schemas.processes import ProcessIn, ProcessOut
from tracker.schemas.recommendations import RecommendationIn, RecommendationOut
from tracker.schemas.reports import ReportIn, ReportOut
from tracker.schemas.resources import ResourceIn, ResourceOut


@dataclass(frozen=True, slots=True)
class Kind:
    """``name`` is the member by which people tell one from another of its kind."""

    given: type[Schema]
    kept: type[Schema]
    make: Callable[[Unit, Mapping[str, Any]], Any]
    name: str = "reference"
    permission: str = "record.write"

    @property
    def members(self) -> Collection[str]:
        """The members that may be given."""
        return self.given._declared_fields.keys()


#: Each kind after those that it may name.
KINDS: Final[Mapping[str, Kind]] = {
    "organization": Kind(OrganizationIn, OrganizationOut, organizations.create_organization, "slug"),
    "process": Kind(ProcessIn, ProcessOut, processes.create_process, "slug"),
    "committee": Kind(CommitteeIn, CommitteeOut, committees.establish_committee),
    "report": Kind(ReportIn, ReportOut, reports.record_report),
    "recommendation": Kind(RecommendationIn, RecommendationOut, recommendations.record_recommendation),
    "resource": Kind(ResourceIn, ResourceOut, resources.record_resource),
    "deadline": Kind(DeadlineIn, DeadlineOut, deadlines.set_deadline),
    "evidence": Kind(EvidenceIn, EvidenceOut, evidence.submit_evidence, permission="evidence.submit"),
}
