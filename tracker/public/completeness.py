"""The ledger of a report: every recommendation that it prints is tracked here, or out of scope with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from tracker.database.list_index import Search
from tracker.domain.reports import count_completeness
from tracker.public import counts
from tracker.public.filters import index_keys


def read_completeness(
    connection: Connection,
    report: Mapping[str, Any],
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> dict[str, Any]:
    """How many recommendations a report has by its own count, how many are recorded here, and which are left out and
    why; ``report`` is its document as of that day. A part of a recommendation is not counted beside the whole."""
    whole = Search("recommendation", index_keys("recommendation", {"report": report["id"], "part": "false"}))
    tracked = counts.count_documents(connection, whole, now, as_of, known_at)
    ledger = count_completeness(report["recommendations_printed"], tracked, len(report["out_of_scope"]))
    return {
        "report": report["id"],
        "recommendations_complete": report["recommendations_complete"],
        **asdict(ledger),
        "reasons": report["out_of_scope"],
    }
