"""Where a subject stands by the working record: every assessor's answer, on the evidence as its reader knows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.actions.support import date_owners, status_support
from tracker.actions.support.lookup import get_unfiltered
from tracker.domain import met_dates, standing
from tracker.domain.tracks import SUBJECTS
from tracker.public.replies import REPLIES
from tracker.store import statuses
from tracker.store.deadlines import Deadline
from tracker.store.recommendations import list_addressees
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject


def read_standing(
    session: Session,
    id: str,
    now: datetime,
    as_of: date | None,
    known_at: datetime | None = None,
    *,
    unsealed: bool = True,
) -> dict[str, Any]:
    """``{"subject", "as_of", "answers": [{"track", "lead", "others", "diverges", "open_proposals"}]}``.

    ``known_at`` leaves out what was recorded later; what the rest stands on is told as of now. Unless it is
    ``unsealed``, which it is for custodians alone, an item that is sealed counts as it did at approval.
    """
    subject: Subject = get_unfiltered(session, id, *SUBJECTS)
    day = as_of or subject.process.days.today(now)
    rows = statuses.list_approved(session, subject.id)
    supports = status_support.find_support(session, subject, rows, rows, now)
    seen = supports if unsealed else {id: one.for_desk() for id, one in supports.items()}
    known = [statuses.to_change(row, seen[row.id].basis()) for row in rows]
    changes = list(zip(rows, known, strict=True))
    heard = [one for one in changes if known_at is None or one[1].recorded_at <= known_at]
    waiting = _open_proposals(session, subject.id)
    asked = list_addressees(session, subject.id)
    stood = standing.standing(subject.kind, subject.process.lead_id, known, day, known_at, asked)
    stale_after = None if standing.has_ended(stood) else subject.process.stale_after_days

    def row(answer: standing.Standing) -> dict[str, Any]:
        return {**_make_row(answer, day, stale_after), **_add_replies(answer, heard, day)}

    tracks = [{**_make_answers(one, row), "open_proposals": waiting[one.track]} for one in stood]
    return {"subject": subject.id, "as_of": day, "answers": tracks}


def _make_answers(
    answers: standing.Answers, row: Callable[[standing.Standing], dict[str, Any]]
) -> dict[str, Any]:
    return {
        "track": answers.track,
        "lead": row(answers.lead),
        "others": [row(other) for other in answers.others],
        "diverges": answers.diverges,
        "by_addressee": [row(each) for each in answers.by_addressee],
        "rolled_up": answers.rolled_up,
    }


def read_outcome(session: Session, deadline: Deadline, day: date) -> met_dates.Outcome:
    """What came of a date by then, and since when: by what the lead said, or by the fact that it waits for."""
    said_outcome = date_owners.read_said_outcome(session, deadline, day)
    return date_owners.find_outcome(session, deadline, said_outcome, day)


def _make_row(standing_row: standing.Standing, day: date, stale_after: int | None) -> dict[str, Any]:
    stale_on = standing_row.stale_on(stale_after)
    return {
        **asdict(standing_row),
        "basis": standing_row.basis if standing_row.change else None,
        "stale": stale_on is not None and stale_on <= day,
    }


def _add_replies(
    answer: standing.Standing, heard: Sequence[tuple[StatusChange, standing.Change]], day: date
) -> dict[str, Any]:
    """What others replied to an answer by that day, newest first, as documents show it."""
    own = [
        change for _row, change in heard if (change.track, change.assessor) == (answer.track, answer.assessor)
    ]
    verdict = standing.find_same_answers(own, day)
    beside = [pair for pair in heard if pair[0].replies_to_id in verdict and pair[0].effective_on <= day]
    beside.sort(key=lambda pair: (pair[0].effective_on, pair[1].order), reverse=True)
    replies = [
        {
            "assessor": change.assessor,
            "on": row.effective_on,
            "reason": row.reason,
            "basis": change.basis,
            "change": row.id,
        }
        for row, change in beside[:REPLIES]
    ]
    return {"replies": replies, "replied": len(beside)}


def _open_proposals(session: Session, subject: str) -> Counter[str]:
    query = (
        select(StatusChange.track, func.count().label("waiting"))
        .where(StatusChange.subject_id == subject, StatusChange.decision == "proposed")
        .group_by(StatusChange.track)
    )
    return Counter({row.track: row.waiting for row in session.execute(query)})
