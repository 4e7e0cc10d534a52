"""What waits of a subject: every entry of the queue of open work about it, as it follows from the record alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any, Final

from sqlalchemy.orm import Session

from tracker.actions.support import date_owners, status_support
from tracker.actions.support.reminders import list_places
from tracker.domain import met_dates, reckonings
from tracker.domain.basis import SOUND, Item, find_contradicting_items
from tracker.domain.custody import REVIEWED
from tracker.domain.deadlines import SUSPENDED
from tracker.domain.partial_days import find_latest
from tracker.domain.parts import FOLLOWED, Followed, diverge
from tracker.domain.proposals import PUBLIC_COPY, PUBLICATION, REVISION
from tracker.domain.publication import WITHDRAWN
from tracker.domain.reminders import TRACK
from tracker.domain.rules import Rule
from tracker.domain.tracks import TRACKS
from tracker.domain.work_queue import UNREVIEWED
from tracker.store import answers, citations, custody
from tracker.store.answers import Line
from tracker.store.deadlines import find_replacement, read_reckoning
from tracker.store.proposals import list_waiting
from tracker.store.questions import list_waiting_questions
from tracker.store.recommendations import list_parts
from tracker.store.subject_rows import SubjectRow
from tracker.store.work_queue import CUSTODIANS

Entry = dict[str, Any]
Key = tuple[str, str, str]
_ONE_DAY: Final = timedelta(days=1)
#: What of a date an edit gives to have it reckoned again, as it is sent.
_RECKONED: Final = frozenset({"due_on", "rule", "set_on", "starts_with", "event_on"})
#: Outcomes of a date that is still open.
OPEN: Final = frozenset({TRACKS["outcome"].initial, SUSPENDED})


def list_entries(session: Session, id: str, now: datetime, line: Line | None = None) -> dict[Key, Entry]:
    """What waits of a subject, or of one line of its answers."""
    subject = status_support.read_subject(session, id)
    entries = _of_subject(session, subject, now) if line is None else _of_line(session, subject, now, line)
    return {(one["kind"], one["reader"], one["about"]): one for one in entries}


def _of_subject(session: Session, subject: SubjectRow, now: datetime) -> Iterator[Entry]:
    yield from _proposals_of(session, subject)
    waiting = answers.list_unsettled(session, subject.id)
    yield from _list_waiting(subject, waiting)
    if not _is_withdrawn(subject):
        yield from _list_unanswered(session, subject, waiting)
        yield from _list_basis_entries(session, subject, answers.list_lines(session, subject.id), now)
        if subject.kind == "recommendation":
            yield from _list_open_parts(session, subject)
            yield from _list_reminders(session, subject)
        if subject.kind == "evidence":
            yield from _list_questions(session, subject)


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
    answer = {"assessor_id": change.assessor_id, "track": change.track, "state": change.to_state}
    return _make_entry(kind, subject, change.id, since, **answer, **more)


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
    for proposal in list_waiting(session, subject.id):
        by = {"author_id": proposal.proposed_by}
        if proposal.kind in (PUBLIC_COPY, PUBLICATION):
            by["submitter_id"] = subject.created_by
        yield _make_entry(proposal.kind, subject, proposal.id, proposal.proposed_at, **by)


def _list_questions(session: Session, item: SubjectRow) -> Iterator[Entry]:
    """What was asked about an item and not answered: for its submitter, or for the desk where that one asked."""
    for question in list_waiting_questions(session, item.id):
        reader = "" if question.by_owner else item.owner_id
        answers_it = item.process.lead_id if question.by_owner else item.owner_id
        who = {"reader": reader, "assessor_id": answers_it, "author_id": question.asked_by}
        yield _make_entry("question", item, question.id, question.asked_at, **who)


def _find_lead_state(session: Session, subject: SubjectRow, track: str) -> str:
    """What the lead says."""
    last = next(answers.iterate_answers(session, Line(subject.id, track, subject.process.lead_id)), None)
    return TRACKS[track].initial if last is None else str(last.to_state)


def _list_open_parts(session: Session, whole: SubjectRow) -> Iterator[Entry]:
    """A recommendation that is over by the lead while a public part of it is not: since the lead said so."""
    parts = list_parts(session, whole.id)
    if not parts:
        return
    followed = _follow(session, whole)
    if diverge(followed, [_follow(session, status_support.read_subject(session, one)) for one in parts]):
        track = "closure" if followed.closed else "implementation"
        line = Line(whole.id, track, whole.process.lead_id)
        since: datetime = next(answers.iterate_answers(session, line)).decided_at
        yield _desk_entry("parts", whole, since, track, getattr(followed, track))


def _list_reminders(session: Session, asked: SubjectRow) -> Iterator[Entry]:
    """The next step of the ladder with each addressee who has not answered, from the day on which it is due."""
    for place in list_places(session, asked):
        if place.next is not None:
            since = asked.process.days.starts(place.next.due_on)
            step = {"track": TRACK, "state": place.next.step, "assessor_id": place.addressee}
            yield _make_entry("reminder", asked, f"{asked.id} {place.addressee}", since, **step)


def _follow(session: Session, asked: SubjectRow) -> Followed:
    return Followed(*(_find_lead_state(session, asked, track) for track in FOLLOWED))


def _list_open_date(session: Session, deadline: Any, asked: bool) -> Iterator[Entry]:
    """A date of which nothing came yet: its day has passed and nobody proposed what came of it, or it would be reckoned
    otherwise now. The fact that it waits for meets it."""
    state, outcome = find_outcome(session, deadline)
    if outcome not in OPEN:
        return
    if not asked and outcome != SUSPENDED:
        yield from _list_overdue(deadline, state)
    yield from _list_other_reckoning(session, deadline, state)


def find_outcome(session: Session, deadline: Any) -> tuple[str, str]:
    """What the lead says came of a date, and what came of it: the fact that it waits for meets it."""
    state = _find_lead_state(session, deadline, "outcome")
    return state, date_owners.find_outcome(session, deadline, met_dates.Outcome(state), date.max).state


def _list_overdue(deadline: Any, state: str) -> Iterator[Entry]:
    """From the day after it on."""
    if deadline.due_day is not None and deadline.due_day < date.max - _ONE_DAY:
        since = deadline.process.days.starts(deadline.due_day + _ONE_DAY)
        yield _desk_entry("overdue", deadline, since, "outcome", state)


def _list_other_reckoning(session: Session, deadline: Any, state: str) -> Iterator[Entry]:
    """A date whose reckoning looked at days that the calendar counts otherwise now, or whose event happened on another
    day; not one that is replaced."""
    row, calendar = read_reckoning(session, deadline.id), deadline.process.days
    if row is None:
        return
    event_on, since, rule = row.event_on, deadline.process.calendar_since, Rule.parse(row.rule)
    if row.starts_with_id is not None:
        event_on = date_owners.find_event_day(session, row.starts_with_id, rule) or event_on
    if event_on != row.event_on:
        since = deadline.created_at if rule.backward else calendar.starts(event_on)
        due_on, reason = reckonings.date_by_event(row.rule, event_on, calendar)
    elif reckonings.is_current(row.reckoning, calendar):
        return
    else:
        start = event_on or find_latest(row.set_on)
        due_on, reason = reckonings.reckon_again(row.rule, start, row.reckoning, calendar)
    if find_replacement(session, deadline.id) is None and not _is_being_dated(session, deadline.id):
        entry = _desk_entry("reckoning", deadline, max(deadline.created_at, since), "outcome", state)
        yield {**entry, "due_on": due_on, "reason": reason}


def _is_being_dated(session: Session, deadline: str) -> bool:
    """Whether somebody proposes already to reckon a date again."""
    waiting = [one for one in list_waiting(session, deadline) if one.kind == REVISION]
    return any(_RECKONED & one.payload["changes"].keys() for one in waiting)


def _list_basis_entries(
    session: Session, subject: SubjectRow, lines: Iterable[Line], now: datetime
) -> Iterator[Entry]:
    """The statuses that hold and are not supported: for custodians by all there is, for the desk and for the assessor
    by what they may know."""
    runs = [run for line in lines if (run := answers.read_last_run(session, line))]
    supports = status_support.of_runs(session, subject, runs, now) if runs else {}
    for row in (run[0] for run in runs):
        truth = supports[row.id]
        for reader, known in (
            (CUSTODIANS, truth),
            ("", truth.for_desk()),
            (row.assessor_id, truth.for_organization()),
        ):
            basis = known.basis()
            fell = find_contradicting_items(known.items)
            if basis not in SOUND and not _is_known(session, row, basis, fell):
                yield _answer_entry(
                    "basis", subject, row, _find_fall(session, row, fell), reader=reader, basis=basis
                ) | {
                    "items": [
                        {"evidence": one.evidence, "stance": one.stance, "verification": one.verification}
                        for one in fell
                    ]
                }


def _is_known(session: Session, change: Any, basis: str, items: Sequence[Item]) -> bool:
    """Whether those who gave and decided the last answer looked at the contradiction, and say that both stand: it cites
    every one of these items, and was proposed when they stood as they do now."""
    if basis != "contested":
        return False
    cited = {one.evidence_id for one in citations.list_citations(session, [change])[change.id]}
    return all(
        one.evidence in cited
        and _find_turn(status_support.read_subject(session, one.evidence), session) < change.created_at
        for one in items
    )


def _find_fall(session: Session, change: Any, items: Iterable[Item]) -> datetime:
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
