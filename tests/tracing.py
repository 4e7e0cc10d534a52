"""Which tests count for the coverage of the rules and the acts. A test runs half as slow again while it is traced.

Left out are those that read what acts have made, or compare whole worlds with one another: what they touch on the way
is no proof of a rule.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Final

import coverage
import pytest

_HERE: Final = Path(__file__).parent
_FLOORS: Final = ("browser", "contract", "feeds", "files", "house", "languages", "tlog")
_COMPARISONS: Final = ("log", "non_interference", "nothing_leaks", "scores", "search")
#: Where nothing is traced, although `--cov` asks for coverage.
UNTRACED: Final = (
    *(_HERE / name for name in _FLOORS),
    *(_HERE / "public" / f"test_{name}.py" for name in _COMPARISONS),
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace nothing while such a test runs."""
    running = coverage.Coverage.current()
    if running is None or not any(item.path.is_relative_to(place) for place in UNTRACED):
        return (yield)
    running.stop()
    try:
        return (yield)
    finally:
        running.start()
