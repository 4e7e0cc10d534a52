"""Saying something in public: the act, and the documents that it touches, in the transaction of the act that says it.

The documents are written once, at the end of the unit (`tracker.actions.support.derived_data`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from tracker.actions.support.unit import Unit
from tracker.domain import ids, publication
from tracker.domain.public_acts import Kind
from tracker.public import current, documents, events, feed_state
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.subject_rows import SubjectRow
from tracker.store.subjects import Subject
from tracker.tlog.commitment import SALT_SIZE

#: What an act says has changed on the public side: see `tracker.actions.support.derived_data`.
DOCUMENTS: Final = "public_documents"
NAMES: Final = "public_names"
DAYS: Final = "public_days"
HEADS: Final = "public_heads"
EDITIONS: Final = "public_editions"
#: Public acts that leave a thing called what it was called.
_SAYS_NO_NAME: Final = {*events.OF_ACT.values(), "basis.changed"}


def kind_of(row: Any) -> str:
    return ids.kind_of(row.id) or ""


def process_of(row: Any) -> str | None:
    return row.id if isinstance(row, Process) else getattr(row, "process_id", None)


def append_event(
    unit: Unit, row: Any, kind: Kind, members: dict[str, Any], cites: Iterable[str] = ()
) -> None:
    """Write one public act about a thing, and that its process moved."""
    process = process_of(row)
    act = events.append_event(
        unit.connection,
        id=unit.new_id("event"),
        kind=kind,
        now=unit.now,
        process=process,
        subject=row.id,
        data=members,
        salt=unit.entropy(SALT_SIZE),
        cites=cites,
    )
    since = current.add(unit.connection, act, day_of(unit, row))
    unit.changed(DAYS, [(row.id, since)])
    feed_state.move_head(unit.connection, process, act.seq)
    if kind not in _SAYS_NO_NAME:
        unit.changed(NAMES, [row.id])


def day_of(unit: Unit, row: Any) -> date:
    """The day where the process of a thing is."""
    if isinstance(row, (Subject, SubjectRow)):
        return row.process.days.today(unit.now)
    return unit.now.date()  # of what is in no process nobody answers anything


def refresh_documents(unit: Unit, row: Any, things: Iterable[str]) -> None:
    """Have documents written again before the commit. What an organization's name stands in may belong to several
    processes."""
    touched = list(things)
    unit.changed(DOCUMENTS, touched)
    if isinstance(row, Organization):
        unit.changed(HEADS, touched)


def list_things_showing(unit: Unit, row: Any) -> list[str]:
    """The things whose documents show the name of this one. That of a lead stands in all of its process, and that of a
    process in all that is in it, until both are withdrawn."""
    things = _list_naming(unit, row.id)
    if isinstance(row, Process) and row.publication == publication.WITHDRAWN:
        return things
    processes = (
        [row.id] if isinstance(row, Process) else [one for one in things if ids.kind_of(one) == "process"]
    )
    return things + [
        one for process in processes for one in documents.list_things_of(unit.connection, process)
    ]


def _list_naming(unit: Unit, thing: str) -> list[str]:
    """The things whose public acts name this one; of an organization also those that name one whose place it may have
    taken: lists find them by it."""
    named = [thing, *events.list_ancestors(unit.connection, thing)]
    return sorted({one for name in named for one in events.list_naming(unit.connection, name)})


def list_showing(unit: Unit, thing: str, after: str, most: int | None) -> list[str]:
    """The same in the order of their ids: at most so many after a place."""
    things = _list_naming(unit, thing)
    processes = [one for one in (thing, *things) if ids.kind_of(one) == "process"]
    own = documents.list_things_of_all(unit.connection, processes, after, most)
    return sorted({*own, *(one for one in things if one > after)})[:most]


def list_published_in(unit: Unit, process: str | None, after: str, most: int | None) -> list[str]:
    """The public subjects of a process, or of all, in the order of their ids: at most so many after a place."""
    query = select(Subject.id).where(Subject.publication == publication.PUBLISHED, Subject.id > after)
    if process is not None:
        query = query.where(Subject.process_id == process)
    return list(unit.session.scalars(query.order_by(Subject.id).limit(most)))
