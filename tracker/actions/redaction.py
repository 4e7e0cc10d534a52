"""Redaction: the content of an item is destroyed for good, on both sides; that it was, when and why stays.

One custodian orders it, which seals the item and withdraws it at once; another one carries it out. While it is held
for a court nothing destroys it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from tracker import fulltext
from tracker.actions import custody, own, protection, publishing
from tracker.actions.unit import Unit, erasing
from tracker.domain import people, publication
from tracker.domain.errors import AlreadyDone, LegallyHeld
from tracker.public import redaction as public
from tracker.public.tables import search as public_search
from tracker.store import idempotency
from tracker.store.evidence import Evidence
from tracker.store.protection import Box, Consent, Hold, Lowering, ProtectionAct, Redaction, Share
from tracker.store.search import INDEX
from tracker.store.statuses import Citation, StatusChange

#: Of an item: what is emptied, and what with. Codes, the submitting organization and the person stay.
_EMPTY: Final[Mapping[str, Any]] = {
    "title": "",
    **dict.fromkeys(
        (
            "reference",
            "description",
            "language",
            "source_url",
            "archived_url",
            "published_on",
            "captured_on",
            "capture_method",
            "occurred_from",
            "occurred_to",
            "precision",
            "country",
            "area",
            "publisher_id",
            "rights",
            "licence",
        )
    ),
    "content_warnings": [],
}


def redact(unit: Unit, id: str, reason: str) -> Redaction:
    """Order the redaction of an item; sent by another custodian, carry it out.

    Raises `SelfApproval` for the second word of the same person, `LegallyHeld` while it is held, `AlreadyDone`.
    """
    unit.by.require("evidence.redact")
    item: Evidence = own.read(unit.session, unit.by, id, "evidence")
    found = unit.session.get(Redaction, item.id)
    if found is None:
        return order(unit, item, reason)
    if found.done_at is not None:
        raise AlreadyDone(f"it was redacted, for {found.reason}")
    people.require_another(unit.by, found.ordered_by)
    if unit.session.get(Hold, item.id) is not None:
        raise LegallyHeld("a court or an inquiry asked for it to be kept; it is sealed meanwhile")
    found.reason, found.done_by, found.done_at = reason, unit.by.id, unit.now
    _destroy(unit, item, reason)
    unit.audit("evidence.redact", item.id, reason=reason)
    unit.session.flush()
    return found


def order(unit: Unit, item: Evidence, reason: str) -> Redaction:
    """Seal an item, take it from the public side, and put its redaction on the custodians' desk."""
    row = Redaction(evidence_id=item.id, reason=reason, ordered_by=unit.by.id, ordered_at=unit.now)
    unit.session.add(row)
    if item.publication != publication.WITHDRAWN:
        publishing.retire(unit, item, public.told(reason))
    protection.seal(unit, item)
    unit.audit("evidence.redaction_ordered", item.id, reason=reason)
    unit.session.flush()
    return row


def withdraw_consent(unit: Unit, id: str) -> Consent:
    """Somebody no longer agrees: at once nobody but custodians sees the item, and its redaction is on their desk."""
    unit.by.require("evidence.protect")
    own.require_standing(unit)
    item: Evidence = own.read(unit.session, unit.by, id, "evidence")
    found = unit.session.get(Consent, item.id)
    if found is None:
        raise AlreadyDone(
            "no consent is recorded of it; raise its protection, or ask a custodian for its redaction"
        )
    if found.withdrawn_on is not None:
        raise AlreadyDone("the consent was withdrawn already")
    found.withdrawn_on = item.process.days.today(unit.now)
    unit.audit("evidence.consent_withdrawn", item.id)
    if unit.session.get(Redaction, item.id) is None:
        order(unit, item, "consent_withdrawn")
    unit.session.flush()
    return found


def hold(unit: Unit, id: str, reason: str, *, held: bool) -> Evidence:
    """Keep an item from being destroyed, or let go of it."""
    unit.by.require("evidence.redact")
    item: Evidence = own.read(unit.session, unit.by, id, "evidence")
    found = unit.session.get(Hold, item.id)
    if held == (found is not None):
        raise AlreadyDone("it is held already" if held else "nobody holds it")
    if found is not None:
        unit.session.delete(found)
    else:
        unit.session.add(Hold(evidence_id=item.id, reason=reason, placed_by=unit.by.id, placed_at=unit.now))
    unit.audit("evidence.hold" if held else "evidence.release", item.id)
    unit.session.flush()
    return item


def _destroy(unit: Unit, item: Evidence, reason: str) -> None:
    for name, empty in _EMPTY.items():
        setattr(item, name, empty)
    item.withdrawn_because = public.told(reason)
    item.touch()
    for part in (Box, Consent, Lowering, Share):
        for row in unit.session.scalars(select(part).where(part.evidence_id == item.id)):
            unit.session.delete(row)
    for act in unit.session.scalars(select(ProtectionAct).where(ProtectionAct.evidence_id == item.id)):
        act.reason = None
    about = list(unit.session.scalars(select(StatusChange).where(StatusChange.subject_id == item.id)))
    for change in about:
        change.reason, change.label = public.GONE, None
        change.decision_note = None
        for one in change.citations:
            one.locator = None
    for citation in unit.session.scalars(select(Citation).where(Citation.evidence_id == item.id)):
        citation.locator = None
        idempotency.forget_about(unit.session, citation.change_id)
    for thing in (item.id, *(change.id for change in about)):
        idempotency.forget_about(unit.session, thing)
    custody.destroy(unit, item)
    touched, emptied = public.destroy(unit.connection, item.id)
    if item.published_at is not None:
        publishing.redacted(unit, item, public.told(reason), touched, emptied)
    for index in (INDEX, public_search):
        fulltext.forget(unit.connection, index)
    erasing(unit.session)
