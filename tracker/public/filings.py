"""What lists find a document by, and what they sort it by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tracker.database.index_entries import Filing
from tracker.domain.partial_days import parse_day
from tracker.domain.text import natural_sort_key
from tracker.public import filters
from tracker.public.date_dependent import read_due_day
from tracker.public.document_model import Document
from tracker.public.projection import Facts

#: By what a date is sorted that waits for its event: after all days.
WAITING_KEY: Final = "waiting"


def index_entry(facts: Facts, rendered: Document) -> Filing:
    """What lists find a document by, and what they sort it by."""
    content = facts.content or {}
    # A date as it stands: the document tells it moved by the days that stood still.
    days = rendered.brief if rendered.kind == "deadline" and content else content
    day = days.get(filters.DAYS.get(rendered.kind, ""))
    first_on, last_on = filters.find_span_of(None if day is None else parse_day(day))
    return Filing(
        kind=rendered.kind,
        id=facts.id,
        sort_key=make_sort_key(rendered.kind, content),
        moment=facts.changed_at or "",
        under=frozenset(rendered.facets | ({filters.UPDATED} if facts.told_until else set())),
        first_on=first_on,
        last_on=last_on,
    )


def make_sort_key(kind: str, content: Mapping[str, Any]) -> str:
    """What a list of this kind is sorted by: dates by the day, the rest by its short name as people count."""
    if kind == "deadline":  # nothing is left of it where it was redacted
        due_on = read_due_day(content) if content.get("stays") else content.get("due_on")
        return str(due_on or (WAITING_KEY if content else ""))
    return natural_sort_key(
        str(content.get("slug") or content.get("reference") or content.get("title") or "")
    )[:200]
