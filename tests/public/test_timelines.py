"""What is kept of each day is what the documents of that day give, whatever was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.draws import seeds
from tests.public.factories import Seeded
from tests.public.random_acts import STEPS, run
from tests.world import World
from tracker.public import rendering, surroundings
from tracker.public.build_document import build_document
from tracker.public.consistency import list_things
from tracker.public.document_model import World as Around
from tracker.public.filings import index_entry
from tracker.public.first_days import cut_facts, cut_world
from tracker.public.projection import Facts
from tracker.public.scoreboard import KINDS, score_document
from tracker.public.timelines import Row, build_spans, look_at

_DAY = timedelta(days=1)
FIRST, LAST = date(2024, 6, 1), date(2027, 12, 31)


def list_kept(rows: list[Row], day: date) -> list[Row]:
    """What the spans say of a day: one says it, or none does."""
    names = ("first_on", "last_on", "under", "counts", "listed")
    then = [row for row in rows if row["from_on"] <= day.isoformat() < row["until_on"]]
    return [{name: row[name] for name in names} for row in then]


def list_shown(facts: Facts, around: Around, day: date) -> list[Row]:
    """What the document of that day says."""
    reached = cut_facts(facts, day, around)
    if reached is None:
        return []
    made = build_document(reached, cut_world(around, day), day)
    score = score_document(made.brief) if made.kind in KINDS else None
    return [look_at(made, index_entry(reached, made), score).so]


def list_days(rows: list[Row], draw: Random) -> Iterator[date]:
    """The days on both sides of each border, and some between."""
    for row in rows:
        start = date.fromisoformat(row["from_on"])
        yield from (start - _DAY, start) if start > FIRST else (start,)
    for _ in range(12):
        yield FIRST + timedelta(days=draw.randrange((LAST - FIRST).days))


@pytest.mark.parametrize("seed", seeds(2))
def test_what_is_kept_of_a_day_is_what_the_documents_of_that_day_give(
    seed: int, seeded: Seeded, tmp_path: Path
) -> None:
    draw = Random(seed)
    names = sorted(STEPS) + ["follow"] * 5  # of indicators few are drawn whose numbers cannot all be right
    steps = [(draw.choice(names), draw.randrange(2**20)) for _ in range(60)]
    with seeded.copied(tmp_path, seed) as world:
        run(world, steps)
        assert find_wrong_days(world, draw) == []


def find_wrong_days(world: World, draw: Random) -> list[tuple[str, date]]:
    connection = world.session.connection()
    known = [one for one in rendering.read_facts(connection, list_things(connection)) if one.content]
    shown = [one for one in known if one.withdrawn is None and one.process is not None]
    wrong = []
    for facts, around in zip(
        shown, surroundings.read_worlds(connection, shown, rendering.read_facts), strict=True
    ):
        rows = build_spans(facts, around, "", "")
        wrong += [
            (facts.id, day)
            for day in list_days(rows, draw)
            if list_kept(rows, day) != list_shown(facts, around, day)
        ]
    return wrong
