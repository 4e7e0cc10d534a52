"""Who may know of an item: raised by one person at once, lowered by two after a day, shared with organizations by name.

What is proposed rests (`tracker.domain.protection.LOWERING_RESTS`): it may be ended at any moment of it, by whoever may
protect the item, and is approved after it. Nothing runs when it is over; the clock of the approval is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions import consent, releases
from tracker.actions.publication import retire_thing
from tracker.actions.support import visibility
from tracker.actions.support.lookup import Versions, require_version
from tracker.actions.support.unit import Unit
from tracker.domain import people, protection, publication
from tracker.domain.errors import AlreadyDone, InvalidInput, TooEarly
from tracker.store.evidence import Evidence
from tracker.store.protection import Lowering, ProtectionAct, Share

#: What the tombstone of an item says that is no longer public because somebody raised its protection.
RAISED = "Its protection was raised."


def protect_evidence(unit: Unit, id: str, data: Mapping[str, Any]) -> Evidence:
    """Raise the protection of an item, which takes effect at once, or propose to lower it.

    ``data`` has ``protection`` and ``reason``, and may have ``shared_with``, ids of organizations. What was public is
    withdrawn in the same act. The level that it has already takes a waiting proposal back. Another proposal takes its
    place, and rests anew.
    """
    unit.by.require("evidence.protect")
    visibility.require_registration(unit)
    item: Evidence = visibility.read_visible(unit.session, unit.by, id, "evidence")
    level, wanted = data["protection"], _organizations(unit, data)
    proposal = unit.session.get(Lowering, item.id)
    before = list_shared_with(unit.session, item.id)
    if (level, wanted) == (item.protection, before):
        if proposal is None:
            raise AlreadyDone(f"it is {level} already")
        _retract(unit, item, proposal)
    elif (level == item.protection and wanted <= before) or protection.is_raising(item.protection, level):
        if proposal is not None:
            _retract(unit, item, proposal)
        _note(unit, item, "raised", level, wanted, data["reason"])
        _apply(unit, item, level, wanted)
    else:
        _propose(unit, item, proposal, data, wanted)
    item.touch()
    unit.session.flush()
    return item


def seal_evidence(unit: Unit, item: Evidence) -> None:
    """Raise an item to the highest level, for whoever has checked that it may be done. No proposal outlives it."""
    proposal = unit.session.get(Lowering, item.id)
    if proposal is not None:
        _retract(unit, item, proposal)
    if item.protection != protection.SEALED:
        _note(unit, item, "raised", protection.SEALED, set(), None)
        _apply(unit, item, protection.SEALED, set())
        item.touch()


def decide_lowering(unit: Unit, id: str, decision: str, expected: Versions = None) -> Evidence:
    """Let the protection be lowered as another person proposed, once that has rested, or return the proposal at once.

    Raises `SelfApproval` for whoever proposed it, `TooEarly` with the instant from which it may be approved.
    """
    unit.by.require("evidence.lower")
    item: Evidence = visibility.read_visible(unit.session, unit.by, id, "evidence")
    proposal = unit.session.get(Lowering, item.id)
    if proposal is None:
        raise AlreadyDone("nobody proposes to lower its protection")
    require_version(item, expected)
    people.require_another(unit.by, proposal.proposed_by)
    if decision == "approve":
        _require_rested(unit, item, proposal)
        _end(unit, item, proposal, "lowered")
        _apply(unit, item, proposal.protection, set(proposal.shared_with))
    else:
        _end(unit, item, proposal, "returned")
        unit.audit("evidence.lowering_returned", item.id, protection=proposal.protection)
    item.touch()
    unit.session.flush()
    return item


def describe_protection(session: Session, item: Evidence) -> dict[str, Any]:
    """The level of an item, for whom it is, and what waits to be decided."""
    proposal = session.get(Lowering, item.id)
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


def _organizations(unit: Unit, data: Mapping[str, Any]) -> set[str]:
    given = data.get("shared_with", ())
    if given and data["protection"] != protection.PARTNER:
        raise InvalidInput.at("/shared_with", "is for the level partner; leave it out")
    for place, one in enumerate(given):
        visibility.find_named_visible(unit, f"/shared_with/{place}", one, "organization")
    return set(given)


def _propose(
    unit: Unit, item: Evidence, proposal: Lowering | None, data: Mapping[str, Any], wanted: Collection[str]
) -> None:
    _require_there(item)
    if proposal is not None:
        _end(unit, item, proposal, "retracted")
        unit.session.flush()
    unit.session.add(
        Lowering(
            evidence_id=item.id,
            protection=data["protection"],
            shared_with=sorted(wanted),
            reason=data["reason"],
            proposed_by=unit.by.id,
            proposed_at=unit.now,
        )
    )
    unit.audit("evidence.lowering_proposed", item.id, protection=data["protection"])


def _require_there(item: Evidence) -> None:
    if item.publication == publication.WITHDRAWN:
        raise AlreadyDone("it has been withdrawn; its protection is lowered no more")


def _require_rested(unit: Unit, item: Evidence, proposal: Lowering) -> None:
    _require_there(item)
    left = proposal.not_before - unit.now
    if left > timedelta():
        raise TooEarly(
            f"a lowering rests for {protection.LOWERING_RESTS // timedelta(hours=1)} hours before it may be approved",
            wait=ceil(left.total_seconds()),
            not_before=proposal.not_before,
        )


def _apply(unit: Unit, item: Evidence, level: str, wanted: set[str]) -> None:
    if wanted - list_shared_with(unit.session, item.id):
        consent.require_consent(unit.session, item, consent.SHARING)
    before, item.protection = item.protection, level
    if level == protection.SEALED:
        item.reference = None  # that it is taken would tell that there is something
    if item.publication == publication.PUBLISHED and level != protection.PUBLIC:
        retire_thing(unit, item, RAISED)
    if level != protection.PUBLIC:
        releases.end_release(unit, item)
    for share in unit.session.scalars(select(Share).where(Share.evidence_id == item.id)):
        if share.organization_id not in wanted:
            unit.session.delete(share)
    for one in sorted(wanted - list_shared_with(unit.session, item.id)):
        unit.session.add(Share(evidence_id=item.id, organization_id=one))
    unit.audit("evidence.protect", item.id, before=before, after=level)


def _retract(unit: Unit, item: Evidence, proposal: Lowering) -> None:
    _end(unit, item, proposal, "retracted")
    unit.audit("evidence.lowering_retracted", item.id, protection=proposal.protection)


def _end(unit: Unit, item: Evidence, proposal: Lowering, act: str) -> None:
    """A proposal waits no more, and stands in the history with what became of it."""
    _note(unit, item, act, proposal.protection, proposal.shared_with, proposal.reason, proposal)
    unit.session.delete(proposal)


def _note(
    unit: Unit,
    item: Evidence,
    act: str,
    level: str,
    wanted: Collection[str],
    reason: str | None,
    proposal: Lowering | None = None,
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
