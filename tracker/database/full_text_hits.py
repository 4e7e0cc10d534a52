"""A page of what a search finds in a full-text index (`tracker.database.full_text`).

A hit stands on one of three steps: every word is in what the thing is called; some are; none is. On a step hits come
by their number, which follows from the id alone. Steps do not shift when other things come or go, as a score would:
a cursor neither skips nor repeats, and no page needs more than it shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from tracker.database.full_text import PAST, Index, find_dialect, name_filter
from tracker.domain.search import Term

#: What is searched in: everything, what a thing is called. SQLite columns and PostgreSQL weights.
_ALL, _NAMES = ("{names body}", "AB"), ("{names}", "A")
_STEPS: Final = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found, on which step, with its number: the key of a page."""

    id: str
    kind: str
    process: str | None
    title: str
    names: str
    text: str
    step: int
    number: int

    @property
    def texts(self) -> tuple[str, str]:
        """What a piece is shown of: its text; else what it is called besides its title, as in another language."""
        return self.text, "\n".join(name for name in self.names.splitlines() if name != self.title)


def find_hits(
    connection: Connection,
    at: Index,
    looked_for: Sequence[Term],
    filters: Collection[tuple[str, str]],
    after: tuple[int, int] | None,
    limit: int,
    *,
    past: bool = False,
) -> list[Hit]:
    """The best hits after this key. ``filters`` are pairs of `kind` or `process` and a value. ``past``: also by what
    things said once."""
    if not looked_for:
        return []
    hits: list[Hit] = []
    first, place = after or (0, -1)
    for step in range(first, _STEPS):
        hits += _on_step(connection, at, step, looked_for, filters, place, limit - len(hits), past)
        if len(hits) >= limit:
            break
        place = -1
    return hits


def _on_step(
    connection: Connection,
    at: Index,
    step: int,
    looked_for: Sequence[Term],
    filters: Collection[tuple[str, str]],
    after: int,
    limit: int,
    past: bool,
) -> Iterator[Hit]:
    column, matches = find_dialect(connection)
    sqlite = connection.dialect.name == "sqlite"
    written = (_make_fts5_query if sqlite else _make_tsquery)(step, looked_for, filters)
    if not past:
        written = f'({written}) NOT {{filed}} : "{PAST}"' if sqlite else f"({written}) & !'{PAST}':C"
    # FTS5 yields hits by number. PostgreSQL would walk the numbers and match one by one, were it not for the sum.
    order = column if sqlite else f"{column} + 0"
    query = (
        f"SELECT e.id, e.kind, e.process_id, e.title, e.names, e.text, e.number FROM"  # noqa: S608  # our own names; words are bound
        f" (SELECT {column} AS number FROM {at.found_by} WHERE {matches.format(table=at.found_by)}"
        f" AND {column} > :after ORDER BY {order} LIMIT :limit) AS w"
        f" JOIN {at.table.name} AS e ON e.number = w.number ORDER BY e.number"
    )
    values = {"words": written, "after": after, "limit": limit}
    for row in connection.execute(text(query), values):
        yield Hit(row.id, row.kind, row.process_id, row.title, row.names, row.text, step, row.number)


def _make_fts5_query(step: int, looked_for: Sequence[Term], filters: Collection[tuple[str, str]]) -> str:
    """A query for FTS5: every word in quotes, every place named."""

    def each(place: str, joined: str) -> str:
        words = (f'{place} : "{term.word}"{" *" if term.begins else ""}' for term in looked_for)
        return "(" + f" {joined} ".join(words) + ")"

    narrowed = "".join(f' AND {{filed}} : "{name_filter(*one)}"' for one in filters)
    every = each(_ALL[0], "AND") + narrowed
    if step == 0:
        return each(_NAMES[0], "AND") + narrowed
    if step == 1:
        return f"({every} AND {each(_NAMES[0], 'OR')}) NOT {each(_NAMES[0], 'AND')}"
    return f"({every}) NOT {each(_NAMES[0], 'OR')}"


def _make_tsquery(step: int, looked_for: Sequence[Term], filters: Collection[tuple[str, str]]) -> str:
    """The same for PostgreSQL."""

    def each(weights: str, joined: str) -> str:
        words = (f"'{term.word}':{'*' if term.begins else ''}{weights}" for term in looked_for)
        return "(" + f" {joined} ".join(words) + ")"

    narrowed = "".join(f" & '{name_filter(*one)}':C" for one in filters)
    every = each(_ALL[1], "&") + narrowed
    if step == 0:
        return each(_NAMES[1], "&") + narrowed
    if step == 1:
        return f"{every} & {each(_NAMES[1], '|')} & !{each(_NAMES[1], '&')}"
    return f"{every} & !{each(_NAMES[1], '|')}"
