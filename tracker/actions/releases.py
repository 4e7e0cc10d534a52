"""Waiting to become public: what came from a source is not public at the hour at which somebody asked for it.

The time of a publication would point at a submission. So the request waits until an instant that is drawn by lot
(`tracker.domain.releases.draw_release_instant`), and `tracker.actions.operations.release_batch` carries it out.
Whatever speaks against the publication ends the request in the same act.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions.support import visibility
from tracker.actions.support.unit import Unit
from tracker.domain import publication, releases
from tracker.domain.errors import AlreadyDone
from tracker.store.evidence import Evidence
from tracker.store.people import Person
from tracker.store.releases import Release

#: Random bytes for the lot: enough that no instant is likelier than another.
_LOT = 8


def needs_release(unit: Unit, item: Evidence) -> bool:
    """Whether an item has a source whom the time of its publication could point at."""
    submitter = unit.session.get_one(Person, item.created_by)
    return releases.has_source(item.acquired_from, by_the_desk=submitter.organization_id is None)


def begin_release(unit: Unit, item: Evidence) -> None:
    """Note that somebody asks for an item to become public. Whether it may was checked."""
    if item.release is not None:
        raise AlreadyDone("it waits for its release already")
    item.release = Release(
        asked_by=unit.by.id,
        asked_at=unit.now,
        not_before=releases.draw_release_instant(item.created_at, unit.now, unit.entropy(_LOT)),
    )
    item.touch()
    unit.audit("release.asked", item.id)
    unit.session.flush()


def end_release(unit: Unit, item: Evidence) -> bool:
    """Let an item wait no more, for whoever has checked that it may be done. Whether it did."""
    if item.release is None:
        return False
    item.release = None
    unit.audit("release.ended", item.id)
    return True


def end_releases_of(unit: Unit, process: str) -> None:
    """The same for everything that waits in a process."""
    for item in unit.session.scalars(select(Evidence).join(Release).where(Evidence.process_id == process)):
        end_release(unit, item)
        item.touch()


def take_back_request(unit: Unit, id: str) -> Any:
    """Let what waits stay a draft. For anything else there is nothing to take back: `AlreadyDone`,
    `PublicationRefused`."""
    unit.by.require("record.publish")
    row = visibility.get_visible(unit.session, unit.by, id)
    if not isinstance(row, Evidence) or not end_release(unit, row):
        publication.check_move(row.publication, publication.DRAFT)
    row.touch()
    unit.session.flush()
    return row
