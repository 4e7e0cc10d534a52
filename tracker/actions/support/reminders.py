"""How far each addressee of a recommendation has been asked, by the record: what the queue and the acts ask."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from tracker.actions.support import date_owners
from tracker.domain.errors import InvalidInput
from tracker.domain.partial_days import find_latest
from tracker.domain.publication import PUBLISHED
from tracker.domain.reminders import DECISIVE, TRACK, Place, Request, check_step, find_place
from tracker.domain.sentences import sentence
from tracker.domain.silence import RESPONSE_DUE, Due
from tracker.domain.tracks import TRACKS
from tracker.store import answers, statuses
from tracker.store.answers import Line
from tracker.store.change_rows import ChangeRow
from tracker.store.recommendations import list_addressees
from tracker.store.subject_rows import SubjectRow, read_subjects


def list_places(session: Session, asked: SubjectRow) -> list[Place]:
    """Where each addressee of a public recommendation stands on the ladder of its process, by all that is recorded."""
    addressees = list_addressees(session, asked.id)
    if asked.publication != PUBLISHED or not asked.process.reminders or not addressees:
        return []
    request = read_request(session, asked)
    last = max((change.effective_on for change in request.changes), default=request.asked_on)
    return [find_place(request, one, last) for one in addressees]


def read_request(session: Session, asked: SubjectRow, without: str = "") -> Request:
    """What is recorded of a recommendation and its answers. ``without`` is a change that is taken back."""
    lead = asked.process.lead_id
    lines = [
        line
        for line in answers.list_lines_of(session, [asked.id])
        if line.track in DECISIVE and line.assessor == lead
    ]
    approved = answers.list_approved_changes(session, sorted(lines))
    changes = [statuses.to_change(row) for rows in approved.values() for row in rows if row.id != without]
    asked_on = find_latest(asked.issued_on or asked.created_at.date())
    return Request(asked.process.reminders, lead, asked_on, changes, list(_list_dues(session, asked)))


def _list_dues(session: Session, asked: SubjectRow) -> Iterator[Due]:
    """The public dates by which its addressees owe an answer."""
    dates = read_subjects(session, sorted(date_owners.list_dates_of(session, [asked.id])))
    for rows in dates.values():
        due_on = rows.due_day
        if rows.type == RESPONSE_DUE and rows.publication == PUBLISHED and due_on is not None:
            last = next(
                answers.iterate_answers(session, Line(rows.id, "outcome", rows.process.lead_id)), None
            )
            yield Due(rows.id, due_on, TRACKS["outcome"].initial if last is None else str(last.to_state))


def require_step(session: Session, subject: SubjectRow, change: ChangeRow, *, proposed: bool = False) -> None:
    """Refuse a step on the ladder where nobody is asked, who is asked has answered, or it comes too early. What is only
    ``proposed`` and follows another proposal, which waits, is looked at when it is approved."""
    if change.track != TRACK:
        return
    if change.addressee_id is None:
        raise InvalidInput.at(
            "/addressee", sentence("nobody is named who has to answer; name an addressee first")
        )
    if proposed and answers.find_waiting_state(session, change) is not None:
        return
    request = read_request(session, subject, change.corrects_id or "")
    check_step(request, change.addressee_id, change.to_state, change.effective_on)
