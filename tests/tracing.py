"""Which tests count for the coverage of the rules and the acts. A traced test takes twice as long as another.

Left out are those that read what acts have made, compare whole worlds with one another, or are about what lies
beneath: what they touch on the way is no proof of a rule.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Final

import coverage
import pytest

_HERE: Final = Path(__file__).parent
#: Where nothing is traced, although `--cov` asks for coverage: by folder, the tests of these names.
UNTRACED: Final = {
    **dict.fromkeys(("browser", "contract", "feeds", "files", "house", "languages", "tlog"), ("*",)),
    **dict.fromkeys(("web", "web/tips"), ("*",)),
    "web/desk": ("bad_input", "every_screen"),
    "api": ("cost", "cost_of_acts", "file_bounds", "file_stores", "ranges", "rate_limits", "who_acted"),
    "cli": ("backups", "case*", "logs", "site", "transfers"),
    "public": (
        *(
            "any_acts",
            "changes",
            "first_days",
            "log",
            "non_interference",
            "nothing_leaks",
            "scores",
            "search",
        ),
        *("silence", "words_of_the_day"),
    ),
    "store": ("constraints", "migrations", "state_table", "time_limits"),
}


def list_untraced(folder: str, name: str) -> list[Path]:
    """The files of tests that such a name stands for."""
    return list((_HERE / folder).glob(f"test_{name}.py"))


_FILES: Final = {
    path for folder, names in UNTRACED.items() for name in names for path in list_untraced(folder, name)
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace nothing while such a test runs. In a process of xdist one tracer lies on another, which goes on where the
    first is stopped: all of them are.
    """
    stopped = list[coverage.Coverage]()
    while item.path in _FILES and (running := coverage.Coverage.current()) is not None:
        running.stop()
        stopped.append(running)
    try:
        return (yield)
    finally:
        for one in reversed(stopped):
            one.start()
