"""Redaction: what a thing says, or the words of one public act, are destroyed for good, on both sides; that they were,
when and why stays.

One custodian orders it, another one approves it (`tracker.actions.proposals`). With the order a thing is withdrawn from
the public, and evidence is sealed. While a thing is held for a court nothing destroys it, nor what was said of it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import proposals, protection, redaction_fields, revisions
from tracker.actions.publication import retire_thing
from tracker.actions.support import lookup, second_person
from tracker.actions.support.public_acts import publish_redaction
from tracker.actions.support.unit import Unit, mark_erasing
from tracker.domain import publication
from tracker.domain.errors import AlreadyDone, LegallyHeld, NotPermitted, NotRedactable, SelfApproval
from tracker.domain.proposals import CONSENT, PROPOSED, REDACTION
from tracker.domain.sentences import Label, sentence
from tracker.domain.tracks import SUBJECTS
from tracker.public import events, redaction
from tracker.store import kept_forms, statuses
from tracker.store.consent import Consent
from tracker.store.evidence import Evidence
from tracker.store.proposals import Proposal, find_approved, find_waiting, list_waiting
from tracker.store.protection import HoldAct, last_hold_act
from tracker.store.redaction import Hold
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject
from tracker.store.viewer import Viewer


def redact_thing(unit: Unit, id: str, reason: str) -> Proposal:
    """Order the redaction of a thing; sent by another custodian, approve it.

    Raises `SelfApproval` for the second word of the same person, `LegallyHeld` while it is held, or a subject that
    cites a place in it (which would go from what was said of that one), `AlreadyDone`, and
    `NotRedactable` for a process or an organization that is public: others stand on it, so it is withdrawn before.
    """
    unit.by.require("evidence.redact")
    row = lookup.get_for_act(unit.viewer, id)
    waits = _find_waiting(unit, row.id)
    if waits is not None:
        return _approve_redaction(unit, waits, reason)
    return order_redaction(unit, row, reason)


def order_redaction(unit: Unit, row: Any, reason: str) -> Proposal:
    """Take a thing from the public side, seal it if it is evidence, and propose its redaction to the custodians."""
    if not isinstance(row, Subject) and row.publication == publication.PUBLISHED:
        raise NotRedactable(sentence("other things stand on it in public; withdraw it first"))
    made = _make_order(unit, row.id, row, reason)
    if row.publication != publication.WITHDRAWN:
        retire_thing(unit, row, redaction.redaction_reason(reason))
    if isinstance(row, Evidence):
        protection.seal_evidence(unit, row)
    unit.session.flush()
    return made


def redact_words(unit: Unit, id: str, reason: str) -> Proposal:
    """Order that the words of one public act be destroyed; sent by another custodian, approve it.

    Until then they stand: who cannot wait has the thing withdrawn. Refuses as `redact` does, and with `NotRedactable`
    an act that says nothing in words, and the one that gives what its thing says now.
    """
    unit.by.require("evidence.redact")
    act = redaction.find_redacted_event(unit.connection, id)
    row = lookup.get_for_act(unit.viewer, act.subject)
    waits = _find_waiting(unit, id)
    if waits is not None:
        return _approve_redaction(unit, waits, reason)
    redaction.require_redactable(unit.connection, act)
    return _make_order(unit, id, row, reason)


def _approve_redaction(unit: Unit, order: Proposal, reason: str) -> Proposal:
    """The second custodian's word, which says for what reason."""
    second_person.require_another(unit, order.proposed_by)
    if order.reason != reason:
        order.reason = reason
    return proposals.approve_proposal(unit, order)


def _find_waiting(unit: Unit, target: str) -> Proposal | None:
    """The order that waits for another custodian; None where a custodian has to order it. `AlreadyDone` afterwards.

    What somebody asked for who is no custodian is no order: it ends when a custodian orders the same.
    """
    done = find_approved(unit.session, REDACTION, target)
    if done is not None:
        raise AlreadyDone(
            sentence("it was redacted, for %(reason)s", reason=Label("redaction_reason", str(done.reason)))
        )
    waits = find_waiting(unit.session, REDACTION, target)
    if waits is None or waits.payload["ordered"]:
        return waits
    proposals.withdraw_proposals(unit, REDACTION, target)
    return None


def _make_order(unit: Unit, target: str, thing: Any, reason: str) -> Proposal:
    ordered = unit.by.may("evidence.redact")
    if ordered:
        _require_not_released_by(unit, _list_emptied(unit, thing.id, target))
    return proposals.propose_act(unit, REDACTION, target, thing, reason=reason, payload={"ordered": ordered})


def _list_emptied(unit: Unit, thing: str, target: str) -> set[str]:
    """The things of which a redaction takes something: itself, and those whose statuses cite a place in it."""
    return {thing, *(statuses.list_citing_places(unit.session, thing) if target == thing else ())}


def _require_not_released_by(unit: Unit, things: set[str]) -> None:
    """Who released a hold does not order the destruction of what was held, nor do people of their organization."""
    for thing in sorted(things):
        last = last_hold_act(unit.session, thing)
        if last is not None and not last.held and second_person.is_own_side(unit, last.by):
            raise SelfApproval(
                sentence(
                    "you or your organization released the hold of this; another custodian has to order its"
                    " redaction"
                )
            )


def _check_order(unit: Unit, proposal: Proposal) -> None:
    """Refuse what nobody ordered, and what is held, or cites a place in it and is held."""
    if not proposal.payload["ordered"]:
        raise NotPermitted(
            sentence(
                "it was asked for by somebody who is no custodian: order it yourself, and another custodian"
                " approves"
            )
        )
    emptied = _list_emptied(unit, proposal.thing_id, proposal.target_id)
    if proposal.target_id != proposal.thing_id:
        redaction.require_redactable(
            unit.connection, redaction.find_redacted_event(unit.connection, proposal.target_id)
        )
    if unit.session.scalar(select(Hold.subject_id).where(Hold.subject_id.in_(emptied)).limit(1)) is not None:
        raise LegallyHeld(
            sentence("a court or an inquiry asked for this to be kept, or for what cites a place in it")
        )


def _carry_out(unit: Unit, proposal: Proposal) -> None:
    row, reason = lookup.get_unfiltered(unit.session, proposal.thing_id), proposal.reason or ""
    if proposal.target_id == proposal.thing_id:
        _destroy_content(unit, row, reason)
    else:
        _destroy_words(unit, row, redaction.find_redacted_event(unit.connection, proposal.target_id), reason)


def _destroy_content(unit: Unit, row: Any, reason: str) -> None:
    for other in list_waiting(unit.session, row.id):  # of words or of a copy, which go with the whole
        proposals.withdraw_proposals(unit, other.kind, other.target_id)
    for typed_about in redaction_fields.list_ids(unit.session, row.id):
        kept_forms.drop_forms_about(unit.session, typed_about)
    redaction_fields.empty_thing(unit, row)
    row.withdrawn_because = redaction.redaction_reason(reason)
    touched, emptied = redaction.destroy_content(unit.connection, row.id)
    if row.published_at is not None:
        publish_redaction(unit, row, redaction.redaction_reason(reason), emptied, touched)
    _leave_nothing(unit)


def _destroy_words(unit: Unit, row: Any, act: events.Event, reason: str) -> None:
    """On the record's side, too: a status change has its reason there, a revision what it changed and why, a withdrawn
    thing its farewell."""
    if "change" in act.body:
        redaction_fields.empty_change(unit.session.get_one(StatusChange, act.body["change"]["id"]))
    if "content" in act.body:
        revisions.end_overtaken(unit, row.id)
        redaction_fields.empty_revisions(unit, row.id)
    if act.kind == "subject.withdrawn":
        row.withdrawn_because = redaction.GONE
        row.touch()
    redaction.empty_event(unit.connection, act)
    publish_redaction(unit, row, redaction.redaction_reason(reason), [act.seq - 1], event=act.body["id"])
    _leave_nothing(unit)


def _leave_nothing(unit: Unit) -> None:
    mark_erasing(unit.session)
    unit.session.flush()


def withdraw_consent(unit: Unit, id: str) -> Evidence:
    """Somebody no longer agrees: at once nobody but custodians sees the item, and its redaction is on their desk.

    A custodian who says so has ordered it. Of anybody else it is a request: a custodian orders it, and another one
    approves.
    """
    unit.by.require("evidence.protect")
    item: Evidence = lookup.get(unit.viewer, id, "evidence")
    consent = unit.session.get(Consent, item.id)
    if consent is None:
        raise AlreadyDone(
            sentence(
                "no consent is recorded of it; raise its protection, or ask a custodian for its redaction"
            )
        )
    if consent.withdrawn_on is not None:
        raise AlreadyDone(sentence("the consent was withdrawn already"))
    proposals.withdraw_proposals(unit, CONSENT, item.id)
    consent.withdrawn_on = item.process.days.today(unit.now)
    unit.audit("evidence.consent_withdrawn", item.id)
    if find_waiting(unit.session, REDACTION, item.id) is None:
        order_redaction(unit, item, "consent_withdrawn")
    unit.session.flush()
    return item


def describe_hold(viewer: Viewer, id: str) -> dict[str, Any]:
    """``{"id", "held"}`` of a subject."""
    row = lookup.get_for_act(viewer, id, *SUBJECTS)
    return {"id": row.id, "held": viewer.session.get(Hold, row.id) is not None}


def hold_thing(unit: Unit, id: str, reason: str, *, placed: bool) -> Subject:
    """Keep a subject, and what was said of it in public, from being destroyed, or let go of it, and say why.

    `SelfApproval` for a custodian who lets go of what they themselves ordered to be destroyed.
    """
    unit.by.require("evidence.redact")
    row: Subject = lookup.get_for_act(unit.viewer, id, *SUBJECTS)
    hold = unit.session.get(Hold, row.id)
    if placed == (hold is not None):
        raise AlreadyDone(sentence("it is held already") if placed else sentence("nobody holds it"))
    if hold is not None:
        _require_no_order_of(unit, row)
        unit.session.delete(hold)
    else:
        unit.session.add(Hold(subject_id=row.id, reason=reason, placed_by=unit.by.id, placed_at=unit.now))
    unit.session.add(HoldAct(subject_id=row.id, held=placed, reason=reason, at=unit.now, by=unit.by.id))
    unit.audit("hold.placed" if placed else "hold.released", row.id)
    unit.session.flush()
    return row


def _require_no_order_of(unit: Unit, row: Subject) -> None:
    """Refuse the custodian who ordered the destruction of what is held, or of what it cites a place in, and people of
    their organization."""
    query = select(Proposal).where(Proposal.kind == REDACTION, Proposal.decision == PROPOSED)
    for order in unit.session.scalars(query):
        own = second_person.is_own_side(unit, order.proposed_by)
        if own and row.id in _list_emptied(unit, order.thing_id, order.target_id):
            raise SelfApproval(
                sentence(
                    "you or your organization ordered the redaction of this; another custodian has to release"
                    " the hold"
                )
            )


proposals.KINDS[REDACTION] = proposals.Kind(
    proposes="evidence.redact",
    decides="evidence.redact",
    versions=proposals.judge_on_nothing,  # what is destroyed is destroyed as it stands
    check=_check_order,
    apply=_carry_out,
)
