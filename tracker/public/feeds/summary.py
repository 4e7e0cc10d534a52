"""The status of a process in few numbers: always small, however large the process is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from tracker.domain.canonical import encode_json
from tracker.public import current, current_scores, queries
from tracker.public.feeds.process_head import Head
from tracker.public.names import read_names
from tracker.public.page_addresses import choose_language, make_address
from tracker.public.tables import document

#: How many dates are named: of those overdue, and of those to come; and the letters of a title that are shown.
MOST_NAMED: Final = 5
LONGEST_TITLE: Final = 200
_COUNTED: Final = ("committees", "reports", "resources", "deadlines", "recommendations")

_NEXT: Final = (
    select(document.c.id)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind == "deadline",
        document.c.withdrawn.is_(None),
        document.c.sort_key >= bindparam("day"),
        document.c.sort_key < ":",  # a date that waits for its event is sorted behind all days
    )
    .order_by(document.c.sort_key, document.c.id)
    .limit(MOST_NAMED)
)


def build_summary(connection: Connection, at: Head, base: str, now: datetime) -> bytes:
    """Counts for each state, the first dates that are overdue and the next ones, and where the rest is."""
    content = current.read_contents(connection, [at.process])[at.process]
    counts = current_scores.read_scoreboard(connection, at.process, now)
    lead = read_names(connection, [content["lead"]]).get(content["lead"])
    coming = queries.read_briefs(
        connection, list(connection.scalars(_NEXT, {"process": at.process, "day": at.day})), now
    )
    feeds = f"{base}/feeds/{at.slug}"
    summary = {
        "process": {
            "id": at.process,
            "slug": at.slug,
            "title": cut_text(content["title"]),
            "lead": _name_lead(lead),
        },
        "as_of": at.day,
        "changes": at.seq,
        "counts": {kind: _count(counts[kind]) for kind in _COUNTED if kind in counts},
        "basis": counts["basis"],
        "stale": counts["stale"],
        "listed": counts["listed"],
        "overdue": [_name_date(date) for date in counts["overdue"][:MOST_NAMED]],
        "coming": [_name_date(date) for date in coming],
        "links": {
            "page": f"{base}{make_address(choose_language(content['languages']), 'process', process=at.slug)}",
            "status": f"{feeds}/status.json",
            "changes": f"{feeds}/changes.json",
            "deadlines": f"{feeds}/deadlines.ics",
        },
    }
    return encode_json(summary)


def cut_text(text: str, longest: int = LONGEST_TITLE) -> str:
    """A text that is no longer than so many letters; where it was cut it says so."""
    return text if len(text) <= longest else f"{text[: longest - 2]} …"


def _count(counted: Mapping[str, Any]) -> dict[str, Any]:
    """How many there are, and how many on each state of each track; not whose."""
    return {name: value for name, value in counted.items() if name in ("total", "tracks")}


def _name_lead(lead: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if lead is None else {**lead, "name": cut_text(lead["name"])}


def _name_date(date: Mapping[str, Any]) -> dict[str, Any]:
    """A date; ``due_within`` is the month or the year by whose end it is due, where nobody said a day."""
    return {"title": cut_text(date["title"]), **{name: date[name] for name in ("id", "due_on", "due_within")}}
