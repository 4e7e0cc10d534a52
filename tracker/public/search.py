"""Full text over what is public, kept in step by whatever writes a document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import count
from typing import Final

from sqlalchemy import Connection, bindparam, select

from tracker.database import full_text, full_text_hits
from tracker.database.full_text_hits import Hit
from tracker.domain.errors import InvalidInput
from tracker.domain.ids import kind_of
from tracker.domain.search import Entry, Term, make_entry
from tracker.public.projection import Facts
from tracker.public.tables import document, search

#: How often a search as of a day looks on for what had begun by then.
_LOOKS: Final = 10


def find_public(
    connection: Connection,
    looked_for: Sequence[Term],
    filters: Collection[tuple[str, str]],
    after: tuple[int, int] | None,
    limit: int,
    as_of: date | None = None,
) -> list[Hit]:
    """The best hits among what is public after this key; see `tracker.database.full_text_hits.find_hits`. What was
    withdrawn a moment ago with its process may still be indexed; it is passed over. ``as_of`` leaves out what had not
    begun by that day; what is searched are the words of today."""
    found: list[Hit] = []
    day = (as_of or date.max).isoformat()
    for look in count():
        if as_of is not None and look == _LOOKS:
            raise InvalidInput.at("as_of", "too much of what is found began later; search for more words")
        hits = full_text_hits.find_hits(connection, search, looked_for, filters, after, limit)
        values = {"things": [hit.id for hit in hits], "day": day}
        shown = set(connection.scalars(_SHOWN, values)) if hits else set()
        found += [hit for hit in hits if hit.id in shown]
        if len(found) >= limit or len(hits) < limit:
            return found[:limit]
        after = (hits[-1].step, hits[-1].number)
    return found


_SHOWN: Final = select(document.c.id).where(
    document.c.id.in_(bindparam("things", expanding=True)),
    document.c.withdrawn.is_(None),
    document.c.first_day <= bindparam("day"),
)


def searchable_text(facts: Facts) -> Entry | None:
    """What a thing is found by: what it says of itself, nothing once it is withdrawn."""
    if facts.withdrawn is not None or facts.content is None:
        return None
    return make_entry(facts.id, kind_of(facts.id) or "", facts.process, facts.content)


def index_document(connection: Connection, facts: Facts) -> None:
    """Make a thing findable by what the acts about it now say."""
    found_by = searchable_text(facts)
    if found_by is None:
        full_text.drop_entry(connection, search, facts.id)
    else:
        full_text.write_entry(connection, search, found_by)


def clear_index(connection: Connection) -> None:
    """Nothing is found any more, until documents are written again."""
    full_text.clear_index(connection, search)


def find_differences(connection: Connection, facts: Facts) -> Iterator[str]:
    """Whether a thing is found by something else than the acts about it say."""
    if not full_text.has_entry(connection, search, facts.id, searchable_text(facts)):
        yield f"{facts.id}: a search finds it by something else than the public acts give"


def find_strangers(connection: Connection, known: Collection[str]) -> Iterator[str]:
    """What a search finds and none of these is."""
    for thing in full_text.find_strangers(connection, search, known):
        yield f"{thing}: a search finds it, and no public act is about it"
