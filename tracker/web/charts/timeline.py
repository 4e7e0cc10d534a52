"""A date on a line of time: a hollow mark where it first fell, a filled one where it falls now, a square where what was
owed came; the slip is the line between them. Today is a line from top to bottom.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from tracker.languages.i18n import Language

_NOTHING: Markup = Markup("")
#: How high a row is, and where its line runs, in pixels.
_HEIGHT, _MIDDLE = 30, 15
#: How many months or years are written under the rows at most: so many fit on a phone.
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """The days of one promise. ``silent_until`` is the day until which what was owed is missing; None where it came."""

    first: date
    due: date
    came: date | None
    missing_until: date | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """From a day to its place on the line, in percent of the width."""

    start: date
    end: date
    today: date
    mirrored: bool = False

    def place(self, day: date) -> float:
        share = 3 + 94 * (day - self.start).days / max(1, (self.end - self.start).days)
        return 100 - share if self.mirrored else share


def make_scale(rows: Iterable[Row], today: date, *, mirrored: bool = False) -> Scale:
    """A scale that holds all of these rows, and today where it is not years away."""
    days = [day for row in rows for day in (row.first, row.due, row.came) if day is not None] or [today]
    start, end = min(days), max(days)
    if start <= today <= end + timedelta(days=730):
        end = max(end, today)
    return Scale(start, end, today, mirrored)


def draw_row(row: Row, scale: Scale, name: str) -> Markup:
    """One promise. ``name`` says in words what the row shows."""
    drawn = [_draw_ticks(scale), _draw_today(scale)]
    drawn.append(_draw_line("slip", row.first, row.due, scale))
    if row.came is not None:
        drawn.append(_draw_line("late", row.due, row.came, scale))
    elif row.missing_until is not None and row.missing_until > row.due:
        drawn.append(_draw_line("missing", row.due, min(row.missing_until, scale.end), scale))
    if row.first != row.due:
        drawn.append(_draw_mark("first", row.first, scale))
    drawn.append(_draw_mark("due", row.due, scale))
    if row.came is not None:
        drawn.append(
            Markup(
                '<rect class="came" x="{:.2f}%" y="{}" width="9" height="9" transform="translate(-4.5 0)"/>'
            ).format(scale.place(row.came), _MIDDLE - 4.5)
        )
    return Markup(
        '<svg class="timeline" role="img" aria-label="{}" width="100%" height="{}">{}</svg>'
    ).format(name, _HEIGHT, Markup("").join(drawn))


def draw_axis(scale: Scale, language: Language) -> Markup:
    """The years, or the months where the line is short, under the rows. The first month and each January have their
    year: with all of them, long names would not fit beside each other on a phone."""
    ticks, months = _list_ticks(scale)
    labels = [
        Markup('<text x="{:.2f}%" y="14" text-anchor="middle">{}</text>').format(
            scale.place(day),
            language.month(day, year=day == ticks[0] or day.month == 1) if months else day.year,
        )
        for day in ticks
    ]
    return Markup('<svg class="axis" aria-hidden="true" width="100%" height="20">{}</svg>').format(
        Markup("").join(labels)
    )


def _list_ticks(scale: Scale) -> tuple[list[date], bool]:
    """The days that are marked, and whether they are months of a year."""
    months = (scale.end.year - scale.start.year) * 12 + scale.end.month - scale.start.month
    step = next((one for one in (1, 3, 6, 12, 24, 60) if months <= _TICKS * one), 120)
    ticks = []
    for number in range(months + 1):
        month = scale.start.month - 1 + number
        day = date(scale.start.year + month // 12, month % 12 + 1, 1)
        if (day.year * 12 + day.month - 1) % step == 0 and scale.start <= day <= scale.end:
            ticks.append(day)
    return ticks, step < 12


def _draw_ticks(scale: Scale) -> Markup:
    return Markup("").join(_draw_upright("tick", day, scale) for day in _list_ticks(scale)[0])


def _draw_today(scale: Scale) -> Markup:
    return _draw_upright("today", scale.today, scale) if scale.start <= scale.today <= scale.end else _NOTHING


def _draw_upright(kind: str, day: date, scale: Scale) -> Markup:
    x = f"{scale.place(day):.2f}%"
    return Markup('<line class="{}" x1="{}" x2="{}" y1="0" y2="{}"/>').format(kind, x, x, _HEIGHT)


def _draw_line(kind: str, since: date, until: date, scale: Scale) -> Markup:
    if since == until:
        return _NOTHING
    return Markup('<line class="{}" x1="{:.2f}%" x2="{:.2f}%" y1="{}" y2="{}"/>').format(
        kind, scale.place(since), scale.place(until), _MIDDLE, _MIDDLE
    )


def _draw_mark(kind: str, day: date, scale: Scale) -> Markup:
    return Markup('<circle class="{}" cx="{:.2f}%" cy="{}" r="7"/>').format(kind, scale.place(day), _MIDDLE)
