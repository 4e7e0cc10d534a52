"""A bar of states: one band a tone, as wide as its share; what is unknown is hatched and stands at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from tracker.web.tones import BANDS, Tone


def sum_bands(states: Mapping[str, int]) -> dict[Tone, int]:
    """How many stand in each band."""
    return {tone: sum(states.get(code, 0) for code in codes) for tone, codes in BANDS.items()}


def draw_state_bar(bands: Mapping[Tone, int], name: str, *, mirrored: bool = False) -> Markup:
    """The bar of these numbers. ``name`` says what it shows; ``mirrored`` lets it begin on the right."""
    total = sum(bands.values()) or 1
    drawn, start = [], 0.0
    for tone, number in bands.items():
        share = 100 * number / total
        drawn.append(_draw_band(tone, 100 - start - share if mirrored else start, share))
        start += share
    return Markup('<svg class="bar" role="img" aria-label="{}" width="100%" height="28">{}</svg>').format(
        name, _join(drawn)
    )


#: Lines over a quiet ground, seen without colour and on paper. A page has the pattern once, and its bars refer to it.
HATCH: Final = Markup(
    '<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2" height="6"/>'
    "</pattern></defs></svg>"
)


def _draw_band(tone: Tone, x: float, width: float) -> Markup:
    if not width:
        return Markup("")
    fill = Markup(' fill="url(#hatch)"') if tone == "unknown" else Markup("")
    return Markup('<rect class="band tone-{}" x="{:.3f}%" width="{:.3f}%" height="28"{}/>').format(
        tone, x, width, fill
    )


def _join(pieces: Sequence[Markup]) -> Markup:
    return Markup("").join(pieces)
