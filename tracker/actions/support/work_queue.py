"""Keeping the queue of open work in step with the record: what waits is written by the act that makes it wait.

Every act passes here once, before it is committed, with what it moved; so a status that lost its evidence is in the
queue in the same transaction. All entries about a subject follow from the record alone, and from no clock: a date that
will have passed is entered beforehand, with the instant from which it is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, inspect, select
from sqlalchemy.orm import InstanceState, Session

from tracker.actions.support import date_owners, status_support
from tracker.actions.support.unit import Unit
from tracker.database.prepared import Prepared
from tracker.domain import ids, met_dates, reckonings, standing
from tracker.domain.custody import REVIEWED
from tracker.domain.deadlines import SUSPENDED
from tracker.domain.proposals import PUBLIC_COPY
from tracker.domain.publication import WITHDRAWN
from tracker.domain.tracks import SUBJECTS, TRACKS
from tracker.domain.work_queue import UNREVIEWED
from tracker.store import answers, custody
from tracker.store.answers import Line
from tracker.store.custody import EvidenceFile
from tracker.store.database import core_connection
from tracker.store.deadlines import Deadline, find_replacement, read_reckoning
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.proposals import Proposal, list_waiting
from tracker.store.statuses import ChangeRow, StatusChange
from tracker.store.subject_rows import SubjectRow
from tracker.store.subjects import Subject
from tracker.store.work_queue import CUSTODIANS, OpenWork

Entry = dict[str, Any]
Key = tuple[str, str, str]

_TABLE: Final[Any] = OpenWork.__table__
_KEY: Final = ("kind", "reader", "about")
#: What of a process, and of an organization, decides on what waits elsewhere.
_WIDE: Final = {
    Process: ("publication", "evidence_policy", "calendar"),
    Organization: ("part_of_id", "predecessors"),
}
_ONE_DAY: Final = timedelta(days=1)
#: Tracks on which an answer may be the event with which a date begins.
_EVENTS: Final = ("outcome", "response")
#: Outcomes of a date that is still open.
_OPEN: Final = frozenset({TRACKS["outcome"].initial, SUSPENDED})
_HELD: Final = Prepared(select(_TABLE).where(_TABLE.c.subject_id == bindparam("subject")))
_DROP: Final = Prepared(delete(_TABLE).where(*(_TABLE.c[name] == bindparam(name) for name in _KEY)))
_ADD: Final = Prepared(insert(_TABLE))


def find_moved(row: Any) -> str | Line | None:
    """What has to be looked at anew because this row was written: a subject, or one line of its answers; or, where it
    reaches that far, all of a process or of an organization."""
    if isinstance(row, Subject):
        return row.id
    if isinstance(row, (StatusChange, ChangeRow)):
        return Line.of(row)
    if isinstance(row, EvidenceFile):  # a check of one that is there moves nothing
        return None if inspect(row).persistent else row.evidence_id
    if isinstance(row, Proposal) and ids.kind_of(row.thing_id) in SUBJECTS:
        return row.thing_id
    if isinstance(row, (Process, Organization)):
        state: InstanceState[Any] = inspect(row)
        if isinstance(row, Organization) and not state.persistent and row.predecessors:
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
        held = {key: one for key, one in _read_entries(session, line.subject).items() if _is_of(one, line)}
        _write(session, held, _list_entries(session, line.subject, now, line))


def refresh_subjects(session: Session, subjects: Iterable[str], now: datetime) -> None:
    """The same of these subjects alone, and of nothing that rests on them."""
    for subject in sorted(subjects):
        _write(session, _read_entries(session, subject), _list_entries(session, subject, now))


def _is_of(entry: Entry, line: Line) -> bool:
    """Whether it depends on the answers of this line what an entry says. What the lead has not answered yet stands
    under the track, whoever leads."""
    alike = entry["assessor_id"] == line.assessor or entry["kind"] in ("review", "overdue", "reckoning")
    return entry["track"] == line.track and alike


def _write(session: Session, before: Mapping[Key, Entry], after: Mapping[Key, Entry]) -> None:
    """Put the entries of now in the place of those that stood there, where they differ."""
    if gone := [key for key in before if before[key] != after.get(key)]:
        _DROP.run_all(core_connection(session), [dict(zip(_KEY, key, strict=True)) for key in gone])
    if new := [entry for key, entry in after.items() if entry != before.get(key)]:
        _ADD.run_all(core_connection(session), new)


def rebuild_queue(session: Session, now: datetime) -> None:
    """Write the queue anew."""
    refresh_queue(session, _list_all(session), now)


def find_differences(session: Session, now: datetime) -> list[str]:
    """Each subject of which the queue does not say what waits."""
    return [
        f"{subject}: the queue of open work does not say what waits"
        for subject in _list_all(session)
        if _read_entries(session, subject) != _list_entries(session, subject, now)
    ]


def _list_all(session: Session) -> list[str]:
    return list(session.scalars(select(Subject.id).order_by(Subject.id)))


def _find_concerned(session: Session, things: Iterable[str | Line]) -> tuple[set[str], set[Line]]:
    """The subjects, and the lines of others, of which something may wait because of these: themselves, the status that
    cites one, the dates by which one has to be answered."""
    subjects: set[str] = set()
    lines: set[Line] = set()
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
            lines.update(answers.list_lines_citing(session, subject))
        if subject is thing or thing[1] in date_owners.TRACKS.get(kind or "", ()):
            subjects.update(date_owners.list_dates_of(session, subject, kind))
    known = {*subjects, *(line.subject for line in lines if line.track in _EVENTS)}
    if first := [one for one in known if ids.kind_of(one) in ("deadline", "recommendation")]:
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


def _list_entries(session: Session, id: str, now: datetime, line: Line | None = None) -> dict[Key, Entry]:
    """What waits of a subject, or of one line of its answers."""
    subject = status_support.read_subject(session, id)
    found = _of_subject(session, subject, now) if line is None else _of_line(session, subject, now, line)
    return {(one["kind"], one["reader"], one["about"]): one for one in found}


def _of_subject(session: Session, subject: SubjectRow, now: datetime) -> Iterator[Entry]:
    yield from _proposals_of(session, subject)
    waiting = answers.list_unsettled(session, subject.id)
    yield from _list_waiting(subject, waiting)
    if not _is_withdrawn(subject):
        yield from _list_unanswered(session, subject, waiting)
        yield from _list_basis_entries(session, subject, answers.list_lines(session, subject.id), now)


def _of_line(session: Session, subject: SubjectRow, now: datetime, line: Line) -> Iterator[Entry]:
    waiting = [one for one in answers.list_unsettled(session, subject.id) if one.track == line.track]
    lines = [line]
    if TRACKS[line.track].per_addressee:  # what waits does not say of which addressee it is
        lines = [one for one in answers.list_lines(session, subject.id) if one[:3] == line[:3]]
    yield from _list_waiting(subject, [one for one in waiting if one.assessor_id == line.assessor])
    if not _is_withdrawn(subject):
        yield from (one for one in _list_unanswered(session, subject, waiting) if one["track"] == line.track)
        yield from _list_basis_entries(session, subject, lines, now)


def _is_withdrawn(subject: SubjectRow) -> bool:
    """Then nothing more can be said of it."""
    return WITHDRAWN in (subject.publication, subject.process.publication)


def _list_unanswered(session: Session, subject: SubjectRow, waiting: Sequence[Any]) -> Iterator[Entry]:
    """What the lead has not answered yet, and nobody has proposed to."""
    asked = {change.track for change in waiting if change.decision == "proposed"}
    if subject.kind == "evidence" and "verification" not in asked:
        state = _find_lead_state(session, subject, "verification")
        since = subject.created_at if state in UNREVIEWED else _added_behind(session, subject)
        if since is not None:
            yield _desk_entry("review", subject, since, "verification", state) | {
                "submitter_id": subject.created_by
            }
    if subject.kind == "deadline":
        yield from _list_open_date(session, subject, "outcome" in asked)


def _make_entry(kind: str, subject: SubjectRow, about: str, since: datetime, **more: Any) -> Entry:
    """A row of the table, every column of it."""
    empty = dict.fromkeys(
        ("assessor_id", "track", "state", "basis", "due_on", "reason", "author_id", "submitter_id")
    )
    named = {"process_id": subject.process_id, "subject_id": subject.id, "items": [], "reader": ""}
    return {"kind": kind, "about": about, "since": since, **empty, **named, **more}


def _desk_entry(kind: str, subject: SubjectRow, since: datetime, track: str, state: str) -> Entry:
    """What the lead has not answered yet."""
    lead = subject.process.lead_id
    return _make_entry(kind, subject, subject.id, since, track=track, state=state, assessor_id=lead)


def _added_behind(session: Session, item: SubjectRow) -> datetime | None:
    """Since when an item has a file that came after its review; None where it has none."""
    review = Line(item.id, "verification", item.process.lead_id)
    reviewed = max(answer.decided_at for answer in answers.iterate_answers(session, review))
    later = [
        file.added_at
        for file in custody.list_files(session, item.id)
        if file.role in REVIEWED and file.added_at > reviewed
    ]
    return min(later, default=None)


def _answer_entry(kind: str, subject: SubjectRow, change: Any, since: datetime, **more: Any) -> Entry:
    said = {"assessor_id": change.assessor_id, "track": change.track, "state": change.to_state}
    return _make_entry(kind, subject, change.id, since, **said, **more)


def _list_waiting(subject: SubjectRow, changes: Sequence[Any]) -> Iterator[Entry]:
    """What is proposed; and what came back, while the subject can still be spoken of."""
    for change in changes:
        if change.decision == "proposed":
            judged = subject.created_by if TRACKS[change.track].holder == "desk" else None
            by = {"author_id": change.proposed_by, "submitter_id": judged}
            yield _answer_entry("proposal", subject, change, change.created_at, **by)
        elif not _is_withdrawn(subject):
            yield _answer_entry("returned", subject, change, change.decided_at, reader=change.proposed_by)


def _proposals_of(session: Session, subject: SubjectRow) -> Iterator[Entry]:
    """What else takes two people: a proposal of any kind about a subject."""
    for one in list_waiting(session, subject.id):
        by = {"author_id": one.proposed_by}
        if one.kind == PUBLIC_COPY:
            by["submitter_id"] = subject.created_by
        yield _make_entry(one.kind, subject, one.id, one.proposed_at, **by)


def _find_lead_state(session: Session, subject: SubjectRow, track: str) -> str:
    """What the lead says."""
    last = next(answers.iterate_answers(session, Line(subject.id, track, subject.process.lead_id)), None)
    return TRACKS[track].initial if last is None else str(last.to_state)


def _list_open_date(session: Session, deadline: Any, asked: bool) -> Iterator[Entry]:
    """A date of which nothing came yet: its day has passed and nobody proposed what came of it, or it would be reckoned
    otherwise now. The fact that it waits for meets it."""
    state = _find_lead_state(session, deadline, "outcome")
    owner = date_owners.read_owner(session, deadline, date.max)
    outcome, _since = met_dates.find_outcome(deadline.type, (state, None), owner, date.max)
    if outcome not in _OPEN:
        return
    if not asked and outcome != SUSPENDED:
        yield from _list_overdue(deadline, state)
    yield from _list_other_reckoning(session, deadline, state)


def _list_overdue(deadline: Any, state: str) -> Iterator[Entry]:
    """From the day after it on."""
    if deadline.due_day is not None and deadline.due_day < date.max - _ONE_DAY:
        since = deadline.process.days.starts(deadline.due_day + _ONE_DAY)
        yield _desk_entry("overdue", deadline, since, "outcome", state)


def _list_other_reckoning(session: Session, deadline: Any, state: str) -> Iterator[Entry]:
    """A date whose reckoning looked at days that the calendar counts otherwise now, or whose event happened on another
    day; not one that is replaced."""
    found, calendar = read_reckoning(session, deadline.id), deadline.process.days
    if found is None:
        return
    event_on, since = found.event_on, deadline.process.calendar_since
    if found.starts_with_id is not None:
        event_on = date_owners.find_event_day(session, found.starts_with_id) or event_on
    if event_on != found.event_on:
        since = calendar.starts(event_on)
        due_on, reason = reckonings.date_by_event(found.rule, event_on, calendar)
    elif reckonings.is_current(found.reckoning, calendar):
        return
    else:
        start = event_on or found.set_on
        due_on, reason = reckonings.reckon_again(found.rule, start, found.reckoning, calendar)
    if find_replacement(session, deadline.id) is None:
        entry = _desk_entry("reckoning", deadline, max(deadline.created_at, since), "outcome", state)
        yield {**entry, "due_on": due_on, "reason": reason}


def _list_basis_entries(
    session: Session, subject: SubjectRow, lines: Iterable[Line], now: datetime
) -> Iterator[Entry]:
    """The statuses that hold and are not supported: for custodians by all there is, for the desk and for the assessor
    by what they may know."""
    runs = [run for line in lines if (run := answers.read_last_run(session, line))]
    found = status_support.of_runs(session, subject, runs, now) if runs else {}
    for row in (run[0] for run in runs):
        truth = found[row.id]
        for reader, known in (
            (CUSTODIANS, truth),
            ("", truth.for_desk()),
            (row.assessor_id, truth.for_organization()),
        ):
            basis = known.basis()
            fell = standing.find_contradicting_items(known.items)
            if basis not in standing.SOUND and not _is_known(session, row, basis, fell):
                yield _answer_entry(
                    "basis", subject, row, _find_fall(session, row, fell), reader=reader, basis=basis
                ) | {
                    "items": [
                        {"evidence": one.evidence, "stance": one.stance, "verification": one.verification}
                        for one in fell
                    ]
                }


def _is_known(session: Session, change: Any, basis: str, items: Sequence[standing.Item]) -> bool:
    """Whether those who gave and decided the last answer looked at the contradiction, and say that both stand: it cites
    every one of these items, and was proposed when they stood as they do now."""
    if basis != "contested":
        return False
    cited = {one.evidence_id for one in answers.list_citations(session, [change])[change.id]}
    return all(
        one.evidence in cited
        and _find_turn(status_support.read_subject(session, one.evidence), session) < change.created_at
        for one in items
    )


def _find_fall(session: Session, change: Any, items: Iterable[standing.Item]) -> datetime:
    """Since when a status is not supported: since the first of these items fell, and not before it was approved."""
    moments = [_find_turn(status_support.read_subject(session, one.evidence), session) for one in items]
    approved: datetime = change.decided_at
    return max(approved, min(moments, default=approved))


def _find_turn(item: SubjectRow, session: Session) -> datetime:
    """When an item became what it is."""
    if item.withdrawn_at is not None:
        return item.withdrawn_at
    judged = answers.iterate_answers(session, Line(item.id, "verification", item.process.lead_id))
    last = next(judged)
    alike = takewhile(lambda one: one.to_state == last.to_state, judged)
    first: datetime = deque([last, *alike], maxlen=1)[0].decided_at
    return first
