"""Who may know of an item: raised by one person at once, lowered by two, shared with organizations by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions import consent, own, publishing
from tracker.actions.find import unchanged
from tracker.actions.unit import Unit
from tracker.domain import evidence as codes
from tracker.domain import people, publication
from tracker.domain.errors import AlreadyDone, InvalidInput
from tracker.store.evidence import Evidence
from tracker.store.protection import Lowering, Share

#: What the tombstone of an item says that is no longer public because somebody raised its protection.
RAISED = "Its protection was raised."


def protect(unit: Unit, id: str, data: Mapping[str, Any]) -> Evidence:
    """Raise the protection of an item, which takes effect at once, or propose to lower it.

    ``data`` has ``protection`` and ``reason``, and may have ``shared_with``, ids of organizations. What was public is
    withdrawn in the same act. The level that it has already takes a waiting proposal back.
    """
    unit.by.require("evidence.protect")
    own.require_standing(unit)
    item: Evidence = own.read(unit.session, unit.by, id, "evidence")
    level, wanted = data["protection"], _organizations(unit, data)
    waiting = unit.session.get(Lowering, item.id)
    before = shared_with(unit.session, item.id)
    if (level, wanted) == (item.protection, before):
        if waiting is None:
            raise AlreadyDone(f"it is {level} already")
        _settled(unit, item, waiting, "evidence.lowering_retracted")
    elif (level == item.protection and wanted <= before) or codes.raises(item.protection, level):
        _apply(unit, item, level, wanted, waiting)
    else:
        _propose(unit, item, waiting, data, wanted)
    item.touch()
    unit.session.flush()
    return item


def seal(unit: Unit, item: Evidence) -> None:
    """Raise an item to the highest level, for whoever has checked that it may be done."""
    if item.protection != codes.SEALED:
        _apply(unit, item, codes.SEALED, set(), unit.session.get(Lowering, item.id))
        item.touch()


def decide(unit: Unit, id: str, decision: str, expected: int | None = None) -> Evidence:
    """Let the protection be lowered as another person proposed, or return the proposal."""
    unit.by.require("evidence.lower")
    item: Evidence = own.read(unit.session, unit.by, id, "evidence")
    waiting = unit.session.get(Lowering, item.id)
    if waiting is None:
        raise AlreadyDone("nobody proposes to lower its protection")
    unchanged(item, expected)
    people.require_another(unit.by, waiting.proposed_by)
    if decision == "approve":
        _apply(unit, item, waiting.protection, set(waiting.shared_with), waiting)
    else:
        _settled(unit, item, waiting, "evidence.lowering_returned")
    item.touch()
    unit.session.flush()
    return item


def told(session: Session, item: Evidence) -> dict[str, Any]:
    """The level of an item, for whom it is, and what waits to be decided."""
    waiting = session.get(Lowering, item.id)
    return {
        "id": item.id,
        "version": item.version,
        "protection": item.protection,
        "shared_with": sorted(shared_with(session, item.id)),
        "proposed": waiting,
    }


def shared_with(session: Session, item: str) -> set[str]:
    """The organizations that an item is for."""
    return set(session.scalars(select(Share.organization_id).where(Share.evidence_id == item)))


def _organizations(unit: Unit, data: Mapping[str, Any]) -> set[str]:
    given = data.get("shared_with", ())
    if given and data["protection"] != codes.PARTNER:
        raise InvalidInput.at("/shared_with", "is for the level partner; leave it out")
    for place, one in enumerate(given):
        own.named(unit, f"/shared_with/{place}", one, "organization")
    return set(given)


def _propose(
    unit: Unit, item: Evidence, waiting: Lowering | None, data: Mapping[str, Any], wanted: Collection[str]
) -> None:
    if item.publication == publication.WITHDRAWN:
        raise AlreadyDone("it has been withdrawn; its protection is lowered no more")
    if waiting is not None:
        unit.session.delete(waiting)
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


def _apply(unit: Unit, item: Evidence, level: str, wanted: set[str], waiting: Lowering | None) -> None:
    if wanted - shared_with(unit.session, item.id):
        consent.require(unit.session, item, consent.SHARING)
    before, item.protection = item.protection, level
    if level == codes.SEALED:
        item.reference = None  # that it is taken would tell that there is something
    if item.publication == publication.PUBLISHED and level != codes.PUBLIC:
        publishing.retire(unit, item, RAISED)
    for share in unit.session.scalars(select(Share).where(Share.evidence_id == item.id)):
        if share.organization_id not in wanted:
            unit.session.delete(share)
    for one in sorted(wanted - shared_with(unit.session, item.id)):
        unit.session.add(Share(evidence_id=item.id, organization_id=one))
    if waiting is not None:
        unit.session.delete(waiting)
    unit.audit("evidence.protect", item.id, before=before, after=level)


def _settled(unit: Unit, item: Evidence, waiting: Lowering, verb: str) -> None:
    unit.session.delete(waiting)
    unit.audit(verb, item.id, protection=waiting.protection)
