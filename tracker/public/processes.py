"""What is said of processes at present, read for many at once: their content and their calendar."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from tracker.database.prepared import Prepared
from tracker.domain.calendars import Calendar
from tracker.public.first_days import list_deciding
from tracker.public.projection import Facts
from tracker.public.tables import head


class Process(NamedTuple):
    """The content of a process and its calendar; ``deciding`` what of it was otherwise on other days."""

    content: Mapping[str, Any]
    calendar: Calendar
    deciding: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, facts: Facts) -> Process:
        content = facts.content or {}
        return cls(content, Calendar.from_json(content["calendar"]), list_deciding(facts))


_HEADS: Final = Prepared(
    select(head.c.process_id, head.c.content, head.c.past).where(
        head.c.process_id.in_(bindparam("processes", expanding=True))
    )
)


def read_processes_of(connection: Connection, facts: Iterable[Facts]) -> dict[str, Process]:
    """The content and the calendar of every process that these facts belong to; of a process its own."""
    wanted = sorted({one.process for one in facts if one.process is not None})
    return read_processes(connection, wanted) if wanted else {}


def read_processes(connection: Connection, processes: Sequence[str]) -> dict[str, Process]:
    """The content and the calendar of these processes; those that were never public are left out."""
    rows = _HEADS.rows(connection, processes=processes)
    return {process: _read_rows(content, past) for process, content, past in rows}


def read_process(connection: Connection, process: str) -> Process:
    """The content and the calendar of a public process."""
    return read_processes(connection, [process])[process]


@lru_cache(maxsize=256)
def _read_rows(content: bytes, past: str) -> Process:
    """The same, read once for as long as they stay the same."""
    process = json.loads(content)
    return Process(
        MappingProxyType(process), Calendar.from_json(process["calendar"]), tuple(json.loads(past))
    )
