"""What is due soon: dates of which nothing came yet, those of drafts too."""

from __future__ import annotations

from datetime import date, timedelta

from tracker.actions.support import record_index, status_support
from tracker.actions.support.work_queue_entries import OPEN, find_outcome
from tracker.domain.publication import WITHDRAWN
from tracker.store.deadlines import Deadline
from tracker.store.viewer import Viewer


def list_due_dates(viewer: Viewer, today: date, days: int, most: int) -> list[Deadline]:
    """The open dates that are due from ``today`` until so many days later, the earliest first. At most so many dates of
    that span are looked at."""
    asked = {"due_from": today.isoformat(), "due_to": (today + timedelta(days=days)).isoformat()}
    rows, _end = record_index.read_page(viewer, "deadline", asked, "due_on", None, most)
    return [row for row in rows if row.publication != WITHDRAWN and _is_open(viewer, row)]


def _is_open(viewer: Viewer, row: Deadline) -> bool:
    subject = status_support.read_subject(viewer.session, row.id)
    return find_outcome(viewer.session, subject)[1] in OPEN
