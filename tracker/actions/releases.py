"""Waiting to become public: what came from a source is not public at the hour at which somebody asked for it, and what
is embargoed not before its hour.

The time of a publication would point at a submission. So the request waits until an instant that is drawn by lot
(`tracker.domain.releases.draw_release_instant`), or until the hour that was named, and
`tracker.actions.operations.release_batch` carries it out. Whatever speaks against the publication ends the request in
the same act.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain import publication, releases
from tracker.domain.errors import AlreadyDone
from tracker.domain.sentences import sentence
from tracker.store.evidence import Evidence
from tracker.store.people import Person
from tracker.store.releases import Release
from tracker.store.subjects import Subject

#: Random bytes for the lot: enough that no instant is likelier than another.
_LOT = 8


def needs_release(unit: Unit, item: Evidence) -> bool:
    """Whether an item has a source whom the time of its publication could point at."""
    submitter = unit.session.get_one(Person, item.created_by)
    return releases.has_source(item.acquired_from, by_the_desk=submitter.organization_id is None)


def require_place(unit: Unit, row: Any, hour: datetime | None) -> None:
    """Refuse to let wait what waits already: for its batch, or until an ``hour``."""
    waits = hour is not None or (isinstance(row, Evidence) and needs_release(unit, row))
    if waits and row.release is not None:
        raise AlreadyDone(sentence("it waits for its release already"))


def begin_release(unit: Unit, item: Any, embargo: datetime | None = None) -> None:
    """Note that somebody asks for a thing to become public. Whether it may was checked."""
    require_place(unit, item, embargo)
    by_lot = isinstance(item, Evidence) and needs_release(unit, item)
    drawn = releases.draw_release_instant(item.created_at, unit.now, unit.entropy(_LOT)) if by_lot else None
    item.release = Release(
        asked_by=unit.by.id,
        asked_at=unit.now,
        not_before=max(one for one in (drawn, embargo) if one is not None),
        by_lot=by_lot,
    )
    item.touch()
    unit.audit("release.asked", item.id)
    unit.session.flush()


def list_embargoed(session: Session, things: Collection[str], until: datetime) -> set[str]:
    """Those of these things that become public at a set hour, and not after this one."""
    query = select(Release.thing_id).where(
        Release.thing_id.in_(things), Release.not_before <= until, ~Release.by_lot
    )
    return set(session.scalars(query))


def list_releases(session: Session, things: Collection[str]) -> dict[str, datetime]:
    """Those of these things that wait, each with the instant before which it is not public."""
    query = select(Release.thing_id, Release.not_before).where(Release.thing_id.in_(things))
    return {row.thing_id: row.not_before for row in session.execute(query)}


def end_release(unit: Unit, item: Any) -> bool:
    """Let a thing wait no more. The caller has checked that it may be done. Whether it did."""
    if item.release is None:
        return False
    item.release = None
    unit.audit("release.ended", item.id)
    return True


def end_releases_of(unit: Unit, process: str) -> None:
    """The same for everything that waits in a process."""
    query = select(Subject).join(Release, Release.thing_id == Subject.id).where(Subject.process_id == process)
    for item in unit.session.scalars(query):
        end_release(unit, item)
        item.touch()


def take_back_request(unit: Unit, id: str) -> Any:
    """Let what waits stay a draft. For anything else there is nothing to take back: `AlreadyDone`,
    `PublicationRefused`."""
    unit.by.require("record.publish")
    row = lookup.get_for_act(unit.viewer, id)
    if not end_release(unit, row):
        publication.check_move(row.publication, publication.DRAFT)
    row.touch()
    unit.session.flush()
    return row
