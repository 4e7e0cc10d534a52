"""The scoreboard of a process, from the sums that are kept: at present, and as of any day.

What turned with the day since it was written is computed in memory and put in the place of what was kept of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from tracker.domain.canonical import format_instant
from tracker.domain.errors import InvalidInput
from tracker.public import feed_state, processes, queries, rendering, scores, spans, tally
from tracker.public.filings import make_sort_key
from tracker.public.list_pages import COMPUTED, MOST_TURNED
from tracker.public.names import read_names
from tracker.public.scoreboard import (
    KINDS,
    MOST_LISTED,
    Score,
    build_scoreboard,
    list_named,
    score_document,
    show_scores,
)
from tracker.public.tables import document, score

_TURNED: Final = (
    select(document.c.id)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind.in_(KINDS),
        document.c.filed_until <= bindparam("moment"),
    )
    .limit(MOST_TURNED + 1)
)


_COUNTED: Final = select(func.count()).select_from(
    select(score.c.id).where(score.c.process_id == bindparam("process")).limit(bindparam("most")).subquery()
)


def read_scoreboard(
    connection: Connection,
    process: str,
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
    *,
    most: int | None = None,
) -> dict[str, Any]:
    """The numbers of a public process; as of a day, and as known at a moment. For a moment since which something was
    done, at most so many things are folded: `InvalidInput` where more are counted."""
    content, calendar, _deciding = processes.read_process(connection, process)
    if known_at is not None:
        if not feed_state.stands_since(connection, process, known_at):
            return _build_known(connection, process, now, as_of, known_at, COMPUTED if most is None else most)
        as_of = as_of or calendar.today(known_at)
    today = calendar.today(now)
    numbers = _read(connection, process, now, today, as_of)
    past = as_of if as_of is not None and as_of < today else None
    names = read_names(connection, list_named(numbers.sums), past)
    return show_scores(numbers.sums, numbers.list_first, names.get, [str(content["lead"])], as_of or today)


def read_numbers(
    connection: Connection, process: str, now: datetime, as_of: date | None = None
) -> Counter[str]:
    """The numbers of which the scoreboard is made, under their names; none of a process that is not public."""
    if not (heads := processes.read_processes(connection, [process])):
        return Counter()
    return _read(connection, process, now, heads[process][1].today(now), as_of).sums


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The sums, and what gives the first documents of a kind that a list names."""

    sums: Counter[str]
    list_first: Callable[[str, str], Iterable[Score]]


def _read(connection: Connection, process: str, now: datetime, today: date, as_of: date | None) -> _Numbers:
    then = as_of is not None and as_of != today
    asked = {"process": process, "moment": format_instant(now)}
    turned = [] if then else list(connection.scalars(_TURNED, asked))
    if then or len(turned) > MOST_TURNED:
        day = (as_of or today).isoformat()
        sums = tally.read_numbers(connection, process, day)
        return _Numbers(sums, partial(spans.list_first, connection, process, day, MOST_LISTED))
    sums = tally.read_numbers(connection, process)
    fresh = list(_score_turned(connection, turned, now))
    sums.subtract(scores.add_up(scores.read_scores(connection, turned)))
    sums.update(scores.add_up(fresh))
    return _Numbers(sums, partial(_list_first, connection, process, fresh, set(turned)))


def _score_turned(connection: Connection, things: Iterable[str], now: datetime) -> Iterable[Score]:
    """What these documents add on the present day."""
    for facts, made in rendering.render_document(connection, things, now):
        scored = score_document(made.brief)
        yield Score(
            made.kind, facts.id, make_sort_key(made.kind, facts.content or {}), scored.counts, scored.listed
        )


def _list_first(
    connection: Connection, process: str, fresh: list[Score], turned: set[str], kind: str, name: str
) -> list[Score]:
    """The first documents of a kind that a list names, with those that turned as they are now."""
    kept = scores.list_first(connection, process, kind, name, MOST_LISTED + len(turned))
    first = [one for one in kept if one.id not in turned]
    first += [one for one in fresh if one.kind == kind and name in one.listed]
    return sorted(first, key=attrgetter("sort_key", "id"))


def _build_known(
    connection: Connection, process: str, now: datetime, as_of: date | None, known_at: datetime, most: int
) -> dict[str, Any]:
    """As known at a moment: from all public acts up to it, for it is nowhere kept what they said together. So it is
    told of a process in which few things are counted. `InvalidInput` where they are more."""
    asked = {"process": process, "most": most + 1}
    if (connection.scalar(_COUNTED, asked) or 0) > most:
        raise InvalidInput.at(
            "known_at",
            f"is answered for at most {most} things, and more are counted here;"
            " ask as_of a day, or read the lists as known_at",
        )
    read = partial(queries.list_past_briefs, connection, process, now=now, as_of=as_of, known_at=known_at)
    return build_scoreboard(*(read(kind=kind) for kind in KINDS))
