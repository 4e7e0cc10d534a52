"""What a watchdog sees of the working record: its own, and what is public; the rest is not there.

Whoever may neither read nor keep the record must not learn from a refusal what stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from tracker.actions import find
from tracker.actions.unit import Unit
from tracker.domain import publication
from tracker.domain.errors import AlreadyDone, InvalidInput, NotFound, NotPermitted
from tracker.domain.people import Actor
from tracker.store import statuses
from tracker.store.evidence import Evidence
from tracker.store.organizations import Watchdog
from tracker.store.statuses import StatusChange

#: Who has one of these works on all of the record.
_DESK = ("record.read", "record.write", "record.publish", "status.decide")
_ANALYSES = {"source_analysis", "technical_analysis", "content_analysis"}


def of_the_desk(actor: Actor) -> bool:
    return any(actor.may(permission) for permission in _DESK)


def narrowed(actor: Actor, query: Select[Any], model: type[Any]) -> Select[Any]:
    """The rows of evidence or of status changes that somebody may read."""
    if actor.may("record.read"):
        return query
    owner = model.assessor_id if model is StatusChange else model.watchdog_id
    return query.where(owner == actor.organization)


def read(session: Session, actor: Actor, id: str, kind: str) -> Any:
    """The thing an address names; what is not one's own is not there."""
    row = find.thing(session, id, kind)
    if not actor.may("record.read") and row.watchdog_id != actor.organization:
        raise NotFound(f"there is no {kind} {id[:64]!r}")
    return row


def read_change(session: Session, actor: Actor, id: str) -> StatusChange:
    """A status change, with those of its citations that the reader may know of."""
    change = session.get(StatusChange, id)
    if change is None or not (actor.may("record.read") or change.assessor_id == actor.organization):
        raise NotFound(f"there is no status change {id[:64]!r}")
    return shown(actor, change)


def shown(actor: Actor, change: StatusChange) -> StatusChange:
    """The same row, for an answer: the desk may have recorded a watchdog's verdict on what that watchdog never saw."""
    if not of_the_desk(actor):
        known = [one for one in change.citations if _visible(actor, one.evidence)]
        set_committed_value(change, "citations", known)  # what is read is narrowed; nothing is to be written
    return change


def named(unit: Unit, pointer: str, id: str | None, *kinds: str) -> Any:
    """What a member of the input names, where whoever writes may know of it."""
    found = find.named(unit.session, pointer, id, *kinds)
    if found is not None and not _visible(unit.by, found):
        raise InvalidInput.at(pointer, f"there is no {' or '.join(kinds)} {id!r}")
    return found


def require_speaking_for(unit: Unit, pointer: str, organization: str | None) -> None:
    """A watchdog names no other organization; whether there is one by that id is not said."""
    if organization not in (None, unit.by.organization) and not of_the_desk(unit.by):
        detail = "you speak for your own organization only"
        raise NotPermitted(detail, fields=InvalidInput.at(pointer, detail).fields)


def require_standing(unit: Unit) -> None:
    """Whoever speaks for a watchdog that is suspended or withdrawn writes nothing; what it said stays."""
    organization = unit.by.organization
    watchdog = unit.session.get(Watchdog, organization) if organization else None
    if watchdog is not None and watchdog.standing != "registered":
        raise NotPermitted(f"the standing of your organization is {watchdog.standing}; it writes nothing new")


def editable(unit: Unit, id: str, kind: str, changes: Mapping[str, Any]) -> Any:
    """A record that somebody may edit: any for the desk, an own draft that nobody has built on for a watchdog."""
    if unit.by.may("record.write") or kind != "evidence":
        unit.by.require("record.write")
        return find.thing(unit.session, id, kind)
    item = draft(unit, id)
    if _ANALYSES & changes.keys():
        raise NotPermitted("the desk analyses what was submitted")
    if statuses.approved(unit.session, item.id) or statuses.citing(unit.session, item.id):
        raise AlreadyDone("the desk has reviewed it or a status rests on it; ask the desk for the change")
    return item


def draft(unit: Unit, id: str) -> Evidence:
    """One's own item, not public yet: the organization's for a watchdog, what oneself submitted for the desk."""
    unit.by.require("evidence.submit")
    require_standing(unit)
    item: Evidence = find.thing(unit.session, id, "evidence")
    if not of_the_desk(unit.by) and item.watchdog_id != unit.by.organization:
        raise NotFound(f"there is no evidence {id[:64]!r}")
    if of_the_desk(unit.by) and item.created_by != unit.by.id:
        raise NotPermitted("only whoever submitted it takes it back; withdraw it instead")
    if item.publication != publication.DRAFT:
        raise AlreadyDone(f"it is {item.publication}; only a draft is mended or taken back by its submitter")
    return item


def _visible(actor: Actor, row: Any) -> bool:
    if of_the_desk(actor) or row.published_at is not None:
        return True
    return isinstance(row, Evidence) and row.watchdog_id == actor.organization
