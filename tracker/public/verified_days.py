"""When what is said in a process was verified last: the oldest of these days, and the newest. What is said of evidence
does not count: it is verified once, when it comes."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, func, select, text

from tracker.public.current_rows import ANSWER
from tracker.public.tables import PRESENT, change, document

_LAST_OF_LINE: Final = (
    select(func.max(change.c.effective_on).label("day"))
    .join(document, document.c.id == change.c.subject_id)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.withdrawn.is_(None),
        document.c.kind != "evidence",
        change.c.part == ANSWER,
        text(PRESENT),
    )
    .group_by(change.c.subject_id, change.c.track, change.c.assessor, change.c.addressee)
    .subquery()
)
_DAYS: Final = select(func.min(_LAST_OF_LINE.c.day), func.max(_LAST_OF_LINE.c.day))


def find_verified_days(connection: Connection, process: str) -> tuple[str, str] | None:
    """The day of the answer that was verified longest ago, and that of the newest; None where there is no answer."""
    oldest, newest = connection.execute(_DAYS, {"process": process}).one()
    return None if oldest is None else (oldest, newest)
