"""Filters that somebody keeps under a name, for themselves or for colleagues who work on the same process."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Select, func, select

from tracker.actions.support import lookup
from tracker.actions.support.unit import Unit
from tracker.domain.errors import NotFound, NotPermitted
from tracker.domain.sentences import sentence
from tracker.store.saved_filters import SavedFilter
from tracker.store.viewer import Viewer

#: How many filters somebody keeps.
MOST_FILTERS: Final = 30


def save_filter(
    unit: Unit, name: str, page: str, query: str, *, process: str | None = None, shared: bool = False
) -> SavedFilter:
    """Keep the address of a page under a name."""
    unit.by.require("work.handle")
    if process is not None:
        lookup.get(unit.viewer, process, "process")
    own = select(func.count()).where(SavedFilter.person_id == unit.by.id)
    if (unit.session.scalar(own) or 0) >= MOST_FILTERS:
        raise NotPermitted(sentence("you keep %(most)s filters; forget one first", most=MOST_FILTERS))
    made = SavedFilter(
        id=unit.new_id("saved_filter"),
        person_id=unit.by.id,
        name=name,
        page=page,
        query=query,
        process_id=process,
        shared=shared,
        saved_at=unit.now,
    )
    unit.session.add(made)
    unit.audit("filter.save", made.id)
    unit.session.flush()
    return made


def forget_filter(unit: Unit, id: str) -> None:
    """Forget a filter of one's own."""
    unit.session.delete(get_own_filter(unit.viewer, id))
    unit.audit("filter.forget", id)
    unit.session.flush()


def get_own_filter(viewer: Viewer, id: str) -> SavedFilter:
    """A filter that somebody keeps themselves."""
    saved = viewer.session.get(SavedFilter, id)
    if saved is None or saved.person_id != viewer.by.id:
        raise NotFound(sentence("you keep no filter %(id)s", id=repr(id[:64])))
    return saved


def select_filters(viewer: Viewer) -> Select[SavedFilter]:
    """The filters that somebody may use: their own, and those that colleagues of the same process share."""
    shared = viewer.within(select(SavedFilter.id).where(SavedFilter.shared.is_(True)), SavedFilter)
    usable = (SavedFilter.person_id == viewer.by.id) | SavedFilter.id.in_(shared)
    return select(SavedFilter).where(usable).order_by(SavedFilter.name, SavedFilter.id)
