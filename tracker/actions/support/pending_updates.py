"""Work that reaches far: an act does the first part of it, and what is left is queued and done after the commit.

An edit of a process, or of an organization, may reach ten thousands of things, and while a transaction lasts nobody
else writes. So each transaction works on `AT_ONCE` things at most, in the order of their ids, and writes down how far
it came. A process that is killed between two parts has lost nothing. While something that readers see is pending, the
public processes that it concerns say so (``updating_since``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from tracker.actions.support import basis_updates, public_events, withdrawals, work_queue
from tracker.actions.support.unit import Unit
from tracker.domain import ids, publication
from tracker.domain.canonical import format_instant
from tracker.domain.pending_updates import AT_ONCE
from tracker.domain.tracks import SUBJECTS
from tracker.public import current, feed_state
from tracker.store.import_batches import list_processes
from tracker.store.organizations import Organization
from tracker.store.pending_updates import PendingUpdate, end_update, list_pending, move_update, queue_update
from tracker.store.proposals import Proposal
from tracker.store.subjects import Subject

#: Lists at most so many (None: all) of the ids that a thing reaches after a place, in their order.
Lister = Callable[[Unit, str, str, int | None], list[str]]


def _do_nothing(_unit: Unit, _thing: str) -> None:
    return


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work. ``shown`` says whether readers of the public side see its result; ``at_once`` how many things
    one transaction works on, where it is less than elsewhere; ``then`` what follows when nothing is left."""

    list_next: Lister
    apply: Callable[[Unit, str, Sequence[str]], None]
    shown: bool = True
    at_once: int | None = None
    then: Callable[[Unit, str], None] = _do_nothing


def begin_update(unit: Unit, kind: str, thing: str) -> None:
    """Do the first part of this work in the act itself, which most often is all, and queue what is left."""
    update = PendingUpdate(kind, thing, "", unit.now)
    _things, cursor = _do_part(unit, update)
    if cursor is not None:
        queue_update(unit.session, update._replace(cursor=cursor))
        if WORK[kind].shown:
            _mark_processes(unit, thing)
    else:
        WORK[kind].then(unit, thing)


def continue_update(unit: Unit) -> bool:
    """Do the next part of what was queued first. Returns whether there was one."""
    update = next(iter(list_pending(unit.session)), None)
    if update is None:
        return False
    things, cursor = _do_part(unit, update)
    shown = WORK[update.kind].shown
    if shown:
        unit.changed(public_events.EDITIONS, things)
    if cursor is not None:
        move_update(unit.session, update, cursor)
        if shown and any(ids.kind_of(thing) == "process" for thing in things):  # public since this part
            _mark_processes(unit, update.thing)
    else:
        end_update(unit.session, update)
        WORK[update.kind].then(unit, update.thing)
        if shown:
            _clear_marks(unit)
    unit.audit("work.continued", update.thing, work=update.kind, things=len(things))
    return True


def list_waiting_things(unit: Unit) -> dict[str, set[str]]:
    """By the kind of work, the things on which it is still to be done: what a check does not hold against them."""
    waiting: dict[str, set[str]] = {kind: set() for kind in WORK}
    for update in list_pending(unit.session):
        waiting[update.kind].update(WORK[update.kind].list_next(unit, update.thing, update.cursor, None))
    return waiting


def find_wrong_marks(unit: Unit) -> list[str]:
    """Each process that says that something is pending where nothing is, or does not say so where something is."""
    shown = [one.thing for one in list_pending(unit.session) if WORK[one.kind].shown]
    busy = {process for thing in shown for process in _list_concerned(unit, thing)}
    marked = set(feed_state.list_marked(unit.connection))
    wide = any(ids.kind_of(thing) == "organization" for thing in shown)
    wrong = busy - marked if wide else busy ^ marked
    return [f"{process}: whether it is being updated is not what is pending" for process in sorted(wrong)]


def _do_part(unit: Unit, update: PendingUpdate) -> tuple[list[str], str | None]:
    """Work on the next things. Returns them, and the place to go on from; None where nothing is left."""
    work = WORK[update.kind]
    most = work.at_once or AT_ONCE
    listed = work.list_next(unit, update.thing, update.cursor, most + 1)
    things = listed[:most]
    work.apply(unit, update.thing, things)
    return things, things[-1] if len(listed) > most else None


def _list_concerned(unit: Unit, thing: str) -> list[str]:
    """The public processes in which something is told otherwise by what a thing reaches. An organization that is no
    draft reaches all of them; of a draft nobody learns that it was edited."""
    kind = ids.kind_of(thing)
    if kind == "organization":
        draft = unit.session.get_one(Organization, thing).publication == publication.DRAFT
        return [] if draft else feed_state.list_open(unit.connection)
    if kind == "proposal":  # a batch that becomes public in parts
        only = unit.session.get_one(Proposal, thing).process_id
        own = {only} if only else set(list_processes(unit.session, thing))
    else:
        own = {thing if kind == "process" else unit.session.get_one(Subject, thing).process_id}
    return [one for one in feed_state.list_open(unit.connection) if one in own]


def _mark_processes(unit: Unit, thing: str) -> None:
    """Let the processes that are concerned say since when something is pending."""
    concerned = _list_concerned(unit, thing)
    feed_state.mark_pending(unit.connection, concerned, format_instant(unit.now))
    unit.changed(public_events.DOCUMENTS, concerned)
    unit.changed(public_events.HEADS, concerned)


def _clear_marks(unit: Unit) -> None:
    """Let the processes for which nothing is pending any more say no more that something is."""
    left = [one.thing for one in list_pending(unit.session) if WORK[one.kind].shown]
    busy = {process for thing in left for process in _list_concerned(unit, thing)}
    done = [process for process in feed_state.list_marked(unit.connection) if process not in busy]
    feed_state.clear_pending(unit.connection, done)
    unit.changed(public_events.DOCUMENTS, done)
    unit.changed(public_events.EDITIONS, done)


def _write_documents(unit: Unit, thing: str, things: Sequence[str]) -> None:
    unit.changed(public_events.DOCUMENTS, things)
    if ids.kind_of(thing) == "organization":  # its name may stand in several processes
        unit.changed(public_events.HEADS, things)


def _renew_days(unit: Unit, process: str, things: Sequence[str]) -> None:
    """Where a process has another calendar, it may be another day there."""
    query = select(Subject).where(
        Subject.id.in_([one for one in things if ids.kind_of(one) in SUBJECTS]),
        Subject.publication == publication.PUBLISHED,
    )
    for subject in unit.session.scalars(query):
        current.renew_rows(unit.connection, subject.id, public_events.day_of(unit, subject))
    _write_documents(unit, process, things)


def _refresh_queue(unit: Unit, _thing: str, things: Sequence[str]) -> None:
    work_queue.refresh_subjects(unit.session, things, unit.now)


#: What can be queued: `tracker.domain.pending_updates.KINDS`. What is no derived data is entered by its own module.
WORK: Final[dict[str, Work]] = {
    "withdrawal": Work(withdrawals.list_unsaid, withdrawals.say_withdrawn, shown=False),
    "days": Work(public_events.list_showing, _renew_days),
    "documents": Work(public_events.list_showing, _write_documents),
    "bases": Work(basis_updates.list_supported, basis_updates.update_bases_of),
    "work_queue": Work(work_queue.list_reached, _refresh_queue, shown=False),
}
