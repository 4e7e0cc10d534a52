"""What a deadline is set for, as `tracker.domain.met_dates` asks of it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.met_dates import WAITING, Owner, find_outcome
from tracker.domain.silence import find_answer_day, find_responses
from tracker.domain.standing import find_standing
from tracker.store import answers, statuses
from tracker.store.answers import Line
from tracker.store.reports import Report
from tracker.store.subject_rows import read_subjects

#: Kinds of thing that dates are set for, and the tracks on which an answer may meet a date.
KINDS: Final = ("committee", "recommendation")
TRACKS: Final = ("response", "implementation", "closure")


def find_event_day(session: Session, id: str) -> date | None:
    """The day of the event with which another date begins: a deadline is met, a recommendation is answered. None while
    it is still to come."""
    subject = read_subjects(session, [id])[id]
    lead = subject.process.lead_id
    line = Line(id, "outcome" if subject.kind == "deadline" else "response", lead)
    changes = [statuses.to_change(row) for row in answers.list_approved_changes(session, [line])[line]]
    if subject.kind != "deadline":
        return find_answer_day(find_responses(changes, lead))
    found = find_standing("outcome", lead, changes, date.max)
    owner = read_owner(session, subject)
    outcome, since = find_outcome(str(subject.type), (found.state, found.since), owner, date.max)
    return since if outcome == "met" else None


def read_owner(session: Session, deadline: Any) -> Owner | None:
    """The committee or recommendation that owes something by this date; None where no fact can meet the date."""
    if deadline.type not in WAITING:
        return None
    lead = deadline.process.lead_id
    lines = [Line(deadline.owner_id, track, lead) for track in TRACKS]
    said = answers.list_approved_changes(session, lines)
    changes = [statuses.to_change(row) for line in lines for row in said[line]]
    reports = session.scalars(select(Report).where(Report.committee_id == deadline.owner_id))
    days = ("type", "delivered_on", "published_on")
    return Owner(lead, changes, [{name: getattr(one, name) for name in days} for one in reports])
