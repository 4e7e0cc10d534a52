"""Where each public process stands: its content, and the last public act that concerns it.

A feed has to know nothing else to tell whether the bytes it holds are still right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from tracker.database.prepared import Prepared
from tracker.domain.canonical import encode_json, format_instant
from tracker.domain.ids import kind_of
from tracker.public import events
from tracker.public.first_days import list_deciding
from tracker.public.projection import project_facts
from tracker.public.tables import document, event, head


def open_process(connection: Connection, process: str, slug: str, content: Mapping[str, Any]) -> None:
    connection.execute(
        insert(head).values(
            process_id=process, slug=slug, seq=0, edition=0, content=encode_json(content), past=_NOTHING
        )
    )


#: What decides on a process that never was otherwise.
_NOTHING: Final = "[]"


def revise_process(connection: Connection, process: str) -> None:
    """Write what a process says, as the acts about it now say."""
    row = expected_heads(connection, process)
    columns = {name: row[name] for name in ("content", "past", "slug")}
    connection.execute(update(head).where(head.c.process_id == process).values(columns))


def close_process(connection: Connection, process: str, reason: str) -> None:
    connection.execute(update(head).where(head.c.process_id == process).values(withdrawn=reason))


_MOVE: Final = Prepared(
    update(head).where(head.c.process_id == bindparam("process")).values(seq=bindparam("last"))
)


def move_head(connection: Connection, process: str | None, seq: int) -> None:
    """Say that something in a process changed."""
    if process is not None:
        _MOVE.run(connection, process=process, last=seq)


def restore_heads(connection: Connection, things: Sequence[str]) -> None:
    """Write the heads of all processes among these things, as the acts about them now say."""
    for process in (thing for thing in things if kind_of(thing) == "process"):
        renew_head(connection, process)
    connection.execute(delete(head).where(head.c.process_id.not_in(things)))


def renew_head(connection: Connection, process: str) -> None:
    """Write the head of a public process, as the acts about it now say."""
    row = expected_heads(connection, process)
    connection.execute(delete(head).where(head.c.process_id == process))
    connection.execute(insert(head).values(row))


_OWN_STATE: Final = select(head.c.seq, head.c.edition, head.c.pending_since).where(
    head.c.process_id == bindparam("process")
)


def expected_heads(connection: Connection, process: str) -> dict[str, Any]:
    """The head of a process as the acts about it say. A renamed organization may have moved it beyond its own acts."""
    facts = project_facts(process, events.list_about(connection, process))
    content = facts.content or {}
    own = connection.scalar(select(func.max(event.c.seq)).where(event.c.process_id == process)) or 0
    last = connection.scalar(select(func.max(event.c.seq))) or 0
    row = connection.execute(_OWN_STATE, {"process": process}).first()
    seq, edition, pending = (0, 0, None) if row is None else row
    return {
        "process_id": process,
        "slug": content.get("slug") or process,  # of what was redacted nothing is left but its id
        "seq": seq if own <= seq <= last else last,
        "edition": edition,
        "pending_since": pending,
        "content": encode_json(content),
        "past": encode_json(list_deciding(facts)).decode(),
        "withdrawn": facts.withdrawn,
    }


def move_heads_of(connection: Connection, things: Sequence[str]) -> None:
    """Say that something changed in every process that one of these things belongs to."""
    last = select(func.max(event.c.seq)).scalar_subquery()
    touched = select(document.c.process_id).where(
        document.c.id.in_(things), document.c.process_id.is_not(None)
    )
    connection.execute(update(head).where(head.c.process_id.in_(touched)).values(seq=last))


_NEXT_EDITION: Final = select(func.max(head.c.edition) + 1).scalar_subquery()


def move_editions_of(connection: Connection, things: Sequence[str]) -> None:
    """Say that documents of these things were written again and no act says so: in their processes, and in all for
    which more is pending."""
    touched = select(document.c.process_id).where(
        document.c.id.in_(things), document.c.process_id.is_not(None)
    )
    concerned = head.c.process_id.in_(touched) | head.c.pending_since.is_not(None)
    connection.execute(update(head).where(concerned).values(edition=_NEXT_EDITION))


_LAST_ACT: Final = Prepared(
    select(event.c.at)
    .join(head, head.c.seq == event.c.seq)
    .where(head.c.process_id == bindparam("process"), head.c.pending_since.is_(None))
)


def stands_since(connection: Connection, process: str, moment: datetime) -> bool:
    """Whether no act has concerned a process since a moment, and nothing of it is pending: what was known of it then is
    what is known now."""
    last: str | None = _LAST_ACT.value(connection, process=process)
    return last is not None and last <= format_instant(moment)


def list_open(connection: Connection) -> list[str]:
    """The processes that are public."""
    query = select(head.c.process_id).where(head.c.withdrawn.is_(None)).order_by(head.c.process_id)
    return list(connection.scalars(query))


def list_marked(connection: Connection) -> list[str]:
    """The public processes that say that something is pending."""
    query = select(head.c.process_id).where(head.c.pending_since.is_not(None), head.c.withdrawn.is_(None))
    return list(connection.scalars(query.order_by(head.c.process_id)))


def mark_pending(connection: Connection, processes: Sequence[str], since: str) -> None:
    """Let these processes say since when something is pending; those that say so already keep their instant."""
    query = update(head).where(head.c.process_id.in_(processes), head.c.pending_since.is_(None))
    connection.execute(query.values(pending_since=since))


def clear_pending(connection: Connection, processes: Sequence[str]) -> None:
    """Let these processes say no more that something is pending."""
    connection.execute(update(head).where(head.c.process_id.in_(processes)).values(pending_since=None))


def read_pending(connection: Connection, process: str) -> str | None:
    """Since when something is pending in a process; None where nothing is."""
    since: str | None = connection.scalar(
        select(head.c.pending_since).where(head.c.process_id == process, head.c.withdrawn.is_(None))
    )
    return since
