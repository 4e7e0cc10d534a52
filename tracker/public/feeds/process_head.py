"""Where each process stands: all that has to be known to tell whether the bytes of a feed are still right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, or_, select

from tracker.domain.calendars import Calendar
from tracker.domain.errors import NotFound, Withdrawn
from tracker.domain.sent_values import quote_value
from tracker.public import log
from tracker.public.tables import checkpoint, event, head


@dataclass(frozen=True, slots=True)
class Head:
    """``seq`` is the last act that concerns a process, ``edition`` what was written since without one.

    ``signed`` is the size of the first checkpoint that covers the last act; None until there is one.
    """

    process: str
    slug: str
    seq: int
    edition: int
    day: str
    signed: int | None


HEAD: Final = select(
    head.c.process_id,
    head.c.slug,
    head.c.seq,
    head.c.edition,
    head.c.withdrawn,
    head.c.content,
    select(func.min(checkpoint.c.size)).where(checkpoint.c.size >= head.c.seq).scalar_subquery(),
).where(head.c.slug == bindparam("slug"))


_OWN: Final = select(head.c.process_id, head.c.withdrawn).where(
    or_(head.c.slug == bindparam("subject"), head.c.process_id == bindparam("subject"))
)


def find_process(connection: Connection, subject: str) -> str:
    """The id of a public process by its slug or id. `NotFound`, or `Withdrawn` with the reason."""
    row = connection.execute(_OWN, {"subject": subject}).first()
    if row is None:
        raise NotFound(f"no process {quote_value(subject)} is public here")
    if row.withdrawn is not None:
        raise Withdrawn(row.withdrawn)
    process: str = row.process_id
    return process


#: The last act of a process before a place.
PLACE_BEFORE: Final = select(func.max(event.c.seq)).where(
    event.c.process_id == bindparam("process"), event.c.seq < bindparam("before")
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A head, the row that it was read from, and the day of its process on which it holds."""

    row: tuple[Any, ...]
    begins: datetime
    ends: datetime
    head: Head


class Heads:
    """Reads heads. Each is kept while its row and its day are the same: far more often asked for than changed."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def read(self, row: tuple[Any, ...], now: datetime) -> Head:
        """Where a process stands, and which day it is there, from a row of `HEAD`. `Withdrawn` with the reason."""
        known = self._known.get(row[0])
        if known is not None and known.begins <= now < known.ends and known.row == row:
            return known.head
        process, slug, seq, edition, withdrawn, content, signed = row
        if withdrawn is not None:
            raise Withdrawn(withdrawn)
        calendar = Calendar.from_json(json.loads(bytes(content))["calendar"])
        today = calendar.today(now)
        head = Head(process, slug, seq, edition, today.isoformat(), signed)
        ends = calendar.starts(today + timedelta(days=1))
        self._known[process] = _Known(row, calendar.starts(today), ends, head)
        return head


def read_checkpoint(connection: Connection, at: Head) -> str | None:
    """The signed checkpoint that covers what the feed says, to be held against the log and against what others saw."""
    if at.signed is None:
        return None
    covering = log.find_covering_checkpoint(connection, at.signed)
    return covering and covering[1].decode()
