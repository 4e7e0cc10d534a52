"""Figures: how many, as its source knows it. Nothing is made more certain than it was said, and no figure stands
for another: those that contradict each other stand side by side, each with who gives it.

A figure is exact (``amount``), ``about`` so many, ``at_least`` or ``at_most`` so many, or between the two. None of them
means that it was not disclosed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from tracker.domain.errors import FieldError
from tracker.domain.sentences import sentence

#: What is not about a thing that somebody needs, but about what happened: it says of what.
COUNTED: Final = "counted"
_ALONE: Final = ("amount", "about")
_BOUNDS: Final = ("at_least", "at_most")
QUANTITIES: Final = (*_ALONE, *_BOUNDS)


def find_figure_faults(figure: Mapping[str, Any], at: str = "") -> Iterator[FieldError]:
    """What a figure says that contradicts itself, or leaves out."""
    given = {name: value for name in QUANTITIES if (value := figure.get(name)) is not None}
    for name in _ALONE:
        if name in given and len(given) > 1:
            others = ", ".join(other for other in given if other != name)
            yield FieldError(
                f"{at}/{name}", sentence("stands alone; leave out %(others)s, or this", others=others)
            )
    if given.keys() == set(_BOUNDS) and not _is_range(given["at_least"], given["at_most"]):
        detail = sentence("must be above at_least; a number that is known goes into amount")
        yield FieldError(f"{at}/at_most", detail)
    if figure["figure"] == COUNTED and figure.get("of") is None and figure.get("stage") is None:
        yield FieldError(f"{at}/of", sentence("say what was counted, such as people killed"))


def _is_range(at_least: Decimal, at_most: Decimal) -> bool:
    return at_least < at_most
