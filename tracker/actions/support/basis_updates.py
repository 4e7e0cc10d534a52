"""On what statuses stand: said anew, at once, when evidence rises or falls, or an edit changes what is demanded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.actions.support import public_events, status_support
from tracker.actions.support.unit import Unit
from tracker.domain import publication
from tracker.public import events
from tracker.public.projection import project_facts
from tracker.store import statuses
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject


def update_bases_on_evidence(unit: Unit, evidence: str) -> None:
    """When an item rises or falls, every public status that cites it says at once on what it stands now (rule 4)."""
    lines = {
        (change.subject_id, change.track, change.assessor_id)
        for change in statuses.list_citing(unit.session, evidence)
    }
    for subject_id, track, assessor in sorted(lines):
        subject = unit.session.get_one(Subject, subject_id)
        if subject.publication == publication.PUBLISHED:
            publish_bases(unit, subject, statuses.list_approved(unit.session, subject_id, track, assessor))


def update_bases_on_demands(unit: Unit, row: Any) -> None:
    """When an edit changes what a state demands, or who is independent of whom, statuses stand on something else."""
    subjects = [row] if isinstance(row, Subject) else public_events.list_published_in(unit, row)
    for subject in subjects:
        if subject.publication == publication.PUBLISHED:
            publish_bases(unit, subject, statuses.list_approved(unit.session, subject.id))


def publish_bases(unit: Unit, subject: Subject, line: Sequence[StatusChange]) -> None:
    """Say of a line of approved answers what has changed under them, if anything has."""
    before = project_facts(subject.id, events.list_about(unit.connection, subject.id)).changes
    said = {change["id"]: change["basis"] for change in before}
    found = status_support.find_support(unit.session, subject, line, line, unit.now)
    moved = False
    for change in line:
        basis = found[change.id].public_basis()
        if basis != said[change.id]:
            moved = True
            body = {
                "subject_kind": subject.kind,
                "changed": change.id,
                "track": change.track,
                "assessor": change.assessor_id,
                "basis": basis,
                "was": said[change.id],
            }
            if change.replies_to_id is not None:
                body["replies_to"] = change.replies_to_id
            public_events.append_event(unit, subject, "basis.changed", body)
    if moved:
        public_events.refresh_documents(unit, subject, [subject.id])
