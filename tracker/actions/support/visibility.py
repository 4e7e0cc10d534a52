"""What an answer shows of a status change: what its reader may know of (`tracker.store.viewer`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from tracker.domain.protection import SEALED
from tracker.store.evidence import list_sources
from tracker.store.people import read_people
from tracker.store.statuses import StatusChange
from tracker.store.viewer import Viewer


def show_changes(viewer: Viewer, changes: Iterable[Any]) -> list[Any]:
    """The same rows, for an answer: without citations of what the reader may not know of. The desk may have recorded a
    watchdog's verdict on what that watchdog never saw; and what is sealed later was cited before. Who proposed and who
    decided is read for all of them at once; a shape says what is told of them."""
    rows = list(changes)
    acted = {one for change in rows for one in (change.proposed_by, change.decided_by) if one is not None}
    actors = read_people(viewer.session, acted)
    seen = filter_known_evidence(viewer, [one.evidence_id for change in rows for one in change.citations])
    for change in rows:
        cited = [one for one in change.citations if one.evidence_id in seen]
        # What is read is narrowed; nothing is to be written.
        keep = set_committed_value if isinstance(change, StatusChange) else setattr
        keep(change, "citations", cited)
        keep(change, "proposer", actors[change.proposed_by])
        keep(change, "decider", actors.get(change.decided_by or ""))
    return rows


def filter_known_evidence(viewer: Viewer, evidence: Collection[str]) -> set[str]:
    """Those of these items that the reader may know of."""
    # Asked even where none is named: what is sealed and what is not there cost the same.
    return {
        row.id
        for row in list_sources(viewer.session, evidence)
        if viewer.by.works_on(row.process_id)
        and (viewer.by.may("evidence.unseal") or row.protection != SEALED)
        and (viewer.by.is_desk or row.published_at is not None or row.owner_id == viewer.by.organization)
    }
