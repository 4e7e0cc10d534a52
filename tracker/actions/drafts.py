"""Drafts, and whether each is ready to be published: what a proposal to publish it alone would be refused for today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from tracker.actions import publication
from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone, NotAgreed, NotPublished, Refusal
from tracker.domain.proposals import PUBLICATION
from tracker.domain.protection import SEALED
from tracker.domain.publication import DRAFT, PublicationRefused
from tracker.store.evidence import Evidence
from tracker.store.proposals import find_waiting_for
from tracker.store.releases import Release
from tracker.store.subjects import Subject
from tracker.store.viewer import Viewer


def select_drafts(viewer: Viewer) -> Select[Any]:
    """The subjects that somebody reads and that are drafts. What waits for its release was approved already."""
    drafts = select(Subject).where(Subject.publication == DRAFT, Subject.id.not_in(select(Release.thing_id)))
    query = viewer.within(drafts, Subject)
    if viewer.by.may("evidence.unseal"):
        return query
    return query.where(Subject.id.not_in(select(Evidence.id).where(Evidence.protection == SEALED)))


def count_drafts(viewer: Viewer) -> int:
    """How many drafts somebody reads."""
    return viewer.session.scalar(select(func.count()).select_from(select_drafts(viewer).subquery())) or 0


def describe_drafts(unit: Unit, rows: Sequence[Subject]) -> list[dict[str, Any]]:
    """Each draft with what stands in its way, and the proposal to publish it that waits."""
    waiting = find_waiting_for(unit.session, PUBLICATION, [row.id for row in rows])
    return [_describe_draft(unit, row, waiting.get(row.id)) for row in rows]


def _describe_draft(unit: Unit, row: Subject, proposal: str | None) -> dict[str, Any]:
    refusal = _find_refusal(unit, row.id)
    return {
        "id": row.id,
        "version": row.version,
        "created_at": row.created_at,
        "process_id": row.process_id,
        "kind": row.kind,
        "ready": refusal is None,
        "because": refusal and refusal.code,
        "detail": refusal and refusal.detail,
        "missing": refusal.missing if refusal else (),
        "proposal_id": proposal,
    }


def _find_refusal(unit: Unit, id: str) -> Refusal | None:
    try:
        publication.list_drafts(unit, [id])
    except (AlreadyDone, NotAgreed, NotPublished, PublicationRefused) as refusal:
        return refusal
    return None
