"""Proving that the public side follows from the record, and making it follow again.

Three questions. Does every public document follow from the public acts? Do the acts say what the record says? Is
there anything on either side that the other does not know? Each answer is a list of findings; none means yes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from tracker.actions.support import (
    pending_updates,
    public_events,
    record_index,
    record_search,
    status_support,
    work_queue,
)
from tracker.actions.support.lookup import MODELS
from tracker.actions.support.public_acts import dump_public_content, find_public_file, keep_public_file
from tracker.actions.support.unit import Unit
from tracker.domain import ids, publication
from tracker.domain.canonical import format_instant
from tracker.public import consistency, current, documents, events, feed_state, public_files
from tracker.public.content import allow_list
from tracker.public.projection import Facts, project_facts
from tracker.store import statuses
from tracker.store.evidence import Evidence
from tracker.store.subjects import Subject


def check_public_side(unit: Unit) -> list[str]:
    """What does not agree, in plain words; empty when the public side equals the record. Nothing is written."""
    waiting = pending_updates.list_waiting_things(unit)
    pending = consistency.Pending(waiting["documents"] | waiting["days"], waiting["withdrawal"])
    return [
        finding
        for what, find in (
            ("the public side", lambda: consistency.find_differences(unit.connection, unit.now, pending)),
            ("the record", lambda: _find_unsaid(unit, waiting)),
            ("what is pending", lambda: pending_updates.find_wrong_marks(unit)),
            ("what is public", lambda: _find_unknown(unit)),
            ("the public copies", lambda: _other_files(unit)),
            ("the search of the record", lambda: record_search.find_differences(unit.session)),
            (_LISTS, lambda: record_index.find_differences(unit.session)),
            (_QUEUE, lambda: work_queue.find_differences(unit.session, unit.now)),
        )
        for finding in consistency.report_broken(what, find)
        if finding.partition(":")[0] not in waiting.get(_WAITS_FOR.get(what, ""), ())
    ]


#: What the desk finds things by -> the work that still has to bring it into step, where some is pending.
_LISTS, _QUEUE = "the lists of the record", "the queue"
_WAITS_FOR: Final = {_LISTS: "withdrawal", _QUEUE: "work_queue"}


def rebuild_public_side(unit: Unit) -> int:
    """Write every public document again from the public acts, and what both sides are searched and listed by; say again
    which bytes are the public copies. The acts themselves are history and stay."""
    while pending_updates.continue_update(unit):
        pass
    things = consistency.list_things(unit.connection)
    documents.drop_other_documents(unit.connection, things)
    feed_state.restore_heads(unit.connection, things)
    for thing in things:
        current.renew_rows(unit.connection, thing, _day_of(unit, thing))
    for _ in range(2):  # documents show each other's names: the second time all of them are there
        documents.refresh_documents(unit.connection, things, unit.now)
    public_files.clear_public_files(unit.connection)
    for item in unit.session.scalars(select(Evidence).order_by(Evidence.id)):
        keep_public_file(unit, item)
    record_search.rebuild_search(unit.session)
    record_index.rebuild_index(unit.session)
    work_queue.rebuild_queue(unit.session, unit.now)
    unit.audit("public.rebuild", "public", documents=len(things))
    return len(things)


def _day_of(unit: Unit, thing: str) -> date:
    row = unit.session.get(MODELS[ids.kind_of(thing) or ""], thing)
    return unit.now.date() if row is None else public_events.day_of(unit, row)


def refresh_expired(unit: Unit, most: int) -> int:
    """Write the documents again that have turned with the day, at most so many; returns how many. Readers got them
    right before, computed in memory; now they are read again. No public act says so, for nobody did anything."""
    things = documents.list_expired(unit.connection, format_instant(unit.now), most)
    documents.refresh_documents(unit.connection, things, unit.now, reworded=())
    if things:
        unit.audit("public.refresh", "public", documents=len(things))
    return len(things)


def _find_unsaid(unit: Unit, waiting: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Where the acts do not say what the record says, and nothing waits to be said."""
    for model in MODELS.values():
        for row in unit.session.scalars(select(model).order_by(model.id)):
            if row.publication == publication.DRAFT or row.published_at is None:
                continue
            if row.id in waiting["withdrawal"]:
                continue
            find = partial(_of_thing, unit, row, bases=row.id not in waiting["bases"])
            yield from consistency.report_broken(f"{row.id} in the record", find)


def _of_thing(unit: Unit, row: Any, *, bases: bool) -> Iterator[str]:
    facts = project_facts(row.id, events.list_about(unit.connection, row.id))
    if facts.content is None:
        yield f"{row.id}: published in the record, and no public act says so"
        return
    if (row.publication == publication.WITHDRAWN) != (facts.withdrawn is not None):
        yield f"{row.id}: the record has it {row.publication}, the public acts do not"
    if row.publication == publication.PUBLISHED and dump_public_content(unit, row) != facts.content:
        yield f"{row.id}: the public text is not that of the record"
    if isinstance(row, Subject):
        yield from _of_changes(unit, row, facts, bases=bases)


def _of_changes(unit: Unit, subject: Subject, facts: Facts, *, bases: bool) -> Iterator[str]:
    """``bases``: whether on what statuses stand has been said by now."""
    published = {change["id"]: change for change in facts.changes}
    rows = statuses.list_approved(unit.session, subject.id)
    if subject.publication == publication.PUBLISHED and [row.id for row in rows] != list(published):
        yield f"{subject.id}: its approved status changes are not those that were made public"
    supports = status_support.find_support(unit.session, subject, rows, rows, unit.now)
    for row in rows:
        change = published.get(row.id)
        if change is None:
            continue
        own = allow_list.dump_change(row, list(row.citations))
        known = own.pop("citations")
        if any(change[member] != value for member, value in own.items()) or any(
            citation not in known for citation in change["citations"]
        ):
            yield f"{row.id}: the public status change is not that of the record"
        public = bases and subject.publication == publication.PUBLISHED
        if public and change["basis"] != supports[row.id].public_basis():
            yield f"{row.id}: the public basis is not what its evidence gives"


def _other_files(unit: Unit) -> Iterator[str]:
    """Where the public copy of an item is not the one that was approved."""
    published = dict(public_files.list_public_files(unit.connection))
    for item in unit.session.scalars(select(Evidence).order_by(Evidence.id)):
        if published.pop(item.id, None) != find_public_file(unit, item):
            yield f"{item.id}: its public copy is not the one that the record has approved"
    yield from (f"{thing}: has a public copy, and no record" for thing in published)


def _find_unknown(unit: Unit) -> Iterator[str]:
    for thing in consistency.list_things(unit.connection):
        kind = ids.kind_of(thing)
        row = unit.session.get(MODELS[kind], thing) if kind and kind in MODELS else None
        if row is None or row.published_at is None:
            yield f"{thing}: public, and not published in the record"
