"""How many public things are filed under something: now, as of a day, as known at a moment.

A count reads a number that is kept, or an index range. What it would have to look up for too many is refused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, select

from tracker.database import list_index
from tracker.database.list_index import Search
from tracker.domain.canonical import format_instant
from tracker.domain.errors import InvalidInput
from tracker.domain.tracks import list_tracks_of
from tracker.public import current_scores, feed_state, filters
from tracker.public.list_pages import COMPUTED, MOST_TURNED, recompute_documents
from tracker.public.lists import filter_fitting, list_expired
from tracker.public.past_lists import ask_of_day, find_today, was_public
from tracker.public.scoreboard import KINDS
from tracker.public.tables import document, facet

#: How many entries a count reads at most, and how often it looks something up for one.
COUNTED, LOOKED_UP = 200_000, 10_000


def count_documents(
    connection: Connection,
    sought: Search,
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> int:
    """How many public things are filed under all that is sought. `InvalidInput` where too many would have to be looked
    at for one answer."""
    if known_at is not None:
        process = dict(sought.filed).get("process")
        if process is None or not feed_state.stands_since(connection, process, known_at):
            return _count_known(connection, sought, now, as_of, known_at)
        as_of = as_of or find_today(connection, sought, known_at)
    if (name := _name_number(sought)) is not None:
        process = dict(sought.filed)["process"]
        return current_scores.read_numbers(connection, process, now, as_of)[name]
    turned = (
        list_expired(connection, sought.kind, now) if filters.moving_keys(sought.kind, sought.filed) else []
    )
    if as_of is not None or len(turned) > MOST_TURNED:
        return _count_on_day(connection, sought, as_of or find_today(connection, sought, now))
    _require_countable(connection, sought, lookups=len(sought.filed) - 1)
    values = {**sought.values(0), "moment": format_instant(now)}
    number = int(connection.scalar(_count_current(sought), values) or 0)
    return number + sum(1 for _ in filter_fitting(connection, sought, turned, now))


def _name_number(sought: Search) -> str | None:
    """The name under which a scoreboard has this number: how many of a kind are in a process, in all or at a state of
    the lead."""
    filed = dict(sought.filed)
    if sought.kind not in KINDS or sought.span is not None or filed.pop("process", None) is None:
        return None
    if not filed:
        return f"total {sought.kind}"
    [(track, state), *more] = filed.items()
    own = {one.code for one in list_tracks_of(sought.kind) if not one.per_addressee}
    return f"lead {track} {state}" if track in own and not more and "@" not in state else None


def _count_current(sought: Search) -> Select[Any]:
    query = list_index.count_entries(facet, sought)
    if not filters.moving_keys(sought.kind, sought.filed):
        return query
    first = query.get_final_froms()[0]
    turned = exists().where(document.c.id == first.c.id, document.c.filed_until <= bindparam("moment"))
    return query.where(~turned)


def _count_on_day(connection: Connection, sought: Search, day: date) -> int:
    number = 0
    for at, require, values in ask_of_day(sought, day):
        _require_countable(connection, at, lookups=max(1, len(at.filed)))
        query = list_index.count_entries(facet, at)
        query = query.where(require(query.get_final_froms()[0]))
        number += int(connection.scalar(query, {**at.values(0), **values}) or 0)
    return number


def _require_countable(connection: Connection, sought: Search, lookups: int) -> None:
    """`InvalidInput` where a count would read too many entries, with so many look-ups for each."""
    most = LOOKED_UP // lookups if lookups > 0 else COUNTED
    first = replace(sought, filed=sought.filed[:1], span=None, after=None)
    walked = list_index.select_keys(facet, first).subquery("walked")
    number = connection.scalar(select(func.count()).select_from(walked), first.values(most + 1))
    if (number or 0) > most:
        name = sought.filed[0][0] if sought.filed else "process"
        raise InvalidInput.at(
            name, f"takes more than {most:,} things to look at; narrow the count, or read the scoreboard"
        )


def _count_known(
    connection: Connection, sought: Search, now: datetime, as_of: date | None, known_at: datetime
) -> int:
    under = filters.fixed_keys(sought.kind, sought.filed, edits=False)
    at, moment = replace(sought, filed=under, span=None), {"known_at": format_instant(known_at)}
    if at == sought and as_of is None:  # nothing was asked that was ever otherwise
        _require_countable(connection, at, lookups=max(1, len(under)))
        query = list_index.count_entries(facet, at)
        query = query.where(was_public(query.get_final_froms()[0]))
        return int(connection.scalar(query, {**at.values(0), **moment}) or 0)
    walk = list_index.walk_index(connection, facet, at, COMPUTED, was_public, moment)
    if walk.end is not None:
        raise InvalidInput.at(
            "known_at",
            f"takes more than {COMPUTED} things to count; narrow it by process, committee, issuer or tag, or count"
            " what the pages of the list as known_at show",
        )
    made = recompute_documents(connection, [id for _key, id in walk.keys], now, as_of, known_at)
    return sum(1 for filing, _made in made if sought.takes(filing))
