"""Numbers over time: a mark for each number, on its day and as high as it is large; a line joins those that one
assessor gives of one stage. What is uncertain stands between two heights. Each stage has a shape of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Final

from markupsafe import Markup

from tracker.languages.i18n import Language
from tracker.web.charts.timeline import Scale, draw_axis

#: How high the chart is, and how much of that is left for the numbers over the marks, in pixels.
_HEIGHT, _ABOVE, _BELOW = 170, 26, 10
#: How far a chart goes before and behind its only day.
_AROUND: Final = timedelta(days=30)
#: The shape of each stage, the first one first, around its middle.
SHAPES: Final = (
    "M-5-5H5V5H-5z", "M0-6.5 6.5 0 0 6.5-6.5 0z", "M0-6 6 5H-6z", "M0 6-6-5H6z", "M-6-2H-2V-6H2V-2H6V2H2V6H-2V2H-6z",
    "M-6 0A6 6 0 1 1 6 0 6 6 0 1 1-6 0z",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """``stage`` is its place among the stages of a measure; ``high`` is None where nobody says how many at most."""

    who: str
    stage: int
    day: date
    low: float
    high: float | None


def draw_series(points: Sequence[Point], today: str, language: Language) -> Markup:
    """The chart of these numbers; they stand in the table beside it."""
    days = [point.day for point in points]
    start, end = (
        (min(days), max(days)) if min(days) < max(days) else (min(days) - _AROUND, max(days) + _AROUND)
    )
    scale = Scale(start, end, date.fromisoformat(today), language.direction == "rtl")
    most = max(max(point.low, point.high or 0) for point in points) or 1
    drawn = [_draw_base()]
    for _line, listed in groupby(sorted(points, key=_name_line), _name_line):
        marks = sorted(listed, key=lambda point: point.day)
        drawn += [_draw_line(before, after, most, scale) for before, after in pairwise(marks)]
        drawn += [_draw_mark(point, most, scale, language) for point in marks]
    name = language.say("The numbers of the table below, over time").striptags()
    svg = Markup('<svg class="series" role="img" aria-label="{}" width="100%" height="{}">{}</svg>')
    return svg.format(name, _HEIGHT, Markup("").join(drawn)) + draw_axis(scale, language)


def draw_shape(stage: int) -> Markup:
    """The shape of a stage, for the legend."""
    return Markup('<svg class="series sample" width="14" height="14" aria-hidden="true">{}</svg>').format(
        _place_shape(stage, "7", 7)
    )


def _name_line(point: Point) -> tuple[str, int]:
    return point.who, point.stage


def _find_height(value: float, most: float) -> float:
    return _HEIGHT - _BELOW - (_HEIGHT - _ABOVE - _BELOW) * value / most


def _draw_base() -> Markup:
    y = _HEIGHT - _BELOW
    return Markup('<line class="tick" x1="0" x2="100%" y1="{}" y2="{}"/>').format(y, y)


def _draw_line(before: Point, after: Point, most: float, scale: Scale) -> Markup:
    return Markup('<line class="series-line" x1="{:.2f}%" x2="{:.2f}%" y1="{:.1f}" y2="{:.1f}"/>').format(
        scale.place(before.day),
        scale.place(after.day),
        _find_height(before.low, most),
        _find_height(after.low, most),
    )


def _draw_mark(point: Point, most: float, scale: Scale, language: Language) -> Markup:
    x, y = f"{scale.place(point.day):.2f}%", _find_height(point.low, most)
    text = _write_number(point, language)
    drawn = _place_shape(point.stage, x, y)
    if point.high != point.low:
        top = _find_height(most if point.high is None else point.high, most)
        drawn += Markup('<line class="series-span" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
            x, x, y, top
        )
    label = Markup('<text x="{}" y="{:.1f}" text-anchor="middle">{}</text>').format(x, y - 10, text)
    return drawn + label


def _write_number(point: Point, language: Language) -> str:
    low = language.number(point.low)
    if point.high is None:
        return f"{low}+"
    return low if point.high == point.low else f"{low}–{language.number(point.high)}"


def _place_shape(stage: int, x: str, y: float) -> Markup:
    return Markup('<svg class="mark" x="{}" y="{:.1f}"><path d="{}"/></svg>').format(
        x, y, SHAPES[stage % len(SHAPES)]
    )
