"""``tracker deadlines``: what is due, and what is late."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click
from sqlalchemy import select

from tracker.actions import standings
from tracker.cli.application_context import as_json, open_application, show_result
from tracker.domain import deadlines as domain_deadlines
from tracker.domain.partial_days import find_earliest
from tracker.domain.publication import WITHDRAWN
from tracker.store.deadlines import Deadline


@click.group()
def deadlines() -> None:
    """List the dates that need attention."""


@deadlines.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Another day than today.")
@as_json
def check(as_of: datetime | None, as_json: bool) -> None:
    """List what is due soon or overdue. Exit status 1 when anything is overdue, for a nightly job to notice.

    \b
    Example:   tracker deadlines check --as-of 2025-04-09
    """
    with open_application() as at:
        dates: list[dict[str, Any]] = []
        for row in at.session.scalars(select(Deadline).order_by(Deadline.due_on)).unique():
            day = as_of.date() if as_of else row.process.days.today(at.now)
            if WITHDRAWN in (row.publication, row.process.publication) or find_earliest(row.set_on) > day:
                continue
            outcome = standings.read_outcome(at.session, row, day)
            due_on = row.find_due_day(day)
            if due_on is None:  # it waits for its event
                continue
            first, last = (None, None) if outcome.span is None else (outcome.span.first, outcome.span.last)
            timing = domain_deadlines.find_timing(due_on, day, outcome.state, last, not_before=first)
            if timing.state in ("due_soon", "overdue", "long_overdue"):
                dates.append(
                    {
                        "id": row.id,
                        "process": row.process.slug,
                        "title": row.title,
                        "due_on": due_on.isoformat(),
                        "outcome": outcome.state,
                        **timing.to_json(),
                    }
                )
    lines = [
        f"{one['process']}  {one['title']}  due {one['due_on']}  "
        + (f"{one['days_overdue']} days overdue" if one["days_overdue"] else f"{one['days_left']} days left")
        + f"  ({one['outcome']})"
        for one in dates
    ]
    show_result(dates, as_json, lines or ["nothing is due soon or overdue"])
    if any(one["days_overdue"] for one in dates):
        sys.exit(1)
