"""Redaction: what a thing says, or the words of one public act, are destroyed for good, on both sides; that they were,
when and why stays.

One custodian orders it, another one carries it out. With the order a thing is withdrawn from the public, and evidence
is sealed. While a thing is held for a court nothing destroys it, nor what was said of it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import protection, redaction_fields
from tracker.actions.publication import publish_redaction, retire_thing
from tracker.actions.support import visibility
from tracker.actions.support.unit import Unit, mark_erasing
from tracker.domain import people, publication
from tracker.domain.errors import AlreadyDone, LegallyHeld, NotRedactable
from tracker.domain.tracks import SUBJECTS
from tracker.public import events
from tracker.public import redaction as public
from tracker.store import idempotency, statuses
from tracker.store.consent import Consent
from tracker.store.evidence import Evidence
from tracker.store.redaction import Hold, Redaction
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject


def redact_thing(unit: Unit, id: str, reason: str) -> Redaction:
    """Order the redaction of a thing; sent by another custodian, carry it out.

    Raises `SelfApproval` for the second word of the same person, `LegallyHeld` while it is held, or a subject that
    cites a place in it (which would go from what was said of that one), `AlreadyDone`, and
    `NotRedactable` for a process or an organization that is public: others stand on it, so it is withdrawn before.
    """
    unit.by.require("evidence.redact")
    row = visibility.get_visible(unit.session, unit.by, id)
    found = unit.session.get(Redaction, row.id)
    if found is None:
        return order_redaction(unit, row, reason)
    _second_word(unit, found, reason, {row.id, *statuses.list_citing_places(unit.session, row.id)})
    _destroy(unit, row, reason)
    return found


def order_redaction(unit: Unit, row: Any, reason: str) -> Redaction:
    """Take a thing from the public side, seal it if it is evidence, and put its redaction on the custodians' desk."""
    if not isinstance(row, Subject) and row.publication == publication.PUBLISHED:
        raise NotRedactable("other things stand on it in public; withdraw it first")
    made = _order(unit, row.id, row.id, reason)
    if row.publication != publication.WITHDRAWN:
        retire_thing(unit, row, public.redaction_reason(reason))
    if isinstance(row, Evidence):
        protection.seal_evidence(unit, row)
    unit.session.flush()
    return made


def redact_words(unit: Unit, id: str, reason: str) -> Redaction:
    """Order that the words of one public act be destroyed; sent by another custodian, carry it out.

    Until then they stand: who cannot wait has the thing withdrawn. Refuses as `redact` does, and with `NotRedactable`
    an act that says nothing in words, and the one that gives what its thing says now.
    """
    unit.by.require("evidence.redact")
    act = public.find_redacted_event(unit.connection, id)
    row = visibility.get_visible(unit.session, unit.by, act.subject)
    found = unit.session.get(Redaction, id)
    if found is not None and found.done_at is not None:
        raise AlreadyDone(f"it was redacted, for {found.reason}")
    public.require_redactable(unit.connection, act)
    if found is None:
        return _order(unit, id, row.id, reason)
    _second_word(unit, found, reason, {row.id})
    _destroy_words(unit, row, act, reason)
    return found


def _order(unit: Unit, target: str, thing: str, reason: str) -> Redaction:
    who = {"ordered_by": unit.by.id, "ordered_at": unit.now}
    made = Redaction(target_id=target, thing_id=thing, reason=reason, **who)
    unit.session.add(made)
    unit.audit("redaction.ordered", target, reason=reason)
    unit.session.flush()
    return made


def _second_word(unit: Unit, found: Redaction, reason: str, emptied: set[str]) -> None:
    """Let a redaction that another custodian ordered be carried out, unless one of the things is held of which
    something is ``emptied``."""
    if found.done_at is not None:
        raise AlreadyDone(f"it was redacted, for {found.reason}")
    people.require_another(unit.by, found.ordered_by)
    if unit.session.scalar(select(Hold.subject_id).where(Hold.subject_id.in_(emptied)).limit(1)) is not None:
        raise LegallyHeld("a court or an inquiry asked for this to be kept, or for what cites a place in it")
    found.reason, found.done_by, found.done_at = reason, unit.by.id, unit.now
    unit.audit("redaction.done", found.target_id, reason=reason)


def _destroy(unit: Unit, row: Any, reason: str) -> None:
    waiting = select(Redaction).where(Redaction.thing_id == row.id, Redaction.done_at.is_(None))
    for one in unit.session.scalars(waiting):  # of words, which go with the whole
        unit.session.delete(one)
    redaction_fields.empty_thing(unit, row)
    row.withdrawn_because = public.redaction_reason(reason)
    touched, emptied = public.destroy_content(unit.connection, row.id)
    if row.published_at is not None:
        publish_redaction(unit, row, public.redaction_reason(reason), emptied, touched)
    _leave_nothing(unit)


def _destroy_words(unit: Unit, row: Any, act: events.Event, reason: str) -> None:
    """On the record's side, too: a status change has its reason there, a withdrawn thing its farewell."""
    if "change" in act.body:
        redaction_fields.empty_change(unit, unit.session.get_one(StatusChange, act.body["change"]["id"]))
    if act.kind == "subject.withdrawn":
        row.withdrawn_because = public.GONE
        row.touch()
    idempotency.forget_requests_about(unit.session, row.id)
    public.empty_event(unit.connection, act)
    publish_redaction(unit, row, public.redaction_reason(reason), [act.seq - 1], event=act.body["id"])
    _leave_nothing(unit)


def _leave_nothing(unit: Unit) -> None:
    mark_erasing(unit.session)
    unit.session.flush()


def withdraw_consent(unit: Unit, id: str) -> Consent:
    """Somebody no longer agrees: at once nobody but custodians sees the item, and its redaction is on their desk."""
    unit.by.require("evidence.protect")
    visibility.require_registration(unit)
    item: Evidence = visibility.read_visible(unit.session, unit.by, id, "evidence")
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
        order_redaction(unit, item, "consent_withdrawn")
    unit.session.flush()
    return found


def hold_thing(unit: Unit, id: str, reason: str, *, held: bool) -> Subject:
    """Keep a subject, and what was said of it in public, from being destroyed, or let go of it."""
    unit.by.require("evidence.redact")
    row: Subject = visibility.get_visible(unit.session, unit.by, id, *SUBJECTS)
    found = unit.session.get(Hold, row.id)
    if held == (found is not None):
        raise AlreadyDone("it is held already" if held else "nobody holds it")
    if found is not None:
        unit.session.delete(found)
    else:
        unit.session.add(Hold(subject_id=row.id, reason=reason, placed_by=unit.by.id, placed_at=unit.now))
    unit.audit("hold.placed" if held else "hold.released", row.id)
    unit.session.flush()
    return row
