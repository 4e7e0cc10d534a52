"""Charts show the numbers beside them: a bar is as long as its share, a mark stands on its day; right to left both are
mirrored.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from tracker.domain.tracks import TRACKS
from tracker.languages.i18n import get_language
from tracker.web.charts.series import Point, draw_series
from tracker.web.charts.state_bar import draw_state_bar, sum_bands
from tracker.web.charts.timeline import Row, draw_axis, draw_row, make_scale
from tracker.web.tones import BANDS, tone_of

STATES = {"implemented": 14, "underway": 45, "stalled": 21, "not_started": 14, "no_evidence": 6}
FIRST, DUE, CAME, TODAY = date(2025, 4, 8), date(2025, 7, 10), date(2025, 7, 13), date(2025, 11, 1)


def test_every_state_of_every_track_has_one_tone() -> None:
    for track in TRACKS.values():
        assert len([tone_of(track.code, state) for state in track.codes]) == len(track.codes)
    in_bands = [code for codes in BANDS.values() for code in codes]
    assert sorted(in_bands) == sorted(TRACKS["implementation"].codes)
    assert set(BANDS["unknown"]) == {"no_evidence", "not_assessed"}


def numbers(drawn: str, name: str) -> list[float]:
    return [float(one) for one in re.findall(rf' {name}="(-?[0-9.]+)%', drawn)]


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_bar_has_a_band_for_each_tone_as_wide_as_its_share(mirrored: bool) -> None:
    bands = sum_bands(STATES)
    assert bands == {"done": 14, "part": 45, "promised": 0, "stopped": 35, "failed": 0, "unknown": 6}
    drawn = draw_state_bar(bands, "x & y", mirrored=mirrored)
    assert numbers(drawn, "width")[-4:] == [14, 45, 35, 6]
    starts = numbers(drawn, "x")
    assert starts == ([86, 41, 6, 0] if mirrored else [0, 14, 59, 94])
    assert 'aria-label="x &amp; y"' in drawn
    assert drawn.count('fill="url(#hatch)"') == 1
    assert drawn.index("tone-unknown") < drawn.index('fill="url(#hatch)"')


def test_a_bar_of_nothing_is_empty() -> None:
    assert 'class="band' not in draw_state_bar(sum_bands({}), "nothing")


def test_marks_stand_on_their_days_and_the_slip_between_them() -> None:
    row = Row(FIRST, DUE, CAME)
    scale = make_scale([row], TODAY)
    drawn = draw_row(row, scale, "the report")
    assert numbers(drawn, "cx") == pytest.approx([scale.place(FIRST), scale.place(DUE)], abs=0.01)
    assert scale.place(FIRST) < scale.place(DUE) < scale.place(CAME) < scale.place(TODAY) == 97
    assert [kind in drawn for kind in ('"slip"', '"late"', '"came"', '"today"', '"missing"')] == [
        True
    ] * 4 + [False]
    mirrored = make_scale([row], TODAY, mirrored=True)
    assert [scale.place(day) + mirrored.place(day) for day in (FIRST, CAME)] == pytest.approx([100, 100])


def test_what_never_came_is_missing_until_today_and_what_did_not_move_has_no_slip() -> None:
    row = Row(DUE, DUE, None, TODAY)
    scale = make_scale([row], TODAY)
    drawn = draw_row(row, scale, "the report")
    assert '"missing"' in drawn
    assert '"slip"' not in drawn
    assert '"first"' not in drawn
    future = Row(date(2027, 1, 1), date(2027, 2, 1), None)
    assert '"missing"' not in draw_row(future, make_scale([future], TODAY), "later")


def test_today_is_left_out_where_it_is_years_away() -> None:
    row = Row(date(2001, 1, 1), date(2001, 6, 1), date(2001, 7, 1))
    scale = make_scale([row], TODAY)
    assert scale.end == date(2001, 7, 1)
    assert '"today"' not in draw_row(row, scale, "long ago")
    assert make_scale([], TODAY).place(TODAY) == 3


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (date(2025, 1, 1), date(2025, 4, 1), ["Jan 2025", "Feb", "Mar", "Apr"]),
        (date(2024, 5, 1), date(2025, 5, 1), ["Jul 2024", "Oct", "Jan 2025", "Apr"]),
        (date(2015, 6, 1), date(2025, 5, 1), ["2020", "2025"]),
        (date(1901, 1, 1), date(2025, 5, 1), ["1910", "1920"]),
    ],
)
def test_the_axis_has_few_months_or_years(first: date, last: date, labels: list[str]) -> None:
    scale = make_scale([Row(first, last, None)], last)
    found = re.findall(r">([^<]+)</text>", draw_axis(scale, get_language("en")))
    assert found[: len(labels)] == labels
    assert len(found) <= 13


def test_a_series_has_a_mark_for_each_number_as_high_as_it_is_large() -> None:
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    points = [
        Point("court", 0, first, 100, 100),
        Point("court", 0, last, 200, None),
        Point("press", 1, last, 0, 50),
    ]
    drawn = str(draw_series(points, "2026-01-01", get_language("en")))
    marks = re.findall(r'class="mark" x="([0-9.]+)%" y="([0-9.]+)"', drawn)
    assert [float(x) for x, _y in marks] == pytest.approx([3, 97, 97])
    heights = [160 - float(y) for _x, y in marks]
    assert heights == pytest.approx([67, 134, 0])
    assert drawn.count("series-line") == 1  # of one assessor and one stage
    assert drawn.count("series-span") == 2
    assert re.findall(r">([0-9+–]+)</text>", drawn)[:3] == ["100", "200+", "0–50"]
    mirrored = str(draw_series(points, "2026-01-01", get_language("ar")))
    assert float(re.findall(r'class="mark" x="([0-9.]+)%', mirrored)[0]) == 97
    assert "50.00%" in draw_series(points[:1], "2026-01-01", get_language("en"))
