"""What makes a run shorter and changes nothing that it proves."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.routing import Rule

from tracker.store import database

#: What SQLite is told of each connection.
PRAGMAS = database._PRAGMAS


def pytest_configure(config: pytest.Config) -> None:
    """The databases of tests survive no power cut: nobody waits for the disk. A rule of the URL map compiles how its
    addresses are built when one is: that is half of what it takes to make an application."""
    database._PRAGMAS = (*PRAGMAS, "synchronous = OFF")  # type: ignore[misc]  # it is not for the tracker to change
    compile_builder = Rule._compile_builder

    def compile_late(self: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        compiled: list[Callable[..., Any]] = []

        def build(*arguments: Any, **values: Any) -> Any:
            if not compiled:
                compiled.append(compile_builder(self, append_unknown))
            return compiled[0](*arguments, **values)

        return build

    Rule._compile_builder = compile_late  # type: ignore[method-assign]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Modules and tests stay until the end: do not look through them for garbage, a sixth of the time of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
