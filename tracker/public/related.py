"""A recommendation and the dates by which an answer to it is due: each of their documents looks at the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from tracker.domain.ids import kind_of
from tracker.domain.silence import RESPONSE_DUE
from tracker.public import events
from tracker.public.fold import Facts, fold


def related(connection: Connection, facts: Facts, known_at: datetime | None = None) -> tuple[Facts, ...]:
    """What else the document of a thing looks at, as far as it is public: of a recommendation the dates by which it is
    to be answered, of such a date the recommendation."""
    kind = kind_of(facts.id)
    if kind == "recommendation":
        named_by = (one for one in events.naming(connection, facts.id) if kind_of(one) == "deadline")
        found = [fold(one, events.about(connection, one, known_at)) for one in named_by]
        return tuple(one for one in found if _is_due(one, facts.id) and one.withdrawn is None)
    owner = (facts.content or {}).get("owner") or ""
    if kind == "deadline" and kind_of(owner) == "recommendation" and _is_due(facts, owner):
        asked = fold(owner, events.about(connection, owner, known_at))
        return (asked,) if asked.content is not None and asked.withdrawn is None else ()
    return ()


def _is_due(facts: Facts, owner: str) -> bool:
    """Whether this is a date by which that recommendation is to be answered."""
    said = facts.content or {}
    return (said.get("owner"), said.get("type")) == (owner, RESPONSE_DUE)
