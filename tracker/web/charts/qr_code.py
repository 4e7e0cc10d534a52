"""A QR code, which a phone reads from the screen: black on white whatever colours the page has."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

#: How wide one module is, in the units of the picture, and how many stay white around it (ISO/IEC 18004: four).
_MODULE: Final = 5
_QUIET: Final = 4


def draw_qr_code(text: str, name: str) -> Markup:
    """The code of a text of some hundred letters. ``name`` says what it is."""
    from segno import make_qr  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415  # two pages draw one

    made = make_qr(text, error="m")
    drawn = made.svg_inline(
        scale=_MODULE, border=_QUIET, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return Markup('<p class="qr" role="img" aria-label="{}">{}</p>').format(name, Markup(drawn))  # noqa: S704  # digits
