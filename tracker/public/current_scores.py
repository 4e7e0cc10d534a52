"""The scoreboard of a process: at present from the sums that are kept, as of a day from a compact index of answers.

What turned with the day since it was written is computed in memory and put in the place of what was kept of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from tracker.public import past_scores, queries, rendering, scores, surroundings
from tracker.public.documents import make_sort_key
from tracker.public.events import format_instant
from tracker.public.lists import TURNED
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
from tracker.public.tables import document

_TURNED: Final = (
    select(document.c.id)
    .where(
        document.c.process_id == bindparam("process"),
        document.c.kind.in_(KINDS),
        document.c.filed_until <= bindparam("moment"),
    )
    .limit(TURNED + 1)
)


def read_scoreboard(
    connection: Connection,
    process: str,
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> dict[str, Any]:
    """The numbers of a public process; as of a day, and as known at a moment."""
    content, calendar = surroundings.read_process(connection, process)
    if known_at is not None:
        return _build_known(connection, process, now, as_of, known_at)
    today = calendar.today(now)
    asked = {"process": process, "moment": format_instant(now)}
    turned = list(connection.scalars(_TURNED, asked)) if as_of is None else []
    first: Callable[[str, str], Iterable[Score]]
    if as_of is not None or len(turned) > TURNED:
        found = past_scores.read_scores(connection, process, content, as_of or today, now)
        listed = {one.id: one for one in found if one.listed}
        sums = scores.add_up(found)
        in_order = sorted(listed.values(), key=attrgetter("sort_key", "id"))
        first = lambda kind, name: (one for one in in_order if one.kind == kind and name in one.listed)  # noqa: E731
    else:
        sums = scores.read_sums(connection, process)
        fresh = list(_score_turned(connection, turned, now))
        sums.subtract(scores.add_up(scores.read_scores(connection, turned)))
        sums.update(scores.add_up(fresh))
        first = partial(_list_first, connection, process, fresh, set(turned))
    past = as_of if as_of is not None and as_of < today else None
    names = read_names(connection, list_named(sums), past)
    return show_scores(sums, first, names.get, [str(content["lead"])], as_of or today)


def _score_turned(connection: Connection, things: Iterable[str], now: datetime) -> Iterable[Score]:
    """What these documents add on the present day."""
    for facts, made in rendering.render_document(connection, things, now):
        found = score_document(made.brief)
        yield Score(
            made.kind, facts.id, make_sort_key(made.kind, facts.content or {}), found.counts, found.listed
        )


def _list_first(
    connection: Connection, process: str, fresh: list[Score], turned: set[str], kind: str, name: str
) -> list[Score]:
    """The first documents of a kind that a list names, with those that turned as they are now."""
    kept = scores.list_first(connection, process, kind, name, MOST_LISTED + len(turned))
    found = [one for one in kept if one.id not in turned]
    found += [one for one in fresh if one.kind == kind and name in one.listed]
    return sorted(found, key=attrgetter("sort_key", "id"))


def _build_known(
    connection: Connection,
    process: str,
    now: datetime,
    as_of: date | None,
    known_at: datetime,
) -> dict[str, Any]:
    """As known at a moment: from all public acts up to it, for it is nowhere kept what they said together."""
    read = partial(queries.list_past_briefs, connection, process, now=now, as_of=as_of, known_at=known_at)
    return build_scoreboard(*(read(kind=kind) for kind in KINDS))
