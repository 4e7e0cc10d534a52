"""Whether the finished documents are what the public acts add up to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from tracker.public import documents, events
from tracker.public.events import instant
from tracker.public.fold import fold
from tracker.public.tables import document, event, facet


def things(connection: Connection) -> list[str]:
    """Everything that public acts are about."""
    return list(connection.scalars(select(event.c.subject_id).distinct().order_by(event.c.subject_id)))


def unfaithful(connection: Connection, now: datetime) -> Iterator[str]:
    """Each document, and each entry that lists find it by, that does not follow from the acts.

    A document whose computed part has turned is served as computed anew, so its stored bytes are not held
    against the present day; that it may turn when it says so is.
    """
    known = things(connection)
    moment = instant(now)
    for thing in known:
        facts = fold(thing, events.about(connection, thing))
        wanted, facets = documents.rows(connection, facts, now)
        stored = connection.execute(select(document).where(document.c.id == thing)).mappings().first()
        if stored is None:
            yield f"{thing}: public, and has no document"
            continue
        if stored["good_until"] is not None and stored["good_until"] <= moment:
            continue
        if dict(stored) != wanted:
            yield f"{thing}: its document is not what the public acts give"
        found = {
            (row.facet, row.value) for row in connection.execute(select(facet).where(facet.c.id == thing))
        }
        if found != {(row["facet"], row["value"]) for row in facets}:
            yield f"{thing}: lists find it by something else than the public acts give"
    for thing in connection.scalars(select(document.c.id).where(document.c.id.not_in(known))):
        yield f"{thing}: has a document, and no public act is about it"
