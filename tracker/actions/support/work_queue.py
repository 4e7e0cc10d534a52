"""Keeping the queue of open work in step with the record: what waits is written by the act that makes it wait.

Every act passes here once, before it is committed, with what it moved; so a status that lost its evidence is in the
queue in the same transaction. All entries about a subject follow from the record alone, and from no clock: a date that
will have passed is entered beforehand, with the instant from which it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, inspect, select
from sqlalchemy.orm import InstanceState, Session

from tracker.actions.support import date_owners
from tracker.actions.support.unit import Unit
from tracker.actions.support.work_queue_entries import Entry, Key, list_entries
from tracker.database.prepared import Prepared
from tracker.domain import ids
from tracker.domain.parts import FOLLOWED
from tracker.domain.reminders import DECISIVE
from tracker.domain.reports import RELEASE
from tracker.domain.tracks import SUBJECTS
from tracker.store import citations
from tracker.store.answers import Line
from tracker.store.change_rows import ChangeRow
from tracker.store.custody import EvidenceFile
from tracker.store.database import core_connection
from tracker.store.deadlines import Deadline, list_replaced
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.proposals import Proposal
from tracker.store.questions import Question
from tracker.store.recommendations import list_wholes
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject
from tracker.store.work_queue import OpenWork

_TABLE: Final[Any] = OpenWork.__table__
_KEY: Final = ("kind", "reader", "about")
#: What of a process, and of an organization, decides on what waits elsewhere.
_WIDE: Final = {
    Process: ("publication", "evidence_policy", "calendar", "reminders"),
    Organization: ("part_of_id", "predecessors", "member_of"),
}
#: Tracks on which an answer may be the event with which a date begins.
_EVENTS: Final = ("outcome", "response", RELEASE)
#: The kinds of entry that follow from the answers of one line, and from those on a track; others follow from a subject
#: as a whole, also where they name a track.
_OF_ANSWERS: Final = frozenset({"proposal", "returned", "basis"})
_OF_TRACKS: Final = frozenset({"review", "overdue", "reckoning"})
_HELD: Final = Prepared(select(_TABLE).where(_TABLE.c.subject_id == bindparam("subject")))
_DROP: Final = Prepared(delete(_TABLE).where(*(_TABLE.c[name] == bindparam(name) for name in _KEY)))
_ADD: Final = Prepared(insert(_TABLE))


def find_moved(row: Any) -> str | Line | None:
    """What has to be looked at again because this row was written: a subject, or one line of its answers; or, where it
    reaches that far, all of a process or of an organization."""
    if isinstance(row, Subject):
        return row.id
    if isinstance(row, (StatusChange, ChangeRow)):
        return Line.of(row)
    if isinstance(row, EvidenceFile):  # a check of one that is there moves nothing
        return None if inspect(row).persistent else row.evidence_id
    if isinstance(row, Question):
        return row.evidence_id
    if isinstance(row, Proposal) and ids.kind_of(row.thing_id) in SUBJECTS:
        return row.thing_id
    if isinstance(row, (Process, Organization)):
        state: InstanceState[Any] = inspect(row)
        if isinstance(row, Organization) and not state.persistent and (row.predecessors or row.member_of):
            return row.id  # those that it joins count as one from now on
        # Else what is new has nothing in it, and nothing rests on it.
        if state.persistent and any(state.attrs[name].history.has_changes() for name in _WIDE[type(row)]):
            return row.id
    return None


def refresh_queue(session: Session, things: Iterable[str | Line], now: datetime) -> None:
    """Make the queue say of these things, and of what rests on them, what waits now."""
    subjects, lines = _find_concerned(session, things)
    refresh_subjects(session, subjects, now)
    for line in sorted(line for line in lines if line.subject not in subjects):
        entries = {key: one for key, one in _read_entries(session, line.subject).items() if _is_of(one, line)}
        _write(session, entries, list_entries(session, line.subject, now, line))


def refresh_subjects(session: Session, subjects: Iterable[str], now: datetime) -> None:
    """The same of these subjects alone, and of nothing that rests on them."""
    for subject in sorted(subjects):
        _write(session, _read_entries(session, subject), list_entries(session, subject, now))


def _is_of(entry: Entry, line: Line) -> bool:
    """Whether it depends on the answers of this line what an entry says. What the lead has not answered yet stands
    under the track, no matter who leads."""
    own = entry["kind"] in _OF_ANSWERS and entry["assessor_id"] == line.assessor
    return entry["track"] == line.track and (own or entry["kind"] in _OF_TRACKS)


def _write(session: Session, before: Mapping[Key, Entry], after: Mapping[Key, Entry]) -> None:
    """Put the entries of now in the place of those that stood there, where they differ."""
    if gone := [key for key in before if before[key] != after.get(key)]:
        _DROP.run_all(core_connection(session), [dict(zip(_KEY, key, strict=True)) for key in gone])
    if new := [entry for key, entry in after.items() if entry != before.get(key)]:
        _ADD.run_all(core_connection(session), new)


def rebuild_queue(session: Session, now: datetime) -> None:
    """Write the whole queue again."""
    refresh_queue(session, _list_all(session), now)


def find_differences(session: Session, now: datetime) -> list[str]:
    """Each subject of which the queue does not say what waits."""
    return [
        f"{subject}: the queue of open work does not say what waits"
        for subject in _list_all(session)
        if _read_entries(session, subject) != list_entries(session, subject, now)
    ]


def _list_all(session: Session) -> list[str]:
    return list(session.scalars(select(Subject.id).order_by(Subject.id)))


def _find_concerned(session: Session, things: Iterable[str | Line]) -> tuple[set[str], set[Line]]:
    """The subjects, and the lines of others, of which something may wait because of these: themselves, the status that
    cites one, the dates by which one has to be answered."""
    subjects: set[str] = set()
    lines: set[Line] = set()
    owners: set[str] = set()
    asked: set[str] = set()
    for thing in set(things):
        if isinstance(thing, Line):
            subject = thing.subject
            lines.add(thing)
        else:
            subject = thing
            subjects.add(thing)
        kind = ids.kind_of(subject)
        if kind == "evidence":
            subjects.add(subject)
            lines.update(citations.list_lines_citing(session, subject))
        if kind == "recommendation" and (subject is thing or thing[1] in FOLLOWED):
            subjects.update(list_wholes(session, subject))
        if kind == "recommendation" and subject is not thing and thing[1] in DECISIVE:
            subjects.add(subject)
        if kind == "deadline":
            asked.add(subject)
        if subject is thing or thing[1] in date_owners.TRACKS.get(kind or "", ()):
            owners.add(subject)
    subjects |= date_owners.list_dates_of(session, sorted(owners))
    subjects |= date_owners.list_asked_by(session, sorted(asked))
    known = {*subjects, *(line.subject for line in lines if line.track in _EVENTS)}
    known |= list_replaced(session, [one for one in known if ids.kind_of(one) == "deadline"])
    if first := [one for one in known if ids.kind_of(one) in ("deadline", "recommendation", "report")]:
        subjects.update(session.scalars(select(Deadline.id).where(Deadline.starts_with_id.in_(first))))
    return subjects, lines


def list_reached(unit: Unit, thing: str, after: str, most: int | None) -> list[str]:
    """The subjects of which something may wait because of a process, or of an organization that joined another: at most
    so many after a place, in the order of their ids."""
    query = select(Subject.id).where(Subject.process_id == thing)
    own = Subject.id
    if ids.kind_of(thing) == "organization":
        own = StatusChange.subject_id
        query = select(own).where(StatusChange.number.is_not(None)).distinct()
    return list(unit.session.scalars(query.where(own > after).order_by(own).limit(most)))


def _read_entries(session: Session, subject: str) -> dict[Key, Entry]:
    rows = _HELD.rows(core_connection(session), subject=subject)
    return {(row.kind, row.reader, row.about): row._asdict() for row in rows}
