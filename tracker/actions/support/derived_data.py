"""Derived data: everything that follows from the record, and the order in which it is brought into step with it.

The composition root gives these hooks to the unit of work, which runs each of them once, before the commit. No act
can forget one, and the unit of work knows none of them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from tracker.actions.support import (
    pending_updates,
    public_events,
    record_index,
    record_search,
    status_support,
    work_queue,
)
from tracker.actions.support.unit import Hook, Unit
from tracker.database import full_text
from tracker.domain import ids
from tracker.domain.tracks import SUBJECTS
from tracker.public import documents, feed_state, log
from tracker.public.tables import search as public_search
from tracker.store import audit
from tracker.store.change_rows import ChangeRow
from tracker.store.custody import EvidenceFile
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.recommendations import Addressee
from tracker.store.record_search import INDEX
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject


def _thing(row: Any) -> str | None:
    """Adding or removing a part is an edit of the whole, which gets a new version."""
    return row.id if isinstance(row, (Process, Organization, Subject)) else None


def _indexed(row: Any) -> str | None:
    """Lists find evidence by its verification, too."""
    verified = isinstance(row, (StatusChange, ChangeRow)) and row.track == "verification"
    return row.subject_id if verified else _thing(row)


def _supports(row: Any) -> str | None:
    """What decides on the grounds of a status, beside its citations."""
    if isinstance(row, (Organization, Subject, Addressee, EvidenceFile)) or _indexed(row) is not None:
        return status_support.SUPPORT
    return None


def _write_documents(unit: Unit, things: Collection[str]) -> None:
    if things:
        reworded, days = unit.changes(public_events.NAMES), unit.changes(public_events.DAYS)
        documents.refresh_documents(unit.connection, things, unit.now, reworded, days)


def _move_heads(unit: Unit, things: Collection[str]) -> None:
    if things:
        feed_state.move_heads_of(unit.connection, list(things))


def _move_editions(unit: Unit, things: Collection[str]) -> None:
    if things:
        feed_state.move_editions_of(unit.connection, list(things))


def _refresh_queue(unit: Unit, things: Collection[Any]) -> None:
    """Of what reaches all of a process or of an organization, the first part."""
    wide = [one for one in things if isinstance(one, str) and ids.kind_of(one) not in SUBJECTS]
    work_queue.refresh_queue(unit.session, [one for one in things if one not in wide], unit.now)
    for thing in wide:
        pending_updates.begin_update(unit, "work_queue", thing)


def _forget_words(unit: Unit, _things: Collection[str]) -> None:
    """After both search indexes were written: what was taken out of them must not be left in their files."""
    if unit.erases:
        for index in (INDEX, public_search):
            full_text.forget_dropped(unit.connection, index)


def _nothing(_unit: Unit, _things: Collection[str]) -> None:
    """It is only remembered while a unit lasts."""


#: In this order: lists and search look at what was recorded, the logs at all that was said.
HOOKS: Final = (
    Hook(status_support.SUPPORT, _nothing, _supports),
    Hook(public_events.DOCUMENTS, _write_documents),
    Hook(public_events.HEADS, _move_heads),
    Hook(public_events.EDITIONS, _move_editions),
    Hook("record_search", lambda unit, things: record_search.refresh_search(unit.session, things), _thing),
    Hook("record_index", lambda unit, things: record_index.refresh_index(unit.session, things), _indexed),
    Hook("work_queue", _refresh_queue, work_queue.find_moved),
    Hook("erased_words", _forget_words),
    Hook("audit_trail", lambda unit, _things: audit.extend_log(unit.connection)),
    Hook("public_log", lambda unit, _things: log.extend_log(unit.connection)),
)
