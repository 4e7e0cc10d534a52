"""Promises: a date with those that it replaced, drawn on one line and said in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from tracker.languages.i18n import Language
from tracker.public.sentences.deadlines import (
    describe_grant,
    describe_slip,
    describe_timing,
    find_day_it_came,
)
from tracker.web.charts.timeline import Row, draw_axis, draw_row, make_scale
from tracker.web.public.reading import Document


@dataclass(frozen=True, slots=True)
class Promise:
    """What was owed once, by all its dates, the first one first; ``said`` is how it stands, ``drawn`` its line."""

    dates: Sequence[Document]
    said: Markup
    slip: Markup | None = None
    granted: Markup | None = None
    drawn: Markup | None = None

    @property
    def last(self) -> Document:
        return self.dates[-1]

    @property
    def first_due(self) -> str | None:
        day: str | None = self.last["baseline_due_on"]
        return day


@dataclass(frozen=True, slots=True)
class Promises:
    """All promises of a page, and the line of time under them."""

    rows: Sequence[Promise]
    axis: Markup | None


def make_promises(deadlines: Sequence[Document], day: str, language: Language) -> Promises:
    """The promises that these dates are of, as they stand on a day."""
    chains = link_dates(deadlines)
    today = date.fromisoformat(day)
    rows = {chain[-1]["id"]: _make_row(chain[-1], today) for chain in chains}
    mirrored = language.direction == "rtl"
    scale = make_scale([row for row in rows.values() if row is not None], today, mirrored=mirrored)
    promises = []
    for chain in chains:
        last, row = chain[-1], rows[chain[-1]["id"]]
        sentences = describe_timing(last, language)
        drawn = None if row is None else draw_row(row, scale, f"{last['title']}: {sentences.striptags()}")
        promises.append(
            Promise(chain, sentences, describe_slip(last, language), describe_grant(chain, language), drawn)
        )
    drawable = any(row is not None for row in rows.values())
    return Promises(promises, draw_axis(scale, language) if drawable else None)


def link_dates(deadlines: Sequence[Document]) -> list[list[Document]]:
    """Dates with those that they replaced, in the order in which the last of them fall due."""
    known = {one["id"]: one for one in deadlines}
    replaced = {one["replaces"]["id"] for one in deadlines if one["replaces"]}
    chains = []
    for last in (one for one in deadlines if one["id"] not in replaced):
        chain = [last]
        while chain[0]["replaces"] and chain[0]["replaces"]["id"] in known:
            chain.insert(0, known[chain[0]["replaces"]["id"]])
        chains.append(chain)
    return chains


def _make_row(last: Document, today: date) -> Row | None:
    if last["due_on"] is None:
        return None
    due = date.fromisoformat(last["due_on"])
    first = date.fromisoformat(last["baseline_due_on"] or last["due_on"])
    missing = today if last["timing"]["days_overdue"] else None
    return Row(first, due, find_day_it_came(last), missing)
