"""What lists find a thing by, and what it adds to the numbers of its process, on every day on which it was there.

A span is a row of days on which both stay the same. Spans follow from the public acts alone and not from the present
day: they are what `tracker.public.rendering` gives as of any day but today, read off documents of the days on which
something turns. An act changes nothing before the first day that it tells of, so only what follows is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from tracker.database.index_entries import Filing
from tracker.domain.canonical import encode_json
from tracker.domain.ids import kind_of
from tracker.domain.partial_days import FOREVER, parse_day
from tracker.public import filters
from tracker.public.build_document import build_document
from tracker.public.document_model import Document, World
from tracker.public.filings import index_entry
from tracker.public.first_days import cut_facts, cut_world, find_first_day, list_cuts
from tracker.public.projection import HISTORY, Facts, complete_facts
from tracker.public.scoreboard import KINDS, Score, score_document

Row = dict[str, Any]
#: kind of thing -> the names of filters that a day or a status may move.
_MOVING: Final = {kind: {one.name for one in found if one.moves} for kind, found in filters.FILTERS.items()}
#: What names a span; the rest is what is so on its days.
_DAYS: Final = ("from_on", "until_on")


def mark_filed(name: str, value: str) -> str:
    """How a span says that lists find a thing under this."""
    return f"\n{name}={value}\n"


@dataclass(frozen=True, slots=True)
class Look:
    """What is ``so`` of a thing on a ``day``, as a span says it; the last day up to it on which something turned, and
    the next on which something may; None for none."""

    day: date
    so: Row
    turned_on: date | None
    turns_on: date | None


def look_at(made: Document, filing: Filing | None, score: Score | None) -> Look:
    """What is so on the day of a document, by what lists find it by and what it adds to the numbers."""
    return Look(made.day, _describe(filing, score, made.kind), made.turned_on, made.reindex_on)


def build_spans(
    facts: Facts, world: World, since: str, sort_key: str, today: Look | None = None
) -> list[Row]:
    """The spans of a thing from a day on, or from its first day, whichever is later; the last one has no end.
    ``today``: what the same facts give at present, where that is known."""
    kind = kind_of(facts.id) or ""
    start = max(since, find_first_day(facts, world) or date.min.isoformat())
    own = {"id": facts.id, "process_id": facts.process, "kind": kind, "sort_key": sort_key}
    if not _MOVING[kind] and not facts.told_until:
        return [{**own, **_describe(None, None, kind), "from_on": start, "until_on": FOREVER}]
    looked = list(_look(facts, world, date.fromisoformat(start), today))
    ends = [*(day for day, _so in looked[1:]), FOREVER]
    rows = [
        {**own, **so, "from_on": day, "until_on": end} for (day, so), end in zip(looked, ends, strict=True)
    ]
    return join_spans(rows)


def join_spans(rows: list[Row]) -> list[Row]:
    """The same without a border where nothing turns."""
    joined = rows[:1]
    for before, row in pairwise(rows):
        if all(row[name] == before[name] for name in row if name not in _DAYS):
            joined[-1] = {**joined[-1], "until_on": row["until_on"]}
        else:
            joined.append(row)
    return joined


def _look(facts: Facts, world: World, start: date, today: Look | None) -> Iterator[tuple[str, Row]]:
    """What is so from each day on which something may turn. The history of a document decides nothing of it. Where
    nothing has turned since the first of these days, what is so today was so then."""
    facts = replace(facts, changes=[])
    cuts = sorted(
        parse_day(one).earliest for some in _list_seen(facts, world) for one in list_cuts(some, world)
    )
    cuts = sorted([*cuts, *(date.fromisoformat(one["from_on"]) for one in world.deciding if one["from_on"])])
    day: date | None = start
    if today is not None and today.day >= start >= max((today.turned_on or start, *cuts)):
        yield start.isoformat(), today.so
        day = today.turns_on
    while day is not None and (reached := cut_facts(facts, day, world)) is not None:
        made = build_document(reached, cut_world(world, day), day)
        score = score_document(made.brief) if made.kind in KINDS else None
        look = look_at(made, index_entry(reached, made), score)
        yield day.isoformat(), look.so
        ahead = [one for one in cuts if one > day]
        day = min((one for one in (look.turns_on, *ahead[:1]) if one is not None), default=None)


def _list_seen(facts: Facts, world: World) -> Iterator[Facts]:
    """A thing and what its document looks at."""
    yield facts
    if world.owner is not None:
        yield world.owner
    yield from (*world.owed, *world.reports, *world.related)


def _describe(filing: Filing | None, score: Score | None, kind: str) -> Row:
    under = filing.under if filing else frozenset()
    moving = sorted(one for one in under if one[0] in _MOVING[kind] or filters.UPDATED in under)
    return {
        "first_on": filing.first_on if filing else "",
        "last_on": filing.last_on if filing else "",
        "under": "".join(mark_filed(*one) for one in moving),
        "counts": encode_json(score.counts).decode() if score and score.counts else None,
        "listed": encode_json(score.listed).decode() if score and score.listed else None,
    }


def reach_back(facts: Facts, world: World, since: str) -> tuple[Facts, World] | None:
    """The same facts and world, where they tell all that was so from a day on, or can be made to; None where they leave
    out what was so then, and have to be read whole."""
    seen = list(_list_seen(facts, world))
    late = [one for one in seen if one.known_from > since]
    updated = any(one.told_until > since and not one.told for one in seen)
    if updated or any(len(one.changes) >= HISTORY for one in late):
        return None
    whole: Mapping[str, Facts] = {one.id: complete_facts(one) for one in late}
    if not whole:
        return facts, world

    def find(thing: Facts) -> Facts:
        return whole.get(thing.id, thing)

    around = replace(
        world,
        owner=world.owner and find(world.owner),
        owed=[find(one) for one in world.owed],
        reports=[find(one) for one in world.reports],
        related=[find(one) for one in world.related],
    )
    return find(facts), around
