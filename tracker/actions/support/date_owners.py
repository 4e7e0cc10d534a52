"""What a deadline is set for, as `tracker.domain.met_dates` asks of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.domain import ids, met_dates
from tracker.domain.deadlines import REPLACED
from tracker.domain.met_dates import LET_GO, OPEN, WAITING, Outcome, Owner, read_outcome
from tracker.domain.publication import WITHDRAWN
from tracker.domain.reports import RELEASE, find_release_span
from tracker.domain.rules import Rule
from tracker.domain.silence import RESPONSE_DUE, find_all_answered
from tracker.domain.standing import Change, Span, find_standing
from tracker.store import answers, statuses
from tracker.store.answers import Line
from tracker.store.database import core_connection
from tracker.store.deadlines import Deadline, find_replacement
from tracker.store.recommendations import list_addressees
from tracker.store.reports import Report
from tracker.store.subject_rows import read_subjects

#: kind of thing of which a fact may meet a date -> the tracks on which it does.
TRACKS: Final = {
    "recommendation": ("response", "implementation", "closure"),
    "report": (RELEASE,),
    "committee": ("stage",),
}
_OF_OWNERS: Final = frozenset({*TRACKS["recommendation"], *TRACKS["committee"]})


def find_event_day(session: Session, id: str, rule: Rule) -> date | None:
    """The day of the event with which another date begins: a deadline is met, a recommendation is answered by all whom
    it asks, the full text of a report is published. None while it is still to come.

    What counts back from a deadline counts from the day on which that is due: the date that stands in its place now."""
    subject = read_subjects(session, [id])[id]
    if rule.backward and subject.kind == "deadline":
        return _find_last_date(session, session.get_one(Deadline, id)).find_due_day()
    lead = subject.process.lead_id
    if subject.kind == "report":
        return _last(
            find_release_span(_list_changes(session, [Line(id, RELEASE, lead)]), lead, "published_on")
        )
    if subject.kind == "recommendation":
        own = answers.list_lines_of(session, [id])
        lines = sorted(line for line in own if line.track == "response" and line.assessor == lead)
        return _last(find_all_answered(_list_changes(session, lines), lead, list_addressees(session, id)))
    outcome = find_outcome(session, subject, read_said_outcome(session, subject, date.max), date.max)
    return _last(outcome.span) if outcome.state == "met" else None


def _find_last_date(session: Session, row: Deadline) -> Deadline:
    """The date that took the place of one, by what was approved."""
    while (
        read_said_outcome(session, row, date.max).state in REPLACED
        and (new := find_replacement(session, row.id)) is not None
    ):
        row = new
    return row


def _last(span: Span | None) -> date | None:
    return None if span is None else span.last


def read_said_outcome(session: Session, deadline: Any, day: date) -> Outcome:
    """What the lead says came of a date by a day."""
    lead = deadline.process.lead_id
    changes = _list_changes(session, [Line(deadline.id, "outcome", lead)])
    return read_outcome(find_standing("outcome", lead, changes, day))


_DEADLINE: Final[Any] = Deadline.__table__
_REPORT: Final[Any] = Report.__table__
_OWNED: Final = Prepared(
    select(_DEADLINE.c.id)
    .where(_DEADLINE.c.owner_id.in_(bindparam("owners", expanding=True)))
    .union(
        select(_DEADLINE.c.id)
        .join(_REPORT, _REPORT.c.committee_id == _DEADLINE.c.owner_id)
        .where(_REPORT.c.id.in_(bindparam("owners", expanding=True)))
    )
)
#: How many things one statement is about.
_AT_ONCE: Final = 256


def list_dates_of(session: Session, subjects: Iterable[str]) -> set[str]:
    """The deadlines that a fact about one of these subjects may meet: those set for it or, for a report, for its
    committee."""
    owners = [one for one in subjects if ids.kind_of(one) in TRACKS]
    return {
        deadline
        for first in range(0, len(owners), _AT_ONCE)
        for deadline in _OWNED.column(core_connection(session), owners=owners[first : first + _AT_ONCE])
    }


_ASKED: Final = Prepared(
    select(_DEADLINE.c.owner_id)
    .where(_DEADLINE.c.id.in_(bindparam("deadlines", expanding=True)), _DEADLINE.c.type == RESPONSE_DUE)
    .distinct()
)


def list_asked_by(session: Session, deadlines: Collection[str]) -> set[str]:
    """The recommendations to which an answer is due by one of these dates."""
    return set(_ASKED.column(core_connection(session), deadlines=deadlines)) if deadlines else set()


def find_outcome(session: Session, deadline: Any, said_outcome: Outcome, day: date) -> Outcome:
    """What came of a date by a day, by what the lead said of it: the fact that it waits for meets it, and nothing is
    owed by a date of what was withdrawn."""
    owner = read_owner(session, deadline)
    outcome = met_dates.find_outcome(deadline.type, said_outcome, owner, day)
    return LET_GO if outcome.state in OPEN and _is_withdrawn(session, deadline.owner_id) else outcome


def _is_withdrawn(session: Session, owner: str) -> bool:
    return read_subjects(session, [owner])[owner].publication == WITHDRAWN


def read_owner(session: Session, deadline: Any) -> Owner | None:
    """The committee or recommendation that owes something by this date; None where no fact can meet the date."""
    if deadline.type not in WAITING:
        return None
    lead = deadline.process.lead_id
    own = answers.list_lines_of(session, [deadline.owner_id])
    lines = [line for line in own if line.track in _OF_OWNERS and line.assessor == lead]
    changes = _list_changes(session, sorted(lines))
    query = select(Report).where(Report.committee_id == deadline.owner_id, Report.publication != WITHDRAWN)
    reports = [
        (one.type, _list_changes(session, [Line(one.id, RELEASE, lead)])) for one in session.scalars(query)
    ]
    return Owner(lead, changes, reports, list_addressees(session, deadline.owner_id))


def _list_changes(session: Session, lines: Sequence[Line]) -> list[Change]:
    rows = answers.list_approved_changes(session, lines)
    return [statuses.to_change(row) for line in lines for row in rows[line]]
