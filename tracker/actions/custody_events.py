"""The line of what happened to an item of evidence and its files. It only grows; each event names the one before."""

from __future__ import annotations

from typing import Any

from tracker import __version__
from tracker.actions.support.unit import Unit
from tracker.domain import custody, ids
from tracker.domain.canonical import format_instant
from tracker.domain.custody import SUCCESS
from tracker.store import custody as store_custody
from tracker.store.custody import CustodyEvent

#: Who acts where no person does.
SOFTWARE = f"tracker {__version__}"


def record_event(
    unit: Unit,
    evidence: str,
    type: str,
    *,
    file: str | None = None,
    agent: str | None = None,
    outcome: str = SUCCESS,
    before: str | None = None,
    after: str | None = None,
    **detail: Any,
) -> CustodyEvent:
    """Append to the line of an item, and to the audit, which says the digest of the event. The line says from which
    side somebody acted; the audit says who."""
    last = store_custody.find_last_event(unit.session, evidence)
    event = CustodyEvent(
        evidence_id=evidence,
        file_id=file,
        number=1 if last is None else last.number + 1,
        type=type,
        at=unit.now,
        agent=agent or unit.by.side,
        outcome=outcome,
        digest_before=before,
        digest_after=after,
        detail=detail,
        prev=None if last is None else last.digest,
    )
    event.digest = custody.compute_digest(describe_event(event))
    unit.session.add(event)
    unit.session.flush()
    unit.audit(
        custody.find_verb(type), evidence, event=event.number, file=file, outcome=outcome, digest=event.digest
    )
    return event


def describe_event(event: CustodyEvent) -> dict[str, Any]:
    """All that an event says, as its digest has it."""
    return {
        "evidence": event.evidence_id,
        "file": event.file_id,
        "number": event.number,
        "type": event.type,
        "at": format_instant(event.at),
        "agent": event.agent,
        "outcome": event.outcome,
        "digest_before": event.digest_before,
        "digest_after": event.digest_after,
        "detail": event.detail,
        "prev": event.prev,
    }


def list_told_events(event: CustodyEvent) -> dict[str, Any]:
    """An event with its digest. Before people were left out of the line it named them: that is not told to anybody."""
    agent = None if ids.kind_of(event.agent) == "person" else event.agent
    return {**describe_event(event), "agent": agent, "digest": event.digest}
