"""The shapes of each kind of thing: how one is given, how an edit of it is given, and how it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from marshmallow import Schema

from tracker.schemas.committees import CommitteeIn, CommitteeOut, CommitteePatch
from tracker.schemas.deadlines import DeadlineIn, DeadlineOut, DeadlinePatch
from tracker.schemas.evidence import EvidenceIn, EvidenceOut, EvidencePatch
from tracker.schemas.indicators import IndicatorIn, IndicatorOut, IndicatorPatch
from tracker.schemas.organizations import OrganizationIn, OrganizationOut, OrganizationPatch
from tracker.schemas.processes import ProcessIn, ProcessOut, ProcessPatch
from tracker.schemas.recommendations import RecommendationIn, RecommendationOut, RecommendationPatch
from tracker.schemas.reports import ReportIn, ReportOut, ReportPatch
from tracker.schemas.resources import ResourceIn, ResourceOut, ResourcePatch


class Shapes(NamedTuple):
    """``given`` by who makes one, ``edited`` of who edits it, ``kept`` as it is answered."""

    given: type[Schema]
    edited: type[Schema]
    kept: type[Schema]


#: Each kind after those that it may name.
SHAPES: Final[Mapping[str, Shapes]] = {
    "organization": Shapes(OrganizationIn, OrganizationPatch, OrganizationOut),
    "process": Shapes(ProcessIn, ProcessPatch, ProcessOut),
    "committee": Shapes(CommitteeIn, CommitteePatch, CommitteeOut),
    "report": Shapes(ReportIn, ReportPatch, ReportOut),
    "recommendation": Shapes(RecommendationIn, RecommendationPatch, RecommendationOut),
    "indicator": Shapes(IndicatorIn, IndicatorPatch, IndicatorOut),
    "resource": Shapes(ResourceIn, ResourcePatch, ResourceOut),
    "deadline": Shapes(DeadlineIn, DeadlinePatch, DeadlineOut),
    "evidence": Shapes(EvidenceIn, EvidencePatch, EvidenceOut),
}
