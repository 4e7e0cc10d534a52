"""Who of the desk handles what: "I look at this." The desk sees it, so that two people do not do the same. It blocks
nothing and ends after four hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, select

from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain.protection import SEALED
from tracker.domain.tracks import SUBJECTS
from tracker.store.evidence import Evidence
from tracker.store.handlings import Handling
from tracker.store.viewer import Viewer

LASTS: Final = timedelta(hours=4)


def handle_subject(unit: Unit, id: str) -> str:
    """Say that one looks at a subject, from now on; what has run out is forgotten."""
    unit.by.require("work.handle")
    lookup.get(unit.viewer, id, *SUBJECTS)
    for old in unit.session.scalars(select(Handling).where(Handling.begun_at <= unit.now - LASTS)):
        unit.session.delete(old)
    unit.session.flush()
    handling = unit.session.get(Handling, (id, unit.by.id))
    if handling is None:
        unit.session.add(Handling(subject_id=id, person_id=unit.by.id, begun_at=unit.now))
    else:
        handling.begun_at = unit.now
    unit.audit("handling.begin", id)
    return id


def end_handling(unit: Unit, id: str) -> str:
    """Say that one does not look at it any more, whether or not one did."""
    unit.by.require("work.handle")
    lookup.get(unit.viewer, id, *SUBJECTS)
    handling = unit.session.get(Handling, (id, unit.by.id))
    if handling is not None:
        unit.session.delete(handling)
        unit.audit("handling.end", id)
    return id


def select_handlings(viewer: Viewer, now: datetime, subject: str | None = None) -> Select[Any]:
    """What is handled now of what somebody reads."""
    query = viewer.within(select(Handling).where(Handling.begun_at > now - LASTS), Handling)
    if subject is not None:
        query = query.where(Handling.subject_id == subject)
    if viewer.by.may("evidence.unseal"):
        return query
    return query.where(Handling.subject_id.not_in(select(Evidence.id).where(Evidence.protection == SEALED)))


def describe_handling(handling: Handling) -> dict[str, Any]:
    return {
        "subject_id": handling.subject_id,
        "by": handling.person.known_as,
        "since": handling.begun_at,
        "until": handling.begun_at + LASTS,
    }
