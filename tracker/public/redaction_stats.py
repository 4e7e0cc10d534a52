"""How many redactions there were: by month and reason, told when the month is over.

Made from the public acts alone, so that it says nothing of what never was public; and by whole months, so that it says
nothing of the day on which somebody was in danger beyond what the acts themselves say.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, text

from tracker.domain.canonical import format_instant
from tracker.public.redaction import find_cause
from tracker.public.tables import REDACTED, event

_BEFORE: Final = (
    select(event.c.at, event.c.body)
    .where(text(REDACTED), event.c.at < bindparam("moment"))
    .order_by(event.c.seq)
)


def count_redactions(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """``[{"month": "2026-10", "redactions": 3, "reasons": {code: how many}}]``, the newest month first.

    Months are those of UTC; one in which there was none is left out. What took several acts to say is counted once.
    """
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    causes: dict[str, tuple[str, str]] = {}
    for at, body in connection.execute(_BEFORE, {"moment": format_instant(month)}):
        act = json.loads(body)
        causes[act.get("event") or act["subject"]] = (at[:7], find_cause(act["reason"]))
    counted = Counter(causes.values())
    by_month: dict[str, dict[str, int]] = {}
    for (of, reason), number in sorted(counted.items()):
        by_month.setdefault(of, {})[reason] = number
    return [
        {"month": of, "redactions": sum(reasons.values()), "reasons": reasons}
        for of, reasons in sorted(by_month.items(), reverse=True)
    ]
