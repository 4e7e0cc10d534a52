"""Saying something in public: the act, and the documents that it touches, in the transaction of whoever says it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from tracker.actions.support.unit import Unit
from tracker.domain import ids, publication
from tracker.public import documents, events, feed_state
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.subjects import Subject
from tracker.tlog.commitment import SALT_SIZE


def kind_of(row: Any) -> str:
    return ids.kind_of(row.id) or ""


def process_of(row: Any) -> str | None:
    return row.id if isinstance(row, Process) else getattr(row, "process_id", None)


def append_event(
    unit: Unit, row: Any, kind: events.Kind, said: dict[str, Any], cites: Iterable[str] = ()
) -> None:
    """Write one public act about a thing, and that its process moved."""
    process = process_of(row)
    seq = events.append_event(
        unit.connection,
        id=unit.new_id("event"),
        kind=kind,
        now=unit.now,
        process=process,
        subject=row.id,
        said=said,
        salt=unit.entropy(SALT_SIZE),
        cites=cites,
    )
    feed_state.move_head(unit.connection, process, seq)


def refresh_documents(unit: Unit, row: Any, things: Iterable[str]) -> None:
    """Write the documents anew. What an organization's name stands in may belong to several processes."""
    touched = list(dict.fromkeys(things))
    documents.refresh_documents(unit.connection, touched, unit.now)
    if isinstance(row, Organization):
        feed_state.move_heads_of(unit.connection, touched)


def list_things_showing(unit: Unit, row: Any) -> list[str]:
    """The things whose documents show the name of this one. That of a lead stands in all of its process."""
    things = events.list_naming(unit.connection, row.id)
    processes = (
        [row.id] if isinstance(row, Process) else [one for one in things if ids.kind_of(one) == "process"]
    )
    return things + [
        one for process in processes for one in documents.list_things_of(unit.connection, process)
    ]


def list_published_in(unit: Unit, row: Any) -> list[Subject]:
    """Every public subject of a process, evidence last; of all processes for what is in none."""
    query = select(Subject).where(Subject.publication == publication.PUBLISHED)
    if isinstance(row, Process):
        query = query.where(Subject.process_id == row.id)
    return list(unit.session.scalars(query.order_by(Subject.kind == "evidence", Subject.id)))
