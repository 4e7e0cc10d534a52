"""Keeping the queue of open work in step with the record: what waits is written by the act that makes it wait.

Every act passes here once, before it is committed, with what it moved; so a status that lost its evidence is in the
queue in the same transaction. All entries about a subject follow from the record alone, and from no clock: a date that
will have passed is entered beforehand, with the instant from which it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, inspect, select
from sqlalchemy.orm import InstanceState, Session

from tracker.actions.support import status_support
from tracker.actions.support.lookup import MODELS
from tracker.domain import ids, silence
from tracker.domain import standing as rules
from tracker.domain.publication import WITHDRAWN
from tracker.domain.tracks import SUBJECTS, TRACKS
from tracker.domain.work_queue import UNREVIEWED
from tracker.store import statuses
from tracker.store.database import core_connection
from tracker.store.deadlines import Deadline
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.protection import Lowering
from tracker.store.redaction import Redaction
from tracker.store.statuses import Citation, StatusChange
from tracker.store.subjects import Subject
from tracker.store.work_queue import CUSTODIANS, OpenWork

Entry = dict[str, Any]
Key = tuple[str, str, str]

_TABLE: Final = OpenWork.__table__
_KEY: Final = ("kind", "reader", "about")
#: What of a process, and of an organization, decides on what waits elsewhere.
_WIDE: Final = {Process: ("publication", "evidence_policy", "calendar"), Organization: ("part_of_id",)}
_ONE_DAY: Final = timedelta(days=1)


def find_moved(row: Any) -> str | None:
    """What has to be looked at anew because this row was written: a subject or, where it reaches that far, all of a
    process or of an organization."""
    if isinstance(row, Subject):
        return row.id
    if isinstance(row, StatusChange):
        return row.subject_id
    if isinstance(row, Lowering):
        return row.evidence_id
    if isinstance(row, Redaction) and ids.kind_of(row.thing_id) in SUBJECTS:
        return row.thing_id
    if isinstance(row, (Process, Organization)):
        state: InstanceState[Any] = inspect(row)  # what is new has nothing in it, and nothing rests on it
        if state.persistent and any(state.attrs[name].history.has_changes() for name in _WIDE[type(row)]):
            return row.id
    return None


def refresh_queue(session: Session, things: Iterable[str], now: datetime) -> None:
    """Make the queue say of these things, and of what rests on them, what waits now."""
    for subject in sorted(_concerned(session, things)):
        before, after = _held(session, subject), _entries(session, subject, now)
        for key in before:
            if before[key] != after.get(key):
                where = [_TABLE.c[name] == value for name, value in zip(_KEY, key, strict=True)]
                core_connection(session).execute(delete(OpenWork).where(*where))
        if new := [entry for key, entry in after.items() if entry != before.get(key)]:
            core_connection(session).execute(insert(OpenWork), new)


def rebuild_queue(session: Session, now: datetime) -> None:
    """Write the queue anew."""
    refresh_queue(session, _everything(session), now)


def find_differences(session: Session, now: datetime) -> list[str]:
    """Each subject of which the queue does not say what waits."""
    return [
        f"{subject}: the queue of open work does not say what waits"
        for subject in _everything(session)
        if _held(session, subject) != _entries(session, subject, now)
    ]


def _everything(session: Session) -> list[str]:
    return list(session.scalars(select(Subject.id).order_by(Subject.id)))


def _concerned(session: Session, things: Iterable[str]) -> set[str]:
    """The subjects of which something may wait because of these: themselves, those whose status cites one, the dates by
    which one has to be answered; all in a process; all that was ever said where an organization joined another."""
    found: set[str] = set()
    for thing in set(things):
        kind = ids.kind_of(thing)
        if kind == "process":
            found.update(session.scalars(select(Subject.id).where(Subject.process_id == thing)))
        elif kind == "organization":
            found.update(
                session.scalars(select(StatusChange.subject_id).where(StatusChange.number.is_not(None)))
            )
        else:
            found.add(thing)
        if kind == "evidence":
            citing = select(StatusChange.subject_id).join(Citation, Citation.change_id == StatusChange.id)
            found.update(session.scalars(citing.where(Citation.evidence_id == thing)))
        if kind == "recommendation":
            found.update(session.scalars(select(Deadline.id).where(Deadline.owner_id == thing)))
    return found


def _held(session: Session, subject: str) -> dict[Key, Entry]:
    rows = core_connection(session).execute(select(_TABLE).where(_TABLE.c.subject_id == subject)).mappings()
    return {(row["kind"], row["reader"], row["about"]): dict(row) for row in rows}


def _entries(session: Session, id: str, now: datetime) -> dict[Key, Entry]:
    """What waits of a subject."""
    subject: Subject = session.get_one(MODELS[ids.kind_of(id) or ""], id)
    changes = session.scalars(select(StatusChange).where(StatusChange.subject_id == id))
    every = sorted(changes, key=lambda change: change.number or 0)
    return {
        (one["kind"], one["reader"], one["about"]): one for one in _of_subject(session, subject, every, now)
    }


def _of_subject(
    session: Session, subject: Subject, changes: Sequence[StatusChange], now: datetime
) -> Iterator[Entry]:
    yield from _proposals(subject, changes)
    yield from _redactions(session, subject)
    if isinstance(subject, Evidence):
        yield from _lowering(session, subject)
    if WITHDRAWN in (subject.publication, subject.process.publication):
        return  # nothing more can be said of it
    yield from _returned(subject, changes)
    asked = {change.track for change in changes if change.decision == "proposed"}
    approved = [change for change in changes if change.number is not None]
    if isinstance(subject, Evidence) and "verification" not in asked:
        state = _state(approved, "verification", subject.process.lead_id)
        if state in UNREVIEWED:
            yield _desk("review", subject, subject.created_at, "verification", state) | {
                "submitter_id": subject.created_by
            }
    if isinstance(subject, Deadline) and "outcome" not in asked:
        yield from _overdue(session, subject, approved)
    yield from _bases(session, subject, approved, now)


def _entry(kind: str, subject: Subject, about: str, since: datetime, **more: Any) -> Entry:
    """A row of the table, every column of it."""
    empty = dict.fromkeys(("assessor_id", "track", "state", "basis", "author_id", "submitter_id"))
    named = {"process_id": subject.process_id, "subject_id": subject.id, "items": [], "reader": ""}
    return {"kind": kind, "about": about, "since": since, **empty, **named, **more}


def _desk(kind: str, subject: Subject, since: datetime, track: str, state: str) -> Entry:
    """What the lead has not answered yet."""
    lead = subject.process.lead_id
    return _entry(kind, subject, subject.id, since, track=track, state=state, assessor_id=lead)


def _answer(kind: str, subject: Subject, change: StatusChange, since: datetime, **more: Any) -> Entry:
    said = {"assessor_id": change.assessor_id, "track": change.track, "state": change.to_state}
    return _entry(kind, subject, change.id, since, **said, **more)


def _proposals(subject: Subject, changes: Sequence[StatusChange]) -> Iterator[Entry]:
    for change in changes:
        if change.decision == "proposed":
            judged = subject.created_by if TRACKS[change.track].holder == "desk" else None
            by = {"author_id": change.proposed_by, "submitter_id": judged}
            yield _answer("proposal", subject, change, change.created_at, **by)


def _returned(subject: Subject, changes: Sequence[StatusChange]) -> Iterator[Entry]:
    """What came back, until the same is proposed anew, by whomever."""
    for change in changes:
        if change.decision == "returned" and not any(_again(change, other) for other in changes):
            at: datetime = change.decided_at  # type: ignore[assignment]  # held by a CHECK
            yield _answer("returned", subject, change, at, reader=change.proposed_by)


def _again(change: StatusChange, other: StatusChange) -> bool:
    def line(one: StatusChange) -> tuple[str | None, ...]:
        return (one.track, one.assessor_id, one.replies_to_id)

    later = change.decided_at is not None and other.created_at >= change.decided_at
    return later and other is not change and line(other) == line(change)


def _redactions(session: Session, subject: Subject) -> Iterator[Entry]:
    """Of all that a subject says, or of the words of one public act about it."""
    query = select(Redaction).where(Redaction.thing_id == subject.id, Redaction.done_at.is_(None))
    for one in session.scalars(query):
        yield _entry("redaction", subject, one.target_id, one.ordered_at, author_id=one.ordered_by)


def _lowering(session: Session, item: Evidence) -> Iterator[Entry]:
    one = session.get(Lowering, item.id)
    if one is not None:
        yield _entry("lowering", item, item.id, one.proposed_at, author_id=one.proposed_by)


def _line(approved: Iterable[StatusChange], track: str, assessor: str) -> list[rules.Change]:
    own = (row for row in approved if (row.track, row.assessor_id) == (track, assessor))
    return rules.order_line(statuses.to_change(row) for row in own)


def _state(approved: Iterable[StatusChange], track: str, assessor: str) -> str:
    line = _line(approved, track, assessor)
    return line[-1].state if line else TRACKS[track].initial


def _overdue(session: Session, deadline: Deadline, approved: Sequence[StatusChange]) -> Iterator[Entry]:
    """A date of which nothing came yet: from the day after it on. An answer meets the date by which it was due."""
    state = _state(approved, "outcome", deadline.process.lead_id)
    if state != TRACKS["outcome"].initial or deadline.due_on >= date.max - _ONE_DAY:
        return
    if deadline.type == silence.RESPONSE_DUE:
        said = statuses.list_approved(session, deadline.owner_id, "response")
        if silence.find_answer_day(_line(said, "response", deadline.process.lead_id)) is not None:
            return
    yield _desk(
        "overdue", deadline, deadline.process.days.starts(deadline.due_on + _ONE_DAY), "outcome", state
    )


def _bases(
    session: Session, subject: Subject, approved: Sequence[StatusChange], now: datetime
) -> Iterator[Entry]:
    """The statuses that hold and are not supported: for custodians by all there is, for the desk and for the assessor
    by what they may know."""
    lines = {(row.track, row.assessor_id) for row in approved}
    holding = {line[-1].id for line in (_line(approved, *one) for one in sorted(lines)) if line}
    current = [row for row in approved if row.id in holding]
    found = status_support.find_support(session, subject, current, approved, now) if current else {}
    for row in current:
        truth = found[row.id]
        for reader, known in ((CUSTODIANS, truth), ("", truth.desk()), (row.assessor_id, truth.told())):
            basis = known.basis()
            if basis != "supported":
                fell = rules.find_contradicting_items(known.items)
                yield _answer(
                    "basis", subject, row, _fell(session, row, fell), reader=reader, basis=basis
                ) | {
                    "items": [
                        {"evidence": one.evidence, "stance": one.stance, "verification": one.verification}
                        for one in fell
                    ]
                }


def _fell(session: Session, change: StatusChange, items: Iterable[rules.Item]) -> datetime:
    """Since when a status is not supported: since the first of these items fell, and not before it was approved."""
    moments = [_turned(session.get_one(Evidence, one.evidence), session) for one in items]
    approved: datetime = change.decided_at  # type: ignore[assignment]  # held by a CHECK
    return max(approved, min(moments, default=approved))


def _turned(item: Evidence, session: Session) -> datetime:
    """When an item became what it is."""
    if item.withdrawn_at is not None:
        return item.withdrawn_at
    judged = statuses.list_approved(session, item.id, "verification")
    return rules.find_run(_line(judged, "verification", item.process.lead_id))[0].recorded_at
