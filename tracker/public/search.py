"""Full text over what is public, kept in step by whatever writes a document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Final

from sqlalchemy import Connection, bindparam, select

from tracker.database import full_text, full_text_hits
from tracker.database.full_text_hits import Hit
from tracker.domain.errors import InvalidInput
from tracker.domain.ids import kind_of
from tracker.domain.search import Term
from tracker.domain.search_entries import Entry, make_entry
from tracker.public import events
from tracker.public.first_days import list_content_days, tell_content
from tracker.public.projection import Facts, project_facts
from tracker.public.tables import document, search

#: How often a search as of a day looks on for what had begun by then.
_LOOKS: Final = 10
#: How often a thing is remembered to have said something else. Before that, the earliest words that are kept hold.
MOST_DAYS: Final = 30


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
    begun by that day, and searches the words of that day."""
    visible: list[Hit] = []
    day = (as_of or date.max).isoformat()
    for look in count():
        if as_of is not None and look == _LOOKS:
            raise InvalidInput.at("as_of", "too much of what is found began later; search for more words")
        hits = full_text_hits.find_hits(
            connection, search, looked_for, filters, after, limit, past=as_of is not None
        )
        values = {"numbers": [hit.number for hit in hits], "day": day}
        shown = set(connection.scalars(_SHOWN, values)) if hits else set()
        visible += [hit for hit in hits if hit.number in shown]
        if len(visible) >= limit or len(hits) < limit:
            return visible[:limit]
        after = (hits[-1].step, hits[-1].number)
    return visible


_SHOWN: Final = (
    select(search.table.c.number)
    .join(document, document.c.id == search.table.c.id)
    .where(
        search.table.c.number.in_(bindparam("numbers", expanding=True)),
        search.table.c.from_on <= bindparam("day"),
        search.table.c.until_on > bindparam("day"),
        document.c.withdrawn.is_(None),
        document.c.first_day <= bindparam("day"),
    )
)


def searchable_entries(facts: Facts) -> list[Entry]:
    """What a thing is found by: what it says of itself, and what it said on earlier days, oldest first; nothing once it
    is withdrawn."""
    if facts.withdrawn is not None or facts.content is None:
        return []
    entries: list[Entry] = []
    for day in sorted(set(list_content_days(facts)))[-MOST_DAYS:]:
        before = _make_entry(tell_content(facts, day - timedelta(days=1)))
        if entries and entries[-1].says_same(before):
            entries.pop()
        began = entries[-1].until_on if entries else ""
        entries.append(replace(before, from_on=began, until_on=day.isoformat()))
    present = _make_entry(facts)
    while entries and entries[-1].says_same(present):
        entries.pop()
    return [*entries, replace(present, from_on=entries[-1].until_on if entries else "")]


def _make_entry(facts: Facts) -> Entry:
    return make_entry(facts.id, kind_of(facts.id) or "", facts.process, facts.content or {})


def _read_told(connection: Connection, facts: Facts) -> Facts:
    """The same with all that it said, where an update says from which day on the world is so."""
    if not facts.told_until or facts.told:
        return facts
    return project_facts(facts.id, events.list_about(connection, facts.id))


def index_document(connection: Connection, facts: Facts) -> None:
    """Make a thing findable by what the acts about it now say, and by what they say of earlier days."""
    full_text.write_entries(connection, search, facts.id, searchable_entries(_read_told(connection, facts)))


def clear_index(connection: Connection) -> None:
    """Nothing is found any more, until documents are written again."""
    full_text.clear_index(connection, search)


def find_differences(connection: Connection, facts: Facts) -> Iterator[str]:
    """Whether a thing is found by something else than the acts about it say."""
    if not full_text.has_entries(connection, search, facts.id, searchable_entries(facts)):
        yield f"{facts.id}: a search finds it by something else than the public acts give"


def find_strangers(connection: Connection, known: Collection[str]) -> Iterator[str]:
    """What a search finds and none of these is."""
    for thing in full_text.find_strangers(connection, search, known):
        yield f"{thing}: a search finds it, and no public act is about it"
