"""Where each public process stands: its content, and the last public act that concerns it.

A feed has to know nothing else to tell whether the bytes it holds are still right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from tracker.public.events import encode
from tracker.public.tables import document, event, head


def open_process(connection: Connection, process: str, slug: str, content: Mapping[str, Any]) -> None:
    connection.execute(insert(head).values(process_id=process, slug=slug, seq=0, content=encode(content)))


def revise_process(connection: Connection, process: str, content: Mapping[str, Any]) -> None:
    connection.execute(
        update(head).where(head.c.process_id == process).values(content=encode(content), slug=content["slug"])
    )


def close_process(connection: Connection, process: str, reason: str) -> None:
    connection.execute(update(head).where(head.c.process_id == process).values(withdrawn=reason))


def move(connection: Connection, process: str | None, seq: int) -> None:
    """Say that something in a process changed."""
    if process is not None:
        connection.execute(update(head).where(head.c.process_id == process).values(seq=seq))


def move_all(connection: Connection, things: Sequence[str]) -> None:
    """Say that something changed in every process that one of these things belongs to."""
    last = select(func.max(event.c.seq)).scalar_subquery()
    touched = select(document.c.process_id).where(
        document.c.id.in_(things), document.c.process_id.is_not(None)
    )
    connection.execute(update(head).where(head.c.process_id.in_(touched)).values(seq=last))
