"""What a redaction takes out of the record, kind by kind. One table; nothing else knows what a kind consists of."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any, Final

from sqlalchemy import select

from tracker.actions import custody
from tracker.actions.support.unit import Unit
from tracker.domain import ids
from tracker.public.redaction import GONE
from tracker.store import idempotency
from tracker.store.consent import Consent
from tracker.store.deadlines import Deadline
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.protection import Lowering, ProtectionAct, Share
from tracker.store.sealed_fields import SealedFields
from tracker.store.statuses import Citation, StatusChange
from tracker.store.watchdogs import Watchdog


def _nothing(*members: str) -> dict[str, None]:
    return dict.fromkeys(members)


#: kind of thing -> the members that are emptied, and what with. What stays: codes, who submitted, issued or first
#: published it (on whom it depends how independent the grounds of a public status are), and the dates from which other
#: things count (a deadline that took the place of this one says how far it slipped).
_EMPTY: Final[Mapping[str, Mapping[str, Any]]] = {
    "process": {
        **dict.fromkeys(("title", "summary"), ""),
        **_nothing("country", "place", "happened_from", "happened_to"),
        "languages": [],
    },
    "organization": {"name": "", **_nothing("website", "contact"), "aliases": []},
    "committee": {
        "name": "",
        "names": {},
        **_nothing("reference", "instrument", "appointed_by_id", "reports_to_id", "established_on", "note"),
        **{parts: [] for parts in ("members", "mandates", "reports")},
    },
    "resource": {"title": "", **_nothing("reference", "unit", "note"), "figures": []},
    "deadline": {
        "title": "",
        **_nothing("reference", "instrument", "rule", "reckoning", "note"),
        "readings": [],
    },
    "recommendation": {
        **dict.fromkeys(("title", "text"), ""),
        **_nothing("reference", "report", "parent_id", "note"),
        "addressees": [],
        "tags": [],
    },
    "evidence": {
        "title": "",
        **_nothing(
            *("reference", "description", "language", "source_url", "archived_url", "published_on"),
            *(
                "captured_on",
                "capture_method",
                "occurred_from",
                "occurred_to",
                "precision",
                "country",
                "area",
            ),
            *("rights", "licence"),
        ),
        "content_warnings": [],
    },
}


def empty_thing(unit: Unit, row: Any) -> None:
    """Empty a thing of all that it says, with what protects it, its files, what was said in statuses about it, and the
    answers that are kept of any of this."""
    for name, nothing in _EMPTY[ids.kind_of(row.id) or ""].items():
        setattr(row, name, copy(nothing))
    if isinstance(row, (Process, Organization)):
        row.slug = row.id  # must be there, and be no other's
    if isinstance(row, Process):
        row.calendar = {**row.calendar, "holidays": []}
    if isinstance(row, Organization):
        _empty_watchdog(unit, row)
    if isinstance(row, Evidence):
        _empty_evidence(unit, row)
    if isinstance(row, Deadline) and row.replaces_id is not None:
        idempotency.forget_requests_about(
            unit.session, row.replaces_id
        )  # that was extended: the answer was this one
    row.touch()
    idempotency.forget_requests_about(unit.session, row.id)
    for change in unit.session.scalars(select(StatusChange).where(StatusChange.subject_id == row.id)):
        empty_change(unit, change)


def empty_change(unit: Unit, change: StatusChange) -> None:
    """Empty a status change of its words; what it answered, when and for whom stays."""
    change.reason, change.label, change.decision_note = GONE, None, None
    for one in change.citations:
        one.locator = None
    idempotency.forget_requests_about(unit.session, change.id)


def _empty_watchdog(unit: Unit, row: Organization) -> None:
    watchdog = unit.session.get(Watchdog, row.id)
    if watchdog is not None:
        watchdog.conflicts = None
        for act in watchdog.history:
            act.reason = GONE


def _empty_evidence(unit: Unit, item: Evidence) -> None:
    for part in (SealedFields, Consent, Lowering, Share):
        for row in unit.session.scalars(select(part).where(part.evidence_id == item.id)):
            unit.session.delete(row)
    for act in unit.session.scalars(select(ProtectionAct).where(ProtectionAct.evidence_id == item.id)):
        act.reason = None
    for citation in unit.session.scalars(select(Citation).where(Citation.evidence_id == item.id)):
        citation.locator = None
        idempotency.forget_requests_about(unit.session, citation.change_id)
    custody.destroy_files(unit, item)
