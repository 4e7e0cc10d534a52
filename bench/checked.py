"""Whether what was made in bulk is what the acts would have written, and whether a history has a broken link."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from itertools import pairwise
from random import Random

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from tracker.actions.operations import rebuild
from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import open_unit
from tracker.public import documents, events, rendering, surroundings
from tracker.public.projection import project_facts
from tracker.public.tables import document, event, head
from tracker.store.statuses import StatusChange


class Untrue(RuntimeError):
    """The data are not what they should be: no number measured on them would mean anything."""


def whole(session: Session) -> None:
    """Everything in the database against the acts and the record: the check of ``tracker public rebuild --check``."""
    with open_unit(session, OPERATOR, datetime.now(UTC), secrets.token_bytes) as act:
        # No round searches, so what a search finds is not copied.
        found = [one for one in rebuild.check_public_side(act) if "a search" not in one]
    if found:
        raise Untrue(f"{len(found)} findings, the first: {found[0]}")


def sample(connection: Connection, count: int = 200) -> int:
    """Some of the documents and of what lists find them by, against the public acts; returns how many."""
    now = datetime.now(UTC)
    things = list(connection.scalars(select(document.c.id).order_by(document.c.id)))
    chosen = Random(1).sample(things, min(count, len(things)))
    for thing in chosen:
        facts = project_facts(thing, events.list_about(connection, thing))
        [world] = surroundings.read_worlds(connection, [facts], rendering.read_facts)
        wanted = documents.finish_document(facts, world, now).row
        stored = connection.execute(select(document).where(document.c.id == thing)).mappings().one()
        if dict(stored) != wanted:
            raise Untrue(f"{thing}: its document is not what the public acts give")
    acts = select(func.count(), func.min(event.c.seq), func.max(event.c.seq))
    number, first, last = connection.execute(acts).one()
    if (first, last) != (1, number):
        raise Untrue("the public acts have a gap")
    heads = select(head.c.process_id, head.c.seq)
    for process, seq in connection.execute(heads.order_by(head.c.process_id).limit(20)):
        newest = select(func.max(event.c.seq)).where(event.c.process_id == process)
        if connection.scalar(newest) != seq:
            raise Untrue(f"{process}: its head is not its last act")
    return len(chosen)


def links(connection: Connection) -> tuple[int, int]:
    """How many moves follow another on their line, and how many of them do not begin where that one ended."""
    own = StatusChange.__table__.c
    query = (
        select(own.subject_id, own.track, own.assessor_id, own.from_state, own.to_state)
        .where(own.number.is_not(None))
        .order_by(own.subject_id, own.track, own.assessor_id, own.effective_on, own.number)
    )
    followed = broken = 0
    for one, following in pairwise(connection.execute(query)):
        if tuple(one[:3]) == tuple(following[:3]):
            followed += 1
            broken += one.to_state != following.from_state
    return followed, broken
