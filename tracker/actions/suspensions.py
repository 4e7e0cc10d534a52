"""Keeping the stays of a date: they follow from what the lead answered on the track `outcome`."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker.actions.support.public_acts import publish_revision
from tracker.actions.support.unit import Unit
from tracker.domain import suspensions
from tracker.store import answers, statuses
from tracker.store.answers import Line
from tracker.store.deadlines import Deadline


def read_stays(
    session: Session, row: Deadline, due_on: date | None, rule: str | None, start: date | None
) -> list[dict[str, Any]]:
    """The stays of a date that was set for ``due_on``, counted from an event on the day ``start``, if from any."""
    line = Line(row.id, "outcome", row.process.lead_id)
    rows = answers.list_approved_changes(session, [line])[line]
    changes = [statuses.to_change(change) for change in rows]
    return suspensions.list_stays(changes, due_on, rule, row.process.days, start)


def keep_stays(unit: Unit, deadline: str) -> None:
    """Bring the stays of a date into step with the answers, and say so in public where they changed."""
    row = unit.session.get_one(Deadline, deadline)
    stays = read_stays(unit.session, row, row.due_on, row.rule, row.event_on)
    if stays != row.stays:
        row.stays = stays
        row.touch()
        publish_revision(unit, row)
