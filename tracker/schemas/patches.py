"""kind of thing -> the shape of an edit of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from marshmallow import Schema

from tracker.schemas.committees import CommitteePatch
from tracker.schemas.deadlines import DeadlinePatch
from tracker.schemas.evidence import EvidencePatch
from tracker.schemas.organizations import OrganizationPatch
from tracker.schemas.processes import ProcessPatch
from tracker.schemas.recommendations import RecommendationPatch
from tracker.schemas.reports import ReportPatch
from tracker.schemas.resources import ResourcePatch

PATCHES: Final[Mapping[str, type[Schema]]] = {
    "process": ProcessPatch,
    "organization": OrganizationPatch,
    "committee": CommitteePatch,
    "report": ReportPatch,
    "resource": ResourcePatch,
    "deadline": DeadlinePatch,
    "recommendation": RecommendationPatch,
    "evidence": EvidencePatch,
}
