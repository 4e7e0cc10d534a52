"""Lists as of a day, and as known at a moment.

As of a day: what lists found a thing by on any day is kept (`tracker.public.spans`). A page reads its index range,
looks that up for each entry, and computes the documents that it shows.

As known at a moment: nowhere is it kept what the acts up to a moment said together. Candidates are read in the order of
today, narrowed by what was public then and by what no day changes, folded from the acts, and kept where they match. A
page looks at a bounded number of candidates, so it may end before it is full.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists

from tracker.database import list_index
from tracker.database.list_index import Filed, Search
from tracker.domain.canonical import format_instant
from tracker.public import filters, processes
from tracker.public.list_pages import (
    COMPUTED,
    MOST,
    Item,
    Page,
    cut_long,
    make_item,
    make_page,
    recompute_documents,
)
from tracker.public.tables import facet, span, thing
from tracker.public.timelines import mark_filed


def list_past(
    connection: Connection,
    sought: Search,
    limit: int,
    now: datetime,
    as_of: date | None,
    known_at: datetime | None,
) -> Page:
    """A page as of a day, or of the present one where none is given; or as known at a moment."""
    if known_at is not None:
        return _list_known(connection, sought, limit, now, as_of, known_at)
    most = min(limit, COMPUTED)
    asked = ask_of_day(sought, as_of or find_today(connection, sought, now))
    walks = [
        list_index.walk_index(connection, facet, at, most, require, values) for at, require, values in asked
    ]
    walk = list_index.merge_walks(sought.order, walks, most)
    chosen = cut_long(connection, walk.keys)
    end = walk.end if len(chosen) == len(walk.keys) else chosen[-1]
    keys = {id: (key, id) for key, id in chosen}
    items: list[Item] = []
    size = 0
    for filing, made in recompute_documents(connection, list(keys), now, as_of):
        items.append(make_item(keys[filing.id], made))
        size += items[-1].size
        if size > MOST:
            return make_page(items, items[-1].key)
    return make_page(items, end)


def find_today(connection: Connection, sought: Search, now: datetime) -> date:
    """The present day where the process is that is asked for; in UTC where none is."""
    process = dict(sought.filed).get("process")
    heads = processes.read_processes(connection, [process]) if process else {}
    return next((one.calendar.today(now) for one in heads.values()), now.astimezone(UTC).date())


#: What is looked for in the index, what else is required of an entry, and the values of that.
Ask = tuple[Search, list_index.Require, Mapping[str, Any]]


def ask_of_day(sought: Search, day: date) -> list[Ask]:
    """What no day changes is looked for in the index, what was so on the day is required of the span. Where members are
    asked for that an update may have changed since, the things that have one are asked by their spans alone."""
    fixed = filters.fixed_keys(sought.kind, sought.filed, edits=True)
    stay = filters.fixed_keys(sought.kind, sought.filed, edits=False)
    if fixed == stay:
        return [_ask(sought, fixed, day)]
    return [_ask(sought, fixed, day, others=True), _ask(sought, (filters.UPDATED, *stay), day)]


def _ask(sought: Search, fixed: Filed, day: date, *, others: bool = False) -> Ask:
    """``others`` leaves out what has an update."""
    moving = [one for one in sought.filed if one not in fixed]
    values = {"day": day.isoformat(), "updated": _match(*filters.UPDATED)}
    values |= {f"under_{place}": _match(*one) for place, one in enumerate(moving)}
    if sought.span is not None:
        values |= dict(zip(("then_since", "then_until"), sought.span, strict=True))
    # The day of a date moves while its clock stands still; that of anything else stays.
    own = None if sought.kind == "deadline" else sought.span
    return (
        replace(sought, filed=fixed, span=own),
        _require(len(moving), sought.span is not None, others),
        values,
    )


def _match(name: str, value: str) -> str:
    """The pattern for what a span says that lists find a thing under."""
    mark = mark_filed(name, value)
    for letter in "\\%_":
        mark = mark.replace(letter, f"\\{letter}")
    return f"%{mark}%"


@lru_cache(maxsize=64)
def _require(moving: int, spanned: bool, others: bool) -> list_index.Require:
    """That an entry was filed so on the day: one look-up of its span."""

    def require(at: Any) -> ColumnElement[bool]:
        then: list[ColumnElement[bool]] = [
            span.c.under.like(bindparam(f"under_{place}"), escape="\\") for place in range(moving)
        ]
        if others:
            then.append(span.c.under.not_like(bindparam("updated"), escape="\\"))
        if spanned:
            then += [span.c.last_on >= bindparam("then_since"), span.c.first_on <= bindparam("then_until")]
        on_day = span.c.from_on <= bindparam("day"), span.c.until_on > bindparam("day")
        return exists().where(span.c.id == at.c.id, *on_day, *then)

    return require


def was_public(at: Any) -> ColumnElement[bool]:
    """That an entry is of what was public by a moment."""
    return exists().where(thing.c.id == at.c.id, thing.c.published_at <= bindparam("known_at"))


def _list_known(
    connection: Connection, sought: Search, limit: int, now: datetime, as_of: date | None, known_at: datetime
) -> Page:
    """A page by folding candidates, which come in the order of today."""
    under = filters.fixed_keys(sought.kind, sought.filed, edits=False)
    items: list[Item] = []
    size = 0
    at = replace(sought, filed=under, span=None)
    moment = {"known_at": format_instant(known_at)}
    walk = list_index.walk_index(connection, facet, at, COMPUTED, was_public, moment)
    chosen = cut_long(connection, walk.keys)
    end = walk.end if len(chosen) == len(walk.keys) else chosen[-1]
    keys = {id: (key, id) for key, id in chosen}
    for filing, made in recompute_documents(connection, list(keys), now, as_of, known_at):
        if sought.takes(filing):
            items.append(make_item(keys[filing.id], made))
            size += items[-1].size
        if len(items) == limit or (size > MOST and items):
            last = keys[filing.id]
            return make_page(items, None if end is None and last == chosen[-1] else last)
    return make_page(items, end)
