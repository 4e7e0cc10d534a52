"""What a deadline is set for, as `tracker.domain.met_dates` asks of it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.met_dates import WAITING, Owner
from tracker.store import answers, statuses
from tracker.store.recommendations import list_addressees
from tracker.store.reports import Report

#: Kinds of thing that dates are set for, and the tracks on which an answer may meet a date.
KINDS: Final = ("committee", "recommendation")
TRACKS: Final = ("response", "implementation", "closure")


def read_owner(session: Session, deadline: Any) -> Owner | None:
    """The committee or recommendation that owes something by this date; None where no fact can meet the date."""
    if deadline.type not in WAITING:
        return None
    lead = deadline.process.lead_id
    own = answers.list_lines_of(session, [deadline.owner_id])
    lines = sorted(line for line in own if line.track in TRACKS and line.assessor == lead)
    said = answers.list_approved_changes(session, lines)
    changes = [statuses.to_change(row) for line in lines for row in said[line]]
    reports = session.scalars(select(Report).where(Report.committee_id == deadline.owner_id))
    days = ("type", "delivered_on", "published_on")
    made = [{name: getattr(one, name) for name in days} for one in reports]
    return Owner(lead, changes, made, list_addressees(session, deadline.owner_id))
