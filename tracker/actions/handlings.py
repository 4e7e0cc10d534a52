"""Who of the desk handles what: "I look at this", and "look at this, please". The desk sees it, so that two people do
not do the same. It blocks nothing. A claim ends after four hours, what a colleague was asked for after two weeks.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select

from tracker.actions.people import select_colleagues
from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain.errors import InvalidInput, NotFound, NotPermitted
from tracker.domain.protection import SEALED
from tracker.domain.sentences import sentence
from tracker.domain.tracks import SUBJECTS
from tracker.store.evidence import Evidence
from tracker.store.handlings import Handling
from tracker.store.people import Person
from tracker.store.viewer import Viewer

LASTS: Final = timedelta(hours=4)
ASSIGNED_LASTS: Final = timedelta(days=14)


def handle_subject(unit: Unit, id: str, person: str | None = None) -> str:
    """Say that one looks at a subject, from now on, or ask a colleague to; what has run out is forgotten."""
    unit.by.require("work.handle")
    lookup.get(unit.viewer, id, *SUBJECTS)
    assigned = person is not None and person != unit.by.id
    who = _find_colleague(unit, id, person) if assigned and person is not None else unit.by.id
    for old in unit.session.scalars(select(Handling).where(~_lasts(unit.now))).unique():
        unit.session.delete(old)
    unit.session.flush()
    handling = unit.session.get(Handling, (id, who))
    if handling is None:
        handling = Handling(subject_id=id, person_id=who, begun_at=unit.now)
        unit.session.add(handling)
    handling.begun_at = unit.now
    if assigned:
        handling.assigned_by_id = unit.by.id
        unit.audit("handling.assign", id, person=who)
    else:
        unit.audit("handling.begin", id)
    return id


def _find_colleague(unit: Unit, subject: str, person: str) -> str:
    """A colleague who may be asked: named, of the desk, let in, and a reader of the subject. Only who is told of people
    asks one of them."""
    unit.by.require("people.read")
    known = unit.session.get(Person, person)
    query = select_assignable(unit.viewer).where(Person.id == person)
    if known is None or unit.session.scalar(query) is None or not known.actor.may("work.handle"):
        raise InvalidInput.at(
            "/person",
            sentence("there is no colleague %(person)s who handles work of the desk", person=repr(person)),
        )
    try:
        lookup.get(Viewer(unit.session, known.actor), subject, *SUBJECTS)
    except NotFound:
        raise InvalidInput.at(
            "/person", sentence("%(person)s does not read this; ask somebody else", person=person)
        ) from None
    return person


def select_assignable(viewer: Viewer) -> Select[Person]:
    """The colleagues of whom somebody is told, and who are let in."""
    return select_colleagues(viewer.by).where(Person.suspended_at.is_(None))


def end_handling(unit: Unit, id: str, person: str | None = None) -> str:
    """Say that one does not look at it any more, whether or not one did; or take back what a colleague was asked."""
    unit.by.require("work.handle")
    lookup.get(unit.viewer, id, *SUBJECTS)
    handling = unit.session.get(Handling, (id, person or unit.by.id))
    if handling is not None and unit.by.id not in (handling.person_id, handling.assigned_by_id):
        raise NotPermitted(sentence("only who looks at it, or asked for it, ends it"))
    if handling is not None:
        unit.session.delete(handling)
        unit.audit("handling.end", id)
    return id


def _lasts(now: datetime) -> ColumnElement[bool]:
    """What has not run out."""
    asked = Handling.assigned_by_id.is_not(None) & (Handling.begun_at > now - ASSIGNED_LASTS)
    return (Handling.begun_at > now - LASTS) | asked


def select_handlings(viewer: Viewer, now: datetime, subject: str | None = None) -> Select[Any]:
    """What is handled now of what somebody reads."""
    query = viewer.within(select(Handling).where(_lasts(now)), Handling)
    if subject is not None:
        query = query.where(Handling.subject_id == subject)
    if viewer.by.may("evidence.unseal"):
        return query
    return query.where(Handling.subject_id.not_in(select(Evidence.id).where(Evidence.protection == SEALED)))


def select_assigned(viewer: Viewer, now: datetime) -> Select[Any]:
    """What colleagues asked somebody to look at, the oldest first."""
    own = select_handlings(viewer, now).where(
        Handling.person_id == viewer.by.id, Handling.assigned_by_id.is_not(None)
    )
    return own.order_by(Handling.begun_at, Handling.subject_id)


def describe_handling(handling: Handling) -> dict[str, Any]:
    assigned = handling.assigner is not None
    return {
        "subject_id": handling.subject_id,
        "by": handling.person.known_as,
        "assigned_by": handling.assigner.known_as if handling.assigner is not None else None,
        "since": handling.begun_at,
        "until": handling.begun_at + (ASSIGNED_LASTS if assigned else LASTS),
    }
