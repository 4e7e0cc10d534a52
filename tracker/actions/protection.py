"""Who may know of an item: raised by one person at once, lowered by two after a day, shared with organizations by name.

A lowering is a proposal (`tracker.actions.proposals`) that rests for a day (`domain.protection.LOWERING_RESTS`).
Until then anybody with `evidence.protect` who reads the item cancels it. Nothing runs when the day is over; the clock
of the approval is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions import consent, proposals, releases
from tracker.actions.publication import retire_thing
from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain import protection, publication
from tracker.domain.errors import AlreadyDone, InvalidInput
from tracker.domain.proposals import APPROVED, LOWERING
from tracker.domain.sentences import Label, sentence
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.proposals import Proposal, find_waiting
from tracker.store.protection import ProtectionAct, Share

#: What the tombstone of an item says that is no longer public because somebody raised its protection.
RAISED = "Its protection was raised."


def protect_evidence(unit: Unit, id: str, data: Mapping[str, Any]) -> Evidence:
    """Raise the protection of an item, which takes effect at once, or propose to lower it.

    ``data`` has ``protection`` and ``reason``, and may have ``shared_with``, ids of organizations. What was public is
    withdrawn in the same act. The level that it has already takes a waiting proposal back. Another proposal takes its
    place, and rests again. An organization that did not read the item before is added by a proposal only, whatever the
    level: of a raise that adds one, the raise holds at once and the rest waits.
    """
    unit.by.require("evidence.protect")
    item: Evidence = lookup.get(unit.viewer, id, "evidence")
    level, wanted = data["protection"], _list_organizations(unit, data)
    before = list_shared_with(unit.session, item.id)
    if (level, wanted) == (item.protection, before):
        if find_waiting(unit.session, LOWERING, item.id) is None:
            raise AlreadyDone(sentence("it is %(level)s already", level=Label("protection", level)))
        proposals.withdraw_proposals(unit, LOWERING, item.id)
        item.touch()
    else:
        proposals.withdraw_proposals(unit, LOWERING, item.id)
        kept = wanted & before
        if protection.is_raising(item.protection, level) or (level == item.protection and kept < before):
            _note_act(unit, item, "raised", level, kept, data["reason"])
            _apply_level(unit, item, level, kept)
        item.touch()
        if (level, wanted) != (item.protection, kept):
            _propose_lowering(unit, item, data, wanted)
    unit.session.flush()
    return item


def seal_evidence(unit: Unit, item: Evidence) -> None:
    """Raise an item to the highest level. The caller has checked that it may be done. No proposal outlives it."""
    proposals.withdraw_proposals(unit, LOWERING, item.id)
    if item.protection != protection.SEALED:
        _note_act(unit, item, "raised", protection.SEALED, set(), None)
        _apply_level(unit, item, protection.SEALED, set())
        item.touch()


def describe_protection(session: Session, item: Evidence) -> dict[str, Any]:
    """The level of an item, for whom it is, and what waits to be decided."""
    proposal = find_waiting(session, LOWERING, item.id)
    return {
        "id": item.id,
        "version": item.version,
        "protection": item.protection,
        "shared_with": sorted(list_shared_with(session, item.id)),
        "proposed": proposal,
    }


def list_shared_with(session: Session, item: str) -> set[str]:
    """The organizations that an item is for."""
    return set(session.scalars(select(Share.organization_id).where(Share.evidence_id == item)))


def _list_organizations(unit: Unit, data: Mapping[str, Any]) -> set[str]:
    given = data.get("shared_with", ())
    if given and data["protection"] != protection.PARTNER:
        raise InvalidInput.at("/shared_with", sentence("is for the level partner; leave it out"))
    for place, organization in enumerate(given):
        lookup.find_named(unit.viewer, f"/shared_with/{place}", organization, "organization")
    return set(given)


def _propose_lowering(unit: Unit, item: Evidence, data: Mapping[str, Any], wanted: Collection[str]) -> None:
    _require_there(item)
    _require_agreed(unit, item, wanted)
    proposals.propose_act(
        unit,
        LOWERING,
        item.id,
        item,
        reason=data["reason"],
        payload={"protection": data["protection"], "shared_with": sorted(wanted)},
    )


def _require_there(item: Evidence) -> None:
    if item.publication == publication.WITHDRAWN:
        raise AlreadyDone(sentence("it has been withdrawn; its protection cannot be lowered any more"))


def _require_agreed(unit: Unit, item: Evidence, wanted: Collection[str]) -> None:
    """`NotAgreed` where an organization is new and the consent does not cover organizations of its type."""
    for id in sorted(set(wanted) - list_shared_with(unit.session, item.id)):
        consent.require_sharing(unit.session, item, unit.session.get_one(Organization, id).type)


def _check_level(unit: Unit, proposal: Proposal) -> None:
    item = unit.session.get_one(Evidence, proposal.thing_id)
    _require_there(item)
    _require_agreed(unit, item, proposal.payload["shared_with"])


def _lower_protection(unit: Unit, proposal: Proposal) -> None:
    item = unit.session.get_one(Evidence, proposal.thing_id)
    _note_end(unit, proposal)
    _apply_level(unit, item, proposal.payload["protection"], set(proposal.payload["shared_with"]))
    item.touch()


def _end_lowering(unit: Unit, proposal: Proposal) -> None:
    _note_end(unit, proposal)
    unit.session.get_one(Evidence, proposal.thing_id).touch()


def _apply_level(unit: Unit, item: Evidence, level: str, wanted: set[str]) -> None:
    before, item.protection = item.protection, level
    if level == protection.SEALED:
        # That it is taken, or was, would tell that there is something.
        item.reference = item.former_reference = None
    if item.publication == publication.PUBLISHED and level != protection.PUBLIC:
        retire_thing(unit, item, RAISED)
    if level != protection.PUBLIC:
        releases.end_release(unit, item)
    for share in unit.session.scalars(select(Share).where(Share.evidence_id == item.id)):
        if share.organization_id not in wanted:
            unit.session.delete(share)
    for organization in sorted(wanted - list_shared_with(unit.session, item.id)):
        unit.session.add(Share(evidence_id=item.id, organization_id=organization))
    unit.audit("evidence.protect", item.id, before=before, after=level)


def _note_end(unit: Unit, proposal: Proposal) -> None:
    """A proposal waits no more, and stands in the history with what became of it."""
    item = unit.session.get_one(Evidence, proposal.thing_id)
    act = "lowered" if proposal.decision == APPROVED else proposal.decision
    wanted = proposal.payload
    _note_act(unit, item, act, wanted["protection"], wanted["shared_with"], proposal.reason, proposal)


def _note_act(
    unit: Unit,
    item: Evidence,
    act: str,
    level: str,
    wanted: Collection[str],
    reason: str | None,
    proposal: Proposal | None = None,
) -> None:
    """Add to the history. Called before the level changes."""
    unit.session.add(
        ProtectionAct(
            evidence_id=item.id,
            act=act,
            before=item.protection,
            after=level,
            shared_with=sorted(wanted),
            reason=reason,
            proposed_by=None if proposal is None else proposal.proposed_by,
            proposed_at=None if proposal is None else proposal.proposed_at,
            done_by=unit.by.id,
            done_at=unit.now,
        )
    )


proposals.KINDS[LOWERING] = proposals.Kind(
    proposes="evidence.protect",
    decides="evidence.lower",
    versions=proposals.judge_on_item,
    check=_check_level,
    apply=_lower_protection,
    end=_end_lowering,
    rests=protection.LOWERING_RESTS,
    anyone_retracts=True,
)
