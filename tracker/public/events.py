"""Public acts: appended in one order, never changed, and all that the rest of the public side is made of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select

from tracker.database.prepared import Prepared
from tracker.domain.canonical import encode_json, format_instant
from tracker.domain.ids import PREFIXES, kind_of
from tracker.domain.public_acts import Kind
from tracker.public.tables import event, mention

OF_ACT: Final[Mapping[str, Kind]] = {
    "move": "status.changed",
    "confirmation": "status.confirmed",
    "correction": "status.corrected",
    "reply": "status.replied",
}
#: The roles of a mention: a status change cites an item; any other act names a thing as an act about things of its kind
#: does, so that who follows whom is found among thousands of acts that name it otherwise.
CITES: Final = "cites"
OF_NO_THING: Final = "log"
#: From its underscore on: a text has few of them, and each of its letters might begin a prefix.
_ID = re.compile(rf"_(?<=(?:{'|'.join(PREFIXES.values())})_)[0-9a-z]{{26}}")
_PREFIX: Final = 3


def find_ids(text: str) -> set[str]:
    """Every id that stands in a text."""
    return {text[one.start() - _PREFIX : one.end()] for one in _ID.finditer(text)}


@dataclass(frozen=True, slots=True)
class Event:
    """One public act as it was written: ``body`` is its JSON."""

    seq: int
    kind: str
    subject: str
    body: dict[str, Any]


_LAST: Final = Prepared(select(func.max(event.c.seq)))
_EVENT: Final = Prepared(insert(event))
_MENTION: Final = Prepared(insert(mention))


def append_event(
    connection: Connection,
    *,
    id: str,  # the member's name on the wire
    kind: Kind,
    now: datetime,
    process: str | None,
    subject: str | None,
    data: Mapping[str, Any],
    salt: bytes | None,
    cites: Iterable[str] = (),
) -> Event:
    """Write one public act and what it mentions, and return it. ``salt`` is 32 random bytes.

    Only a holder of the right to write calls this: the order has no gap and no two acts share a place.
    """
    seq = find_last_place(connection) + 1
    body = {"id": id, "kind": kind, "at": format_instant(now), "process": process, "subject": subject, **data}
    text = encode_json(body)
    _EVENT.run(
        connection,
        seq=seq,
        id=id,
        at=body["at"],
        kind=kind,
        process_id=process,
        subject_id=subject,
        body=text,
        salt=salt,
    )
    cited, about = set(cites), (kind_of(subject) if subject else None) or OF_NO_THING
    roles = [
        {"thing_id": thing, "role": CITES if thing in cited else about, "seq": seq}
        for thing in sorted(find_ids(text.decode()) - {id, subject, process})
    ]
    if roles:
        _MENTION.run_all(connection, roles)
    return Event(seq, kind, subject or "", body)


def find_last_place(connection: Connection) -> int:
    """The place of the last public act; 0 where there is none."""
    return int(_LAST.value(connection) or 0)


_MOMENT: Final = Prepared(select(event.c.at).where(event.c.seq == bindparam("place")))


def read_moment(connection: Connection, place: int) -> datetime:
    """When the public act at a place became public."""
    return datetime.fromisoformat(str(_MOMENT.value(connection, place=place)))


_ABOUT: Final = select(event.c.seq, event.c.kind, event.c.subject_id, event.c.body).where(
    event.c.subject_id.in_(bindparam("things", expanding=True))
)
_NOW: Final = Prepared(_ABOUT)
_THEN: Final = Prepared(_ABOUT.where(event.c.at <= bindparam("moment")))


def list_about(connection: Connection, thing: str) -> list[Event]:
    """The acts about a thing, oldest first."""
    return list_about_all(connection, [thing])[thing]


def list_about_all(
    connection: Connection, things: Iterable[str], known_at: datetime | None = None
) -> dict[str, list[Event]]:
    """The same of many things, read at once; only those public by ``known_at``."""
    events: dict[str, list[Event]] = {thing: [] for thing in things}
    if not events:
        return events
    rows = (
        _NOW.rows(connection, things=events)
        if known_at is None
        else _THEN.rows(connection, things=events, moment=format_instant(known_at))
    )
    for seq, kind, subject, body in sorted(rows, key=lambda row: int(row[0])):
        events[subject].append(Event(seq, kind, subject, json.loads(body)))
    return events


_TOLD: Final = Prepared(
    select(mention.c.thing_id)
    .where(mention.c.thing_id.in_(bindparam("wanted", expanding=True)))
    .union(select(event.c.id).where(event.c.id.in_(bindparam("wanted", expanding=True))))
)


def was_published(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of these ids that stand in a public act, or are one."""
    wanted = sorted(ids)
    return set(_TOLD.column(connection, wanted=wanted)) if wanted else set()


def list_ancestors(connection: Connection, organization: str) -> list[str]:
    """The organizations that the public acts about one name, and those that the acts about these name, and so on: those
    whose place it took are among them."""
    ancestors: set[str] = set()
    waiting = [organization]
    while waiting:
        query = (
            select(mention.c.thing_id)
            .join(event, event.c.seq == mention.c.seq)
            .where(event.c.subject_id.in_(waiting), event.c.subject_id.like("org%"))
            .where(mention.c.thing_id.like("org%"))
            .distinct()
        )
        waiting = sorted(set(connection.scalars(query)) - ancestors - {organization})
        ancestors.update(waiting)
    return sorted(ancestors)


def list_naming(connection: Connection, thing: str) -> list[str]:
    """The things whose public acts name this one: their documents carry its name."""
    query = (
        select(event.c.subject_id)
        .join(mention, mention.c.seq == event.c.seq)
        .where(mention.c.thing_id == thing)
        .distinct()
    )
    return sorted(connection.scalars(query))
