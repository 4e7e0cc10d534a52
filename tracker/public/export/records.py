"""The records of an export, one after the other: finished documents, then public acts. Few are in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, tuple_

from tracker.domain.tracks import SUBJECTS
from tracker.public import event_queries, queries
from tracker.public.tables import document, event, mention

#: How many records are read at a time.
TOGETHER: Final = 200
#: The kinds in the order in which they are exported.
KINDS: Final = ("process", "organization", *SUBJECTS)

_OWN: Final = (
    select(document.c.id, document.c.sort_key)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind == bindparam("kind"),
        document.c.withdrawn.is_(None),
        tuple_(document.c.sort_key, document.c.id) > tuple_(bindparam("key"), bindparam("id")),
    )
    .order_by(document.c.sort_key, document.c.id)
    .limit(bindparam("most"))
)
_NAMED: Final = (
    select(mention.c.thing_id)
    .join(event, event.c.seq == mention.c.seq)
    .where(
        event.c.process_id == bindparam("process"),
        mention.c.thing_id.like("org_%"),
        mention.c.thing_id > bindparam("after"),
    )
    .distinct()
    .order_by(mention.c.thing_id)
    .limit(bindparam("most"))
)


def walk_records(connection: Connection, process: str, now: datetime) -> Iterator[tuple[str, bytes]]:
    """Every record with its kind, ``act`` of a public act: as it is stored, in JSON."""
    for kind in KINDS:
        for things in _walk_things(connection, process, kind):
            for brief in queries.read_brief_texts(connection, things, now):
                yield kind, brief
    for act in _walk_acts(connection, process):
        yield "act", act


def _walk_things(connection: Connection, process: str, kind: str) -> Iterator[list[str]]:
    """The ids of the things of a kind, some at a time."""
    if kind == "process":
        yield [process]
    elif kind == "organization":
        yield from _walk_organizations(connection, process)
    else:
        key, id = "", ""
        while rows := connection.execute(
            _OWN, {"process": process, "kind": kind, "key": key, "id": id, "most": TOGETHER}
        ).all():
            yield [row.id for row in rows]
            key, id = rows[-1].sort_key, rows[-1].id


def _walk_organizations(connection: Connection, process: str) -> Iterator[list[str]]:
    """The organizations that the public acts of the process name."""
    after = ""
    asked = {"process": process, "most": TOGETHER}
    while things := list(connection.scalars(_NAMED, {**asked, "after": after})):
        yield things
        after = things[-1]


def _walk_acts(connection: Connection, process: str) -> Iterator[bytes]:
    """The public acts, oldest first, each with its place as its last member."""
    after, more = 0, True
    while more:
        page = event_queries.list_changes(connection, process, after, TOGETHER)
        for place, body in page.items:
            yield body.removesuffix(b"}") + b',"place":%d}' % place
            after = place
        more = page.more
