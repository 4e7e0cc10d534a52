"""Contract: a figure says how many as it is known: exactly, about, at least, at most, or between two; never two of
these that contradict each other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.figures import find_figure_faults

numbers = st.none() | st.decimals(0, 10, places=2)


def faults(**figure: Any) -> list[str]:
    return [fault.pointer for fault in find_figure_faults({"figure": "needed", **figure}, "/figures/3")]


@given(st.fixed_dictionaries(dict.fromkeys(("amount", "about", "at_least", "at_most"), numbers)))
def test_it_is_exact_or_about_or_bounded(figure: dict[str, Decimal | None]) -> None:
    given = {name for name, value in figure.items() if value is not None}
    low, high = figure["at_least"], figure["at_most"]
    allowed = len(given) < 2 or (given == {"at_least", "at_most"} and low < high)  # type: ignore[operator]
    assert (faults(**figure) == []) == allowed


@pytest.mark.parametrize(
    ("figure", "at"),
    [
        ({"amount": Decimal(1), "about": Decimal(1)}, ["/figures/3/amount", "/figures/3/about"]),
        ({"about": Decimal(1), "at_most": Decimal(2)}, ["/figures/3/about"]),
        ({"at_least": Decimal(2), "at_most": Decimal(2)}, ["/figures/3/at_most"]),
        ({"figure": "counted"}, ["/figures/3/of"]),
        ({"figure": "counted", "of": "people killed"}, []),
        ({"at_least": Decimal(0)}, []),
        ({}, []),
    ],
)
def test_what_contradicts_itself_or_is_left_out_is_named(figure: dict[str, Any], at: list[str]) -> None:
    assert faults(**figure) == at
